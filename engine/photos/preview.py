"""Small stand-ins for a large photo: what a screen shows, and what is redrawn at every stroke instead of the whole."""

import base64
import io
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from PIL import Image

from engine.photos.alignment import Framing

AIR = 1.35  # an excerpt's side over that of the squares it shows
QUALITY = 88  # of the JPEGs


@dataclass(frozen=True)
class Excerpt:
    """A part of a photo, reduced, and the framings where they lie in it."""

    picture: Image.Image
    framings: tuple[Framing, ...]  # in pixels of `picture`


def cut_excerpt(picture: Image.Image, framings: Sequence[Framing], longest: int = 720) -> Excerpt:
    """The surroundings of framings (photo pixels) at no more than `longest` pixels a side; never enlarged.

    A square wherever the photo is high and wide enough to cut one around all of them.
    """
    corners = np.array([corner for framing in framings for corner in framing.corners()])
    low, high = corners.min(0), corners.max(0)
    extent = (high - low).max()
    size = np.minimum(AIR * extent, picture.size)
    if extent <= min(picture.size):
        size = np.repeat(size.min(), 2)
    left, top = np.clip((low + high) / 2 - size / 2, 0, np.array(picture.size) - size).round().astype(int).tolist()
    width, height = (max(1, int(side)) for side in size)
    small = _shrunk(picture, (left, top, left + width, top + height), longest)
    scale = small.width / width
    moved = (
        replace(one, centre=((one.centre[0] - left) * scale, (one.centre[1] - top) * scale), side=one.side * scale)
        for one in framings
    )
    return Excerpt(small, tuple(moved))


def shrink(picture: Image.Image, longest: int = 640) -> Image.Image:
    """The whole photo at no more than `longest` pixels a side; never enlarged."""
    return _shrunk(picture, (0, 0, *picture.size), longest)


def data_url(picture: Image.Image) -> str:
    """A picture as a data: URL; a JPEG, made in memory."""
    buffer = io.BytesIO()
    picture.save(buffer, "jpeg", quality=QUALITY)
    return "data:image/jpeg;base64," + base64.b64encode(buffer.getvalue()).decode()


def _shrunk(picture: Image.Image, box: tuple[int, int, int, int], longest: int) -> Image.Image:
    width, height = box[2] - box[0], box[3] - box[1]
    scale = min(1.0, longest / max(width, height))
    size = max(1, round(width * scale)), max(1, round(height * scale))
    return picture.resize(size, Image.Resampling.BOX, box, reducing_gap=2.0)
