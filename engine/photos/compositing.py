"""Holes in a photo: what a network may see around them, and what is laid over them at the photo's own resolution."""

import html
import io
import math
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import cv2
import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image, PngImagePlugin
from torch import Tensor

from engine.images import lay_on_white, to_tensor
from engine.photos.alignment import Framing, crop, pixel_centres
from engine.photos.grain import LEAST_RING, RING, WINDOW, Grain, blurred, match, noise_of
from engine.picture_formats import Kind
from engine.problem import Problem

BAND = 256  # rows worked on at a time, so that a 32-megapixel photo needs no second copy in floats
EXPORT: dict[Kind, dict[str, int]] = {
    "png": {"compress_level": 1},
    "jpeg": {"quality": 95, "subsampling": 0},
    "webp": {"lossless": True, "exact": True, "quality": 20, "method": 0},  # quality: here the effort
}
NONE = Grain()
LUMINANCE = np.array([0.299, 0.587, 0.114], np.float32)
MAX_WEBP_SIDE = 16_383  # pixels; the format has no room for more


def visible_squares(photo: Image.Image, framings: Sequence[Framing], hidden: Tensor) -> tuple[Tensor, Tensor]:
    """What may be seen of each framed square (N, 3, S, S), and the mask of what may not (N, 1, S, S).

    hidden: bool (1, 1, S, S), the hole in every square. What any of them hides of the photo is black before the first
    is cut, so no square knows it; a mask holds all that this black was mixed into, of the own hole and of the others.
    """
    black = photo.copy()
    for framing in framings:
        _fill(black, framing, hidden, "black")
    squares = torch.cat([to_tensor(crop(black, framing, hidden.shape[-1])) for framing in framings])
    masks = torch.cat([_sealed(hidden, framing) for framing in framings])
    return squares, masks | _others(photo, framings, hidden) if len(framings) > 1 else masks


def paint(photo: Image.Image, framing: Framing, patch: Tensor, hidden: Tensor, grain: Grain = NONE) -> None:
    """Lay a patch (1, 3, S, S) in [0, 1] over the hole (1, 1, S, S) of that square, in the photo itself.

    A photo pixel lies in the hole if its centre falls into a hidden pixel of the square; no other changes by a bit.
    grain: what is done to the patch at the photo's own resolution, so that it is as sharp as what is around.
    """
    pixels = (255 * patch[0]).permute(1, 2, 0).contiguous().cpu().numpy()
    for (left, top, right, bottom), to_crop, inside in _bands(photo, framing, hidden):
        new = blurred(_enlarged(pixels, to_crop, right - left, bottom - top), grain.blur)
        if grain.noise:
            new = new + grain.noise * noise_of(new.shape, top)[:, :, None]
        photo.paste(Image.fromarray(new.round().clip(0, 255).astype(np.uint8)), (left, top), inside)


def grain_around(photo: Image.Image, framings: Sequence[Framing], number: int, patch: Tensor, hidden: Tensor) -> Grain:
    """How a patch (1, 3, S, S) over the hole (1, 1, S, S) of the square of that number is made as sharp as the photo
    around it; no pixel in the hole of any square is looked at."""
    found = around_hole(photo, framings, number, hidden)
    if found is None:
        return NONE
    pixels = (255 * patch[0]).permute(1, 2, 0).contiguous().cpu().numpy()
    enlarged = _enlarged(pixels, found.to_crop, *found.hole.shape[::-1]).clip(0, 255)
    return match(enlarged @ LUMINANCE, found.luminance, found.hole, found.hidden)


class Around(NamedTuple):
    """The part of a photo about a hole, or so much of it as is looked at."""

    luminance: np.ndarray  # (H, W), of 255
    hole: np.ndarray  # bool (H, W)
    hidden: np.ndarray  # bool (H, W), the holes of all squares
    to_crop: np.ndarray  # (2, 3), from its pixels to those of the crop


def around_hole(photo: Image.Image, framings: Sequence[Framing], number: int, hidden: Tensor) -> Around | None:
    """What lies about the hole of the square of that number; None where no photo does."""
    mask = hidden[0, 0].cpu().numpy()
    if not mask.any():
        return None
    to_photo = framings[number].matrix(hidden.shape[-1])
    left, top, right, bottom = _bounds(mask, to_photo, photo.size)
    if right - left < 2 or bottom - top < 2:
        return None
    air = max(LEAST_RING, round(RING * max(right - left, bottom - top))) + 2
    # of a large hole its left edge is enough, or the right one where the photo ends at the left
    at = left if left > air else right
    box = [max(left - air, at - WINDOW // 2, 0), max(top - air, 0), min(right + air, at + WINDOW // 2), bottom + air]
    middle = (top + bottom) // 2
    box[1], box[3] = max(box[1], middle - WINDOW // 2), min(box[3], middle + WINDOW // 2, photo.height)
    box[2] = min(box[2], photo.width)
    width, height = box[2] - box[0], box[3] - box[1]
    holes = []
    for framing in (framings[number], *framings):
        to_crop = cv2.invertAffineTransform(framing.matrix(hidden.shape[-1]))
        to_crop[:, 2] += to_crop[:, :2] @ box[:2]
        holes.append((_inside(mask, to_crop, width, height) > 0, to_crop))
    luminance = np.asarray(photo.crop((box[0], box[1], box[2], box[3])), np.float32) @ LUMINANCE
    return Around(luminance, holes[0][0], np.any([hole for hole, _ in holes], 0), holes[0][1])


def _enlarged(pixels: np.ndarray, to_crop: np.ndarray, width: int, height: int) -> np.ndarray:
    """Pixels of the crop (S, S, 3) at the photo's resolution (height, width, 3)."""
    return cv2.warpAffine(
        pixels, pixel_centres(to_crop), (width, height),
        flags=cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP, borderMode=cv2.BORDER_REPLICATE,
    )  # fmt: skip


def _fill(photo: Image.Image, framing: Framing, hidden: Tensor, colour: str) -> None:
    """Paint the hole in one colour, in the photo itself."""
    for box, _, inside in _bands(photo, framing, hidden):
        photo.paste(colour, box, inside)


def _sealed(hidden: Tensor, framing: Framing) -> Tensor:
    """The hole (1, 1, S, S) grown by what `alignment.crop` may mix into a pixel beside it."""
    reach = 1 + math.ceil(hidden.shape[-1] / framing.side)
    return F.max_pool2d(hidden.float(), 2 * reach + 1, 1, reach) > 0


def _others(photo: Image.Image, framings: Sequence[Framing], hidden: Tensor) -> Tensor:
    """Where each square is cut from pixels in the holes of others (N, 1, S, S)."""
    holes, mixed = Image.new("L", photo.size), []
    for framing in framings:
        _fill(holes, framing, hidden, "white")
    for framing in framings:
        _fill(holes, framing, hidden, "black")  # the own hole, for a moment
        mixed.append(to_tensor(crop(holes, framing, hidden.shape[-1]))[:, :1] > 0)
        _fill(holes, framing, hidden, "white")
    return torch.cat(mixed)


def _bands(
    photo: Image.Image, framing: Framing, hidden: Tensor
) -> Iterator[tuple[tuple[int, int, int, int], np.ndarray, Image.Image]]:
    """The part of the photo that the hole can touch, `BAND` rows at a time: left, top, right, bottom; the (2, 3) map
    of its pixels to those of the crop; and white where a pixel lies in the hole, else black."""
    mask, to_photo = hidden[0, 0].cpu().numpy(), framing.matrix(hidden.shape[-1])
    if not mask.any():
        return
    to_crop = cv2.invertAffineTransform(to_photo)
    left, top, right, bottom = _bounds(mask, to_photo, photo.size)
    for start in range(top, bottom, BAND):
        end = min(bottom, start + BAND)
        shifted = to_crop.copy()
        shifted[:, 2] += to_crop[:, :2] @ (left, start)
        yield (left, start, right, end), shifted, Image.fromarray(_inside(mask, shifted, right - left, end - start))


XMP = """<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/">
<Iptc4xmpExt:DigitalSourceType>{source}</Iptc4xmpExt:DigitalSourceType>
<dc:description><rdf:Alt><rdf:li xml:lang="x-default">{words}</rdf:li></rdf:Alt></dc:description>
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>"""
# IPTC's word for a photograph in which a trained network painted a part
SOURCE = "http://cv.iptc.org/newscodes/digitalsourcetype/compositeWithTrainedAlgorithmicMedia"


def painted_note(kind: Kind, painted: str) -> dict[str, Any]:
    """How Pillow's `save` is told what was painted into a picture, in words: XMP, in a PNG a text as well."""
    if not painted:
        return {}
    xmp = XMP.format(source=SOURCE, words=html.escape(painted))
    if kind != "png":
        return {"xmp": xmp.encode()}
    texts = PngImagePlugin.PngInfo()
    texts.add_text("Description", painted)
    texts.add_itxt("XML:com.adobe.xmp", xmp)
    return {"pnginfo": texts}


def export(picture: Image.Image, kind: Kind = "png", keep_metadata: bool = False, painted: str = "") -> bytes:
    """A picture as a file to download. PNG and WebP are exact, JPEG compresses everything anew.

    Where `open_image` laid transparency on white, PNG and WebP have it back, except where pixels were painted over.
    Without keep_metadata the file holds pixels only; with it also what open_image let through: camera, exposure and
    date, never the place. `painted`: words that say what was painted into it, see `painted_note`. Raises `Problem`
    where the format cannot hold the picture.
    """
    if kind == "webp" and max(picture.size) > MAX_WEBP_SIDE:
        raise Problem(f"A WebP is at most {MAX_WEBP_SIDE:,} pixels wide and high: write a PNG or a JPEG.")
    exif = picture.info.get("exif", b"") if keep_metadata else b""
    if kind != "jpeg" and (transparent := picture.info.get("transparent")):
        picture = _with_transparency(picture, transparent)
    buffer = io.BytesIO()
    picture.save(buffer, kind, exif=exif, **EXPORT[kind], **painted_note(kind, painted))
    return buffer.getvalue()


def _with_transparency(picture: Image.Image, transparent: Image.Image) -> Image.Image:
    """What was painted in an RGB picture, in the RGBA one that was laid on white for it; alpha stays as it was."""
    painted = (np.asarray(picture) != np.asarray(lay_on_white(transparent))).any(2)
    result, alpha = transparent.convert("RGB"), transparent.getchannel("A")
    result.paste(picture, (0, 0), Image.fromarray(painted.astype(np.uint8) * np.uint8(255)))
    result.putalpha(alpha)
    return result


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
