"""A face and what lies over its hole as small pictures for the screen: a stroke sends no more than the eye needs."""

import io
from typing import NamedTuple

from PIL import Image
from torch import Tensor

from engine import images
from engine.corruptions.masks import box_around

LARGER = 2  # a browser's own enlargement of 128 pixels shows a lattice on sharp screens
REACH = 3  # pixels of the face to which Lanczos carries a hole's colours
QUALITY = {"quality": 93, "subsampling": 0}  # of JPEG: a tenth of the time of PNG or WebP, and no colour runs


class Patch(NamedTuple):
    """Part of a face as a JPEG, and where it lies."""

    content: bytes
    place: tuple[float, float, float, float]  # left, top, width, height in shares of the face


def over(composite: Tensor, hidden: Tensor) -> Patch | None:
    """Of a composite (1, 3, H, W) and its mask, bool (1, 1, H, W), what differs from the face; None if nothing does."""
    if not hidden.any():
        return None
    size = composite.shape[-1]
    left, top, width, height = box_around(hidden)
    part = _reach(left, top, left + width, top + height, REACH, size)
    around = _reach(*part, REACH, size)  # what Lanczos looks at to enlarge the part: no more is enlarged
    large = _large(composite[..., around[1] : around[3], around[0] : around[2]])
    x, y = around[:2]
    left, top, right, bottom = part
    box = (LARGER * (left - x), LARGER * (top - y), LARGER * (right - x), LARGER * (bottom - y))
    return Patch(_jpeg(large.crop(box)), (left / size, top / size, (right - left) / size, (bottom - top) / size))


def around(composite: Tensor, hidden: Tensor, least: int = 48) -> Tensor:
    """The square of a composite (1, 3, H, W) that shows its hole, bool (1, 1, H, W), and half as much again around it:
    (1, 3, S, S), at least so many pixels wide."""
    size = composite.shape[-1]
    left, top, width, height = box_around(hidden)
    side = min(max(width * 3 // 2, height * 3 // 2, least), size)
    x = min(max(left + (width - side) // 2, 0), size - side)
    y = min(max(top + (height - side) // 2, 0), size - side)
    return composite[..., y : y + side, x : x + side]


def _reach(left: int, top: int, right: int, bottom: int, more: int, size: int) -> tuple[int, int, int, int]:
    """A box that reaches so many pixels further, to the picture's border at most."""
    return max(left - more, 0), max(top - more, 0), min(right + more, size), min(bottom + more, size)


def whole(face: Tensor) -> bytes:
    """The face (1, 3, H, W) that patches lie on, as a JPEG."""
    return _jpeg(_large(face))


def _large(image: Tensor) -> Image.Image:
    picture = images.to_picture(image)
    return picture.resize((LARGER * picture.width, LARGER * picture.height), Image.Resampling.LANCZOS)


def _jpeg(picture: Image.Image) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, "jpeg", **QUALITY)
    return buffer.getvalue()
