"""From a photo to the photo with its faces restored: the whole way, for a page, a command or a notebook."""

from collections.abc import Sequence

import torch
from PIL import Image
from torch import Tensor

from engine import images
from engine.photos import alignment
from engine.photos.alignment import Framing
from engine.photos.compositing import paint, seen
from engine.problem import Problem
from engine.restoration import methods
from engine.restoration.methods import Restoration


def retouch(
    picture: Image.Image, squares: Sequence[Framing], hidden: Tensor, method: str = "face-autoencoder"
) -> Image.Image:
    """An upright RGB photo whose framed squares were hidden and restored; the same size, and the same pixels elsewhere.

    hidden: bool (1, 1, 128, 128), what is hidden in every square. Where squares overlap, see `restored` and
    `put_all_back`.
    """
    given, holes = seen(picture, squares, hidden)
    patches = methods.restore(given, holes, method, seamless=True).composite
    return _laid(picture, squares, patches, hidden)


def restored(
    picture: Image.Image, squares: Sequence[Framing], hidden: Tensor, method: str
) -> tuple[Restoration, Tensor]:
    """Every square restored (N, 3, 128, 128) by a method that sees no photo pixel of any square's hole, not even in
    the mean of a visible pixel beside it; and the holes (N, 1, 128, 128) that come of this: a pixel or two wider than
    `hidden`, with what other squares hide of this one."""
    given, holes = seen(picture, squares, hidden)
    return methods.restore(given, holes, method), holes


def put_all_back(
    picture: Image.Image, squares: Sequence[Framing], reconstructions: Tensor, hidden: Tensor
) -> Image.Image:
    """The photo with the hole of every square filled from its reconstruction, one of (N, 3, S, S) each, whose colours
    are shifted to meet the photo (`seam`); every other pixel is bit-identical.

    hidden: bool (1, 1, S, S). A photo pixel is hidden if its centre falls into a hidden pixel of a square; where holes
    overlap, the later square's answer lies on top.
    """
    given, masks = seen(picture, squares, hidden)
    patches = methods.finished(given, reconstructions, masks, seamless=True).composite
    return _laid(picture, squares, patches, hidden)


def _laid(picture: Image.Image, squares: Sequence[Framing], patches: Tensor, hidden: Tensor) -> Image.Image:
    """A copy of the photo with a patch, one of (N, 3, S, S), over the hole of each square."""
    result = picture.copy()
    for square, patch in zip(squares, patches.split(1), strict=True):
        paint(result, square, patch, hidden)
    return result


def cut(picture: Image.Image, squares: Sequence[Framing]) -> Tensor:
    """What lies in the squares of a photo, one image each (N, 3, 128, 128)."""
    return torch.cat([images.to_tensor(alignment.crop(picture, square)) for square in squares])


def found(picture: Image.Image) -> list[Framing]:
    """A square for every face; raises `Problem` where there is none."""
    squares = alignment.framings(picture)
    if not squares:
        raise Problem("No face was found in this picture: cut it to a 128x128 square around one, or use the app.")
    return squares
