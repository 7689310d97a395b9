"""The 50 numbers of a digit, against the network's own codes."""

import torch

from engine.corruptions import noise
from engine.datasets import mnist
from engine.models import weights
from engine.networks import Autoencoder
from engine.restoration import denoising
from engine.restoration.digit_numbers import MOVED, digit_numbers


def test_they_are_the_codes_over_the_test_digits_own_deviations() -> None:
    held = mnist.test_half().images.float() / 255
    clean = held[18:19]
    noisy = noise.gaussian_noise(clean, 0.6, torch.Generator().manual_seed(0))
    found = digit_numbers("784-50-784", clean, noisy)
    network = weights.shared("digit-denoiser", Autoencoder)
    with torch.inference_mode():
        codes = network.encode(held)
        expected = (network.encode(noisy) - codes.mean(0)) / codes.std(0)
    assert found is not None and torch.allclose(found.values, expected[0], atol=1e-3)
    assert found.moved.tolist() == [abs(a - b) >= MOVED for a, b in zip(found.values, found.intact, strict=True)]
    assert 0 < found.moved.sum() < 50


def test_without_noise_none_is_moved_and_without_a_bottleneck_there_are_none() -> None:
    digit = mnist.test_half().images[:1].float() / 255
    for name in denoising.NAMES:
        found = digit_numbers(name, digit, digit)
        assert (found is None) == (name in ("Nothing", "U-Net") or name not in denoising.NETWORKS)
        assert found is None or not found.moved.any()
