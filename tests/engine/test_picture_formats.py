"""What a file is, told by its content, and which colours it means, told by trying its profile."""

import io

import numpy as np
import pytest
from PIL import Image, ImageCms

from engine.images import open_image
from engine.picture_formats import foreign_format, is_heic
from engine.problem import Problem
from tests.bad_files import adobe_rgb, heic, saved


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


def test_what_a_picture_loses_is_written_beside_it() -> None:
    deep = io.BytesIO()
    Image.fromarray(np.full((16, 16), 40_000, np.uint16)).save(deep, "PNG")
    assert open_image(deep.getvalue()).info["altered"] == ("16 bits a channel read as 8",)
    large = Image.new("L", (8000, 6000), 90)
    assert open_image(saved(large, "JPEG")).info["altered"] == ("read at half its width and height",)
    cut = Image.new("RGBA", (4000, 3100), (9, 9, 9, 100))  # more transparency than is kept
    assert open_image(saved(cut, "PNG")).info == {"altered": ("transparency laid on white",)}
    opaque = Image.new("RGBA", (16, 16), (9, 8, 7, 255))
    assert open_image(saved(opaque, "PNG")).info == {}
