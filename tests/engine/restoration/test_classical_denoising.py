"""The denoisers that learnt nothing, against scikit-image and plain definitions."""

import numpy as np
import pytest
import torch
from scipy.ndimage import median_filter
from skimage.restoration import denoise_nl_means, denoise_tv_chambolle

from engine import metrics
from engine.corruptions import noise
from engine.datasets import mnist
from engine.restoration import classical_denoising


def noisy(sigma: float, count: int = 12) -> tuple[torch.Tensor, torch.Tensor]:
    clean = mnist.test_half().images[:count].float() / 255
    return clean, noise.gaussian_noise(clean, sigma, torch.Generator().manual_seed(0))


def test_total_variation_is_scikit_images() -> None:
    _, given = noisy(0.3)
    weight = classical_denoising.WEIGHT * 0.3
    expected = [denoise_tv_chambolle(one[0].double().numpy(), weight, eps=0, max_num_iter=60) for one in given]
    found = classical_denoising.total_variation(given, 0.3)[:, 0].numpy()
    assert np.abs(found - np.clip(expected, 0, 1)).max() < 1e-3


@pytest.mark.parametrize(("strength", "side"), [(0.3, 3), (0.8, 5)])
def test_median_is_the_middle_pixel(strength: float, side: int) -> None:
    _, given = noisy(strength)
    pixels = (given * 255).round().numpy().astype(np.uint8)[:, 0]
    expected = [median_filter(one, size=side, mode="nearest") for one in pixels]
    assert (classical_denoising.median(given, strength)[:, 0] * 255).round().numpy().astype(
        np.uint8
    ).tolist() == np.stack(expected).tolist()


def test_non_local_means_is_the_weighted_mean_of_like_patches() -> None:
    _, given = noisy(0.3, 2)
    found = classical_denoising.non_local_means(given, 0.3, reach=3)
    image = np.pad(given[1, 0].numpy(), 5, mode="reflect")  # 3 to reach, 2 for half a patch

    def patch(y: int, x: int) -> np.ndarray:
        return image[y + 3 : y + 8, x + 3 : x + 8]

    for y, x in [(0, 0), (13, 9), (27, 14)]:
        weights, values = [], []
        for down in range(-3, 4):
            for across in range(-3, 4):
                unlike = np.square(patch(y, x) - patch(y + down, x + across)).mean()
                weights.append(np.exp(-unlike / (classical_denoising.SPREAD * 0.3) ** 2))
                values.append(patch(y + down, x + across)[2, 2])
        assert found[1, 0, y, x].item() == pytest.approx(np.average(values, weights=weights), abs=1e-5)


def test_non_local_means_is_as_good_as_scikit_images() -> None:
    clean, given = noisy(0.2, 40)
    spread = classical_denoising.SPREAD * 0.2
    other = np.stack([denoise_nl_means(one[0].numpy(), 5, 6, h=spread, fast_mode=True) for one in given])
    theirs = metrics.mse(torch.from_numpy(other).float().unsqueeze(1), clean).mean().item()
    # its fast mode sums 4x4 of the 25 pixels of a patch, and so smooths more at the same spread
    assert metrics.mse(classical_denoising.non_local_means(given, 0.2), clean).mean().item() <= 1.25 * theirs


@pytest.mark.parametrize("name", classical_denoising.METHODS)
def test_each_cleans_gaussian_noise_and_keeps_range_and_shape(name: str) -> None:
    clean, given = noisy(0.2)
    found = classical_denoising.METHODS[name](given, 0.2)
    assert found.shape == given.shape and found.min() >= 0 and found.max() <= 1
    assert metrics.mse(found, clean).mean() < 0.8 * metrics.mse(given, clean).mean()


@pytest.mark.parametrize("name", classical_denoising.METHODS)
def test_no_noise_no_change(name: str) -> None:
    clean, _ = noisy(0.0)
    assert torch.equal(classical_denoising.METHODS[name](clean, 0.0), clean)
