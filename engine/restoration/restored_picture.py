"""The engine as a library: any picture and what is hidden of its faces in, a restored picture out."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from numbers import Real
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from engine import images
from engine.corruptions import masks
from engine.datasets.faces import SIZE
from engine.problem import Problem
from engine.restoration import drafts, file_restoration, methods, photo_restoration
from engine.restoration.result_file import write_result

Picture = str | Path | Image.Image | np.ndarray | Tensor
Hidden = masks.Box | Sequence[masks.Box] | np.ndarray | Tensor
MOST = 1.001  # what rounding may make of the brightest pixel


@dataclass(frozen=True, eq=False, repr=False)
class RestoredPicture:
    """A picture whose faces were restored; in a notebook it shows itself."""

    picture: Image.Image  # RGB, upright, of the given size; outside the holes as it was
    faces: int  # that were restored
    left_out: int  # faces that were found and left as they were
    hidden: Tensor  # bool (1, 1, 128, 128): what was hidden in each of them
    model: str

    @property
    def painted(self) -> str:
        """What was invented, in words; a saved file says the same. Empty where nothing was hidden."""
        return photo_restoration.describe_painted(self.hidden, self.model, self.faces)

    def save(self, path: str | Path, overwrite: bool = False) -> Path:
        """Write it as .png or .webp, both exact, or .jpg; raises `Problem` where a file is in the way."""
        return write_result(self.picture, path, self.painted, overwrite)

    def _repr_png_(self) -> bytes:
        buffer = io.BytesIO()
        self.picture.save(buffer, "png")
        return buffer.getvalue()

    def __repr__(self) -> str:
        width, height = self.picture.size
        left = f", {self.left_out} left out" if self.left_out else ""
        return f"RestoredPicture({width}x{height}, faces: {self.faces}{left}, model: {self.model})"


def restore(
    picture: Picture,
    hidden: Hidden,
    model: str = methods.DEFAULT,
    *,
    seamless: bool | None = None,
    answer: int = 0,
    seed: int = 0,
) -> RestoredPicture:
    """Hide a part of every face in a picture and put back what `model` makes of the rest.

    picture: the path of a file, a Pillow picture, pixels uint8 (H, W), (H, W, 3) or (H, W, 4), or an image in [0, 1],
        float (3, H, W) or (1, 3, H, W); of any size. One of 128x128 pixels is taken for a face in FFHQ framing; in any
        other the faces are found, framed, and laid back.
    hidden: a box (left, top, width, height) or several, or a bool mask (128, 128), True = hidden from the network; in
        pixels of the face's 128x128 frame.
    model: a method, see `engine.restoration.methods.METHODS`.
    seamless: whether colours are shifted to meet the picture at the hole's edge; None: in photos only.
    answer: which drawn answer of the painter, from 1 on, drawn from `seed`; 0: its first.

    Raises `Problem`, one sentence, for a picture or a mask that cannot be used, one without a face, an unknown model.
    """
    methods.known_method(model)
    if answer:
        drafts.check_answers(answer, drafts.BOLDNESS)
        if model != drafts.MODEL:
            raise Problem(f"Only {drafts.MODEL} gives several answers, not {model}: leave the answer out.")
    settings = file_restoration.Settings(_mask(hidden), model, seamless, answer=answer, seed=seed)
    result, faces, left_out = file_restoration.restore_faces(_opened(picture), settings)
    return RestoredPicture(result, faces, left_out, settings.hidden, model)


def _opened(picture: Picture) -> Image.Image:
    """Whatever it is given as, an upright sRGB picture."""
    if isinstance(picture, str | Path):
        return images.open_image(Path(picture))
    if isinstance(picture, Image.Image):
        return images.upright(picture)
    if isinstance(picture, Tensor):
        if picture.ndim == 4 and len(picture) > 1:
            raise Problem(f"These are {len(picture)} images: give one, or use engine.restoration.methods.restore.")
        fits = picture.ndim in (3, 4) and picture.shape[-3] == 3 and picture.is_floating_point()
        if not fits or not picture.numel():
            raise Problem(f"{_called(picture)} is no image: give a float tensor (3, height, width) in [0, 1].")
        if not torch.isfinite(picture).all() or picture.min() < 0 or picture.max() > MOST:
            raise Problem("This image's values are not all from 0 to 1: bring them there, 8-bit ones by image / 255.")
        return images.to_picture(picture)
    if isinstance(picture, np.ndarray):
        if picture.dtype != np.uint8 or not (picture.ndim == 2 or (picture.ndim == 3 and picture.shape[2] in (3, 4))):
            raise Problem(f"{_called(picture)} is no picture: give pixels uint8 (height, width, 3) from 0 to 255.")
        if not picture.size:
            raise Problem("This array holds no pixel: give a picture of at least one.")
        return images.upright(Image.fromarray(np.ascontiguousarray(picture)))
    raise Problem(f"{type(picture).__name__} is no picture: give a path, a Pillow picture, an array or a tensor.")


def _mask(hidden: Hidden) -> Tensor:
    """Whatever it is given as, bool (1, 1, 128, 128)."""
    if isinstance(hidden, np.ndarray):
        hidden = torch.from_numpy(np.ascontiguousarray(hidden))
    if isinstance(hidden, Tensor):
        if hidden.dtype != torch.bool or hidden.numel() != SIZE**2 or hidden.shape[-2:] != (SIZE, SIZE):
            raise Problem(f"{_called(hidden)} is no mask: give bool ({SIZE}, {SIZE}), True = hidden from the network.")
        return hidden.reshape(1, 1, SIZE, SIZE)
    try:
        one = isinstance(hidden[0], Real)  # NumPy's numbers, too
        boxes = [_box(box) for box in ([hidden] if one else hidden)]
    except (TypeError, ValueError, IndexError, KeyError, OverflowError):
        boxes = []
    if not boxes:
        raise Problem("What is hidden is no box: give (left, top, width, height) in whole pixels, or several of these.")
    return masks.box_mask(boxes)


def _box(numbers: Any) -> masks.Box:
    left, top, width, height = map(_whole, numbers)
    return left, top, width, height


def _whole(value: float) -> int:
    if int(value) != value:
        raise ValueError("half a pixel")
    return int(value)


def _called(array: np.ndarray | Tensor) -> str:
    return f"{type(array).__name__} {tuple(array.shape)} of {array.dtype}"
