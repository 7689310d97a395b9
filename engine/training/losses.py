"""Losses by name: (what the network returns, target), images (N, C, H, W) in [0, 1] -> a scalar."""

from collections.abc import Callable
from typing import Any

import torch.nn.functional as F
from torch import Tensor

Loss = Callable[[Tensor, Tensor], Tensor]


def mean_squared_error(reconstruction: Tensor, target: Tensor) -> Tensor:
    """The article's loss. Its best guess is the mean of all that could be there: the reason for the blur."""
    return F.mse_loss(reconstruction, target)


def binary_cross_entropy(reconstruction: Tensor, target: Tensor) -> Tensor:
    """A pixel in [0, 1] taken as a probability; on digits it gives sharper strokes than MSE.

    Written out, since torch's own works element by element on a CPU (four times slower); in float32, since under
    bfloat16 autocast log(1 - x) of a nearly white pixel would be lost.
    """
    guess = reconstruction.float().clamp(1e-6, 1 - 1e-6)
    target = target.float()
    return -(target * guess.log() + (1 - target) * (1 - guess).log()).mean()


def negative_evidence(output: Any, target: Tensor) -> Tensor:
    """Minus the evidence lower bound of a variational autoencoder, in nats a pixel.

    `output` is (reconstruction, means (N, D), log variances (N, D)). The cross-entropy asks for the picture back; the
    Kullback-Leibler divergence from N(0, 1), exact for Gaussians, pulls the clouds together (Kingma and Welling, 2014,
    appendix B): half the sum of mean^2 + variance - log variance - 1.
    """
    reconstruction, means, log_variances = output
    means, log_variances = means.float(), log_variances.float()
    divergence = (means.square() + log_variances.exp() - log_variances - 1).sum(1).mean() / 2  # nats a picture
    return binary_cross_entropy(reconstruction, target) + divergence / target[0].numel()


def hole_error(reconstruction: Tensor, target: Tensor, hidden: Tensor) -> Tensor:
    """The mean squared error inside each picture's hole, (N, 1, H, W) above 0 where hidden: every hole counts alike,
    where `mean_squared_error` hears of a large one only."""
    squared = ((reconstruction - target).square() * hidden).sum((1, 2, 3))
    return (squared / (hidden.sum((1, 2, 3)) * target.shape[1]).clamp_min(1)).mean()


def offsets(output: Any, target: Tensor) -> Tensor:
    """Huber loss of a framer's four numbers; `output` is (guessed, drawn), both (N, 4). A few training faces were
    framed wrongly: an error of more than a tenth of the farthest offset counts in proportion, not squared."""
    guessed, drawn = output
    return F.smooth_l1_loss(guessed.float(), drawn, beta=0.1)


IN_THE_HOLE = "mse in the hole"  # `hole_error`, which is told where that is
LOSSES: dict[str, Loss] = {
    "mse": mean_squared_error,
    "bce": binary_cross_entropy,
    "negative evidence": negative_evidence,
    "offsets": offsets,
}
