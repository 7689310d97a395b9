"""A mask alone, as a PNG: white is hidden, black is shown, which is how inpainting programs exchange them."""

import io
from typing import NamedTuple

import torch
from PIL import Image, PngImagePlugin
from torch import Tensor

from engine import images
from engine.corruptions.shapes import Shape
from engine.problem import Problem

SIZE = 128
FACE = "Face"  # the PNG's text that names the face
COLOURED = 64  # a red, green or blue that differs so much from another, of 255, is no grey
HALF = 128  # grey is hidden from here on


class Mask(NamedTuple):
    """What a mask file says."""

    hidden: Tensor  # bool (1, 1, 128, 128)
    face: str = ""  # the face that it was drawn on, where the file names one; not checked


def save(hidden: Tensor, face: str = "") -> bytes:
    """A mask, bool (1, 1, 128, 128), as a grey PNG of 0 and 255; `face` is remembered in it."""
    words = PngImagePlugin.PngInfo()
    if face:
        words.add_text(FACE, face)
    buffer = io.BytesIO()
    images.to_picture(hidden.float()).save(buffer, "PNG", pnginfo=words)
    return buffer.getvalue()


def load(content: bytes) -> Mask:
    """A mask from a file of any program; grey counts as white from half on.

    Raises `Problem` for what is no picture, has another size, has colours or is transparent somewhere.
    """
    picture = images.open_image(content)
    if picture.size != (SIZE, SIZE):
        width, height = picture.size
        raise Problem(
            "This mask is {width}×{height} pixels and the face {size}×{size}: load the mask that belongs to it.",
            width=width,
            height=height,
            size=SIZE,
        )
    pixels = images.to_tensor(picture)
    if ((pixels.amax(1) - pixels.amin(1)) * 255 > COLOURED).any():
        raise Problem("This picture has colours, so it is no mask: a mask is white where something is hidden.")
    if content[4:8] == b"ftyp":  # which the gate reads, and Pillow does not
        raise Problem("A HEIC file is no mask: save it as PNG, white where it hides.")
    with Image.open(io.BytesIO(content)) as file:  # of known size by now; the gate keeps neither alpha nor words
        if file.has_transparency_data and file.convert("RGBA").getchannel("A").getextrema() != (255, 255):
            raise Problem("This mask is transparent in part: save it in black and white, white where it hides.")
        face = str(file.info.get(FACE, ""))
    return Mask(pixels.mean(1, keepdim=True) * 255 >= HALF - 0.5, face)


def shapes_of(hidden: Tensor) -> list[Shape]:
    """A mask (1, 1, S, S) as shapes for the pad: none, one box, or one area of boxes, pixel by pixel the same.

    One area rather than many boxes: it is moved, deleted and undone as the one thing that it is.
    """
    done: list[list[int]] = []
    growing: dict[tuple[int, int], list[int]] = {}  # (left, width) of the row above -> its box
    for y, row in enumerate(hidden[0, 0]):
        edges = torch.diff(row.int(), prepend=row.new_zeros(1).int(), append=row.new_zeros(1).int()).nonzero().flatten()
        runs = {(left, right - left) for left, right in edges.view(-1, 2).tolist()}
        done += [box for run, box in growing.items() if run not in runs]
        growing = {run: growing.get(run, [run[0], y, run[1], 0]) for run in runs}
        for box in growing.values():
            box[3] += 1
    boxes = sorted([*done, *growing.values()])
    if len(boxes) > 1:
        return [{"boxes": boxes}]
    return [{"box": box} for box in boxes]
