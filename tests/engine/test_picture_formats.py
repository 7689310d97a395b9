"""What a file is, told by its content, and which colours it means, told by trying its profile."""

import io

import numpy as np
import pytest
from PIL import Image, ImageCms

from engine.images import open_image
from engine.picture_formats import foreign_format, is_heic
from engine.problem import Problem
from tests.bad_files import adobe_rgb, chunk, heic, saved


def box(*brands: bytes) -> bytes:
    """The head of an ISO media file: its first brand, a version, and all others."""
    content = b"ftyp" + brands[0] + bytes(4) + b"".join(brands[1:])
    return (len(content) + 4).to_bytes(4, "big") + content + bytes(100)


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"\xff\x0a" + bytes(9), "a JPEG XL picture"),
        (b"\0\0\0\x0cJXL \r\n\x87\n", "a JPEG XL picture"),
        (b"\0\0\0\x0cjP  \r\n\x87\n", "a JPEG 2000 picture"),
        (b"\xff\x4f\xff\x51\0", "a JPEG 2000 picture"),
        (b"8BPS\0\1", "a Photoshop document"),
        (b"\0\0\1\0\1\0", "an icon (ICO)"),
        (b"II+\0", "a TIFF picture"),
        (b"MM\0*", "a TIFF picture"),
        (b"gimp xcf v011", "a GIMP document"),
        (b"\xef\xbb\xbf<svg>", "an SVG drawing"),
        (b"\n  <svg>", "an SVG drawing"),
        (b"RIFF\0\0\0\0AVI LIST", "a video or a sound"),
        (b"\0\0\2\0\0\0\0\0" + bytes(10), "a Targa picture"),
        (b"\0\0\2\0\1\0", "a cursor (CUR)"),
        (b"P6\n2 2\n255\n", "a portable bitmap (PPM)"),
        (b"P5 2 2 255 ", "a portable bitmap (PPM)"),
        (b"<!DocType html>", "a web page"),
        (b"\n<HTML>", "a web page"),
        (b"\x93NUMPY\1\0", "an array of NumPy"),
        (b"BZh91AY&SY", "a packed file (bzip2)"),
        (b"face.png".ljust(257, b"\0") + b"ustar\0", "a tar archive"),
        (box(b"isom", b"mp42"), "a video"),
        (box(b"crx ", b"isom"), "a raw photo of a camera"),
        (box(b"avif", b"mif1"), "an AVIF picture"),
        (box(b"avis", b"msf1"), "an AVIF picture"),
        (box(b"mif1", b"miaf", b"avif"), "an AVIF picture"),
        (box(b"msf1", b"avis"), "an AVIF picture"),
        (box(b"miaf") + b"infe av01", "an AVIF picture"),
        (box(b"heic", b"mif1") + b"infe av01", "an AVIF picture"),  # its brand is wrong
    ],
)
def test_a_format_that_is_not_read_is_called_by_its_name(content: bytes, name: str) -> None:
    assert foreign_format(content) == name and not is_heic(content)
    with pytest.raises(Problem, match="This is "):
        open_image(content.ljust(200, b"\0"))


@pytest.mark.parametrize("brand", [b"heic", b"mif1", b"msf1", b"miaf"])
def test_a_heic_is_one_whatever_its_first_brand(brand: bytes) -> None:
    whole = heic(Image.new("RGB", (64, 48), "red"))
    assert open_image(whole[:8] + brand + whole[12:]).size == (64, 48)


@pytest.mark.parametrize("mode", ["RGB", "P", "RGBA"])
def test_a_profile_counts_in_every_mode_and_whatever_it_is_called(mode: str) -> None:
    """The same colours as RGB and as a palette; and a wide profile that calls itself sRGB."""
    colours = Image.new("RGB", (16, 16), (180, 120, 90))
    liar = adobe_rgb().replace(b"Adobe RGB", b"sRGB IEC6")
    wanted = open_image(saved(colours, "PNG", icc_profile=adobe_rgb())).getpixel((8, 8))
    assert np.abs(np.subtract(wanted, (180, 120, 90))).max() > 8  # type: ignore[arg-type]
    for profile in (adobe_rgb(), liar):
        given = colours.quantize(2) if mode == "P" else colours.convert(mode)
        opened = open_image(saved(given, "PNG", icc_profile=profile))
        assert np.abs(np.subtract(opened.getpixel((8, 8)), wanted)).max() <= 1  # type: ignore[arg-type]
        assert opened.info["altered"] == ("colours brought to sRGB",)


def test_a_profile_that_changes_nothing_changes_nothing() -> None:
    grain = np.random.default_rng(0).integers(0, 256, (32, 32, 3), np.uint8)
    for profile in (ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes(), b"broken"):
        opened = open_image(saved(Image.fromarray(grain), "PNG", icc_profile=profile))
        assert np.array_equal(np.asarray(opened), grain) and not opened.info


@pytest.mark.parametrize(
    "content", [b"Dear reader, ", b"\x7fELF", b"ID3\3", b"\x89JNG\r\n", b"version https://git-lfs"]
)
def test_what_is_not_known_is_not_called_a_damaged_picture(content: bytes) -> None:
    with pytest.raises(Problem, match="no picture, or one of a format that is not known here"):
        open_image(content.ljust(200, b"."))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIF"])
def test_cut_off_anywhere_it_is_a_damaged_picture(kind: str) -> None:
    noise = np.random.default_rng(0).integers(0, 256, (96, 96, 3), np.uint8)
    whole = saved(Image.fromarray(noise), kind)
    for tenth in range(1, 10):
        with pytest.raises(Problem, match="damaged or cut off"):
            open_image(whole[: len(whole) * tenth // 10])


def test_a_gamma_counts_unless_something_better_says_what_colours_mean() -> None:
    """PNG, section 4.2: an ICC profile and the sRGB chunk come before gAMA. Its usual value means sRGB."""
    ramp = Image.fromarray(np.arange(256, dtype=np.uint8)[None].repeat(9, 0))
    file = saved(ramp, "PNG")

    def red(*chunks: tuple[bytes, bytes]) -> np.ndarray:
        opened = open_image(file[:33] + b"".join(chunk(*one) for one in chunks) + file[33:])
        return np.asarray(opened)[4, :, 0].astype(float)

    def gamma(value: int) -> tuple[bytes, bytes]:
        return b"gAMA", value.to_bytes(4, "big")

    same = np.arange(256)
    for chunks in ([gamma(45_455)], [gamma(45_000)], [(b"sRGB", b"\0"), gamma(100_000)], [gamma(0)]):
        assert np.array_equal(red(*chunks), same)
    light = same / 255  # gamma 1: what sRGB shows as 188 is half the light
    assert abs(red(gamma(100_000))[128] - 188) <= 1 and (np.diff(red(gamma(100_000))) >= 0).all()
    assert np.abs(red(gamma(55_556)) - 255 * light ** (1.8 / 2.2))[40:].max() < 6  # an old Mac's, nearly


def test_what_a_picture_loses_is_written_beside_it() -> None:
    deep = io.BytesIO()
    Image.fromarray(np.full((16, 16), 40_000, np.uint16)).save(deep, "PNG")
    assert open_image(deep.getvalue()).info["altered"] == ("16 bits a channel read as 8",)
    file = saved(Image.new("RGB", (16, 16)), "PNG")
    hdr = file[:33] + chunk(b"cICP", bytes((9, 16, 0, 1))) + file[33:]  # BT.2100 PQ
    assert open_image(hdr).info["altered"] == ("colours of another space (cICP) taken for sRGB",)
    burst = saved(Image.new("RGB", (64, 64)), "HEIF", save_all=True, append_images=[Image.new("RGB", (64, 64))])
    assert open_image(burst).info["altered"] == ("the main one of 2 pictures taken",)
    large = Image.new("L", (8000, 6000), 90)
    assert open_image(saved(large, "JPEG")).info["altered"] == ("read at half its width and height",)
    cut = Image.new("RGBA", (4000, 3100), (9, 9, 9, 100))  # more transparency than is kept
    assert open_image(saved(cut, "PNG")).info == {"altered": ("transparency laid on white",)}
    opaque = Image.new("RGBA", (16, 16), (9, 8, 7, 255))
    assert open_image(saved(opaque, "PNG")).info == {}
