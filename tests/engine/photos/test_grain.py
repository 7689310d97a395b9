"""Grain and sharpness at a seam: noise of a known strength is told, matched, and never taken from a hole."""

import numpy as np
import pytest
import torch
from PIL import Image

from engine.corruptions import masks
from engine.photos import compositing, grain
from engine.photos.framing import Framing

HOLE = np.zeros((200, 200), bool)
HOLE[60:140, 60:140] = True


def noisy(much: float, seed: int = 1) -> np.ndarray:
    return 128 + much * grain.noise_of((200, 200), seed)


def test_sharpness_is_the_median_difference_from_the_mean_of_nine() -> None:
    values = np.random.default_rng(0).uniform(0, 255, (9, 9)).astype(np.float32)
    where = np.zeros((9, 9), bool)
    where[3:6, 3:6] = True
    expected = np.median(
        [abs(values[y, x] - values[y - 1 : y + 2, x - 1 : x + 2].mean()) for y in (3, 4, 5) for x in (3, 4, 5)]
    )
    assert grain.local_sharpness(values, where) == pytest.approx(grain.FLOOR + expected, rel=1e-4)


def test_a_ring_touches_no_hole_and_lies_around_this_one() -> None:
    other = np.zeros_like(HOLE)
    other[60:140, 150:200] = True
    ring = grain.ring_around(HOLE, HOLE | other)
    assert ring.any() and not (ring & (HOLE | other)).any()
    assert not ring[100, 141] and ring[100, 50] and not ring[100, 148]  # a neighbour of a hidden pixel is not looked at
    inside = grain.inside_of(HOLE)
    assert inside[100, 100] and not inside[60, 60] and not (inside & ~HOLE).any()


def test_a_smooth_patch_gets_the_grain_of_the_photo() -> None:
    photo, patch = noisy(5), np.full((200, 200), 128, np.float32)
    found = grain.match(patch, photo, HOLE, HOLE)
    assert found.blur == 0 and found.noise == pytest.approx(5 * grain.AIM, rel=0.1)


def test_a_sharp_patch_in_a_smooth_photo_is_blurred_and_a_fitting_one_is_left() -> None:
    found = grain.match(noisy(5), noisy(1), HOLE, HOLE)
    assert found.noise == 0 and found.blur > 0.3
    assert grain.match(noisy(5, 2), noisy(5), HOLE, HOLE) == grain.Grain()


def test_no_pixel_of_a_hole_has_a_say(generator: torch.Generator) -> None:
    """The grain is the same whatever lies in the holes, this one's and another square's."""
    hidden = masks.box_mask([(40, 40, 48, 48)])
    squares = [Framing((200, 200), 256), Framing((420, 200), 256)]
    patch = torch.full((1, 3, 128, 128), 0.5)
    pixels = np.random.default_rng(0).normal(128, 6, (400, 640, 3)).round().clip(0, 255).astype(np.uint8)
    photo = Image.fromarray(pixels)
    changed = photo.copy()
    for square in squares:
        compositing.paint(changed, square, torch.rand(1, 3, 128, 128, generator=generator), hidden)
    assert photo.tobytes() != changed.tobytes()
    first, second = (compositing.grain_around(one, squares, 0, patch, hidden) for one in (photo, changed))
    assert first == second and first.noise > 1


def test_grain_changes_no_pixel_outside_the_hole() -> None:
    hidden = masks.box_mask([(40, 40, 48, 48)])
    square, patch = Framing((200, 200), 256), torch.full((1, 3, 128, 128), 0.5)
    photo = Image.fromarray(np.random.default_rng(0).integers(0, 256, (400, 400, 3), np.uint8))
    plain, grained = photo.copy(), photo.copy()
    compositing.paint(plain, square, patch, hidden)
    compositing.paint(grained, square, patch, hidden, grain.Grain(noise=5))
    differs = (np.asarray(plain) != np.asarray(grained)).any(2)
    assert differs.sum() > 5000 and not (differs & (np.asarray(plain) == np.asarray(photo)).all(2)).any()
