"""The noises of the digits page beyond Gaussian and salt and pepper, each against its definition."""

import numpy as np
import pytest
import torch
from scipy.ndimage import gaussian_filter, label

from engine.corruptions import named, noise
from engine.datasets import mnist
from engine.images import to_picture


def some(count: int = 6) -> torch.Tensor:
    return mnist.test_half().images[:count].float() / 255


def white(count: int = 4) -> torch.Tensor:
    return torch.ones(count, 1, 28, 28)


@pytest.mark.parametrize("name", ["Erased box", "Erased stroke"])
@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 1.0])
def test_the_erased_share_is_what_was_asked_for(name: str, share: float, generator: torch.Generator) -> None:
    erased = noise.NOISES[name](white(), share, generator)
    assert ((erased == 0).flatten(1).sum(1) == round(784 * share)).all()


@pytest.mark.parametrize("name", ["Erased box", "Erased stroke"])
def test_more_erased_only_adds(name: str) -> None:
    few, many = (noise.NOISES[name](white(), share, torch.Generator().manual_seed(5)) == 0 for share in (0.1, 0.3))
    assert (few & ~many).sum() == 0 and many.sum() > few.sum()


def test_an_erased_box_is_a_square(generator: torch.Generator) -> None:
    for erased in noise.erase_box(white(8), 25 / 784, generator) == 0:
        rows, columns = erased[0].any(1).sum(), erased[0].any(0).sum()
        assert 5 <= rows <= 6 and 5 <= columns <= 6


def test_an_erased_stroke_is_in_one_piece(generator: torch.Generator) -> None:
    for erased in (noise.erase_stroke(white(8), 0.15, generator) == 0).numpy():
        _, pieces = label(erased[0], np.ones((3, 3)))  # type: ignore[misc]
        assert pieces == 1


def test_stripes_are_two_rows_of_four(generator: torch.Generator) -> None:
    striped = noise.stripes(torch.zeros(20, 1, 28, 28), 0.7, generator)
    rows = striped[:, 0, :, 0]
    assert (striped == rows[:, None, :, None]).all()  # whole rows
    assert torch.allclose(rows.sum(1), torch.tensor(14 * 0.7))
    assert len({tuple(row) for row in rows.tolist()}) == 4  # the four places it may start


def test_blur_is_scipys(generator: torch.Generator) -> None:
    images = some()
    images[:, :, :6], images[:, :, -6:] = 0, 0  # away from the edge
    expected = np.stack(
        [gaussian_filter(one[0].numpy(), 4 * 0.2, mode="constant", truncate=12 / 0.8) for one in images]
    )
    assert np.abs(noise.blur(images, 0.2, generator)[:, 0].numpy() - expected).max() < 1e-5


def test_blur_of_colours_keeps_them_apart(generator: torch.Generator) -> None:
    images = torch.zeros(2, 3, 16, 16)
    images[:, 1, 8, 8] = 1
    blurred = noise.blur(images, torch.tensor([0.1, 0.4]), generator)
    assert blurred[:, [0, 2]].max() == 0
    assert blurred[0, 1, 8, 8] > 4 * blurred[1, 1, 8, 8] > 0


def test_inversion_goes_over_grey_to_the_negative(generator: torch.Generator) -> None:
    images = some()
    assert torch.allclose(noise.inversion(images, 1.0, generator), 1 - images)
    assert torch.allclose(noise.inversion(images, 0.5, generator), torch.full_like(images, 0.5))


def test_grey_is_that_of_pillow(generator: torch.Generator) -> None:
    colour = torch.rand(1, 3, 20, 20, generator=generator)
    expected = np.asarray(to_picture(colour).convert("L"), dtype=float)
    assert np.abs(noise.grey(colour)[0, 0].numpy() * 255 - expected).max() <= 1.01


@pytest.mark.parametrize("name", noise.NOISES)
def test_one_strength_an_image_is_each_of_them(name: str) -> None:
    images, strengths = some(3), torch.tensor([0.0, 0.3, 0.9])
    found = noise.NOISES[name](images, strengths, torch.Generator().manual_seed(2))  # type: ignore[arg-type]
    for index, strength in enumerate(strengths.tolist()):
        alone = noise.NOISES[name](images, strength, torch.Generator().manual_seed(2))
        assert torch.allclose(found[index], alone[index], atol=1e-6)


def test_every_noise_says_what_its_strength_is() -> None:
    assert noise.STRENGTHS.keys() == noise.NOISES.keys()
    assert set(noise.NEVER_TRAINED_ON) < noise.NOISES.keys()


def test_all_noises_are_of_all_kinds(generator: torch.Generator) -> None:
    images = torch.full((600, 1, 28, 28), 0.5)
    given = named.CORRUPTIONS["all noises"](images, generator)
    changed = (given != 0.5).flatten(1).float().mean(1)
    for first in (0, 1, 2):
        assert changed[first::6].mean() > 0.95  # Gaussian touches every pixel
    salted = given[3::6]
    assert set(salted.unique().tolist()) == {0.0, 0.5, 1.0}
    assert 0.3 < changed[3::6].mean() < 0.5  # shares from 0 to 0.8
    for first in (4, 5):
        assert set(given[first::6].unique().tolist()) == {0.0, 0.5}
        assert 0.15 < changed[first::6].mean() < 0.25  # shares from 0 to 0.4
    assert torch.equal(images, torch.full_like(images, 0.5)), "the picture itself stays as it is"
