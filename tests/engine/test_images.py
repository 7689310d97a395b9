"""The gate for pictures from outside: every bad file, every colour space, the way back, privacy and memory."""

import base64
import io
import struct
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pillow_heif
import pytest
import torch
from PIL import Image

from engine import images
from engine.images import MAX_BYTES, SETTINGS, data_url, encode, open_image, to_picture, to_tensor
from engine.problem import Problem
from tests.bad_files import COLOURS, FILES, NAMES, adobe_rgb, exif, heic, plain, saved, scene
from tests.conftest import ROOT

QUARTERS = [(0.25, 0.25), (0.75, 0.25), (0.25, 0.75), (0.75, 0.75)]  # the middles of red, green, blue, yellow


def colours_of(picture: Image.Image) -> np.ndarray:
    """(4, 3) int: what the scene's four quarters look like."""
    return np.array([picture.getpixel((int(x * picture.width), int(y * picture.height))) for x, y in QUARTERS], int)


@pytest.mark.parametrize("name", FILES)
def test_every_file_gives_a_picture_or_one_sentence(name: str) -> None:
    file = FILES[name]
    if not file.says:
        picture = open_image(file.make())
        assert (picture.mode, picture.size) == ("RGB", file.size)
        assert type(picture) is Image.Image  # no open file behind it
        assert picture.info.keys() <= {"exif", "altered", "transparent"}
        return
    with pytest.raises(Problem, match=file.says) as caught:
        open_image(file.make())
    sentence = str(caught.value)
    assert sentence[0].isupper() and sentence.endswith(".") and "\n" not in sentence and len(sentence) < 130
    assert ":" in sentence, "it says what to do next"


@pytest.mark.parametrize("name", [f"EXIF turn {turn}" for turn in range(1, 9)] + ["animated WebP", "animated PNG",
                                  "palette", "PNG and web page at once"])  # fmt: skip
def test_pixels_come_out_upright_and_in_their_colours(name: str) -> None:
    assert np.abs(colours_of(open_image(FILES[name].make())) - COLOURS.reshape(4, 3)).max() <= 12


@pytest.mark.parametrize("orientation", [1, 3, 6, 8])
def test_a_heic_photo_is_turned_once(orientation: int) -> None:
    picture = open_image(heic(scene((96, 64)), orientation))
    turns = {1: 0, 3: 2, 6: 3, 8: 1}[orientation]
    expected = np.rot90(COLOURS, turns).reshape(4, 3).astype(int)
    assert np.abs(colours_of(picture) - expected).max() <= 30  # lossy


def heif(picture: Image.Image, **more: Any) -> bytes:
    """As HEIC, coded on one thread."""
    return saved(picture, "HEIF", enc_params={"x265:pools": "none"}, quality=95, **more)


@pytest.mark.parametrize("chroma", [420, 444])
@pytest.mark.parametrize("size", [(127, 93), (65, 48), (34, 129)])
def test_a_heic_of_odd_sides_is_read_whole(size: tuple[int, int], chroma: int) -> None:
    picture = open_image(heif(scene(size), chroma=chroma))
    assert picture.size == size
    assert np.abs(colours_of(picture) - COLOURS.reshape(4, 3)).max() <= 30  # lossy


def test_a_heic_is_the_picture_it_shows() -> None:
    """With transparency, in ten bits, with a film behind it; of a burst the main picture, not the first."""
    shown = scene((96, 64))
    deep = (np.asarray(shown).astype(np.uint16) * 257).tobytes()
    burst = pillow_heif.from_pillow(Image.new("RGB", shown.size, "red"))
    burst.add_from_pillow(shown)
    files = {
        "transparency": heif(shown.convert("RGBA")),
        "ten bits": heif_file(pillow_heif.from_bytes(mode="RGB;16", size=shown.size, data=deep)),
        "burst": heif_file(burst, primary_index=1),
        "motion photo": heif(shown) + struct.pack(">I4s", 8 + 4096, b"mpvd") + bytes(4096),
    }
    for name, content in files.items():
        picture = open_image(content)
        assert picture.size == shown.size, name
        assert np.abs(colours_of(picture) - COLOURS.reshape(4, 3)).max() <= 30, name
    grey = open_image(heif(shown.convert("L")))
    assert np.abs(np.asarray(grey)[..., 0].astype(int) - np.asarray(shown.convert("L"))).mean() < 3


def heif_file(file: pillow_heif.HeifFile, **more: Any) -> bytes:
    buffer = io.BytesIO()
    file.save(buffer, enc_params={"x265:pools": "none"}, quality=95, **more)
    return buffer.getvalue()


def test_an_ultra_hdr_photo_is_read_without_its_gain_map_and_its_film() -> None:
    shown = scene((96, 64))
    content = saved(shown, "MPO", save_all=True, append_images=[Image.new("L", (24, 16), 90)], quality=95)
    picture = open_image(content + b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom" + bytes(5000))
    assert picture.size == shown.size
    assert np.abs(colours_of(picture) - COLOURS.reshape(4, 3)).max() <= 30


def test_16_bits_become_8() -> None:
    values = np.asarray(open_image(FILES["16-bit grey"].make()))[0, :, 0].astype(int)
    assert np.abs(values - np.linspace(0, 255, 64)).max() <= 1


def test_transparency_is_laid_on_white() -> None:
    half = Image.new("RGBA", (16, 16), (0, 0, 0, 128))
    assert open_image(saved(half, "PNG")).getpixel((8, 8)) == (127, 127, 127)
    assert open_image(FILES["all transparent"].make()).getpixel((8, 8)) == (255, 255, 255)
    key = plain((10, 20, 30), (16, 16))
    assert open_image(saved(key, "PNG", transparency=(10, 20, 30))).getpixel((8, 8)) == (255, 255, 255)


def test_cmyk_comes_out_in_its_colours() -> None:
    inks = Image.new("CMYK", (16, 16), (255, 0, 255, 0))  # cyan and yellow make green
    red, green, blue = open_image(saved(inks, "JPEG", quality=100)).getpixel((8, 8))  # type: ignore[misc]
    assert green > 200 and red < 60 and blue < 60


def test_adobe_rgb_becomes_srgb() -> None:
    """Against the two colour spaces' published definitions (Adobe RGB 1998 4.3; IEC 61966-2-1), both under D65."""
    given = np.array([180, 120, 90])
    adobe = np.array([[0.57667, 0.18556, 0.18823], [0.29734, 0.62736, 0.07529], [0.02703, 0.07069, 0.99134]])
    srgb = np.array([[3.2406, -1.5372, -0.4986], [-0.9689, 1.8758, 0.0415], [0.0557, -0.2040, 1.0570]])
    linear = srgb @ adobe @ (given / 255) ** 2.19921875
    expected = 255 * np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)
    found = open_image(saved(plain(tuple(given), (16, 16)), "PNG", icc_profile=adobe_rgb())).getpixel((8, 8))
    assert np.abs(np.array(found) - expected).max() <= 2
    assert np.abs(expected - given).max() > 8, "or the test could not fail"


def test_a_large_jpeg_is_read_at_half_its_size() -> None:
    assert open_image(saved(plain(90, (8000, 6000), "L"), "JPEG")).size == (4000, 3000)


def test_so_is_a_large_heic(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(images, "FULL_SIZE_MEGAPIXELS", 0.002)  # to encode a truly large one takes half a minute
    picture = open_image(heic(scene((96, 64))))
    assert picture.size == (48, 32) and np.abs(colours_of(picture) - COLOURS.reshape(4, 3)).max() <= 30


def test_only_harmless_metadata_passes() -> None:
    for content in (saved(scene(), "JPEG", exif=exif(6, place=True)), heic(scene(), 6)):
        kept = open_image(content).info["exif"]
        block = Image.Exif()
        block.load(kept)
        assert block[0x0110] == "Camera One" and block.get_ifd(0x8769)[0x9003] == "2024:05:06 07:08:09"
        assert not block.get_ifd(0x8825) and 0x0112 not in block
        assert b"SECRET" not in kept


def test_paths_are_read_and_named_in_no_message(tmp_path: Path) -> None:
    photo = tmp_path / "me.png"
    photo.write_bytes(saved(scene(), "PNG"))
    assert open_image(photo).size == (64, 48)
    for path in (tmp_path, tmp_path / "no such file", tmp_path / ("x" * 300), Path("/dev/zero"), Path("a\0b")):
        with pytest.raises(Problem) as caught:
            open_image(path)
        assert str(tmp_path) not in str(caught.value)


@pytest.mark.parametrize("name", NAMES)
def test_no_name_does_harm(name: str, tmp_path: Path) -> None:
    """Where the system takes the name, the picture behind it opens; where it does not, there is a sentence."""
    folder = tmp_path / "a" / "b"
    folder.mkdir(parents=True)
    (tmp_path / "etc").mkdir()
    try:
        (folder / name).write_bytes(saved(scene(), "PNG"))
    except (OSError, ValueError):
        with pytest.raises(Problem):
            open_image(folder / name)
    else:
        assert open_image(folder / name).size == (64, 48)


def test_tensors_and_pictures_are_each_other() -> None:
    pixels = torch.arange(3 * 16 * 16, dtype=torch.uint8).reshape(3, 16, 16)
    picture = Image.fromarray(pixels.permute(1, 2, 0).numpy())
    image = to_tensor(picture)
    assert image.shape == (1, 3, 16, 16) and image.dtype == torch.float32 and image.max() == 1
    assert torch.equal((image[0] * 255).round().byte(), pixels)
    assert to_picture(image).tobytes() == to_picture(image[0]).tobytes() == picture.tobytes()
    assert to_picture(image[:, :1]).tobytes() == pixels[0].numpy().tobytes()
    assert to_picture(torch.tensor([[[-1.0, 0.5, 2.0, float("nan")]]])).tobytes() == bytes([0, 128, 255, 0])
    for shape in ((2, 3, 8, 8), (4, 8, 8), (8, 8)):
        with pytest.raises(ValueError, match="one image"):
            to_picture(torch.zeros(shape))


def test_tiles_lie_row_by_row() -> None:
    tiles = torch.rand(5, 3, 2, 7, generator=torch.Generator().manual_seed(0))
    one, two, three, four, five = tiles
    rows = [torch.cat([one, two, three], 2), torch.cat([four, five, torch.zeros_like(one)], 2)]
    assert torch.equal(images.tiled(tiles, 3), torch.cat(rows, 1)[None])
    assert torch.equal(images.tiled(tiles, 5), torch.cat([*tiles], 2)[None])


@pytest.mark.parametrize("kind", SETTINGS)
@pytest.mark.parametrize("channels", [1, 3])
def test_encoded_images_can_be_opened(kind, channels: int) -> None:
    image = to_tensor(scene((32, 32)))[:, :channels]
    assert (to_tensor(open_image(encode(image, kind))) - image).abs().mean() < (1e-6 if kind == "png" else 0.06)
    head, content = data_url(image, kind).split(",")
    assert head == f"data:image/{kind};base64" and base64.b64decode(content) == encode(image, kind)


QUICK_HEIC = {"quality": 50, "enc_params": {"preset": "ultrafast", "x265:pools": "none"}}  # still 5 s for the larger
# What costs the most memory at the size it is still allowed: kind, mode, width, height, options.
LARGEST = {
    "JPEG": ("JPEG", "RGB", 8160, 6120, {"progressive": True, "subsampling": 0}),
    "whole JPEG": ("JPEG", "RGB", 6400, 4990, {"progressive": True, "subsampling": 0}),
    "grainy JPEG": ("JPEG", "RGB", 6400, 4990, {"progressive": True, "subsampling": 0, "quality": 40}),
    "CMYK JPEG": ("JPEG", "CMYK", 6400, 4990, {"progressive": True, "subsampling": 0}),
    "PNG": ("PNG", "RGBA", 6400, 4990, {"compress_level": 1}),
    "16-bit PNG": ("PNG", "I;16", 6400, 4990, {"compress_level": 1}),
    "WebP": ("WEBP", "RGBA", 5000, 3990, {"lossless": True, "method": 0}),
    "HEIC": ("HEIF", "RGB", 8160, 6120, {"chroma": 420, **QUICK_HEIC}),
    "rich HEIC": ("HEIF", "RGBA", 5990, 4670, {"chroma": 444, **QUICK_HEIC}),
}
PEAK = """
import io, struct, sys
import torch
from PIL import Image
from engine.corruptions import masks
from engine.images import open_image
from engine.photos.alignment import default_framing, find_framings
from engine.photos.compositing import export
from engine.restoration.photo_restoration import restore_photo

torch.set_num_threads(1)
hidden = masks.box_mask([masks.FEATURES["mouth"]])

def status(key):
    return next(int(line.split()[1]) / 1024 for line in open("/proc/self/status") if line.startswith(key))

def whole_way(content):
    picture = open_image(content)
    squares = find_framings(picture) or [default_framing(picture)]
    export(restore_photo(picture, squares, hidden).lay_on(picture), "jpeg", True)

warm = io.BytesIO()
Image.new("RGB", (64, 64)).save(warm, "PNG")
whole_way(warm.getvalue())  # what everybody shares: the libraries, the network
while size := sys.stdin.buffer.read(8):
    open("/proc/self/clear_refs", "w").write("5")  # sets the high-water mark back
    idle = status("VmRSS")
    whole_way(sys.stdin.buffer.read(*struct.unpack("Q", size)))
    print(status("VmHWM") - idle)
"""


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.skipif(not Path("/proc/self/clear_refs").exists(), reason="needs Linux to measure a process's peak")
def test_the_largest_allowed_files_take_at_most_400_mb() -> None:
    """From opening to the file to take away."""
    contents = []
    for name, (kind, mode, width, height, options) in LARGEST.items():
        if name == "grainy JPEG":
            grain = np.random.default_rng(0).integers(0, 256, (height, width, 3), np.uint8)
            content = saved(Image.fromarray(grain), kind, exif=exif(6), **options)
        else:
            colour = 0 if mode == "I;16" else (9,) * len(mode)
            content = saved(plain(colour, (width, height), mode), kind, exif=exif(6), **options)
        contents.append(content.ljust(MAX_BYTES, b"\0"))  # as heavy as a file may be
    given = b"".join(struct.pack("Q", len(content)) + content for content in contents)
    done = subprocess.run([sys.executable, "-c", PEAK], input=given, capture_output=True, cwd=ROOT, check=True)
    peaks = dict(zip(LARGEST, map(float, done.stdout.split()), strict=True))
    assert max(peaks.values()) <= 400, peaks
