"""How far each step goes: the learning rate by step, the optimiser of a recipe, the average of the weights."""

import torch
from torch import Tensor, nn

from engine.models.recipes import Recipe

FALL = 0.35  # the share of a run over which "constant, then falling" falls
WARM = 200  # steps in which its rate rises
BETAS, ADVERSARIAL_BETAS = (0.9, 0.999), (0.0, 0.99)  # of Adam: no memory of what the other side has left since


def learning_rate(recipe: Recipe, step: int, steps: int) -> float:
    """ "one-cycle": up in a straight line over the first 10 %, down along half a cosine to nearly nothing.

    A function of the step alone: nothing to save, nothing to restore. (Smith and Topin, "Super-Convergence", 2018.)
    """
    if recipe.schedule == "constant":
        return recipe.learning_rate
    if recipe.schedule == "constant, then falling":
        return recipe.learning_rate * min(1.0, (step + 1) / min(WARM, steps), (1 - step / steps) / FALL)
    rise = max(1, steps // 10)
    if step < rise:
        return recipe.learning_rate * (step + 1) / rise
    fall = torch.tensor((step - rise) / max(1, steps - rise) * torch.pi)
    return recipe.learning_rate * (0.001 + 0.999 * (1 + fall.cos().item()) / 2)


def optimiser(recipe: Recipe, network: nn.Module) -> torch.optim.Optimizer:
    """The recipe's optimiser, fused where torch can; Adam, SGD and RMSprop with Keras's defaults, as in the article.

    For adversarial training Adam (and AdamW) forgets the last gradients at once, as in StyleGAN.
    """
    parameters, decay = list(network.parameters()), recipe.weight_decay
    gpu = parameters[0].is_cuda  # there the rate lies beside the weights, where a CUDA graph reads it
    rate = torch.tensor(recipe.learning_rate, device=parameters[0].device) if gpu else recipe.learning_rate
    betas = ADVERSARIAL_BETAS if recipe.loss == "adversarial" else BETAS
    if recipe.optimiser == "sgd":
        return torch.optim.SGD(parameters, rate, weight_decay=decay, fused=True)
    if recipe.optimiser == "rmsprop":
        return torch.optim.RMSprop(parameters, rate, alpha=0.9, eps=1e-7, weight_decay=decay)
    if recipe.optimiser == "adam":
        return torch.optim.Adam(parameters, rate, betas, eps=1e-7, weight_decay=decay, fused=True, capturable=gpu)
    return torch.optim.AdamW(parameters, rate, betas, weight_decay=decay, fused=True, capturable=gpu)


def set_rate(optimiser: torch.optim.Optimizer, rate: float) -> None:
    """Let the next step go that far."""
    for group in optimiser.param_groups:
        if isinstance(group["lr"], Tensor):
            group["lr"].fill_(rate)
        else:
            group["lr"] = rate


def average(averaged: nn.Module, network: nn.Module, decay: float, step: int) -> None:
    """Exponential moving average of the weights; short memory at first, so that the random start is forgotten."""
    decay = min(decay, (1 + step) / (10 + step))
    pairs = list(zip(averaged.state_dict().values(), network.state_dict().values(), strict=True))
    for kept, new in pairs:
        if not kept.is_floating_point():
            kept.copy_(new)
    real = [pair for pair in pairs if pair[0].is_floating_point()]
    ours, new = ([pair[side] for pair in real] for side in (0, 1))
    torch._foreach_lerp_(ours, new, 1 - decay)  # pyright: ignore[reportPrivateImportUsage]
