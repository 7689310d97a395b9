"""Latent search: the probable code whose decoded face fits the visible part best, found step by step.

Yeh et al., "Semantic Image Inpainting with Deep Generative Models" (2017), with the article's decoder as the generator
and its encoder's answer as the start. Their discriminator, which keeps the code probable, is here the normal
distribution of the known faces' codes.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import torch
from torch import Tensor

from engine.models import weights
from engine.networks import Autoencoder
from engine.restoration import nearest_face

MODEL = nearest_face.MODEL
STEPS = 40
# Without a pull the code fits the visible part at the cost of the hole. Both values tried on test faces that are no
# photographs, on which no figure is reported: a little is lost under a 28x28 box, 11 dB are won under one of 64x64.
RATE, PULL = 0.1, 0.003  # of a step, in standard deviations; squared error that one unlikely code is worth


@dataclass(frozen=True)
class Step:
    """Where the search stands."""

    number: int  # 0: the encoder's answer
    loss: float  # mean squared error over the visible pixels of all images
    reconstruction: Tensor  # (N, 3, H, W)


def search(given: Tensor, hidden: Tensor, steps: int = STEPS) -> Iterator[Step]:
    """Search the code of images (N, 3, H, W) with a black hole, hidden (N, 1, H, W), by Adam: `steps` + 1 answers.

    It minimises the squared error over the visible pixels plus `PULL` times the mean square of the code, in standard
    deviations along the principal axes of the known codes. Stop asking and it stops. With nothing visible it moves
    towards the mean code.
    """
    network, (mean, spread) = weights.shared(MODEL, Autoencoder), _prior()
    with torch.inference_mode(False), torch.no_grad():
        given, visible = given.clone(), (~hidden).float()  # copies that a gradient may pass through
        count = visible.sum((1, 2, 3)).clamp_min(1) * given.shape[1]
        place = torch.linalg.solve(spread, network.encode(given) - mean, left=False).requires_grad_()
        adam = torch.optim.Adam([place], RATE)
    for number in range(steps + 1):
        with torch.inference_mode(False), torch.enable_grad():
            picture = network.decode(mean + place @ spread)
            errors = ((picture - given).square() * visible).sum((1, 2, 3)) / count
        yield Step(number, errors.mean().item(), picture.detach())
        if number < steps:
            with torch.inference_mode(False), torch.enable_grad():
                adam.zero_grad()
                (errors + PULL * place.square().mean(1)).sum().backward()
                adam.step()


def restore(given: Tensor, hidden: Tensor) -> Tensor:
    """The last answer of `search` (N, 3, H, W)."""
    *_, last = search(given, hidden)
    return last.reconstruction


@lru_cache(maxsize=1)
@torch.inference_mode(False)
def _prior() -> tuple[Tensor, Tensor]:
    """Mean of the known codes (D,), and their principal axes (D, D), as long as the standard deviations along them."""
    codes = nearest_face.codes()
    mean = codes.mean(0)
    variances, axes = torch.linalg.eigh((codes - mean).T @ (codes - mean) / len(codes))
    return mean, (axes * variances.clamp_min(1e-3).sqrt()).T.contiguous()
