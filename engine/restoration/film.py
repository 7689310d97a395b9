"""Several answers to one hole as one picture that moves."""

import io
from collections.abc import Sequence

from torch import Tensor

from engine import images
from engine.photos.compositing import painted_note
from engine.restoration.photo_restoration import describe_painted

SHOWN = 900  # ms for each answer


def of_answers(composites: Sequence[Tensor], hidden: Tensor, method: str) -> bytes:
    """An animated WebP without end of composites (1, 3, H, W), at least one, of one face; it says in its metadata which
    part of it, bool (1, 1, 128, 128), was painted by `method`."""
    first, *others = (images.to_picture(one) for one in composites)
    buffer = io.BytesIO()
    note = painted_note("webp", describe_painted(hidden, method))
    first.save(buffer, "WEBP", save_all=True, append_images=others, duration=SHOWN, loop=0, quality=90, **note)
    return buffer.getvalue()
