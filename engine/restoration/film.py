"""Several answers to one hole, or the steps from one face to another, as one picture that moves."""

import io
from collections.abc import Sequence

from torch import Tensor

from engine import images
from engine.photos.compositing import painted_note
from engine.restoration.photo_restoration import describe_painted

SHOWN = 900  # ms for each answer
STEP = 160  # and for each step of a walk


def of_answers(composites: Sequence[Tensor], hidden: Tensor, method: str) -> bytes:
    """An animated WebP without end of composites (1, 3, H, W), at least one, of one face; it says in its metadata which
    part of it, bool (1, 1, 128, 128), was painted by `method`."""
    first, *others = (images.to_picture(one) for one in composites)
    buffer = io.BytesIO()
    note = painted_note("webp", describe_painted(hidden, method))
    first.save(buffer, "WEBP", save_all=True, append_images=others, duration=SHOWN, loop=0, quality=90, **note)
    return buffer.getvalue()


def of_walk(faces: Tensor, note: str) -> bytes:
    """An animated WebP, there and back without end, of the steps of a walk (N, 3, H, W), N at least 2; `note`: what its
    metadata say of it."""
    steps = [images.to_picture(one) for one in faces.split(1)]
    first, *others = [*steps, *steps[-2:0:-1]]
    buffer = io.BytesIO()
    said = painted_note("webp", note)
    first.save(buffer, "WEBP", save_all=True, append_images=others, duration=STEP, loop=0, quality=90, **said)
    return buffer.getvalue()
