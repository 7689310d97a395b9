"""A linear probe: how well do straight lines between codes tell the classes apart?

Alain and Bengio, "Understanding intermediate layers using linear classifier probes" (2016). Here multinomial logistic
regression on standardised codes, solved to its optimum by L-BFGS.
"""

import torch
import torch.nn.functional as F
from torch import Tensor

FOLDS = 5


def fit(codes: Tensor, labels: Tensor, *, classes: int = 10, decay: float = 1e-4) -> tuple[Tensor, Tensor]:
    """Codes (N, D), labels (N,) -> weights (classes, D) and biases (classes,) of softmax(W z + b)."""
    mean, spread = codes.mean(0), codes.std(0).clamp_min(1e-6)
    inputs = torch.cat([(codes - mean) / spread, codes.new_ones(len(codes), 1)], 1)  # the last is for the bias
    weights = torch.zeros(classes, codes.shape[1] + 1, requires_grad=True)
    solver = torch.optim.LBFGS([weights], max_iter=100, line_search_fn="strong_wolfe")

    def closure() -> Tensor:
        solver.zero_grad()
        loss = F.cross_entropy(inputs @ weights.T, labels)
        loss = loss + decay * weights[:, :-1].square().sum()
        loss.backward()
        return loss

    with torch.enable_grad():
        solver.step(closure)  # type: ignore[arg-type]
    found = weights.detach()
    scaled = found[:, :-1] / spread
    return scaled, found[:, -1] - scaled @ mean


def accuracy(codes: Tensor, labels: Tensor) -> float:
    """Share of codes (N, D) whose class a probe fitted on the other folds tells; fold i: indices i modulo `FOLDS`."""
    with torch.inference_mode(False):
        codes, labels = codes.detach().clone(), labels.clone()  # the gradient may need them
        fold, right = torch.arange(len(codes)) % FOLDS, 0
        for held in range(FOLDS):
            known, asked = fold != held, fold == held
            weights, biases = fit(codes[known], labels[known])
            right += int(((codes[asked] @ weights.T + biases).argmax(1) == labels[asked]).sum())
    return right / len(codes)
