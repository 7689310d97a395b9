"""The figures on the cards, each recomputed from its definition on pictures small enough to do so."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from skimage.metrics import peak_signal_noise_ratio, structural_similarity
from torch import Tensor, nn

from engine.corruptions import masks, noise
from engine.datasets.faces import FaceTensor
from engine.datasets.mnist import Digits, load
from engine.evaluation import figures
from engine.models import model_card, weights
from engine.problem import Problem


class Grey(nn.Module):
    """A network whose answer is known: the mean of what it is given, everywhere."""

    def forward(self, images: Tensor) -> Tensor:
        return images.mean((1, 2, 3), keepdim=True).expand_as(images)


@pytest.fixture(scope="module")
def held() -> FaceTensor:
    coarse = torch.rand(5, 3, 9, 9, generator=torch.Generator().manual_seed(0))
    images = torch.nn.functional.interpolate(coarse, size=(128, 128), mode="bicubic").clamp(0, 1)
    return FaceTensor((images * 255).round().to(torch.uint8))


INPAINTING = {"data": "faces", "figures": "inpainting"}


@pytest.mark.parametrize(("seed", "side"), [(0, 28), (7, 40)])
def test_figures_of_faces(held: FaceTensor, seed: int, side: int) -> None:
    found = figures.figures(Grey(), INPAINTING, held, seed=seed, box_size=side)
    hidden = masks.random_boxes(5, side=(side, side), generator=torch.Generator().manual_seed(seed))
    expected: dict[str, list[float]] = {}
    for image, hole in zip((held.images.double() / 255).numpy(), hidden.numpy(), strict=True):
        hole = np.broadcast_to(hole, (3, 128, 128))
        out = np.full_like(image, np.where(hole, 0, image).mean())
        composite = np.where(hole, out, image)
        similar = structural_similarity(
            composite,
            image,
            channel_axis=0,
            data_range=1,
            gaussian_weights=True,
            use_sample_covariance=False,
            full=True,
        )[1]
        row = {
            "hole_mse": ((out - image)[hole] ** 2).mean(),
            "hole_ssim": similar[hole].mean(),
            "set_sharpness": 0,
            "whole_mse": ((out - image) ** 2).mean(),
            "composite_mse": ((composite - image) ** 2).mean(),
            "largest_channel_agreement": (image.argmax(0) == 0).mean(),
        }
        for name, value in row.items():
            expected.setdefault(name, []).append(float(value))
    for name, values in expected.items():
        assert found[name] == pytest.approx(np.mean(values), rel=1e-4, abs=1e-6), name
    assert found["hole_psnr"] == pytest.approx(-10 * np.log10(np.mean(expected["hole_mse"])), abs=1e-3)
    assert found["faces"] == 5


def test_groups_of_faces_by_their_skin_stand_beside_the_mean() -> None:
    """Grey faces of three kinds of light, each answered with its own error; the weakest is named on the card."""
    shades, errors = torch.tensor([0.8, 0.2, 0.5]).repeat(2), torch.tensor([0.1, 0.02, 0.05]).repeat(2)
    faces = FaceTensor((255 * shades.view(6, 1, 1, 1).expand(-1, 3, 128, 128)).round().to(torch.uint8))
    truth = faces.images.float() / 255
    found = figures.faces(lambda given, hidden: truth + errors.view(6, 1, 1, 1), faces)
    groups = {"darkest": 0.02, "middle": 0.05, "lightest": 0.1}
    for name, error in groups.items():
        assert found[f"hole_psnr_{name}_third"] == pytest.approx(-20 * np.log10(error), abs=1e-3), name
    said = model_card.weakest_group({"figures": found})
    assert "is the lightest third." in said and "33.98 dB in the darkest third" in said
    assert model_card.weakest_group({"figures": figures.faces(lambda given, hidden: truth[:2], two(faces))}) == ""


def two(faces: FaceTensor) -> FaceTensor:
    return FaceTensor(faces.images[:2])


def test_the_seed_draws_the_holes(held: FaceTensor) -> None:
    first, again, other = (figures.figures(Grey(), INPAINTING, held, seed=seed) for seed in (1, 1, 2))
    assert first == again != other


def test_the_size_of_the_batches_does_not_matter(held: FaceTensor, monkeypatch: pytest.MonkeyPatch) -> None:
    together = figures.figures(Grey(), INPAINTING, held)
    monkeypatch.setattr(figures, "BATCH", 2)
    assert figures.figures(Grey(), INPAINTING, held) == pytest.approx(together, rel=1e-6)


@pytest.mark.parametrize("side", [0, -3, 129])
def test_a_hole_that_does_not_fit_is_one_sentence(side: int, held: FaceTensor) -> None:
    with pytest.raises(Problem, match="1 to 128"):
        figures.figures(Grey(), INPAINTING, held, box_size=side)


def test_figures_of_a_denoiser(tiny_mnist: Path) -> None:
    digits = load(tiny_mnist, "test")
    found = figures.figures(Grey(), {"data": "digits", "figures": "denoising"}, digits, seed=3)
    images = (digits.images.double() / 255).numpy()
    for sigma in figures.SIGMAS:
        noisy = noise.gaussian_noise(digits.images.float() / 255, sigma, torch.Generator().manual_seed(3)).numpy()
        out = np.broadcast_to(noisy.mean((1, 2, 3), keepdims=True), images.shape)
        assert found[f"mse_sigma_{sigma}"] == pytest.approx(((out - images) ** 2).mean(), rel=1e-4)
    assert found["digits"] == 64


def test_figures_of_the_map(tiny_mnist: Path) -> None:
    digits = load(tiny_mnist, "test")
    network: Any = weights.load("digit-map")
    found = figures.figures(network, {"data": "digits", "figures": "coding"}, digits)
    images = digits.images.float() / 255
    with torch.inference_mode():
        out, codes = network(images).double().numpy(), network.encode(images).double().numpy()
    right = 0
    for i in range(64):  # the ten nearest among the codes of the other four folds
        others = [j for j in range(64) if j % 5 != i % 5]
        nearest = sorted(others, key=lambda j: float(np.linalg.norm(codes[i] - codes[j])))[:10]
        votes = np.bincount(digits.labels.numpy()[nearest], minlength=10)
        right += votes.argmax() == digits.labels[i].item()
    assert found["knn_accuracy"] == pytest.approx(right / 64)
    assert found["mse"] == pytest.approx(((out - images.double().numpy()) ** 2).mean(), rel=1e-5)


def test_a_network_without_a_code_has_no_map(tiny_mnist: Path) -> None:
    with pytest.raises(Problem, match="no code"):
        figures.figures(Grey(), {"data": "digits", "figures": "coding"}, load(tiny_mnist, "test"))


def test_figures_that_nobody_knows_are_one_sentence(held: FaceTensor) -> None:
    with pytest.raises(Problem, match="no figures called 'beauty'"):
        figures.figures(Grey(), {"data": "faces", "figures": "beauty"}, held)


def test_psnr_of_the_mean_is_scikit_images(held: FaceTensor) -> None:
    """A perfect network leaves nothing in the hole; one that is off by a tenth leaves 20 dB."""

    def off(given: Tensor, hidden: Tensor) -> Tensor:
        return truth - 0.1

    truth = held.images.float() / 255
    truth = truth.clamp(0.1, 1)
    exact = FaceTensor((truth * 255).round().to(torch.uint8))
    truth = exact.images.float() / 255
    theirs = peak_signal_noise_ratio(truth.numpy(), (truth - 0.1).numpy(), data_range=1)
    assert figures.faces(off, exact)["hole_psnr"] == pytest.approx(theirs, abs=1e-3) == pytest.approx(20, abs=1e-3)


def test_digits_are_measured_as_they_are(tiny_mnist: Path) -> None:
    """Uint8 to [0, 1] and nothing else: the identity leaves no error on clean digits."""
    digits: Digits = load(tiny_mnist, "test")
    found = figures.figures(nn.Identity(), {"data": "digits", "figures": "denoising"}, digits)
    assert found["mse_sigma_0.0"] == 0 and found["ssim_sigma_0.0"] == pytest.approx(1)
