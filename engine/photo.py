"""Put a restored face back into the photo it was cut out of, at the photo's own resolution."""

import io
import math
from typing import Literal

import cv2
import numpy as np
import torch.nn.functional as F
from PIL import Image
from torch import Tensor

from engine.alignment import Framing, crop, pixel_centres
from engine.images import to_picture

BAND = 256  # rows worked on at a time, so that a 32-megapixel photo needs no second copy in floats
EXPORT: dict[str, dict[str, int]] = {"png": {"compress_level": 1}, "jpeg": {"quality": 95, "subsampling": 0}}


def put_back(photo: Image.Image, framing: Framing, restored: Tensor, hidden: Tensor) -> Image.Image:
    """The photo with its hidden part replaced by what was restored; every other pixel is bit-identical.

    photo: RGB, as open_image returned it. framing: the square that was cut out. restored: (1, 3, S, S) in [0, 1],
    best the network's whole reconstruction, which shows how far its colours are off beside the hole; a composite
    works too. hidden: (1, 1, S, S) bool. A photo pixel is hidden if its centre falls into a hidden pixel of the crop.
    """
    if not hidden.any():
        return photo.copy()
    patch = match_colours(
        np.asarray(crop(blacken(photo, framing, hidden), framing, hidden.shape[-1]), np.float32),
        np.asarray(to_picture(restored), np.float32),
        sealed(hidden, framing)[0, 0].cpu().numpy(),
    )
    return _paint(photo, framing, patch, hidden)


def blacken(photo: Image.Image, framing: Framing, hidden: Tensor) -> Image.Image:
    """The photo with its hidden part (as in `put_back`) black, so that no crop of it can know what was there."""
    size = hidden.shape[-1]
    return _paint(photo, framing, np.zeros((size, size, 3), np.float32), hidden) if hidden.any() else photo


def sealed(hidden: Tensor, framing: Framing) -> Tensor:
    """The hole (1, 1, S, S) grown by what `alignment.crop` may mix into a pixel beside it: black of `blacken`."""
    reach = 1 + math.ceil(hidden.shape[-1] / framing.side)
    return F.max_pool2d(hidden.float(), 2 * reach + 1, 1, reach) > 0


def _paint(photo: Image.Image, framing: Framing, patch: np.ndarray, hidden: Tensor) -> Image.Image:
    """A copy of the photo with the patch (S, S, 3) laid over what is hidden."""
    result, mask = photo.copy(), hidden[0, 0].cpu().numpy()
    to_photo = framing.matrix(hidden.shape[-1])
    to_crop = cv2.invertAffineTransform(to_photo)
    left, top, right, bottom = _bounds(mask, to_photo, photo.size)
    for start in range(top, bottom, BAND):
        height = min(BAND, bottom - start)
        shifted = to_crop.copy()
        shifted[:, 2] += to_crop[:, :2] @ (left, start)
        new = cv2.warpAffine(
            patch, pixel_centres(shifted), (right - left, height),
            flags=cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP, borderMode=cv2.BORDER_REPLICATE,
        )  # fmt: skip
        inside = _inside(mask, shifted, right - left, height)
        pixels = Image.fromarray(new.round().clip(0, 255).astype(np.uint8))
        result.paste(pixels, (left, start), Image.fromarray(inside))
    return result


def match_colours(given: np.ndarray, restored: np.ndarray, hidden: np.ndarray) -> np.ndarray:
    """The given crop with its hole filled so that no seam shows: Poisson blending (Perez, Gangnet, Blake 2003).

    given, restored: (S, S, 3) float; hidden: (S, S) bool. The restored colours are shifted by a membrane stretched
    over the hole from the differences along its rim. Its value at a hole pixel is the rim's mean with weights
    1 / distance^2, the Poisson kernel, which is exact for a disc and a straight edge and close for a box. What lay in
    the hole has no influence.
    """
    filled = np.where(hidden[..., None], restored, given)
    rim = cv2.dilate(hidden.astype(np.uint8), np.ones((3, 3), np.uint8)).astype(bool) & ~hidden
    if not rim.any():  # all hidden: nothing to match
        return filled
    offsets = (given - restored)[rim]  # (R, 3)
    hole, edge = np.argwhere(hidden).astype(np.float32), np.argwhere(rim).astype(np.float32)  # (H, 2), (R, 2)
    membrane = []
    for part in np.array_split(hole, 1 + len(hole) * len(edge) // 4_000_000):  # 16 MB at a time
        squared = (part**2).sum(1)[:, None] + (edge**2).sum(1) - 2 * part @ edge.T  # (h, R), whole numbers from 1
        weights = 1 / squared
        membrane.append(weights @ offsets / weights.sum(1, keepdims=True))
    filled[hidden] += np.concatenate(membrane)
    return filled.clip(0, 255)


def export(picture: Image.Image, kind: Literal["png", "jpeg"] = "png", keep_metadata: bool = False) -> bytes:
    """A picture as a file to download. PNG is exact, JPEG compresses everything anew.

    Without keep_metadata it holds pixels only; with it also what open_image let through: camera, exposure, date and
    author, never the place.
    """
    exif = picture.info.get("exif", b"") if keep_metadata else b""
    buffer = io.BytesIO()
    picture.save(buffer, kind, exif=exif, **EXPORT[kind])
    return buffer.getvalue()


def _inside(mask: np.ndarray, to_crop: np.ndarray, width: int, height: int) -> np.ndarray:
    """(height, width) uint8, 255 where a pixel's centre falls into a hidden pixel of the crop, else 0."""
    x, y = np.arange(width) + 0.5, np.arange(height) + 0.5
    # Not by OpenCV, which rounds coordinates to 1/32 of a pixel: this edge is a promise.
    column, row = (
        np.floor(to_crop[i, 0] * x[None] + (to_crop[i, 1] * y + to_crop[i, 2])[:, None]).astype(np.int32)
        for i in (0, 1)
    )
    within = (column >= 0) & (column < mask.shape[1]) & (row >= 0) & (row < mask.shape[0])
    return np.where(within, mask[row.clip(0, mask.shape[0] - 1), column.clip(0, mask.shape[1] - 1)], False) * np.uint8(
        255
    )


def _bounds(mask: np.ndarray, to_photo: np.ndarray, size: tuple[int, int]) -> tuple[int, int, int, int]:
    """Left, top, right, bottom of the part of the photo (width, height) that the hole can touch; may be empty."""
    rows, columns = np.where(mask)
    x0, x1, y0, y1 = columns.min(), columns.max() + 1, rows.min(), rows.max() + 1
    corners = np.array([[x0, y0, 1], [x1, y0, 1], [x1, y1, 1], [x0, y1, 1]]) @ to_photo.T
    left, top = np.clip(np.floor(corners.min(0)), 0, size).astype(int)
    right, bottom = np.clip(np.ceil(corners.max(0)), 0, size).astype(int)
    return int(left), int(top), int(right), int(bottom)
