"""From a photo to the photo with its faces restored: the whole way, for a page, a command or a notebook."""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from PIL import Image
from torch import Tensor

from engine import images
from engine.photos import alignment
from engine.photos.alignment import FoundFramings, Framing
from engine.photos.compositing import NONE, grain_around, paint, visible_squares
from engine.problem import Problem
from engine.restoration import drafts, methods
from engine.restoration.drafts import BOLDNESS
from engine.restoration.masked_images import Memory
from engine.restoration.methods import Restoration

BATCH = 8  # faces that a network sees at once
ENLARGED = 1.25  # photo pixels for each of the crop's from which grain is matched: below, they are the same pixels


@dataclass(frozen=True)
class PhotoRestoration:
    """What a method made of the framed squares of a photo, computed once and laid on the photo or on a part of it."""

    squares: tuple[Framing, ...]  # N, in photo pixels
    hidden: Tensor  # bool (1, 1, 128, 128): what is hidden in every square
    # bool (N, 1, 128, 128): what no method saw, a pixel or two wider than `hidden`, with what other squares hide of
    # this one
    holes: Tensor
    faces: Restoration  # of the N squares; the composite has a hard seam
    patches: Tensor  # (N, 3, 128, 128): what is laid over the holes of the photo
    grained: bool = False  # whether they are made as sharp as the photo around them

    def lay_on(self, picture: Image.Image, squares: Sequence[Framing] | None = None) -> Image.Image:
        """A copy of an upright RGB photo with the hole of every square filled; every other pixel is bit-identical.

        squares: where they lie in `picture`, if it is an excerpt and not the photo itself. A pixel is hidden if its
        centre falls into a hidden pixel of a square; where holes overlap, the later square's answer lies on top.
        """
        result = picture.copy()
        places = squares or self.squares
        for number, (square, patch) in enumerate(zip(places, self.patches.split(1), strict=True)):
            larger = self.grained and square.side > ENLARGED * self.hidden.shape[-1]
            grain = grain_around(picture, places, number, patch, self.hidden) if larger else NONE
            paint(result, square, patch, self.hidden, grain)
        return result


def restore_photo(
    picture: Image.Image,
    squares: Sequence[Framing],
    hidden: Tensor,
    method: str = methods.DEFAULT,
    seamless: bool = True,
    memory: Memory | None = None,
) -> PhotoRestoration:
    """Restore every framed square of an upright RGB photo by a method that sees no photo pixel of any square's hole,
    not even in the mean of a visible pixel beside it.

    hidden: bool (1, 1, 128, 128), the hole in every square. seamless: shift the colours inside the holes so that they
    meet the photo at their edges, and match its sharpness and grain. memory: where what was found of these squares is
    kept, as for `methods.restore`, which says what it raises.
    """
    given, holes = visible_squares(picture, squares, hidden)
    faces = _by_eights(given, holes, method, memory)
    patches = methods.finished(given, faces.reconstruction, holes, seamless).composite
    return PhotoRestoration(tuple(squares), hidden, holes, faces, patches, grained=seamless)


def one_answer(
    picture: Image.Image,
    squares: Sequence[Framing],
    hidden: Tensor,
    number: int,
    seed: int = 0,
    boldness: float = BOLDNESS,
    memory: Memory | None = None,
) -> PhotoRestoration:
    """Another answer of the painter, as `restore_photo` gives one: the one with that `number`, see `drafts.answers`,
    of every square. Raises `Problem` for a number or a boldness that `drafts.check_answers` refuses."""
    given, holes = visible_squares(picture, squares, hidden)
    known = memory or Memory(1)
    found = [
        drafts.one_answer(known.masked(*face), number, boldness, seed + square)
        for square, face in enumerate(zip(given.split(1), holes.split(1), strict=True))
    ]
    faces = methods.finished(given, torch.cat(found), holes, seamless=False)
    return PhotoRestoration(tuple(squares), hidden, holes, faces, faces.composite, grained=True)


def describe_painted(hidden: Tensor, method: str, faces: int = 1) -> str:
    """What a file is to say of its restoration: which part of its faces, bool (1, 1, 128, 128), was painted by what;
    empty where nothing is hidden."""
    rows, columns = (hidden.any(axis).nonzero()[:, -1] for axis in (3, 2))
    if not len(rows):
        return ""
    top, left = int(rows[0]), int(columns[0])
    box = f"{left},{top},{int(columns[-1]) + 1 - left},{int(rows[-1]) + 1 - top}"
    whose = "the face" if faces == 1 else f"each of {faces} faces"
    return (
        f"{hidden.float().mean().item():.1%} of {whose}, within {box} (left, top, width, height in its frame of"
        f" 128x128 pixels), was painted by {method}: invented, not photographed."
    )


def _by_eights(given: Tensor, holes: Tensor, method: str, memory: Memory | None) -> Restoration:
    """Restored faces (N, 3, 128, 128), a few at a time, so that forty need no more memory than eight."""
    parts = [
        methods.restore(*part, method, memory=memory)
        for part in zip(given.split(BATCH), holes.split(BATCH), strict=True)
    ]
    fields = ([part.given, part.reconstruction, part.composite] for part in parts)
    return Restoration(*(torch.cat(images) for images in zip(*fields, strict=True)))


def crop_squares(picture: Image.Image, squares: Sequence[Framing]) -> Tensor:
    """What lies in the squares of a photo, one image each (N, 3, 128, 128)."""
    return torch.cat([images.to_tensor(alignment.crop(picture, square)) for square in squares])


def find_squares(picture: Image.Image) -> FoundFramings:
    """A square for every face, and how many faces are left out; raises `Problem` where there is none."""
    found = alignment.frame_faces(picture)
    if not found.framings:
        raise Problem("No face was found in this picture: cut it to a 128x128 square around one, or use the app.")
    return found
