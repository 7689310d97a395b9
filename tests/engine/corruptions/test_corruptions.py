"""What is hidden and what noise is added: the same every time, where it should be, as strong as it says."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from engine.corruptions import masks, named, noise
from engine.problem import Problem

IMAGES = torch.rand(6, 3, 32, 32, generator=torch.Generator().manual_seed(9))
NOTHING_DRAWN = {"none", "grey", "Blur", "Inversion"}
DRAWS: dict[str, Callable[[torch.Generator], Tensor]] = {
    "random boxes": lambda g: masks.random_boxes(6, generator=g),
    "several boxes": lambda g: masks.random_boxes(6, count=(1, 4), side=(5, 60), generator=g),
    "random strokes": lambda g: masks.random_strokes(6, generator=g),
    **{name: (lambda g, noise=noise: noise(IMAGES, 0.4, g)) for name, noise in noise.NOISES.items()},
    **{name: (lambda g, corrupt=corrupt: corrupt(IMAGES, g)) for name, corrupt in named.CORRUPTIONS.items()},
}


def seeded(seed: int) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


@pytest.mark.parametrize("name", DRAWS)
def test_same_seed_same_draw(name: str) -> None:
    before = torch.get_rng_state()
    first, again, other = (DRAWS[name](seeded(seed)) for seed in (1, 1, 2))
    assert torch.equal(first, again)
    assert torch.equal(first, other) == (name in NOTHING_DRAWN)
    assert torch.equal(torch.get_rng_state(), before), "drew from torch's global state"


# ---------------------------------------------------------------- boxes


def test_the_articles_box() -> None:
    hidden = masks.random_boxes(400, generator=seeded(0))
    assert hidden.shape == (400, 1, 128, 128) and hidden.dtype == torch.bool
    boxes = [masks.box_around(mask[None]) for mask in hidden]
    assert {(width, height) for _, _, width, height in boxes} == {(28, 28)}
    assert (hidden.flatten(1).sum(1) == 28 * 28).all()  # filled, without gaps


def test_boxes_are_equally_likely_everywhere() -> None:
    """A 3x3 box in an 8x8 picture has 6x6 places: each is drawn about as often as any other."""
    hidden = masks.random_boxes(36_000, size=8, side=(3, 3), generator=seeded(0))
    corner = hidden.flatten(1).float().argmax(1)
    often = corner.bincount(minlength=64).view(8, 8)
    assert (often[6:] == 0).all() and (often[:, 6:] == 0).all()
    assert often[:6, :6].sub(1000).abs().max() < 160  # five standard deviations of a count of 1,000


@settings(deadline=None, max_examples=60)
@given(st.integers(1, 128), st.integers(1, 128), st.integers(0, 5), st.integers(0, 5), st.integers(0, 99))
def test_boxes_stay_in_range(a: int, b: int, least: int, most: int, seed: int) -> None:
    side, count = (min(a, b), max(a, b)), (min(least, most), max(least, most))
    hidden = masks.random_boxes(8, count=count, side=side, generator=seeded(seed))
    area = hidden.flatten(1).sum(1)
    assert (area <= count[1] * side[1] ** 2).all()
    assert (area >= (side[0] ** 2 if count[0] else 0)).all()


@pytest.mark.parametrize("options", [{"side": (0, 0)}, {"side": (9, 3)}, {"side": (129, 129)}, {"count": (2, 1)}])
def test_impossible_boxes_are_refused(options: dict[str, Any]) -> None:
    with pytest.raises(Problem, match="1 to 128"):
        masks.random_boxes(1, generator=seeded(0), **options)


@pytest.mark.parametrize(
    ("box", "rows", "columns"),
    [
        ((10, 20, 30, 40), (20, 60), (10, 40)),
        ((0, 0, 1, 1), (0, 1), (0, 1)),
        ((127, 127, 1, 1), (127, 128), (127, 128)),
        ((40, 60, -30, -40), (20, 60), (10, 40)),  # drawn right to left and upwards
        ((-5, -5, 10, 10), (0, 5), (0, 5)),  # over the upper left edge
        ((120, 100, 999, 999), (100, 128), (120, 128)),  # over the lower right edge
        ((130, 130, -10, -10), (120, 128), (120, 128)),  # both
        ((0, 0, 128, 128), (0, 128), (0, 128)),  # everything hidden
        ((-9, -9, 999, 999), (0, 128), (0, 128)),
    ],
)
def test_box_mask(box: masks.Box, rows: tuple[int, int], columns: tuple[int, int]) -> None:
    expected = np.zeros((128, 128), bool)
    expected[slice(*rows), slice(*columns)] = True
    hidden = masks.box_mask([box])
    assert hidden.shape == (1, 1, 128, 128) and hidden.dtype == torch.bool
    assert np.array_equal(hidden[0, 0].numpy(), expected)
    assert masks.box_around(hidden) == (columns[0], rows[0], columns[1] - columns[0], rows[1] - rows[0])


@pytest.mark.parametrize("box", [(5, 5, 0, 10), (5, 5, 10, 0), (128, 0, 5, 5), (-10, 0, 10, 5), (0, -3, 9, 2)])
def test_a_box_without_a_pixel_is_refused(box: masks.Box) -> None:
    with pytest.raises(Problem, match=",".join(map(str, box))):
        masks.box_mask([(0, 0, 5, 5), box])


def test_two_hundred_boxes() -> None:
    draw = np.random.default_rng(0)
    boxes: list[masks.Box] = [tuple(int(part) for part in draw.integers(1, 90, 4)) for _ in range(200)]  # type: ignore[misc]
    expected = np.zeros((128, 128), bool)
    for x, y, width, height in boxes:
        expected[y : y + height, x : x + width] = True
    assert np.array_equal(masks.box_mask(boxes)[0, 0].numpy(), expected)


def test_no_box_hides_nothing() -> None:
    assert not masks.box_mask([]).any()
    with pytest.raises(Problem, match="Nothing is hidden"):
        masks.box_around(masks.box_mask([]))


# ---------------------------------------------------------------- strokes


def distance_to_path(points: list[tuple[float, float]], size: int) -> np.ndarray:
    """Shortest distance from each pixel's centre to a finely sampled path."""
    fine = [np.linspace(a, b, 2000) for a, b in zip(points, points[1:], strict=False)] or [np.array(points)]
    path = np.concatenate(fine)
    y, x = np.mgrid[:size, :size] + 0.5
    return np.min([np.hypot(x - px, y - py) for px, py in path], axis=0)


@pytest.mark.parametrize(
    "points", [[(10.5, 20.5)], [(2.0, 3.0), (30.0, 8.0)], [(-5.0, 5.0), (20.0, 20.0), (9.0, 50.0)]]
)
def test_a_stroke_hides_what_lies_under_the_brush(points: list[tuple[float, float]]) -> None:
    away, hidden = distance_to_path(points, 40), masks.stroke_mask([(6.0, points)], 40)[0, 0].numpy()
    sure = np.abs(away - 3.0) > 0.01  # the path is only sampled: leave out what lies on the very edge
    assert np.array_equal(hidden[sure], (away <= 3.0)[sure])
    assert hidden.any() and not hidden.all()


@pytest.mark.parametrize("line", [(6.0, []), (0.0, [(1.0, 1.0)]), (-2.0, [(1.0, 1.0)]), (6.0, [(float("nan"), 1.0)])])
def test_an_impossible_stroke_is_refused(line: masks.Line) -> None:
    with pytest.raises(Problem, match="stroke"):
        masks.stroke_mask([line])


def test_random_strokes_hide_a_part() -> None:
    share = masks.random_strokes(200, generator=seeded(0)).flatten(1).float().mean(1)
    assert share.min() > 0 and share.max() < 0.6
    assert 0.03 < share.mean() < 0.3


def test_shapes_are_boxes_strokes_and_areas_together() -> None:
    points = [(5.0, 5.0), (60.0, 40.0)]
    shapes = [{"box": [10, 20, 30, 40]}, {"stroke": {"width": 9.0, "points": points}}]
    together = masks.box_mask([(10, 20, 30, 40)]) | masks.stroke_mask([(9.0, points)])
    assert torch.equal(masks.shape_mask(shapes), together)
    area = masks.shape_mask([*shapes, {"boxes": [[0, 0, 5, 5], [100, 100, 1, 1]]}])
    assert torch.equal(area, together | masks.box_mask([(0, 0, 5, 5), (100, 100, 1, 1)]))
    assert not masks.shape_mask([]).any()


def test_an_eraser_takes_from_what_lies_under_it_and_not_from_what_comes_after() -> None:
    box, across = {"box": [10, 20, 30, 40]}, {"width": 9.0, "points": [[0.0, 40.0], [128.0, 40.0]]}
    rubbed = masks.box_mask([(10, 20, 30, 40)]) & ~masks.stroke_mask([(9.0, [(0, 40), (128, 40)])])
    assert rubbed.any()
    assert torch.equal(masks.shape_mask([box, {"erase": across}]), rubbed)
    assert torch.equal(masks.shape_mask([{"erase": across}, box]), masks.box_mask([(10, 20, 30, 40)]))
    again = masks.shape_mask([box, {"erase": across}, {"box": [12, 38, 4, 4]}])
    assert torch.equal(again, rubbed | masks.box_mask([(12, 38, 4, 4)]))


# ---------------------------------------------------------------- hiding


@pytest.mark.parametrize("secret", [0.3, float("nan"), float("inf"), -float("inf")])
def test_what_is_hidden_is_black_whatever_it_was(secret: float) -> None:
    hidden = masks.random_boxes(6, 32, side=(5, 20), generator=seeded(0))
    given = masks.hide(torch.where(hidden, torch.full_like(IMAGES, secret), IMAGES), hidden)
    assert torch.equal(given, torch.where(hidden, torch.zeros(()), IMAGES))


def test_one_mask_hides_the_same_part_of_all() -> None:
    given = masks.hide(IMAGES, masks.box_mask([(1, 2, 3, 4)], 32))
    assert (given[:, :, 2:6, 1:4] == 0).all()
    assert masks.hide(IMAGES, torch.ones(1, 1, 32, 32, dtype=torch.bool)).abs().max() == 0


@pytest.mark.parametrize(
    "mask",
    [
        torch.zeros(6, 1, 32, 32),  # not bool
        torch.zeros(6, 3, 32, 32, dtype=torch.bool),  # a channel too many
        torch.zeros(6, 1, 16, 32, dtype=torch.bool),  # of another picture
        torch.zeros(5, 1, 32, 32, dtype=torch.bool),  # of another batch
        torch.zeros(32, 32, dtype=torch.bool),
    ],
)
def test_a_foreign_mask_is_refused(mask: Tensor) -> None:
    with pytest.raises(Problem, match="does not fit"):
        masks.hide(IMAGES, mask)


# ---------------------------------------------------------------- noise


def test_gaussian_noise_is_as_strong_as_it_says() -> None:
    images = torch.full((2, 1, 200, 200), 0.5)
    added = noise.gaussian_noise(images, torch.tensor([0.02, 0.1]), seeded(0)) - images
    deviation = added.flatten(1).std(1)
    assert deviation.tolist() == pytest.approx([0.02, 0.1], rel=0.03)
    assert added.mean().abs() < 0.001
    inside = added[1].abs() < 0.1  # 68.27 % lie within one standard deviation of a normal distribution
    assert inside.float().mean().item() == pytest.approx(0.6827, abs=0.01)


def test_gaussian_noise_is_clipped_to_the_picture() -> None:
    black = noise.gaussian_noise(torch.zeros(1, 1, 100, 100), 0.3, seeded(0))
    assert black.min() == 0 and black.max() <= 1
    assert (black == 0).float().mean().item() == pytest.approx(0.5, abs=0.02)  # half of it was below black


def test_salt_and_pepper_falls_on_the_share_it_says() -> None:
    images = torch.full((2, 3, 200, 200), 0.5)
    given = noise.salt_and_pepper(images, torch.tensor([0.1, 0.6]), seeded(0))
    assert set(given.unique().tolist()) == {0.0, 0.5, 1.0}
    for kind in (0.0, 1.0):
        assert (given == kind).flatten(1).float().mean(1).tolist() == pytest.approx([0.05, 0.3], abs=0.01)
    assert (given == given[:, :1]).all(), "a pixel is black or white, not coloured"


@pytest.mark.parametrize("name", noise.NOISES)
def test_every_noise_starts_at_nothing_and_stays_in_range(name: str) -> None:
    assert torch.allclose(noise.NOISES[name](IMAGES, 0.0, seeded(0)), IMAGES, atol=1e-6)
    worst = noise.NOISES[name](IMAGES, 1.0, seeded(0))
    assert worst.shape == IMAGES.shape
    assert worst.min() >= 0 and worst.max() <= 1
    assert not torch.allclose(worst, IMAGES, atol=0.05)


@pytest.mark.parametrize("name", noise.NOISES)
@pytest.mark.parametrize("strength", [-0.1, float("nan"), float("inf")])
def test_an_impossible_strength_is_refused(name: str, strength: float) -> None:
    with pytest.raises(Problem, match="at least 0"):
        noise.NOISES[name](IMAGES, strength, seeded(0))


def test_what_the_article_trains_on() -> None:
    images = torch.rand(8, 3, 128, 128, generator=seeded(3)) * 0.9 + 0.1  # nothing black of its own
    given = named.CORRUPTIONS["article box"](images, seeded(0))
    black = (given == 0).all(1, keepdim=True)
    assert torch.equal(black, masks.random_boxes(8, generator=seeded(0)))
    assert torch.equal(given, images * ~black)


def test_what_the_denoiser_trains_on() -> None:
    """One sigma for each image, anything from 0 to 0.8."""
    images = torch.full((3000, 1, 28, 28), 0.5)
    given = named.CORRUPTIONS["gaussian 0-0.8"](images, seeded(0))
    spread = (given - images).flatten(1).abs().median(1).values / 0.6745  # a normal's median, blind to the clipping
    small = spread < 0.5
    assert small.float().mean().item() == pytest.approx(0.5 / 0.8, abs=0.04)
    assert spread[small].mean().item() == pytest.approx(0.25, abs=0.02)
