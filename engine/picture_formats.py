"""What a picture file is by its content, and by which endings pictures go; no pixel is read here."""

import re
from typing import Literal

# Every ending of the formats that are read (JPEG, PNG, WebP, HEIC); whoever lists pictures lists all of these.
SUFFIXES = frozenset(
    (".jpg", ".jpeg", ".jpe", ".jfif", ".jif", ".jfi", ".pjpeg", ".pjp", ".mpo", ".png", ".apng", ".webp")
    + (".heic", ".heif", ".hif", ".heics", ".heifs")
)
Kind = Literal["webp", "png", "jpeg"]  # what is written
WRITTEN: dict[str, Kind] = {
    ".jpg": "jpeg",
    ".jpeg": "jpeg",
    ".jpe": "jpeg",
    ".jfif": "jpeg",
    ".png": "png",
    ".webp": "webp",
}

HEIF_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"msf1", b"miaf"}
AVIF_BRANDS = {b"avif", b"avis"}
FOREIGN = {  # how files begin that people take for pictures
    b"GIF8": "a GIF", b"%PDF": "a PDF document", b"%!PS": "a PostScript drawing", b"PK\x03\x04": "a ZIP archive",
    b"BM": "a BMP picture", b"FUJIFILMCCD-RAW": "a raw photo of a camera", b"IIRO": "a raw photo of a camera",
    b"IIU\0": "a raw photo of a camera", b"II\xbc\x01": "a JPEG XR picture", b"II*\0": "a TIFF picture",
    b"MM\0*": "a TIFF picture", b"II+\0": "a TIFF picture", b"MM\0+": "a TIFF picture", b"SIMPLE": "a FITS file",
    b"\xff\x0a": "a JPEG XL picture", b"\0\0\0\x0cJXL ": "a JPEG XL picture",
    b"\0\0\0\x0cjP  ": "a JPEG 2000 picture", b"\xff\x4f\xff\x51": "a JPEG 2000 picture",
    b"8BPS": "a Photoshop document", b"gimp xcf": "a GIMP document", b"\0\0\1\0": "an icon (ICO)",
    b"\0\0\2\0\0\0": "a Targa picture",
    b"\0\0\2\0": "a cursor (CUR)", b"icns": "an icon (ICNS)", b"qoif": "a QOI picture", b"BPG\xfb": "a BPG picture",
    b"FLIF": "a FLIF picture", b"\x76\x2f\x31\x01": "an OpenEXR picture", b"#?RADIANCE": "a Radiance picture",
    b"DDS ": "a DDS texture", b"\x1aE\xdf\xa3": "a video", b"<svg": "an SVG drawing", b"<?xml": "an SVG drawing",
    b"<!doc": "a web page", b"<html": "a web page", b"7z\xbc\xaf": "a 7z archive", b"Rar!": "a RAR archive",
    b"\x1f\x8b": "a packed file (gzip)", b"BZh": "a packed file (bzip2)", b"\xfd7zXZ\0": "a packed file (xz)",
    b"\x93NUMPY": "an array of NumPy", b"AT&TFORM": "a DjVu document",
}  # fmt: skip
PORTABLE = re.compile(rb"P[1-7]\s")  # PBM, PGM, PPM and PAM, as text and as bytes
TAR = slice(257, 262)  # where a tar says so


def kind_of(content: bytes) -> Kind | None:
    """The format in which a picture like this one is written, told by how the file begins; None for HEIC and for what
    is no picture that is read here."""
    if content[:3] == b"\xff\xd8\xff":
        return "jpeg"
    if content[:8] == b"\x89PNG\r\n\x1a\n":
        return "png"
    return "webp" if content[:4] == b"RIFF" and content[8:12] == b"WEBP" else None


def is_heic(content: bytes) -> bool:
    """Whether it is a HEIF file whose pictures are not coded as AVIF; its first brand alone does not say so."""
    brands = _brands(content)
    return bool(brands & HEIF_BRANDS) and not _is_avif(content, brands)


def foreign_format(content: bytes) -> str | None:
    """What a file is that cannot be read here, as in "a TIFF picture"; None where it is not known."""
    if brands := _brands(content):
        if _is_avif(content, brands):
            return "an AVIF picture"
        return "a raw photo of a camera" if b"crx " in brands else "a video"
    if content[:4] == b"RIFF" and content[8:12] in (b"AVI ", b"WAVE"):
        return "a video or a sound"
    start = content[:64].removeprefix(b"\xef\xbb\xbf")
    if content[TAR] == b"ustar":
        return "a tar archive"
    if PORTABLE.match(start):
        return "a portable bitmap (PPM)"
    # Text may begin with blanks or be in capitals, and the magic numbers of some formats begin with bytes that count as
    # blanks.
    starts = (start, start.lstrip(), start.lstrip().lower())
    return next((name for sign, name in FOREIGN.items() if any(one.startswith(sign) for one in starts)), None)


def _brands(content: bytes) -> set[bytes]:
    """All that an ISO media file (HEIC, AVIF, MP4) says it is; empty for any other."""
    if content[4:8] != b"ftyp":
        return set()
    end = min(int.from_bytes(content[:4], "big"), 1024)
    return {content[8:12], *(content[at : at + 4] for at in range(16, end, 4))}


def _is_avif(content: bytes, brands: set[bytes]) -> bool:
    """Told by how its pictures are coded, which its header names; where it does not, by its brands."""
    if not brands & (HEIF_BRANDS | AVIF_BRANDS):
        return False
    coded = {code for code in (b"av01", b"hvc1") if code in content[: 1 << 16]}
    return coded == {b"av01"} if len(coded) == 1 else bool(brands & AVIF_BRANDS)
