"""A patch laid on the enlarged face is the enlarged composite."""

import io

import numpy as np
import torch
from PIL import Image

from engine.corruptions import masks
from engine.photos import gallery
from engine.restoration import methods, patch

FACE = gallery.gallery()["astronaut"].image


def opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


def test_a_patch_on_the_face_is_the_composite() -> None:
    hidden = masks.box_mask([(30, 44, 68, 26), (100, 120, 28, 8)])  # up to the edge
    composite = methods.restore(FACE, hidden, "telea").composite
    found = patch.over(composite, hidden)
    assert found is not None
    laid, expected = opened(patch.whole(FACE)), opened(patch.whole(composite))
    left, top, width, height = (round(share * 256) for share in found.place)
    small = opened(found.content)
    assert small.size == (width, height) and width < 256
    laid.paste(small, (left, top))
    difference = np.abs(np.asarray(laid, dtype=int) - np.asarray(expected, dtype=int))
    assert difference.mean() < 1 and difference.max() < 40  # of 255: what JPEG rounds, twice


def test_nothing_hidden_needs_no_patch() -> None:
    assert patch.over(FACE, torch.zeros(1, 1, 128, 128, dtype=torch.bool)) is None


def test_around_a_hole_is_a_square_with_all_of_it() -> None:
    place = torch.arange(128.0).expand(1, 3, 128, 128)  # each pixel says its column
    for box in ((52, 62, 24, 24), (100, 120, 28, 8), (0, 0, 64, 128)):
        seen = patch.around(place, masks.box_mask([box]))
        assert seen.shape[-1] == seen.shape[-2] == min(max(48, box[2] * 3 // 2, box[3] * 3 // 2), 128)
        assert seen.min() <= box[0] and seen.max() >= box[0] + box[2] - 1
        down = patch.around(place.transpose(2, 3), masks.box_mask([box]))
        assert down.min() <= box[1] and down.max() >= box[1] + box[3] - 1
