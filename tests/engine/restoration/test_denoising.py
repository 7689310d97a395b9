"""Every way to clean a digit, by name, and its curve over the strength of a noise."""

import math

import pytest
import torch

from engine import metrics
from engine.corruptions import noise
from engine.datasets import mnist
from engine.problem import Problem
from engine.restoration import denoising


@pytest.mark.parametrize("name", denoising.NAMES)
def test_each_gives_digits_back(name: str, generator: torch.Generator) -> None:
    noisy = torch.rand(3, 1, 28, 28, generator=generator)
    found = denoising.denoise(noisy, name, 0.3)
    assert found.shape == noisy.shape and found.min() >= 0 and found.max() <= 1


@pytest.mark.parametrize("name", [name for name in denoising.NAMES if name != "Nothing"])
def test_each_is_better_than_nothing(name: str) -> None:
    clean = mnist.test_half().images[:100].float() / 255
    noisy = noise.gaussian_noise(clean, 0.3, torch.Generator().manual_seed(0))
    found = denoising.denoise(noisy, name, 0.3)
    assert metrics.mse(found, clean).mean() < metrics.mse(noisy, clean).mean()


def test_a_curve_is_made_of_psnrs() -> None:
    clean = mnist.test_half().images[7:8].float() / 255
    found = denoising.curve(clean, "Gaussian", "Nothing", seed=3, strengths=(0.0, 0.2, 0.8), draws=1)
    noisy = noise.gaussian_noise(clean, 0.2, torch.Generator().manual_seed(3))
    assert found[0] == math.inf
    assert found[1] == pytest.approx(metrics.psnr(metrics.mse(noisy, clean)).item(), abs=1e-4)
    assert found[1] > found[2]


def test_an_unknown_method() -> None:
    with pytest.raises(Problem, match="There is no method 'magic'"):
        denoising.denoise(torch.zeros(1, 1, 28, 28), "magic", 0.3)
