"""From a photo to the photo with its faces restored: the whole way, for a page, a command or a notebook."""

from collections.abc import Sequence

import torch
from PIL import Image
from torch import Tensor

from engine import alignment, images, restoration
from engine.alignment import Framing
from engine.photo import blacken, put_back, sealed
from engine.problem import Problem
from engine.restoration import Restoration


def retouch(
    picture: Image.Image, squares: Sequence[Framing], hidden: Tensor, method: str = "face-autoencoder"
) -> Image.Image:
    """An upright RGB photo whose framed squares were hidden and restored; the same size, and the same pixels elsewhere.

    hidden: bool (1, 1, 128, 128), what is hidden in every square. Where squares overlap, each is cut from the photo as
    it was, and the later lies on top.
    """
    answer = restored(picture, squares, hidden, method)
    return put_all_back(picture, squares, answer.reconstruction, hidden)


def restored(picture: Image.Image, squares: Sequence[Framing], hidden: Tensor, method: str) -> Restoration:
    """Every square restored (N, 3, 128, 128) by a method that sees no photo pixel of its hole, not even in the mean of
    a visible pixel beside it: the hole is a pixel or two wider than `hidden`."""
    seen = torch.cat([cut(blacken(picture, square, hidden), [square]) for square in squares])
    return restoration.restore(seen, torch.cat([sealed(hidden, square) for square in squares]), method)


def put_all_back(
    picture: Image.Image, squares: Sequence[Framing], reconstructions: Tensor, hidden: Tensor
) -> Image.Image:
    """`photo.put_back` for every square; one of the reconstructions (N, 3, 128, 128) each."""
    for square, reconstruction in zip(squares, reconstructions.split(1), strict=True):
        picture = put_back(picture, square, reconstruction, hidden)
    return picture


def cut(picture: Image.Image, squares: Sequence[Framing]) -> Tensor:
    """What lies in the squares of a photo, one image each (N, 3, 128, 128)."""
    return torch.cat([images.to_tensor(alignment.crop(picture, square)) for square in squares])


def found(picture: Image.Image) -> list[Framing]:
    """A square for every face; raises `Problem` where there is none."""
    squares = alignment.framings(picture)
    if not squares:
        raise Problem("No face was found in this picture: cut it to a 128x128 square around one, or use the app.")
    return squares
