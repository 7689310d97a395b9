"""Folders by their addresses: the files, the rules and the sentences are those of folders by their paths."""

import importlib.util
import os
import secrets
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import fsspec
import pytest
from PIL import Image

from engine import images
from engine.__main__ import main
from engine.corruptions import masks
from engine.datasets.picture_files import list_names
from engine.photos.gallery import GALLERY
from engine.problem import Problem
from engine.restoration import file_restoration, ray_restoration, result_record
from engine.restoration.address import Address, Place
from engine.restoration.folder_restoration import FolderRun
from tests.conftest import ROOT

Says = pytest.CaptureFixture[str]
SETTINGS = file_restoration.Settings(masks.box_mask([masks.FEATURES["mouth"]]), "telea")
OTHERS = file_restoration.Settings(masks.box_mask([masks.FEATURES["nose"]]), "telea")
PICTURES = ["a.png", "more/a.png", "more/B.jpg", "more/b.jpg", "more/x#1 [y] z%20.png"]
ODD = ["broken.png", "empty.png", "notes.txt", "._a.png"]


@pytest.fixture
def album(tmp_path: Path) -> Path:
    """Framed faces in two folders, one of them called like no other, a file that is no picture, and others."""
    for number, name in enumerate([*PICTURES, *ODD]):
        (tmp_path / "album" / name).parent.mkdir(parents=True, exist_ok=True)
        with Image.open(GALLERY / "astronaut.png") as face:
            kind = "JPEG" if name.endswith("jpg") else "PNG"
            face.convert("RGB").rotate(number).save(tmp_path / "album" / name, kind)
    (tmp_path / "album" / "broken.png").write_bytes(b"no picture")
    (tmp_path / "album" / "empty.png").write_bytes(b"")
    (tmp_path / "album" / "notes.txt").write_bytes(b"no picture")
    return tmp_path / "album"


@pytest.fixture(params=["file", "memory"])
def store(request: pytest.FixtureRequest, album: Path) -> Iterator[Address]:
    """The album's folder, once as it lies on the disk and once in memory: stores that move and that put whole files."""
    if request.param == "file":
        yield Address(f"file://{album.parent}")
        return
    where = Address(f"memory://{secrets.token_hex(4)}")
    for path in (path for path in album.rglob("*") if path.is_file()):
        (where / path.relative_to(album.parent)).save(path.read_bytes())
    yield where
    fsspec.filesystem("memory").rm(where.name, recursive=True)


def written(folder: Place) -> dict[str, bytes]:
    """The results; not the records, nor what a killed run has left half written."""
    there = Address(f"file://{folder}") if isinstance(folder, Path) else folder
    names = [name for name in there.names() if not name.rpartition("/")[2].startswith(".")]
    return {name: (there / name).read_bytes() for name in names}


def told(run: FolderRun) -> list[tuple[Any, ...]]:
    return [(one.file, one.status, one.faces, one.altered, one.problem) for one in run.outcomes()]


def statuses(run: FolderRun) -> list[str]:
    return [one.status for one in run.outcomes()]


@pytest.mark.parametrize("kind", ["png", None])
def test_the_files_and_the_outcomes_are_those_of_a_path(kind: Any, store: Address, album: Path) -> None:
    local = FolderRun(album, album.with_name("local"), SETTINGS, kind)
    there = FolderRun(store / "album", store / "out", SETTINGS, kind)
    assert told(there) == told(local)
    assert there.passed_over == local.passed_over == "Passed over: .txt files (1)."
    assert written(store / "out") == written(album.with_name("local")) and len(written(store / "out")) == len(PICTURES)
    assert not [name for name in (store / "out").names() if name.endswith(".part")]


def test_what_is_finished_is_left_and_nothing_else_is_replaced(store: Address) -> None:
    album, out = store / "album", store / "out"
    list(FolderRun(album, out, SETTINGS).outcomes())
    before = written(out)
    assert statuses(FolderRun(album, out, SETTINGS)).count("finished before") == len(PICTURES)
    refused = [one.problem for one in FolderRun(album, out, OTHERS).outcomes()]
    assert (
        sum("--overwrite to replace it" in problem for problem in refused) == len(PICTURES) and written(out) == before
    )
    (out / "a.png").save(b"mine")
    [mine] = [one.problem for one in FolderRun(album, out, SETTINGS).outcomes() if one.file == "a.png"]
    assert f"'{out}/a.png' was there before and was not written by this program" in mine
    assert (out / "a.png").read_bytes() == b"mine"
    (album / "more/a.png").save((album / "a.png").read_bytes())  # another picture of that name
    [other] = [one.problem for one in FolderRun(album, out, SETTINGS).outcomes() if one.file == "more/a.png"]
    assert "of another picture or with other settings" in other


def test_what_was_made_again_and_again_is_known(store: Address) -> None:
    for settings in [SETTINGS, OTHERS] * 4:
        run = FolderRun(store / "album", store / "out", replace(settings, overwrite=True))
        assert statuses(run).count("restored") == len(PICTURES)
    assert statuses(FolderRun(store / "album", store / "out", OTHERS)).count("finished before") == len(PICTURES)


def test_of_a_file_beyond_all_bounds_only_the_start_is_read(store: Address, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(images, "MAX_BYTES", 1000)
    asked, kind = [], fsspec.get_filesystem_class(store.scheme)
    cat = kind.cat_file
    monkeypatch.setattr(kind, "cat_file", lambda *given: asked.append(cat(*given)) or asked[-1])
    [large] = [
        one.problem for one in FolderRun(store / "album", store / "out", SETTINGS).outcomes() if one.file == "a.png"
    ]
    assert "MB" in large and max(map(len, asked)) == 1001


def test_a_record_in_many_parts_is_one(store: Address, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(result_record, "LINES", 2)
    list(FolderRun(store / "album", store / "out", SETTINGS).outcomes())
    assert len(result_record.records_in(store / "out")) == -(-len(PICTURES) // 2)
    assert statuses(FolderRun(store / "album", store / "out", SETTINGS)).count("finished before") == len(PICTURES)


def test_a_path_and_its_address_know_each_other_s_results(album: Path) -> None:
    out = album.with_name("out")
    there = Address(f"file://{album}"), Address(f"file://{out}")
    list(FolderRun(*there, SETTINGS, shard=(1, 2)).outcomes())
    assert "finished before" in statuses(FolderRun(album, out, SETTINGS))
    assert statuses(FolderRun(*there, SETTINGS)).count("finished before") == len(PICTURES)


def test_results_inside_the_input_are_the_same_set_at_every_run(store: Address) -> None:
    album = store / "album"
    for _ in range(2):
        run = FolderRun(album, album / "restored", SETTINGS)
        list(run.outcomes())
        assert len(written(album / "restored")) == len(PICTURES)
    assert f"results of earlier runs ({len(PICTURES)})" in run.passed_over
    with pytest.raises(Problem, match="overwritten by its own restoration"):
        FolderRun(album, album, SETTINGS)


def test_an_actor_killed_over_a_picture_leaves_what_another_goes_on_from(store: Address) -> None:
    """Killed after a line of its record and before the result, by which nothing is there; and after both."""
    out = store / "out"
    jobs = {job.name: job for job in FolderRun(store / "album", out, SETTINGS).jobs}
    first, second = (ray_restoration.Restorer("/nowhere", os.fsencode(str(out)), SETTINGS) for _ in range(2))
    row = {"name": "a.png", "source": str(jobs["a.png"].source), "target": str(jobs["a.png"].target), "kind": "png"}
    assert '"restored"' in first(row)["outcome"] and '"finished before"' in second(row)["outcome"]
    fsspec.filesystem(store.scheme).rm(str(jobs["a.png"].target))
    assert second.restore(jobs["a.png"]).status == "restored"
    fresh = ray_restoration.Restorer("/nowhere", os.fsencode(str(out)), OTHERS)
    assert "--overwrite to replace it" in fresh.restore(jobs["a.png"]).problem


def test_a_run_that_was_killed_leaves_no_half_of_a_file(album: Path) -> None:
    out = Address(f"file://{album.with_name('out')}")
    code = f"""
import os, signal
from fsspec.implementations.local import LocalFileSystem
from engine.corruptions import masks
from engine.restoration import file_restoration
from engine.restoration.address import Address
from engine.restoration.folder_restoration import FolderRun
pipe = LocalFileSystem.pipe_file
def killed(self, path, content, **options):
    if content[:4] == b"\\x89PNG":
        pipe(self, path, content[:99], **options)
        os.kill(os.getpid(), signal.SIGKILL)
    pipe(self, path, content, **options)
LocalFileSystem.pipe_file = killed
settings = file_restoration.Settings(masks.box_mask([masks.FEATURES["mouth"]]), "telea")
list(FolderRun(Address("file://{album}"), Address("{out}"), settings).outcomes())
"""
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT).returncode == -signal.SIGKILL
    assert result_record.records_in(out) and written(out) == {}
    assert "restored" in statuses(FolderRun(Address(f"file://{album}"), out, SETTINGS))
    list(FolderRun(album, album.with_name("local"), SETTINGS).outcomes())
    assert written(out) == written(album.with_name("local"))


def test_keys_that_are_no_path_are_passed_over() -> None:
    """A bucket may hold such; none leads out of the folder that is written."""
    listing = list_names(["b.png", "../bad.png", "/bad.png", "a//bad.png", "a/./bad.png", "a/../../bad.png", "a/c.png"])
    assert [str(entry.path) for entry in listing.entries] == ["a/c.png", "b.png"]
    assert listing.sentence == "Passed over: names that are no path (5)."


# ---------------------------------------------------------------- what is said


@pytest.mark.parametrize(
    ("source", "out", "said"),
    [
        ("s3://bucket/album", "out", "needs one more package on every machine (Install s3fs to access S3)"),
        ("nothing://album", "out", "Protocol not known: nothing"),
        ("file:///no/such/folder", "out", "There is no 'file:///no/such/folder'"),
        ("{album}/empty", "out", "There are no pictures in 'empty'"),
        ("{album}/a.png", "out.png", "are for a folder of pictures"),
        ("{album}", "{album}", "would be overwritten by its own restoration"),
        ("{album}", "{album}/a.png", "which is a file: name a folder"),
    ],
)
def test_an_address_that_is_none_is_one_sentence(
    source: str, out: str, said: str, album: Path, monkeypatch: pytest.MonkeyPatch, capsys: Says
) -> None:
    monkeypatch.setitem(sys.modules, "s3fs", None)  # it may be installed
    (album / "empty").mkdir()
    words = [word.format(album=f"file://{album}") for word in (source, "-o", out)]
    assert main(["restore", *words, "--hide", "mouth", "--model", "telea", "--ray"]) == 2
    error = capsys.readouterr().err
    assert said in error and error.count("\n") == 1


@pytest.mark.parametrize(
    ("out", "said"),
    [
        ("memory://out", "memory:// is of one process"),
        (
            "file:///proc/nowhere/out",
            "/nowhere/out/.autoencoder-by-hand.ray.jsonl' could not be written (",
        ),
    ],
)
def test_where_actors_could_not_write_none_is_begun(
    out: str, said: str, album: Path, monkeypatch: pytest.MonkeyPatch, capsys: Says
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: True)
    words = [f"file://{album}", "-o", out, "--hide", "mouth", "--model", "telea", "--ray"]
    assert main(["restore", *words]) == 2
    assert said in capsys.readouterr().err


@pytest.mark.parametrize("words", [["s3://bucket/album", "-o", "out"], ["album", "-o", "gs://bucket/out"]])
def test_without_ray_an_address_is_not_asked_for(words: list[str], capsys: Says) -> None:
    assert main(["restore", *words, "--hide", "mouth", "--model", "telea"]) == 2
    assert "is an address, which only --ray takes" in capsys.readouterr().err
