"""Bytes -> safe RGB picture -> float tensor, and back: the one gate for pictures from outside.

*Picture* is a PIL image (uint8, RGB); *image* is a float32 tensor in [0, 1], (N, C, H, W).
"""

import base64
import io
from pathlib import Path
from typing import Literal

import numpy as np
import torch
from PIL import Image, ImageOps
from torch import Tensor

from engine.problem import Problem

Kind = Literal["webp", "png", "jpeg"]

_SETTINGS: dict[Kind, dict] = {
    "webp": {"quality": 90, "method": 0},
    "png": {"compress_level": 1},
    "jpeg": {"quality": 92},
}


def open_image(source: bytes | Path) -> Image.Image:
    """An upload or a file as an upright RGB picture. Raises Problem for whatever is not a picture."""
    content = source if isinstance(source, bytes) else source.read_bytes()
    try:
        picture = Image.open(io.BytesIO(content), formats=("JPEG", "PNG", "WEBP"))
        return ImageOps.exif_transpose(picture).convert("RGB")
    except Exception as error:
        raise Problem("This file could not be read as a picture: try a JPEG, PNG or WebP file.") from error


def to_tensor(picture: Image.Image) -> Tensor:
    """A picture as an image (1, 3, H, W), float32 in [0, 1]."""
    pixels = np.array(picture.convert("RGB"))  # np.array copies: torch wants memory it may write to
    return torch.from_numpy(pixels).permute(2, 0, 1)[None].float() / 255


def to_picture(image: Tensor) -> Image.Image:
    """An image (C, H, W) or (1, C, H, W), C 1 or 3, as an RGB (or, for C = 1, grey) picture; rounds, clamps to [0, 1]."""
    image = image.detach().cpu()
    if image.ndim == 4:
        image = image.squeeze(0)
    if image.ndim != 3 or image.shape[0] not in (1, 3):
        raise ValueError(f"expected one image of 1 or 3 channels, got shape {tuple(image.shape)}")
    pixels = (image.float().nan_to_num().clamp(0, 1) * 255).round().to(torch.uint8).numpy()
    return Image.fromarray(pixels[0] if len(pixels) == 1 else np.ascontiguousarray(pixels.transpose(1, 2, 0)))


def encode(image: Tensor, kind: Kind = "webp") -> bytes:
    """An image (see to_picture) as the bytes of a file; settings for speed, as every rerun of a page pays for them."""
    buffer = io.BytesIO()
    to_picture(image).save(buffer, kind, **_SETTINGS[kind])
    return buffer.getvalue()


def data_url(image: Tensor, kind: Kind = "webp") -> str:
    """An image as a data: URL, for the components that draw in the browser."""
    return f"data:image/{kind};base64," + base64.b64encode(encode(image, kind)).decode()
