"""The 50 numbers that a method knows a digit by, in deviations, and which of them the noise moved."""

from dataclasses import dataclass
from functools import lru_cache

import torch
from torch import Tensor

from engine.datasets.mnist import test_half
from engine.models import weights
from engine.networks import Autoencoder, in_parts
from engine.restoration.denoising import NETWORKS

MOVED = 1.0  # deviations: noise moves every number a little


@dataclass(frozen=True)
class DigitNumbers:
    """What stands between a noisy digit and the answer."""

    values: Tensor  # (50,) in deviations from the mean of the test digits
    intact: Tensor  # (50,) the same of the clean digit
    moved: Tensor  # bool (50,): `MOVED` or more apart


@torch.inference_mode()
def digit_numbers(method: str, clean: Tensor, noisy: Tensor) -> DigitNumbers | None:
    """Of one digit (1, 1, 28, 28), clean and noisy, and a name of `denoising.NAMES`; None where there is no bottleneck.

    Raises `Problem` where the method's weights are missing.
    """
    network = weights.shared(NETWORKS[method]) if method in NETWORKS else None
    if not isinstance(network, Autoencoder):
        return None
    mean, spread = _usual(NETWORKS[method])
    intact, values = (network.encode(torch.cat([clean, noisy])) - mean) / spread
    return DigitNumbers(values, intact, (values - intact).abs() >= MOVED)


@lru_cache(maxsize=len(NETWORKS))
def _usual(model: str) -> tuple[Tensor, Tensor]:
    """Mean and standard deviation of the test digits' codes, (50,) each; a number that never moves counts as 0."""
    codes = in_parts(weights.shared(model, Autoencoder).encode, test_half().images.float() / 255)
    return codes.mean(0), codes.std(0).clamp_min(1e-3)
