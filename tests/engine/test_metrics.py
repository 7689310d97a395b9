"""Every figure against somebody else's, or against a few lines of numpy."""

import math
from typing import Any

import numpy as np
import pytest
import torch
from skimage.metrics import peak_signal_noise_ratio, structural_similarity
from torch import Tensor

from engine import metrics
from engine.corruptions import masks

Pair = tuple[Tensor, Tensor]
WANG: dict[str, Any] = {  # the settings of Wang et al. (2004), as scikit-image's documentation has them
    "channel_axis": 0,
    "data_range": 1,
    "gaussian_weights": True,
    "use_sample_covariance": False,
}


@pytest.mark.parametrize("size", [(128, 128), (28, 28), (40, 64)])
@pytest.mark.parametrize("channels", [1, 3])
def test_ssim_equals_scikit_image(size: tuple[int, int], channels: int, generator: torch.Generator) -> None:
    reference = torch.rand(2, channels, *size, generator=generator)
    image = (reference + 0.2 * torch.randn(reference.shape, generator=generator)).clamp(0, 1)
    ours, ours_map = metrics.ssim(image, reference), metrics.ssim_map(image, reference)
    for i in range(2):
        found: Any = structural_similarity(image[i].numpy(), reference[i].numpy(), full=True, **WANG)
        theirs, theirs_map = found
        assert ours[i].item() == pytest.approx(float(theirs), abs=1e-5)
        assert np.allclose(ours_map[i, 0].numpy(), theirs_map.mean(0), atol=1e-4)


def test_ssim_can_be_learnt_from_after_it_was_measured(noisy_pair: Pair) -> None:
    """The window is made once: made under inference_mode, it must still serve a loss."""
    image, reference = (picture.double()[:, :, :50, :50] for picture in noisy_pair)
    metrics._window.cache_clear()
    with torch.inference_mode():
        metrics.ssim(image, reference)
    image = image.clone().requires_grad_()
    metrics.ssim(image, reference).sum().backward()
    assert image.grad is not None and image.grad.abs().sum() > 0


def test_psnr_equals_scikit_image(noisy_pair: Pair) -> None:
    image, reference = noisy_pair
    for i in range(len(image)):
        theirs = peak_signal_noise_ratio(reference[i].numpy(), image[i].numpy(), data_range=1)
        assert metrics.psnr(metrics.mse(image, reference))[i].item() == pytest.approx(theirs, abs=1e-4)
    assert metrics.psnr(torch.tensor(0.0)).item() == math.inf
    assert metrics.psnr(torch.tensor(0.0111)).item() == pytest.approx(19.55, abs=0.01)  # the article's loss


def test_errors_inside_the_hole_and_over_all(noisy_pair: Pair, generator: torch.Generator) -> None:
    image, reference = noisy_pair
    hidden = masks.random_boxes(4, count=(1, 3), side=(9, 40), generator=generator)
    wrong, wide = (image - reference).numpy() ** 2, hidden.expand(-1, 3, -1, -1).numpy()
    assert metrics.mse(image, reference).tolist() == pytest.approx([part.mean() for part in wrong], rel=1e-5)
    inside = [part[hole].mean() for part, hole in zip(wrong, wide, strict=True)]
    assert metrics.hole_mse(image, reference, hidden).tolist() == pytest.approx(inside, rel=1e-5)
    hole_map = metrics.ssim_map(image, reference)[:, 0].numpy()
    expected = [part[hole[0]].mean() for part, hole in zip(hole_map, wide, strict=True)]
    assert metrics.hole_ssim(image, reference, hidden).tolist() == pytest.approx(expected, rel=1e-5)


def test_one_hole_for_all_pictures(noisy_pair: Pair) -> None:
    hidden = masks.box_mask([(30, 40, 28, 28)])
    for measure in (metrics.hole_mse, metrics.hole_ssim, metrics.sharpness):
        assert torch.equal(measure(*noisy_pair, hidden), measure(*noisy_pair, hidden.expand(4, -1, -1, -1)))


def test_a_composite_is_13_decibels_better_than_its_hole(noisy_pair: Pair, generator: torch.Generator) -> None:
    """Why a whole composite's PSNR says little: a 28x28 hole is 4.785 % of a face."""
    image, reference = noisy_pair
    hidden = masks.random_boxes(4, generator=generator)
    composite = torch.where(hidden, image, reference)
    better = metrics.psnr(metrics.mse(composite, reference)) - metrics.psnr(
        metrics.hole_mse(composite, reference, hidden)
    )
    assert better.tolist() == pytest.approx([13.2] * 4, abs=0.01)


def test_without_a_hole_there_is_no_figure_of_it(noisy_pair: Pair) -> None:
    nothing = torch.zeros(4, 1, 128, 128, dtype=torch.bool)
    assert metrics.hole_mse(*noisy_pair, nothing).isnan().all()
    assert metrics.hole_ssim(*noisy_pair, nothing).isnan().all()


def test_largest_channel_agreement_is_an_argmax(noisy_pair: Pair) -> None:
    image, reference = noisy_pair
    image[0] = (image[0] * 4).round() / 4  # ties
    reference[0] = (reference[0] * 4).round() / 4
    for i in range(4):
        right = np.argmax(image[i].numpy(), axis=0) == np.argmax(reference[i].numpy(), axis=0)
        assert metrics.largest_channel_agreement(image, reference)[i].item() == pytest.approx(right.mean(), abs=1e-6)
    grey = torch.full((1, 3, 4, 4), 0.5)  # ties go to the first channel, as with Keras
    red, blue = (torch.eye(3)[channel].view(1, 3, 1, 1).expand(1, 3, 4, 4) for channel in (0, 2))
    assert metrics.largest_channel_agreement(grey, red).item() == 1
    assert metrics.largest_channel_agreement(grey, blue).item() == 0


def test_sharpness_of_the_truth_the_blur_and_the_flat(noisy_pair: Pair, generator: torch.Generator) -> None:
    _, truth = noisy_pair
    hidden = masks.random_boxes(4, generator=generator)
    assert metrics.sharpness(truth, truth, hidden).tolist() == pytest.approx([1.0] * 4)
    assert metrics.sharpness(torch.full_like(truth, 0.4), truth, hidden).abs().max() == 0
    halved = 0.5 + (truth - 0.5) / 2  # half the contrast: a quarter of the energy
    assert metrics.sharpness(halved, truth, hidden).tolist() == pytest.approx([0.25] * 4, rel=1e-4)


def test_sharpness_of_a_set_is_not_ruled_by_its_flat_holes(noisy_pair: Pair, generator: torch.Generator) -> None:
    """Two faces half as sharp as the truth, one of them next to flat with a little noise painted on it."""
    truth = noisy_pair[1][:2].clone()
    truth[1] = 0.5 + 1e-3 * (truth[1] - 0.5)
    hidden = masks.random_boxes(2, generator=generator)
    image = 0.5 + (truth - 0.5) * 0.5**0.5
    assert metrics.set_sharpness(image, truth, hidden).item() == pytest.approx(0.5, rel=1e-3)
    image[1] += 0.01 * torch.randn(image[1].shape, generator=generator)
    assert metrics.sharpness(image, truth, hidden).mean() > 10
    assert metrics.set_sharpness(image, truth, hidden).item() == pytest.approx(0.5, abs=0.2)


def test_sharpness_of_a_set_is_a_ratio_of_sums() -> None:
    truth, image = torch.zeros(2, 1, 4, 4), torch.zeros(2, 1, 4, 4)
    truth[0, 0, 1, 1], image[0, 0, 1, 1] = 1.0, 0.5  # energies 2 and 0.5
    truth[1, 0, 2, 2], image[1, 0, 2, 2] = 3.0, 1.0  # energies 18 and 2
    hidden = torch.zeros(1, 1, 4, 4, dtype=torch.bool)
    hidden[:, :, 1:3, 1:3] = True
    assert metrics.set_sharpness(image, truth, hidden).item() == pytest.approx(2.5 / 20)
    assert metrics.sharpness(image, truth, hidden).mean().item() == pytest.approx((0.25 + 1 / 9) / 2)


def test_the_rim_of_the_hole_is_no_sharpness(noisy_pair: Pair) -> None:
    """A flat patch has a hard edge all around it, which must not pass for detail."""
    _, truth = noisy_pair
    hidden = masks.box_mask([(20, 30, 40, 28)])
    patched = torch.where(hidden, torch.zeros(()), truth)
    assert metrics.sharpness(patched, truth, hidden).abs().max() == 0


def test_sharpness_counts_the_differences_inside() -> None:
    truth, image = torch.zeros(1, 1, 4, 4), torch.zeros(1, 1, 4, 4)
    truth[0, 0, 1, 1], image[0, 0, 1, 2] = 1.0, 0.5
    hidden = torch.zeros(1, 1, 4, 4, dtype=torch.bool)
    hidden[:, :, 1:3, 1:3] = True  # each of its four pixels has two neighbours in the hole
    assert metrics.sharpness(image, truth, hidden).item() == pytest.approx(2 * 0.5**2 / (2 * 1.0**2))
