"""Files that people and attackers bring instead of a photo, each made in memory, and what the gate has to say.

Made when asked for: the larger ones take a tenth of a second. No file of anybody's is needed.
"""

import io
import random
import struct
import zipfile
import zlib
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import pillow_heif
from PIL import Image

MB = 2**20
pillow_heif.register_heif_opener()  # to write them; the gate names the formats that it lets Pillow try
COLOURS = np.array([[[230, 40, 40], [40, 200, 60]], [[50, 70, 220], [240, 220, 60]]], np.uint8)  # red green blue yellow


class BadFile(NamedTuple):
    make: Callable[[], bytes]
    says: str = ""  # a part of the refusal; empty: the file is read
    size: tuple[int, int] = (64, 48)  # of the picture, where it is read
    name: str = "photo.jpg"  # as the browser would send it; the gate never sees it


def scene(size: tuple[int, int] = (64, 48), mode: str = "RGB") -> Image.Image:
    """Four colours, one in each quarter: red, green / blue, yellow."""
    return Image.fromarray(COLOURS).resize(size, Image.Resampling.NEAREST).convert(mode)


def saved(picture: Image.Image, kind: str, **options: Any) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, kind, **options)
    return buffer.getvalue()


def plain(colour: tuple[int, ...] | int, size: tuple[int, int], mode: str = "RGB") -> Image.Image:
    return Image.new(mode, size, colour)


def exif(orientation: int = 1, place: bool = False) -> Image.Exif:
    """A camera's metadata, with a place on request."""
    block = Image.Exif()
    block[0x0112] = orientation
    block[0x010F], block[0x0110] = "Acme", "Camera One"
    block[0x010E], block[0x013B], block[0x8298] = "SECRET-CAPTION", "SECRET-ARTIST", "SECRET-OWNER"
    block.get_ifd(0x8769)[0x9003] = "2024:05:06 07:08:09"
    block.get_ifd(0x8769)[0xA431] = "SECRET-SERIAL"
    if place:
        block.get_ifd(0x8825)[1], block.get_ifd(0x8825)[2] = "N", (48.0, 51.0, 29.0)
        block.get_ifd(0x8825)[0x1D] = "SECRET-PLACE"
    return block


def heic(picture: Image.Image, orientation: int = 1) -> bytes:
    """As a phone writes it: the turn in the container, and a copy of it in the EXIF block."""
    picture = picture.copy()
    picture.info["exif"] = exif(orientation, place=True).tobytes()
    return saved(picture, "HEIF", quality=90, enc_params={"x265:pools": "none"})


def adobe_rgb() -> bytes:
    """An ICC profile of the Adobe RGB (1998) colour space: primaries adapted to D50, gamma 2.19921875."""

    def fixed(*values: float) -> bytes:
        return b"".join(struct.pack(">i", round(value * 65536)) for value in values)

    xyz = {
        b"wtpt": (0.9642, 1.0, 0.8249), b"rXYZ": (0.60974, 0.31111, 0.01947),
        b"gXYZ": (0.20528, 0.62567, 0.06087), b"bXYZ": (0.14919, 0.06322, 0.74457),
    }  # fmt: skip
    name = b"Adobe RGB (1998)\0"
    tags = {b"desc": b"desc\0\0\0\0" + struct.pack(">I", len(name)) + name + bytes(78)}
    tags |= {tag: b"XYZ \0\0\0\0" + fixed(*value) for tag, value in xyz.items()}
    gamma = b"curv\0\0\0\0" + struct.pack(">IH", 1, round(2.19921875 * 256)) + b"\0\0"
    tags |= {tag: gamma for tag in (b"rTRC", b"gTRC", b"bTRC")}
    table, body, offset = struct.pack(">I", len(tags)), b"", 128 + 4 + 12 * len(tags)
    for tag, content in tags.items():
        content += bytes(-len(content) % 4)
        table += tag + struct.pack(">II", offset + len(body), len(content))
        body += content
    header = struct.pack(">I4sI4s4s4s", offset + len(body), b"none", 0x02100000, b"mntr", b"RGB ", b"XYZ ")
    header += struct.pack(">6H", 2024, 1, 1, 0, 0, 0) + b"acsp" + bytes(28) + fixed(0.9642, 1.0, 0.8249)
    return header.ljust(128, b"\0") + table + body


def deep_grey() -> Image.Image:
    """16 bits a pixel, from 0 to 65,535 left to right."""
    ramp = np.linspace(0, 65535, 64).round().astype(np.uint16)
    return Image.fromarray(np.tile(ramp, (48, 1)))


def chunk(kind: bytes, content: bytes) -> bytes:
    """A chunk of a PNG file."""
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def with_chunk(kind: bytes, content: bytes) -> bytes:
    """A PNG with a chunk of one's own after its header."""
    file = saved(scene(), "PNG")
    return file[:33] + chunk(kind, content) + file[33:]


def wrong_crc() -> bytes:
    file = bytearray(saved(scene(), "PNG"))
    file[file.index(b"IDAT") + 8] ^= 0xFF
    return bytes(file)


def many_scans() -> bytes:
    """A progressive JPEG whose last pass is there 200 times: each costs time for a few bytes."""
    file = saved(scene((256, 256)), "JPEG", progressive=True)
    last = file.rindex(b"\xff\xda")
    return file[:last] + file[last:-2] * 200 + file[-2:]


def adobe_ycck() -> bytes:
    """A four-ink JPEG whose marker says YCCK instead of CMYK."""
    file = bytearray(saved(scene(mode="CMYK"), "JPEG"))
    file[file.index(b"Adobe") + 11] = 2
    return bytes(file)


def zipped() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("photo.jpg", saved(scene(), "JPEG"))
    return buffer.getvalue()


def frames(kind: str) -> bytes:
    """An animation: the scene first, then black."""
    black = plain((0, 0, 0), (64, 48))
    return saved(scene(), kind, save_all=True, append_images=[black, black], duration=100)


def small_ispe() -> bytes:
    """A HEIC that says it is 64x64 and unfolds to 512x512."""
    file = heic(plain((9, 9, 9), (512, 512)))
    return file.replace(struct.pack(">II", 512, 512), struct.pack(">II", 64, 64))


DAMAGED, UNUSABLE, UNKNOWN = "damaged or cut off", "cannot be used here", "not known here"
FILES: dict[str, BadFile] = {
    "nothing at all": BadFile(lambda: b"", "is empty"),
    "one byte": BadFile(lambda: b"\xff", UNKNOWN),
    "random bytes": BadFile(lambda: random.Random(0).randbytes(5000), UNKNOWN, name="noise.png"),
    "text": BadFile(lambda: b"Dear reader, " * 50, UNKNOWN, name="letter.jpg"),
    "JPEG, cut off": BadFile(lambda: saved(scene((640, 480)), "JPEG")[:2000], DAMAGED),
    "JPEG, only its header": BadFile(lambda: saved(scene(), "JPEG")[:30], DAMAGED),
    "PNG, cut off": BadFile(lambda: saved(scene(), "PNG")[:-60], DAMAGED, name="photo.png"),
    "PNG, only its signature": BadFile(lambda: b"\x89PNG\r\n\x1a\n", DAMAGED, name="photo.png"),
    "PNG with a wrong checksum": BadFile(wrong_crc, DAMAGED, name="photo.png"),
    "WebP, cut off": BadFile(lambda: saved(scene(), "WEBP")[:60], DAMAGED, name="photo.webp"),
    "HEIC, cut off": BadFile(lambda: heic(scene())[:-200], DAMAGED, name="photo.heic"),
    "HEIC, larger than it says": BadFile(small_ispe, DAMAGED, name="photo.heic"),
    "1x1": BadFile(lambda: saved(plain(0, (1, 1), "L"), "PNG"), "less than 8 pixels"),
    "1x10000": BadFile(lambda: saved(plain(0, (1, 10000), "L"), "PNG"), "less than 8 pixels"),
    "10000x1": BadFile(lambda: saved(plain(0, (10000, 1), "L"), "PNG"), "less than 8 pixels"),
    "10x10": BadFile(lambda: saved(scene((10, 10)), "PNG"), size=(10, 10)),
    "8x31000": BadFile(lambda: saved(plain(0, (8, 31000), "L"), "PNG"), "longer than 30,000"),
    "20000x20000, flat": BadFile(lambda: flat_png(20000, 20000), "50 megapixels"),
    "20000x20000, as its header says": BadFile(lambda: with_size(20000, 20000), "50 megapixels", name="bomb.png"),
    "120 megapixels, where Pillow only warns": BadFile(lambda: flat_png(12000, 10000), "32 megapixels"),
    "WebP of 256 megapixels": BadFile(lambda: webp_header(16000, 16000), "megapixels", name="bomb.webp"),
    "JPEG of 60 megapixels": BadFile(lambda: jpeg_header(10000, 6000), "50 megapixels"),
    "JPEG of 200 passes": BadFile(many_scans, "too many passes"),
    "PNG with a text that unfolds to 100 MB": BadFile(
        lambda: with_chunk(b"zTXt", b"a\0\0" + zlib.compress(bytes(100 * MB), 1)), DAMAGED
    ),
    "PNG with a profile that unfolds to 100 MB": BadFile(
        lambda: with_chunk(b"iCCP", b"a\0\0" + zlib.compress(bytes(100 * MB), 1)), DAMAGED
    ),
    "25 MB": BadFile(lambda: saved(scene(), "JPEG").ljust(25 * MB, b"\0")),
    "one byte more than 25 MB": BadFile(lambda: saved(scene(), "JPEG").ljust(25 * MB + 1, b"\0"), "25 MB"),
    "250 MB": BadFile(lambda: saved(scene(), "JPEG").ljust(250 * MB, b"\0"), "25 MB"),
    "16-bit grey": BadFile(lambda: saved(deep_grey(), "PNG")),
    "16-bit float TIFF": BadFile(lambda: saved(scene(mode="F"), "TIFF"), "a TIFF picture", name="photo.tiff"),
    "1 bit": BadFile(lambda: saved(scene(mode="1"), "PNG")),
    "grey": BadFile(lambda: saved(scene(mode="L"), "JPEG")),
    "grey with transparency": BadFile(lambda: saved(scene(mode="LA"), "PNG")),
    "palette": BadFile(lambda: saved(scene().quantize(4), "PNG")),
    "palette with transparency": BadFile(lambda: saved(scene(mode="P"), "PNG", transparency=0)),
    "colour with transparency": BadFile(lambda: saved(scene(mode="RGBA"), "WEBP", lossless=True)),
    "all transparent": BadFile(lambda: saved(plain((9, 9, 9, 0), (64, 48), "RGBA"), "PNG")),
    "CMYK JPEG": BadFile(lambda: saved(scene(mode="CMYK"), "JPEG")),
    "YCCK JPEG": BadFile(adobe_ycck),
    "progressive JPEG": BadFile(lambda: saved(scene(), "JPEG", progressive=True)),
    "Adobe RGB": BadFile(lambda: saved(scene(), "PNG", icc_profile=adobe_rgb())),
    "ICC profile of the wrong kind": BadFile(lambda: saved(scene(mode="L"), "JPEG", icc_profile=adobe_rgb())),
    "ICC profile, broken": BadFile(lambda: saved(scene(), "JPEG", icc_profile=b"RGB " * 200)),
    "EXIF, broken": BadFile(lambda: saved(scene(), "JPEG", exif=b"Exif\0\0MM\0*\xff\xff\xff\xff" + b"\x01" * 99)),
    "EXIF, nonsense": BadFile(lambda: saved(scene(), "JPEG", exif=b"Exif\0\0" + random.Random(1).randbytes(900))),
    "EXIF, cut off": BadFile(lambda: saved(scene(), "JPEG", exif=exif(6, True).tobytes()[:40])),
    "EXIF, turned nine": BadFile(lambda: saved(scene(), "JPEG", exif=exif(9))),
    "animated GIF": BadFile(lambda: frames("GIF"), "a GIF", name="cat.gif"),
    "animated WebP": BadFile(lambda: frames("WEBP"), name="cat.webp"),
    "animated PNG": BadFile(lambda: frames("PNG"), name="cat.png"),
    "MPO, two photos in one": BadFile(lambda: saved(scene(), "MPO", save_all=True, append_images=[scene()])),
    "HEIC": BadFile(lambda: heic(scene()), name="IMG_0001.HEIC"),
    "HEIC, turned": BadFile(lambda: heic(scene(), 6), size=(48, 64), name="IMG_0002.HEIC"),
    "AVIF": BadFile(lambda: b"\0\0\0\x20ftypavif\0\0\0\0avifmif1miaf" + bytes(99), "an AVIF picture"),
    "film": BadFile(lambda: b"\0\0\0\x20ftypmp42\0\0\0\0mp42isom" + bytes(99), "a video", name="clip.mp4"),
    "SVG": BadFile(lambda: b'<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>', "an SVG"),
    "SVG with a declaration": BadFile(lambda: b'\n<?xml version="1.0"?><svg/>', "an SVG", name="photo.svg"),
    "PDF": BadFile(lambda: b"%PDF-1.7\n1 0 obj", "a PDF document", name="photo.pdf"),
    "EPS": BadFile(lambda: b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9", UNUSABLE, name="photo.eps"),
    "FITS": BadFile(lambda: b"SIMPLE  =                    T".ljust(2880), UNUSABLE, name="photo.fits"),
    "BMP": BadFile(lambda: saved(scene(), "BMP"), "a BMP picture", name="photo.bmp"),
    "web page": BadFile(lambda: b"<!DOCTYPE html><html><script>1</script>", "a web page"),
    "ZIP, renamed": BadFile(zipped, "a ZIP archive", name="photo.jpg"),
    "PNG and web page at once": BadFile(
        lambda: with_chunk(b"tEXt", b"Comment\0<script>alert(1)</script>") + b"<html><script>alert(2)</script>"
    ),
    "JPEG and ZIP at once": BadFile(lambda: saved(scene(), "JPEG") + zipped()),
    "PNG, named as a JPEG": BadFile(lambda: saved(scene(), "PNG"), name="photo.jpg"),
    **{
        f"EXIF turn {turn}": BadFile(
            lambda turn=turn: saved(turned_away(scene(), turn), "PNG", exif=exif(turn)), name=f"turn{turn}.png"
        )
        for turn in range(1, 9)
    },
}

# Names that an upload may have; the content is a good picture. Nothing may be named after them.
NAMES = (
    "../../etc/passwd.png",
    "..\\..\\photo.png",
    "\N{COLLISION SYMBOL}\N{CAMERA}.png",
    "x" * 300 + ".png",
    "null\0byte.png",
    "\N{RIGHT-TO-LEFT OVERRIDE}gnp.exe.png",
    "",
)


def flat_png(width: int, height: int) -> bytes:
    """A black PNG of one bit a pixel: 400 megapixels take 200 kB."""
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    rows = zlib.compress(bytes(height * (1 + (width + 7) // 8)), 1)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def with_size(width: int, height: int) -> bytes:
    """A PNG of 64x48 whose header says another size."""
    file = saved(scene(), "PNG")
    return file[:8] + chunk(b"IHDR", struct.pack(">II", width, height) + file[24:29]) + file[33:]


def webp_header(width: int, height: int) -> bytes:
    """An extended WebP of that size with the pixels of a smaller one."""
    inner = saved(scene(), "WEBP")[12:]
    extended = (
        b"VP8X"
        + struct.pack("<I", 10)
        + bytes(4)
        + (width - 1).to_bytes(3, "little")
        + (height - 1).to_bytes(3, "little")
    )
    body = b"WEBP" + extended + inner
    return b"RIFF" + struct.pack("<I", len(body)) + body


def jpeg_header(width: int, height: int) -> bytes:
    """A JPEG of 64x48 whose header says another size."""
    file = bytearray(saved(scene(), "JPEG"))
    start = file.index(b"\xff\xc0")
    file[start + 5 : start + 9] = struct.pack(">HH", height, width)
    return bytes(file)


def turned_away(picture: Image.Image, orientation: int) -> Image.Image:
    """As a camera held that way would store it: what an EXIF reader has to turn back (EXIF 2.3, tag 0x0112)."""
    pixels = np.asarray(picture)
    stored = {
        1: pixels, 2: pixels[:, ::-1], 3: pixels[::-1, ::-1], 4: pixels[::-1], 5: pixels.swapaxes(0, 1),
        6: np.rot90(pixels), 7: pixels[::-1, ::-1].swapaxes(0, 1), 8: np.rot90(pixels, -1),
    }[orientation]  # fmt: skip
    return Image.fromarray(np.ascontiguousarray(stored))
