"""Back into the photo: what changes, what must not, the seam, the download, and that nothing is left behind."""

import io
import math
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image, ImageFilter

from engine.images import open_image, to_tensor
from engine.photos.alignment import Framing, crop, find_faces
from engine.photos.compositing import export
from tests.bad_files import exif, saved
from tests.conftest import ROOT
from tests.engine.conftest import put_all_back

FACE = ROOT / "engine" / "data" / "gallery" / "astronaut.png"
MOUTH = torch.zeros(1, 1, 128, 128, dtype=torch.bool)
MOUTH[..., 74:104, 40:88] = True
BLUE = torch.tensor([0.1, 0.2, 0.9])[None, :, None, None].expand(1, 3, 128, 128)


def surroundings(width: int, height: int) -> Image.Image:
    """A grainy photo in which every pixel differs from its neighbours."""
    grain = torch.rand(height, width, 3, generator=torch.Generator().manual_seed(1)).mul(255).byte()
    return Image.fromarray(grain.numpy())


def photo_with_face(framing: Framing, size: tuple[int, int] = (1600, 1200)) -> Image.Image:
    photo, side = surroundings(*size), round(framing.side)
    face = open_image(FACE).resize((side, side), Image.Resampling.BICUBIC).rotate(-framing.angle, expand=True)
    solid = Image.new("L", (side, side), 255).rotate(-framing.angle, expand=True)
    photo.paste(face, (round(framing.centre[0] - face.width / 2), round(framing.centre[1] - face.height / 2)), solid)
    return photo


def inside(framing: Framing, hidden: torch.Tensor, size: tuple[int, int]) -> np.ndarray:
    """(H, W) bool: the photo's pixels whose centre lies in a hidden pixel, by trigonometry of the test's own."""
    y, x = np.mgrid[: size[1], : size[0]] + 0.5
    x, y = x - framing.centre[0], y - framing.centre[1]
    cos, sin = math.cos(math.radians(framing.angle)), math.sin(math.radians(framing.angle))
    scale = hidden.shape[-1] / framing.side
    column = np.floor((cos * x + sin * y) * scale + hidden.shape[-1] / 2)
    row = np.floor((cos * y - sin * x) * scale + hidden.shape[-1] / 2)
    within = (column >= 0) & (row >= 0) & (column < hidden.shape[-1]) & (row < hidden.shape[-1])
    mask = hidden[0, 0].numpy()
    return within & mask[row.clip(0, len(mask) - 1).astype(int), column.clip(0, len(mask) - 1).astype(int)]


FRAMINGS = {
    "upright": Framing((800, 600), 512),
    "turned": Framing((801.3, 588.7), 431.7, 23),
    "on its side": Framing((700, 600), 640, 90),
    "over the edge": Framing((90, 1150), 500, -35),
    "smaller than the crop": Framing((400, 400), 77, 12),
    "outside the photo": Framing((5000, 5000), 300),
}


@pytest.mark.parametrize("name", FRAMINGS)
def test_only_what_was_hidden_changes(name: str) -> None:
    framing, photo = FRAMINGS[name], surroundings(1600, 1200)
    before = np.asarray(photo)
    after = np.asarray(put_all_back(photo, [framing], BLUE, MOUTH))
    hole = inside(framing, MOUTH, photo.size)
    assert after.shape == before.shape and after.dtype == np.uint8
    assert np.array_equal(after[~hole], before[~hole])
    if name == "outside the photo":
        assert not hole.any()
    else:
        assert (after != before).any(2)[hole].mean() > 0.99  # grain is gone wherever it was hidden
    assert np.array_equal(np.asarray(photo), before), "the photo given is left alone"


def test_nothing_hidden_changes_nothing() -> None:
    photo = surroundings(300, 200)
    assert put_all_back(photo, [Framing((150, 100), 128)], BLUE, torch.zeros_like(MOUTH)).tobytes() == photo.tobytes()


def test_what_lay_in_the_hole_has_no_influence() -> None:
    """Beyond the outermost crop pixel of the hole, which an averaged photo pixel may straddle."""
    framing = Framing((801.3, 588.7), 431.7, 23)
    photo = photo_with_face(framing)
    deep = torch.zeros_like(MOUTH)
    deep[..., 77:101, 43:85] = True
    other = np.array(photo)
    other[inside(framing, deep, photo.size)] = (255, 0, 255)
    reconstruction = to_tensor(crop(photo, framing).filter(ImageFilter.GaussianBlur(2)))
    one, two = (put_all_back(given, [framing], reconstruction, MOUTH) for given in (photo, Image.fromarray(other)))
    hole = inside(framing, MOUTH, photo.size)
    assert np.array_equal(np.asarray(one)[hole], np.asarray(two)[hole])


def test_the_right_pixels_come_back_in_the_right_place() -> None:
    """A perfect reconstruction, put back, is the photo again, up to what 128 pixels can hold."""
    framing = Framing((801.3, 588.7), 431.7, 23)
    smooth = photo_with_face(framing).filter(ImageFilter.GaussianBlur(5))
    perfect = to_tensor(crop(smooth, framing))
    after = put_all_back(smooth, [framing], perfect, MOUTH)
    hole = inside(framing, MOUTH, smooth.size)
    difference = np.abs(np.asarray(after, float) - np.asarray(smooth, float))[hole]
    shifted = put_all_back(smooth, [framing], torch.roll(perfect, 1, -1), MOUTH)
    wrong = np.abs(np.asarray(shifted, float) - np.asarray(smooth, float))[hole]
    assert difference.mean() < 1 < wrong.mean() / 2


def test_wrong_colours_leave_no_seam() -> None:
    framing = Framing((800, 600), 512)
    photo = photo_with_face(framing)
    tinted = (to_tensor(crop(photo, framing)) * 0.7 + torch.tensor([0.2, 0.0, 0.05])[None, :, None, None]).clamp(0, 1)
    after = np.asarray(put_all_back(photo, [framing], tinted, MOUTH), float)
    everything = torch.ones_like(MOUTH)  # no rim: nothing is matched
    raw = np.asarray(put_all_back(photo, [framing], tinted, everything), float)
    truth, hole = np.asarray(photo, float), inside(framing, MOUTH, photo.size)
    assert np.abs(after - truth)[hole].mean() < np.abs(raw - truth)[hole].mean() / 4
    top, left = np.argwhere(hole).min(0)
    seam = np.abs(after[top, left + 20 : left + 150] - after[top - 1, left + 20 : left + 150]).mean()
    unmatched = np.abs(raw[top, left + 20 : left + 150] - truth[top - 1, left + 20 : left + 150]).mean()
    assert seam < unmatched / 3


def test_an_already_framed_picture_comes_back_exactly() -> None:
    face = open_image(FACE)
    whole = Framing((64, 64), 128)
    after = np.asarray(put_all_back(face, [whole], to_tensor(face), MOUTH))
    assert np.array_equal(after, np.asarray(face))


def test_a_png_download_is_exact_and_bare() -> None:
    photo = open_image(saved(surroundings(200, 150), "PNG", exif=exif(6, place=True)))
    content = export(photo, "png")
    again = Image.open(io.BytesIO(content))
    assert again.size == (150, 200) and np.array_equal(np.asarray(again), np.asarray(photo))
    assert not again.getexif() and not again.info and b"SECRET" not in content


@pytest.mark.parametrize("kind", ["png", "jpeg"])
def test_metadata_is_kept_only_when_asked_and_the_place_never(kind: Any) -> None:
    photo = open_image(saved(surroundings(200, 150), "JPEG", exif=exif(6, place=True)))
    result = put_all_back(photo, [Framing((75, 100), 128)], BLUE, MOUTH)
    bare, kept = (Image.open(io.BytesIO(export(result, kind, keep_metadata=keep))).getexif() for keep in (False, True))
    assert not bare
    assert kept[0x0110] == "Camera One" and kept.get_ifd(0x8769)[0x9003] == "2024:05:06 07:08:09"
    assert not kept.get_ifd(0x8825) and 0x0112 not in kept  # upright already
    assert b"SECRET" not in export(result, kind, keep_metadata=True)


# Audit hooks cannot be taken away again: this one listens only while a test hands it a list.
listening: list[list[str]] = []


def _hear(event: str, arguments: tuple[Any, ...]) -> None:
    if not listening:
        return
    if event == "open" and isinstance(arguments[0], str | bytes):
        path, mode, flags = arguments
        if any(letter in (mode or "") for letter in "wax+") or (flags or 0) & 0o3:
            listening[-1].append(f"opened {path!r} to write")
    elif event in ("os.mkdir", "os.rename", "os.link", "os.symlink", "tempfile.mkstemp", "tempfile.mkdtemp",
                   "subprocess.Popen", "socket.connect"):  # fmt: skip
        listening[-1].append(event)


sys.addaudithook(_hear)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_photo_leaves_no_trace(
    kind: str, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    """From the upload to the download: no file opened for writing, nothing said or logged at any level."""
    content = saved(photo_with_face(Framing((500, 400), 400, 10), (1000, 800)), kind, exif=exif(3, place=True))
    open_image(content)  # whatever Pillow loads at its first picture
    heard: list[str] = []
    listening.append(heard)
    try:
        with caplog.at_level(0):
            photo = open_image(content)
            square = find_faces(photo)[0].framing
            result = put_all_back(photo, [square], to_tensor(crop(photo, square)), MOUTH)
            for file in (export(result, "png"), export(result, "jpeg", keep_metadata=True)):
                assert len(file) > 1000
        assert not heard
        with pytest.raises(OSError):
            Path("/proc/self/no such place").write_text("")
        assert len(heard) == 1, "the test would have heard it"
    finally:
        listening.remove(heard)
    assert capfd.readouterr() == ("", "")
    assert not [record for record in caplog.records if record.name.startswith(("PIL", "engine"))]
