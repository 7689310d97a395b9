"""Pictures of folders and tars: the same from both, whatever lies among them, and a word about what is passed over."""

import io
import logging
import os
import subprocess
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from PIL import Image

from engine.datasets.faces import FaceFiles
from engine.datasets.picture_files import Entry, list_pictures, readable
from engine.picture_formats import SUFFIXES
from engine.problem import Problem


def png(grey: int) -> bytes:
    content = io.BytesIO()
    Image.new("RGB", (128, 128), (grey, grey, grey)).save(content, "PNG")
    return content.getvalue()


def lay(folder: Path, **greys: int) -> None:
    for name, grey in greys.items():
        path = folder / name.replace("__", "/").replace("_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(png(grey))


def contents(entries: list[Entry]) -> dict[str, bytes]:
    return {entry.name: entry.read() for entry in entries}


def hard_links(folder: Path) -> None:
    os.link(folder / "a.png", folder / "z.png")
    os.link(folder / "sub/b.png", folder / "sub/c.png")


def links_to_files(folder: Path) -> None:
    (folder / "one.png").symlink_to("a.png")
    (folder / "sub/two.png").symlink_to("../one.png")  # a link to a link, upwards
    (folder / "none.png").symlink_to("gone.png")


def links_to_folders(folder: Path) -> None:
    (folder / "again").symlink_to("sub")
    (folder / "sub/deep").mkdir()
    lay(folder / "sub/deep", c_png=3)
    (folder / "twice").symlink_to("again")


def circles(folder: Path) -> None:
    (folder / "sub/up").symlink_to("..")
    (folder / "sub/here").symlink_to(".")


def a_macs_bookkeeping(folder: Path) -> None:
    for name in ("._a.png", "__MACOSX/._a.png", "__MACOSX/sub/b.png", ".DS_Store", "sub/Thumbs.db"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"\0\5\26\7")


def every_ending(folder: Path) -> None:
    for number, suffix in enumerate(sorted(SUFFIXES)):
        (folder / f"{number}{suffix.upper() if number % 2 else suffix}").write_bytes(png(number))


def tars_inside(folder: Path) -> None:
    for name in ("part.tar", "sub/PART.TAR"):
        with tarfile.open(folder / name, "w") as tar:
            tar.add(folder / "a.png", f"inner-{Path(name).stem}.png")


def other_files(folder: Path) -> None:
    (folder / "notes.txt").write_text("x")
    (folder / "sub/labels.JSON").write_text("x")


@pytest.mark.parametrize(
    ("add", "count", "said"),
    [
        (hard_links, 4, ""),
        (links_to_files, 4, "links that lead nowhere (1)"),
        (links_to_folders, 7, ""),
        (circles, 2, "(2)"),
        (a_macs_bookkeeping, 2, ""),
        (every_ending, 2 + len(SUFFIXES), ""),
        (tars_inside, 4, ""),
        (other_files, 2, ".json files (1), .txt files (1)"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_a_folder_and_the_tar_of_it_give_the_same(
    add: Callable[[Path], None], count: int, said: str, tmp_path: Path
) -> None:
    folder = tmp_path / "faces"
    lay(folder, a_png=1, sub__b_png=2)
    add(folder)
    subprocess.run(["tar", "cf", tmp_path / "faces.tar", "-C", folder, "."], check=True)
    for source in (folder, tmp_path / "faces.tar"):
        listing = list_pictures(source)
        assert len(listing.entries) == count
        assert said in listing.sentence and bool(said) == bool(listing.sentence)
    assert contents(list_pictures(folder).entries) == contents(list_pictures(tmp_path / "faces.tar").entries)


def test_what_was_appended_to_a_tar_is_read_and_a_file_added_again_counts_once(tmp_path: Path) -> None:
    lay(tmp_path, a_png=1, b_png=2)
    for name in ("a", "b"):
        subprocess.run(["tar", "cf", f"{name}.tar", f"{name}.png"], cwd=tmp_path, check=True)
    whole = (tmp_path / "a.tar").read_bytes() + (tmp_path / "b.tar").read_bytes()
    (tmp_path / "both.tar").write_bytes(whole)
    assert contents(list_pictures(tmp_path / "both.tar").entries) == {"a.png": png(1), "b.png": png(2)}
    lay(tmp_path, a_png=3)
    subprocess.run(["tar", "rf", "a.tar", "a.png"], cwd=tmp_path, check=True)
    assert contents(list_pictures(tmp_path / "a.tar").entries) == {"a.png": png(3)}
    (tmp_path / "junk.tar").write_bytes(whole + b"no tar" * 200)
    listing = list_pictures(tmp_path / "junk.tar")
    assert len(listing.entries) == 2 and "archives that cannot be read (1)" in listing.sentence


def test_a_bad_archive_among_pictures_stops_nothing(tmp_path: Path) -> None:
    lay(tmp_path, a_png=1)
    (tmp_path / "bad.tar").write_bytes(b"no tar" * 200)
    listing = list_pictures(tmp_path)
    assert len(listing.entries) == 1 and "archives that cannot be read (1)" in listing.sentence
    with pytest.raises(Problem, match="'bad.tar'"):
        list_pictures(tmp_path / "bad.tar")


def test_a_folder_that_cannot_be_opened_is_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lay(tmp_path, a_png=1, closed__b_png=2)
    real = os.listdir

    def listdir(path: Path) -> list[str]:
        if path.name == "closed":  # root, who may open everything, would pass
            raise PermissionError(13, "Permission denied")
        return real(path)

    monkeypatch.setattr(os, "listdir", listdir)
    (tmp_path / "closed").chmod(0)
    try:
        assert "folders that cannot be opened (1)" in list_pictures(tmp_path).sentence
    finally:
        (tmp_path / "closed").chmod(0o700)


def test_training_says_what_it_passes_over(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    lay(tmp_path, a_png=1)
    (tmp_path / "b.tiff").write_bytes(b"II*\0")
    with caplog.at_level(logging.WARNING):
        assert len(FaceFiles([tmp_path])) == 1
    assert [record.getMessage().partition(": ")[2] for record in caplog.records] == ["Passed over: .tiff files (1)."]


def test_where_training_finds_no_face_it_says_what_lies_there(tmp_path: Path) -> None:
    lay(tmp_path, a_bmp=1, b_tar_gz=2)
    (tmp_path / "c").write_bytes(b"c")
    with pytest.raises(
        Problem, match=r"no face pictures.*Passed over: .*pictures that end in .bmp \(1\).*unnamed files"
    ):
        FaceFiles([tmp_path])


def test_a_picture_that_is_not_called_one_is_passed_over_as_what_it_is(tmp_path: Path) -> None:
    lay(tmp_path, a_png=1)
    for name in ("photo.txt", "photo.png_original", "photo"):
        (tmp_path / name).write_bytes(png(2))
    subprocess.run(["tar", "cf", tmp_path.with_suffix(".tar"), "-C", tmp_path, "."], check=True)
    for source in (tmp_path, tmp_path.with_suffix(".tar")):
        assert list_pictures(source).sentence == (
            "Passed over: pictures that end in .png_original (1), pictures that end in .txt (1), pictures without an"
            " ending (1)."
        )


def test_what_is_no_regular_file_is_counted_and_read_by_nobody(tmp_path: Path) -> None:
    lay(tmp_path, a_png=1)
    os.mkfifo(tmp_path / "pipe.png")  # to read it would be to wait for ever
    (tmp_path / "endless.png").symlink_to("/dev/zero")
    (tmp_path / "itself.png").symlink_to("itself.png")
    (tmp_path / "folder.png").mkdir()
    listing = list_pictures(tmp_path)
    assert [entry.name for entry in listing.entries] == ["a.png"]
    assert listing.sentence == "Passed over: .png files (2), links that lead nowhere (1)."


def test_figures_are_taken_on_what_can_be_read_and_on_no_face_twice(tmp_path: Path) -> None:
    lay(tmp_path, a_png=1, c_png=3)
    (tmp_path / "b.png").write_bytes(b"torn")
    files = FaceFiles([tmp_path]).only_readable()
    assert len(files) == 2 and [entry.name for entry in files.unreadable] == ["b.png"]
    assert files.batch(torch.arange(2)).amax((1, 2, 3)).tolist() == [1, 3]


@pytest.mark.parametrize("raw", [b"M\xe4nner/a.png", b"line\nbreak.png", b"\x1b[31mred.png"])
def test_any_name_can_be_shown_and_written(raw: bytes, tmp_path: Path) -> None:
    text = readable(os.fsdecode(raw))
    assert text.encode("utf-8", "strict") and text.isprintable() and text.endswith(".png")
    with tarfile.open(tmp_path / "odd.tar", "w", encoding="latin-1", format=tarfile.GNU_FORMAT) as tar:
        member = tarfile.TarInfo(raw.decode("latin-1"))
        member.size = len(png(1))
        tar.addfile(member, io.BytesIO(png(1)))
    (entry,) = list_pictures(tmp_path / "odd.tar").entries
    assert entry.name.isprintable() and entry.name.encode("utf-8", "strict") and entry.read() == png(1)
    assert FaceFiles([tmp_path / "odd.tar"]).sources.encode("utf-8", "strict")
