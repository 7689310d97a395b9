"""Photos on the disk: nothing is written over, nothing is left out in silence, every pixel outside a hole stays."""

import io
import json
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from engine import images
from engine.__main__ import main
from engine.corruptions import mask_file, masks
from engine.photos import alignment
from engine.photos.gallery import GALLERY
from engine.restoration import methods, result_record
from tests.bad_files import adobe_rgb, chunk, saved

Says = pytest.CaptureFixture[str]
RECORD = result_record.NAME.format("")
MOUTH = masks.box_mask([masks.FEATURES["mouth"]])
OUTSIDE = ~MOUTH[0, 0].numpy()


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def portrait(path: str, name: str = "astronaut", **options: Any) -> bytes:
    """A framed face, quick to restore, as a file of the kind that its ending says."""
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Image.open(GALLERY / f"{name}.png").convert("RGB").save(path, **options)
    return Path(path).read_bytes()


def restore(*words: str) -> int:
    """By a method without weights."""
    return main(["restore", *words, *([] if "--mask" in words else ["--hide", "mouth"]), "--model", "telea"])


def files(folder: str) -> dict[str, bytes]:
    """All but the record."""
    found = (
        path for path in Path(folder).rglob("*") if path.is_file() and path not in result_record.records_in(path.parent)
    )
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


# ---------------------------------------------------------------- nothing written over


def test_a_file_that_was_there_before_is_never_replaced(capsys: Says) -> None:
    portrait("photos/2024/me.png")
    mine = portrait("photos/me.png", "grace-hopper")
    for more in ([], ["--overwrite"]):
        assert restore("photos/2024", "-o", "photos", *more) == 2
        assert restore("photos/2024/me.png", "-o", "photos/me.png", *more) == 2
        assert Path("photos/me.png").read_bytes() == mine
        assert "'photos/me.png' was there before" in capsys.readouterr().err


@pytest.mark.parametrize("way", ["link", "hard link", "spelling", "dangling link"])
def test_nor_is_the_picture_itself_by_another_name(way: str) -> None:
    before = portrait("me.png")
    out = Path("other.png")
    if way == "spelling":
        Path("sub").mkdir()
        out = Path("sub/../me.png")
    elif way == "hard link":
        os.link("me.png", out)
    else:
        out.symlink_to("me.png" if way == "link" else "nowhere.png")
    assert restore("me.png", "-o", str(out)) == 2
    assert Path("me.png").read_bytes() == before and not Path("nowhere.png").exists()


def test_nor_is_an_earlier_result_by_the_answers_that_are_drawn_from_it(capsys: Says) -> None:
    """It was written by this program, and `--overwrite` allows to replace such a file."""
    portrait("me.png")
    words = ["--hide", "mouth", "-o", "it.png", "--answers", "1"]
    assert main(["restore", "me.png", *words]) == 0
    drawn = Path("it-1.png").read_bytes()
    assert main(["restore", "it-1.png", *words, "--overwrite"]) == 2
    assert Path("it-1.png").read_bytes() == drawn
    assert "'it-1.png' would be overwritten by its own restoration" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["me.png.part", ".part"])
def test_nor_is_a_file_that_is_called_like_a_half_written_one(name: str) -> None:
    portrait("me.png")
    Path(name).write_text("mine")
    Path("out").mkdir()
    Path("out", name).write_text("mine")
    assert restore("me.png", "-o", "out/me.png") == 0
    assert Path(name).read_text() == Path("out", name).read_text() == "mine"
    assert not list(Path("out").glob(".?*.part"))


def test_the_output_inside_the_input_is_the_same_set_at_every_run(capsys: Says) -> None:
    portrait("album/a.png")
    portrait("album/restored/holiday/b.png", "grace-hopper")  # an original where the results go
    assert restore("album", "-o", "album/restored") == 0
    once = files("album")
    assert set(once) == {"a.png", "restored/holiday/b.png", "restored/a.png", "restored/restored/holiday/b.png"}
    assert restore("album", "-o", "album/restored") == 0
    assert files("album") == once
    said = capsys.readouterr().err
    assert "results of earlier runs (2)" in said and "2 of 2 pictures were finished before." in said


def test_so_it_is_where_a_link_in_the_output_leads_into_the_input(capsys: Says) -> None:
    portrait("album/holiday/a.jpg")
    Path("out").mkdir()
    Path("out/holiday").symlink_to(Path("album/holiday").resolve())
    for _ in range(3):
        assert restore("album", "-o", "out") == 0
        assert set(files("album")) == {"holiday/a.jpg", "holiday/a.png"}
    assert "results of earlier runs (1)" in capsys.readouterr().err


def test_an_earlier_result_is_left_or_made_again_or_refused(capsys: Says) -> None:
    portrait("me.png")
    assert restore("me.png", "-o", "out.png") == 0
    first, when = Path("out.png").read_bytes(), Path("out.png").stat().st_mtime_ns
    assert restore("me.png", "-o", "out.png") == 0 and Path("out.png").stat().st_mtime_ns == when
    assert restore("me.png", "-o", "out.png", "--overwrite") == 0
    assert Path("out.png").read_bytes() == first and Path("out.png").stat().st_mtime_ns > when
    assert main(["restore", "me.png", "-o", "out.png", "--hide", "nose", "--model", "telea"]) == 2
    portrait("me.png", "grace-hopper")  # another picture of that name
    assert restore("me.png", "-o", "out.png") == 2
    assert Path("out.png").read_bytes() == first and capsys.readouterr().err.count("--overwrite to replace it") == 2
    assert restore("me.png", "-o", "out.png", "--overwrite") == 0 and Path("out.png").read_bytes() != first
    Path("out.png").write_bytes(b"retouched by hand")  # not the result any more
    assert restore("me.png", "-o", "out.png", "--overwrite") == 2
    assert Path("out.png").read_bytes() == b"retouched by hand"


@pytest.mark.parametrize("content", ["{", "[]", '{"format": "another"}', '{"format": "autoencoder-by-hand results"}'])
def test_a_record_that_cannot_be_read_stops_the_run_and_stays(content: str, capsys: Says) -> None:
    portrait("me.png")
    Path(RECORD).write_text(content)
    assert restore("me.png", "-o", "out.png") == 2
    assert "move it away" in capsys.readouterr().err
    assert Path(RECORD).read_text() == content and not Path("out.png").exists()


# ---------------------------------------------------------------- what `restore --help` promises


@pytest.mark.parametrize("ending", ["png", "webp"])
def test_png_and_webp_are_exact_outside_the_hole(ending: str, capsys: Says) -> None:
    portrait("me.png")
    assert restore("me.png", "-o", f"o.{ending}") == 0
    given, written = (np.asarray(Image.open(path).convert("RGB")) for path in ("me.png", f"o.{ending}"))
    assert np.array_equal(given[OUTSIDE], written[OUTSIDE]) and (given != written).any()
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("ending", ["png", "webp"])
@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
def test_transparency_comes_back(mode: str, ending: str) -> None:
    alpha = Image.fromarray(np.linspace(0, 255, 128).astype(np.uint8)[None].repeat(128, 0))
    face = Image.open(GALLERY / "astronaut.png").convert("RGB")
    face.putalpha(alpha)
    given = face.quantize(64) if mode == "P" else face.convert(mode)
    given.save("cut.png")
    assert restore("cut.png", "-o", f"o.{ending}") == 0
    before, after = np.asarray(given.convert("RGBA")), np.asarray(Image.open(f"o.{ending}"))
    assert np.array_equal(before[OUTSIDE], after[OUTSIDE]) and np.array_equal(before[..., 3], after[..., 3])
    assert (before[..., :3] != after[..., :3]).any(2)[:, 64:].sum() > 300  # the mouth is restored where it is seen


@pytest.mark.parametrize(
    ("options", "ending", "said"),
    [
        ({}, "jpg", "every pixel compressed anew"),
        ({"icc_profile": adobe_rgb()}, "png", "colours brought to sRGB"),
        ({"transparency": (1, 2, 3)}, "jpg", None),
        ({"save_all": True, "append_images": [Image.new("RGB", (128, 128))]}, "webp", "the first of 2 pictures"),
    ],
)
def test_what_differs_is_said(options: dict, ending: str, said: str | None, capsys: Says) -> None:
    portrait("me.png", **options)
    assert restore("me.png", "-o", f"o.{ending}") == 0
    assert (said or "compressed") in capsys.readouterr().err


def test_what_a_linear_png_shows_is_what_its_result_shows(capsys: Says) -> None:
    """A PNG whose gamma is 1 holds light itself; its result holds the same colours as sRGB has them."""
    portrait("me.png")
    file = saved(Image.open("me.png"), "PNG")
    Path("linear.png").write_bytes(file[:33] + chunk(b"gAMA", (100_000).to_bytes(4, "big")) + file[33:])
    assert restore("linear.png", "-o", "o.png") == 0
    assert capsys.readouterr().err == "linear.png: colours brought to sRGB\n"
    light = np.asarray(Image.open("me.png"))[OUTSIDE] / 255
    shown = np.asarray(Image.open("o.png"))[OUTSIDE] / 255
    assert np.abs(np.where(shown <= 0.04045, shown / 12.92, ((shown + 0.055) / 1.055) ** 2.4) - light).max() < 0.005


def test_in_the_format_that_each_has_whatever_it_is_called(capsys: Says) -> None:
    """What is exact stays exact: a PNG that is called .jpg, as chats and phones call them."""
    portrait("album/chat.jpg", format="PNG")
    portrait("album/photo.png", format="JPEG")
    portrait("album/web.jpeg", format="WEBP")
    portrait("album/phone.jpg", format="HEIF")
    assert restore("album", "--format", "same", "-o", "out") == 0
    kinds = {name: Image.open(io.BytesIO(content)).format for name, content in files("out").items()}
    assert kinds == {"chat.png": "PNG", "photo.jpg": "JPEG", "web.webp": "WEBP", "phone.png": "PNG"}
    given, written = (np.asarray(Image.open(path).convert("RGB")) for path in ("album/chat.jpg", "out/chat.png"))
    assert np.array_equal(given[OUTSIDE], written[OUTSIDE])


def test_a_mask_a_seam_and_one_line_a_picture(capsys: Says) -> None:
    portrait("album/a.png")
    portrait("album/b.jpg", "grace-hopper")
    Path("album/broken.png").write_text("no picture")
    Path("mask.png").write_bytes(mask_file.save(MOUTH))
    assert restore("album", "--mask", "mask.png", "--seam", "smooth", "--json", "--format", "same", "-o", "out") == 2
    out, error = capsys.readouterr()
    lines = [json.loads(line) for line in out.splitlines()]
    assert [(line["file"], line["status"], line["out"]) for line in lines] == [
        ("a.png", "restored", "out/a.png"), ("b.jpg", "restored", "out/b.jpg"), ("broken.png", "failed", "")
    ]  # fmt: skip
    assert lines[0]["faces"] == 1 and lines[1]["altered"] and "This is no picture" in lines[2]["problem"]
    assert "1 of 3 pictures were skipped" in error and Image.open("out/b.jpg").format == "JPEG"
    expected = methods.restore(images.to_tensor(images.open_image(Path("album/a.png"))), MOUTH, "telea", seamless=True)
    assert images.open_image(Path("out/a.png")) == images.to_picture(expected.composite)
    assert restore("album/broken.png", "--json", "-o", "c.png") == 2
    assert json.loads(capsys.readouterr().out)["status"] == "failed"


@pytest.mark.parametrize("name", ["o.tiff", "o.gif", "o.heic", "o.avif", "o", "-", "o.png.bak", "o.jp2"])
def test_an_ending_that_cannot_be_written_is_refused_before_any_work(name: str, capsys: Says) -> None:
    Path("broken.png").write_text("no picture")
    assert restore("broken.png", "-o", name) == 2
    assert "no ending that can be written" in capsys.readouterr().err and not Path(name).exists()


# ---------------------------------------------------------------- one file stops no other


def test_names_that_a_system_can_hardly_hold(capsys: Says) -> None:
    content = portrait("album/z.png")
    long, odd = "n" * 251 + ".png", os.fsdecode(b"M\xe4nner\x1b.png")
    for name in (long, "j" * 251 + ".jpg", odd):
        Path("album", name).write_bytes(content)
    assert restore("album", "-o", "out") == 0
    assert set(os.listdir("out")) == {long, "j" * 251 + ".png", odd, "z.png", RECORD}
    assert restore("album", "--json", "-o", "out") == 0
    capsys.readouterr().out.encode("utf-8", "strict")


def test_a_webp_that_is_too_wide_is_one_sentence_and_that_file_alone(
    capsys: Says, monkeypatch: pytest.MonkeyPatch
) -> None:
    from engine.photos import compositing

    portrait("album/a.png")
    monkeypatch.setattr(compositing, "MAX_WEBP_SIDE", 127)
    assert restore("album", "-o", "out", "--format", "webp") == 2
    assert "a.png: A WebP is at most" in capsys.readouterr().err and not files("out") if Path("out").exists() else True


def test_other_files_are_counted_and_do_no_harm(capsys: Says) -> None:
    portrait("album/a.PNG")
    portrait("album/b.jfif", format="JPEG")
    content = io.BytesIO()
    Image.new("RGB", (9, 9)).save(content, "TIFF")
    for name, data in {
        "notes.txt": b"x",
        "c.tiff": content.getvalue(),
        "._a.PNG": b"mac",
        "__MACOSX/._b.png": b"mac",
    }.items():
        Path("album", name).parent.mkdir(exist_ok=True)
        Path("album", name).write_bytes(data)
    assert restore("album", "-o", "out") == 0
    assert set(files("out")) == {"a.png", "b.png"}
    assert ".tiff files (1), .txt files (1)" in capsys.readouterr().err


def test_faces_beyond_the_most_are_counted(monkeypatch: pytest.MonkeyPatch, capsys: Says) -> None:
    photo = Image.new("RGB", (640, 300), (120, 130, 140))
    for left in (20, 340):
        photo.paste(Image.open(GALLERY / "astronaut.png").convert("RGB").resize((260, 260)), (left, 20))
    photo.save("two.png")
    monkeypatch.setattr(alignment, "MAX_FACES", 1)
    assert restore("two.png", "--json", "-o", "o.png") == 0
    out, error = capsys.readouterr()
    told = json.loads(out)
    assert (told["faces"], told["left_out"]) == (1, 1)
    assert "two.png: 1 more faces left as they were, for at most 1 are restored" in error
