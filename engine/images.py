"""Bytes -> safe RGB picture -> float tensor, and back: the one gate for pictures from outside.

*Picture* is a PIL image (uint8, RGB); *image* is a float32 tensor in [0, 1], (N, C, H, W).
Nothing here writes a file or logs; what goes through the gate stays in memory.
"""

import base64
import io
import logging
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import torch
import torch.nn.functional as F
from PIL import ExifTags, Image, ImageCms
from torch import Tensor

from engine.picture_formats import Kind, foreign_format, is_heic, kind_of
from engine.problem import Problem

MAX_BYTES = 25 * 2**20
MIN_SIDE, MAX_SIDE = 8, 30_000  # pixels a side; OpenCV's turning stops at 32,767
# Megapixels that a picture may unfold to, so that the whole way, from reading it to the restored file, stays under
# 400 MB (measured in the tests). A WebP unpacks into three buffers of 4 bytes a pixel; a rich HEIC (10 bits, full
# colour or transparency) takes half as much again as a phone's.
MAX_MEGAPIXELS = {"JPEG": 50, "MPO": 50, "HEIC": 50, "HEIC rich": 28, "PNG": 32, "WEBP": 20}
FULL_SIZE_MEGAPIXELS = 32  # a larger JPEG or HEIC is read at half its width and height
TRANSPARENT_MEGAPIXELS = 12  # a larger picture loses its transparency, which would be one more copy of it
HALVED, EIGHT_BITS = "read at half its width and height", "16 bits a channel read as 8"
SRGB_GAMMA = 0.45455  # of a PNG that names its gamma and means sRGB
CICP_SRGB = bytes((1, 13, 0, 1))
BAND = 256  # rows worked on at a time
MAX_SCANS = 100  # of a progressive JPEG (usual: 10); each may cost a pass over all pixels for a few bytes

CHOOSE = "choose a JPEG, PNG, WebP or HEIC picture."

# EXIF worth keeping for those who ask: camera, exposure, date. Never place, name, serial number or thumbnail.
KEPT = (ExifTags.Base.Make, ExifTags.Base.Model, ExifTags.Base.DateTime)
KEPT_EXPOSURE = (ExifTags.Base.DateTimeOriginal, ExifTags.Base.ExposureTime, ExifTags.Base.FNumber,
                 ExifTags.Base.ISOSpeedRatings, ExifTags.Base.FocalLength, ExifTags.Base.LensModel)  # fmt: skip

TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180, 4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE, 6: Image.Transpose.ROTATE_270, 7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}  # fmt: skip

SETTINGS: dict[Kind, dict[str, int]] = {  # for speed: every rerun of a page pays for them
    "webp": {"quality": 90, "method": 0},
    "png": {"compress_level": 1},
    "jpeg": {"quality": 92},
}

# Pillow notes the EXIF values it meets, the place among them, at level DEBUG: nobody's photo belongs in a log.
logging.getLogger("PIL").setLevel(logging.INFO)


def open_image(source: bytes | Path) -> Image.Image:
    """An upload or a file as an upright sRGB picture in full resolution, transparency laid on white.

    JPEG, PNG, WebP or HEIC, told by content, not by name; of an animation the first frame. A JPEG or HEIC of
    more than 32 megapixels comes at half its size. Raises Problem, and nothing else, for whatever cannot be used.

    `info` holds at most, for compositing.export: "exif", bytes of camera, exposure and date; "transparent", the same
    picture (RGBA) with its transparency, up to 12 megapixels; "altered", a tuple of what its pixels have lost on the
    way, each as in "read at half its size".
    """
    content = source if isinstance(source, bytes) else read_file(source)
    if not content:
        raise Problem("This file is empty, perhaps its upload was cut off: choose it again.")
    if len(content) > MAX_BYTES:
        raise Problem(f"This file is larger than {MAX_BYTES >> 20} MB: save the picture smaller and try again.")
    try:
        # No name may hold on to a stage that is done with: the next one needs its memory.
        return _upright_srgb(_heic(content) if is_heic(content) else _open(content))
    except Problem:
        raise
    except Image.DecompressionBombError:
        raise _too_large(max(MAX_MEGAPIXELS.values())) from None
    except Exception:
        # A decoder may fail in any way on a damaged file. `from None`: the causes quote the file's content.
        raise Problem(f"This picture is damaged or cut off and could not be read: {CHOOSE}") from None


def upright(picture: Image.Image) -> Image.Image:
    """A picture that Pillow has opened, or made, as `open_image` gives it; the given one stays as it is."""
    if picture.mode in ("I", "F"):
        raise Problem(
            "A picture of mode {mode} does not say how bright its numbers are: bring them to 0 to 255 and convert it to"
            " mode L.",
            mode=picture.mode,
        )
    try:
        return _upright_srgb(picture.copy())
    except Exception:  # Pillow reads its files late, and a decoder may fail in any way on a damaged one
        raise Problem(f"This picture is damaged or cut off and could not be read: {CHOOSE}") from None


def to_tensor(picture: Image.Image) -> Tensor:
    """A picture as an image (1, 3, H, W), float32 in [0, 1]."""
    pixels = np.array(picture.convert("RGB"))  # np.array copies: torch wants memory it may write to
    return torch.from_numpy(pixels).permute(2, 0, 1)[None].float() / 255


def to_picture(image: Tensor) -> Image.Image:
    """An image (C, H, W) or (1, C, H, W) as a picture, RGB for C = 3, grey for C = 1; clamped and rounded."""
    image = image.detach().cpu()
    if image.ndim == 4 and len(image) == 1:
        image = image[0]
    if image.ndim != 3 or image.shape[0] not in (1, 3):
        raise ValueError(f"expected one image of 1 or 3 channels, got shape {tuple(image.shape)}")
    pixels = (image.float().nan_to_num().clamp(0, 1) * 255).round().to(torch.uint8).numpy()
    return Image.fromarray(pixels[0] if len(pixels) == 1 else np.ascontiguousarray(pixels.transpose(1, 2, 0)))


def tiled(images: Tensor, columns: int) -> Tensor:
    """Images (N, C, H, W) as one (1, C, rows * H, columns * W), row by row, black where none is left."""
    _, channels, height, width = images.shape
    images = F.pad(images, (0, 0, 0, 0, 0, 0, 0, -len(images) % columns))
    rows = images.view(-1, columns, channels, height, width).permute(2, 0, 3, 1, 4)  # C, rows, H, columns, W
    return rows.reshape(1, channels, -1, columns * width)


def encode(image: Tensor, kind: Kind = "webp") -> bytes:
    """An image (see to_picture) as the bytes of a file."""
    buffer = io.BytesIO()
    to_picture(image).save(buffer, kind, **SETTINGS[kind])
    return buffer.getvalue()


def data_url(image: Tensor, kind: Kind = "webp") -> str:
    """An image as a data: URL, for the components that draw in the browser."""
    return url(encode(image, kind), kind)


def url(content: bytes, kind: Kind) -> str:
    """The bytes of a picture's file as a data: URL."""
    return f"data:image/{kind};base64,{base64.b64encode(content).decode()}"


def read_file(path: Path) -> bytes:
    """A file's bytes, at most one more than is allowed; raises `Problem`."""
    try:
        if not path.is_file():  # a folder, or something endless like /dev/zero
            raise Problem("There is no such file: check its name and folder.")
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except (OSError, ValueError):  # ValueError: a null byte in the name
        raise Problem("This file cannot be opened: check its name and whether you may read it.") from None


def _open(content: bytes) -> Image.Image:
    """A JPEG, PNG or WebP with its header read and its size allowed; no pixel is decoded yet."""
    try:
        picture = Image.open(io.BytesIO(content), formats=("JPEG", "PNG", "WEBP"))
    except Image.UnidentifiedImageError:
        if foreign := foreign_format(content):
            raise Problem(f"This is {{foreign}}, which cannot be used here: {CHOOSE}", foreign=foreign) from None
        if kind_of(content) is None:
            raise Problem(f"This is no picture, or one of a format that is not known here: {CHOOSE}") from None
        raise
    # Four inks make four bytes a pixel of every pass of a progressive JPEG: no draft helps there.
    _check_size(picture.size, FULL_SIZE_MEGAPIXELS if picture.mode == "CMYK" else MAX_MEGAPIXELS[picture.format or ""])
    if picture.info.get("progressive") and content.count(b"\xff\xda") > MAX_SCANS:
        raise Problem("This JPEG is stored in far too many passes: open it and save it again, then try that.")
    altered = []
    if picture.width * picture.height > FULL_SIZE_MEGAPIXELS * 1e6:
        picture.draft(picture.mode, (picture.width // 2, picture.height // 2))
        altered.append(HALVED)
    if picture.format != "MPO" and (frames := getattr(picture, "n_frames", 1)) > 1:
        altered.append(f"the first of {frames:,} pictures taken")
    if picture.format == "PNG" and content[24] == 16:  # as its header says
        altered.append(EIGHT_BITS)
    if picture.format == "PNG" and _other_space(content):
        altered.append("colours of another space (cICP) taken for sRGB")
    picture.info["altered"] = altered
    return picture


def _other_space(content: bytes) -> bool:
    """Whether a PNG says that its colours are others than sRGB's by code points (ITU-T H.273): primaries, transfer,
    matrix, range."""
    at = content.find(b"cICP", 0, content.find(b"IDAT"))
    return at > 0 and content[at + 4 : at + 8] != CICP_SRGB


def _heic(content: bytes) -> Image.Image:
    """A HEIC file decoded, its orientation already applied; a large one at half its size."""
    import pillow_heif  # only when somebody brings one

    frames = pillow_heif.open_heif(io.BytesIO(content))
    frame = frames[frames.primary_index]
    usual = frame.info["bit_depth"] == 8 and frame.info.get("chroma") == 420 and not frame.has_alpha
    _check_size(frame.size, MAX_MEGAPIXELS["HEIC" if usual else "HEIC rich"])
    pixels = np.asarray(frame)[:, : frame.size[0]]  # a row may be longer than the picture is wide
    altered = [EIGHT_BITS] if frame.info["bit_depth"] > 8 else []
    if len(frames) > 1:
        altered.append(f"the main one of {len(frames):,} pictures taken")
    if frame.size[0] * frame.size[1] > FULL_SIZE_MEGAPIXELS * 1e6:
        pixels = cv2.resize(pixels, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
        altered.append(HALVED)
    picture = Image.fromarray(pixels)
    picture.info = {key: frame.info[key] for key in ("exif", "icc_profile") if frame.info.get(key)}
    picture.info |= {"altered": altered}
    pillow_heif.set_orientation(picture.info)  # rewrites the EXIF block: the turn is done
    return picture


def _check_size(size: tuple[int, int], most: int) -> None:
    """Refuses, by the header alone, what would cost too much memory."""
    if min(size) < MIN_SIDE:
        raise Problem(f"This picture is less than {MIN_SIDE} pixels wide or high: choose a larger one.")
    if max(size) > MAX_SIDE:
        raise Problem(f"This picture is longer than {MAX_SIDE:,} pixels: cut it or save it smaller and try again.")
    if size[0] * size[1] > most * 1e6:
        raise _too_large(most)


def _too_large(megapixels: int) -> Problem:
    return Problem(
        "This picture has more than {megapixels} megapixels: save it smaller and try again.", megapixels=megapixels
    )


def _upright_srgb(picture: Image.Image) -> Image.Image:
    """Decodes; then depth, transparency, colour space, orientation and metadata, one after the other."""
    altered = list(picture.info.get("altered", ()))
    picture.load()
    turn, exif = _orientation(picture), _kept_exif(picture)
    profile, grey = picture.info.get("icc_profile"), picture.mode in ("1", "L", "LA")
    gamma = None if profile or "srgb" in picture.info else picture.info.get("gamma")  # of a PNG
    if picture.mode.startswith("I"):  # 16-bit grey, which convert would clip instead of scaling
        picture, grey = Image.fromarray((np.asarray(picture) >> 8).clip(0, 255).astype(np.uint8)), True
    if picture.mode == "CMYK":
        altered.append("four inks turned into red, green and blue")
    if picture.has_transparency_data and picture.width * picture.height <= TRANSPARENT_MEGAPIXELS * 1e6:
        picture = picture.convert("RGBA")
        alpha, opaque = picture.getchannel("A"), picture.getchannel(0) if grey else picture.convert("RGB")
        picture, converted = _to_srgb(opaque, profile, gamma)
        if alpha.getextrema() != (255, 255):
            picture.putalpha(alpha)
    else:
        if picture.has_transparency_data:
            picture = lay_on_white(picture)
            altered.append("transparency laid on white")
        if grey and picture.mode == "RGB":
            picture = picture.getchannel(0)  # or its profile would not fit any more
        picture, converted = _to_srgb(picture, profile, gamma)
    if converted:
        altered.append("colours brought to sRGB")
    if turn is not None:  # a mirrored one is number 0
        picture = picture.transpose(turn)
    info: dict[str | tuple[int, int], Any] = {"exif": exif} if exif else {}
    if altered:
        info["altered"] = tuple(altered)
    if picture.mode == "RGBA":
        picture.info = {}
        picture, info["transparent"] = lay_on_white(picture), picture
    picture.info = info
    return picture


def lay_on_white(picture: Image.Image) -> Image.Image:
    """Any picture with transparency as an RGB one; in bands, to need no third copy of it."""
    opaque = Image.new("RGB", picture.size, "white")
    for top in range(0, picture.height, BAND):
        band = picture.crop((0, top, picture.width, min(top + BAND, picture.height))).convert("RGBA")
        opaque.paste(band, (0, top), band)
    return opaque


def _to_srgb(picture: Image.Image, profile: bytes | None, gamma: float | None = None) -> tuple[Image.Image, bool]:
    """Any 8-bit picture as a new RGB one, through its ICC profile where that fits, or through the gamma that a PNG
    names; and whether that changed colours."""
    if profile:
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            space = {b"RGB ": "RGB", b"GRAY": "L", b"CMYK": "CMYK"}[profile[16:20]]  # as its header says
            if space == "RGB" and picture.mode in ("P", "L", "1"):
                picture = picture.convert("RGB")
            if space == "L" and picture.mode == "1":
                picture = picture.convert("L")
            if picture.mode == space and _changes_colours(source, space):
                return _through(picture, source), True
        except (ImageCms.PyCMSError, OSError, ValueError, KeyError, TypeError):
            pass  # a broken profile: the colours as they stand are the best guess
    if gamma and abs(gamma - SRGB_GAMMA) > 0.01:
        return picture.convert("RGB").point(3 * _from_gamma(gamma)), True
    return picture.convert("RGB"), False


def _from_gamma(gamma: float) -> list[int]:
    """Samples that are light ** gamma (PNG's gAMA), 0 to 255, as those of sRGB (IEC 61966-2-1)."""
    light = np.linspace(0, 1, 256) ** (1 / gamma)
    srgb = np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)
    return (255 * srgb).round().astype(int).tolist()


def _changes_colours(source: ImageCms.ImageCmsProfile, mode: str) -> bool:
    """Whether a profile differs from sRGB by more than rounding: tried, for what it calls itself proves nothing."""
    if mode == "CMYK":
        return True
    levels = np.linspace(0, 255, 9 if mode == "RGB" else 256).round().astype(np.uint8)
    if mode == "L":
        tried = Image.fromarray(levels[None])
    else:
        tried = Image.fromarray(np.stack(np.meshgrid(levels, levels, levels), -1).reshape(27, 27, 3))
    before, after = np.asarray(tried.convert("RGB"), int), np.asarray(_through(tried, source), int)
    return bool(abs(before - after).max() > 1)


def _through(picture: Image.Image, source: ImageCms.ImageCmsProfile) -> Image.Image:
    """A picture brought from a profile's colours to sRGB."""
    target = ImageCms.createProfile("sRGB")
    return ImageCms.profileToProfile(picture, source, target, outputMode="RGB") or picture


def _orientation(picture: Image.Image) -> Image.Transpose | None:
    """The turn that the camera asks for; a broken EXIF block asks for none."""
    try:
        return TURNS.get(picture.getexif().get(ExifTags.Base.Orientation, 1))
    except Exception:  # Pillow's EXIF reader fails in many ways, and none of them matters
        return None


def _kept_exif(picture: Image.Image) -> bytes:
    """The harmless part of the metadata as an EXIF block; empty where there is none or it is broken."""
    try:
        given = picture.getexif()
        kept = Image.Exif()
        for tags, old, new in (
            (KEPT, given, kept),
            (KEPT_EXPOSURE, given.get_ifd(ExifTags.IFD.Exif), kept.get_ifd(ExifTags.IFD.Exif)),
        ):
            for tag in tags:
                if tag in old and _is_short(old[tag]):
                    new[tag] = old[tag]
        return kept.tobytes() if len(kept) or kept.get_ifd(ExifTags.IFD.Exif) else b""
    except Exception:
        return b""


def _is_short(value: Any) -> bool:
    return len(str(value)) <= 200  # a model or a number: no room for a hidden file
