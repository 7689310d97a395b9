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
