"""Every way to clean a digit, by name: nothing, the classical ones, a linear code, and the networks."""

from collections.abc import Sequence

import torch
from torch import Tensor

from engine import metrics
from engine.corruptions.noise import NOISES
from engine.models import weights
from engine.networks import in_parts
from engine.problem import Problem
from engine.restoration import classical_denoising

NETWORKS = {  # title -> model
    "PCA-50": "digit-pca",
    "784-50-784, clean": "digit-autoencoder",
    "784-50-784": "digit-denoiser",
    "U-Net": "digit-denoiser-conv",
}
NAMES = ("Nothing", *classical_denoising.METHODS, *NETWORKS)
STRENGTHS = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)


def denoise(noisy: Tensor, name: str, strength: float) -> Tensor:
    """Clean digits (N, 1, 28, 28); the classical methods are told the strength of the noise, the networks are not.

    Raises `Problem` for a name not in `NAMES`.
    """
    if name == "Nothing":
        return noisy
    if name in classical_denoising.METHODS:
        return classical_denoising.METHODS[name](noisy, strength)
    if name in NETWORKS:
        return in_parts(weights.shared(NETWORKS[name]), noisy)
    raise Problem("There is no method '{name}': choose one of {known}.", name=name, known=", ".join(NAMES))


def curve(
    clean: Tensor, noise: str, name: str, *, seed: int = 0, strengths: Sequence[float] = STRENGTHS, draws: int = 4
) -> list[float]:
    """PSNR in dB of one method at each strength of a noise of `corruptions.NOISES`, on digits (N, 1, 28, 28).

    The noise is drawn `draws` times over, the first time as a page shows it with this seed; the PSNR is that of the
    mean error. At strength 0, "Nothing" has no error and so infinitely many decibels.
    """
    found = []
    for strength in strengths:
        errors = []
        for draw in range(draws):
            generator = torch.Generator().manual_seed(seed + 10_000 * draw)
            noisy = NOISES[noise](clean, strength, generator)
            errors.append(metrics.mse(denoise(noisy, name, strength), clean).mean())
        found.append(metrics.psnr(torch.stack(errors).mean()).item())
    return found
