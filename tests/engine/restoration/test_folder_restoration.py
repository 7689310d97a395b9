"""A folder of pictures as a long run: stopped and begun again, shared among processes and among runs."""

import json
import os
import signal
import subprocess
import sys
import unicodedata
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

import pytest
from PIL import Image

from engine.__main__ import main
from engine.corruptions import masks
from engine.photos.gallery import GALLERY
from engine.problem import Problem
from engine.restoration import file_restoration, folder_restoration, result_record
from tests.conftest import ROOT

SETTINGS = file_restoration.Settings(masks.box_mask([masks.FEATURES["mouth"]]), "telea")
COUNT = 5


@pytest.fixture
def album(tmp_path: Path) -> Path:
    """Five different framed faces, one of them in a folder of its own, and a file that is no picture."""
    (tmp_path / "album" / "more").mkdir(parents=True)
    with Image.open(GALLERY / "astronaut.png") as face:
        for number in range(COUNT):
            folder = tmp_path / "album" / ("more" if number == 1 else "")
            face.convert("RGB").rotate(number).save(folder / f"{number}.png")
    (tmp_path / "album" / "broken.png").write_bytes(b"no picture")
    return tmp_path / "album"


def written(folder: Path) -> dict[str, bytes]:
    """The results; the records and what a killed run has left half written are hidden files."""
    found = (path for path in folder.rglob("[!.]*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


@pytest.fixture
def whole(album: Path) -> dict[str, bytes]:
    """What one run in one process makes of the album."""
    outcomes = list(folder_restoration.FolderRun(album, album.with_name("whole"), SETTINGS).outcomes())
    assert [one.status for one in outcomes].count("restored") == COUNT and len(outcomes) == COUNT + 1
    return written(album.with_name("whole"))


def test_a_run_that_was_killed_goes_on_and_makes_the_same_files(album: Path, whole: dict[str, bytes]) -> None:
    out = album.with_name("killed")
    words = ["restore", str(album), "-o", str(out), "--hide", "mouth", "--model", "telea", "--json"]
    with subprocess.Popen([sys.executable, "-m", "engine", *words], cwd=ROOT, stdout=subprocess.PIPE) as process:
        assert process.stdout and json.loads(process.stdout.readline())["status"] == "restored"
        os.kill(process.pid, signal.SIGKILL)
    done = {name for name, content in written(out).items() if whole[name] == content}
    assert done == set(written(out))  # nothing is there by half
    outcomes = list(folder_restoration.FolderRun(album, out, SETTINGS).outcomes())
    assert [one.status for one in outcomes].count("finished before") == len(done)
    assert written(out) == whole


@pytest.mark.parametrize("torn", [b'{"name": "0.png", "outp', b"\xff"])
def test_a_line_of_the_record_that_was_cut_costs_nothing(album: Path, whole: dict[str, bytes], torn: bytes) -> None:
    out = album.with_name("whole")
    record = out / result_record.NAME.format("")
    with record.open("ab") as file:
        file.write(torn)
    for _ in range(2):  # the second run reads what the first has written after it
        run = folder_restoration.FolderRun(album, out, SETTINGS)
        assert [one.status for one in run.outcomes()].count("finished before") == COUNT
        (out / "0.png").unlink()
        run = folder_restoration.FolderRun(album, out, SETTINGS)
        assert [one.status for one in run.outcomes()].count("restored") == 1
    assert written(out) == whole


def test_processes_that_share_the_work_make_the_same_in_the_same_order(album: Path, whole: dict[str, bytes]) -> None:
    out = album.with_name("shared")
    # By the command: processes are begun anew, by the very program that asks for them.
    words = ["restore", str(album), "-o", str(out), "--hide", "mouth", "--model", "telea", "--json", "--workers", "2"]
    run = subprocess.run([sys.executable, "-m", "engine", *words], cwd=ROOT, capture_output=True, text=True)
    told = [json.loads(line) for line in run.stdout.splitlines()]
    alone = list(folder_restoration.FolderRun(album, album.with_name("alone"), SETTINGS).outcomes())
    assert [(one["file"], one["status"], one["problem"]) for one in told] == [
        (one.file, one.status, one.problem) for one in alone
    ]
    assert run.returncode == 2 and written(out) == whole


def test_shares_together_are_the_whole_and_know_each_other_s_results(album: Path, whole: dict[str, bytes]) -> None:
    out = album.with_name("shares")
    shares = [folder_restoration.FolderRun(album, out, SETTINGS, shard=(share, 4)) for share in (1, 2, 3, 4)]
    files = [one.file for run in shares for one in run.outcomes()]
    assert sorted(files) == sorted(set(files)) and len(files) == COUNT + 1
    assert written(out) == whole
    again = list(folder_restoration.FolderRun(album, out, SETTINGS).outcomes())
    assert [one.status for one in again].count("finished before") == COUNT
    assert sum(map(len, shares)) == len(again)


@pytest.mark.parametrize(
    "names",
    [
        ["Me.jpg", "me.jpg", "ME.JPG", "me.png"],
        ["\u00e4.jpg", "a\u0308.jpg", "\u00c4.jpg"],
        ["a.jpg", "a.png", "a.png.jpg", "a.png.png", "a.png.jpg.png", "a.png.jpg-2.png", "a.jpeg"],
        ["stra\u00dfe.jpg", "strasse.jpg", "STRASSE.jpg"],
    ],
    ids=["capitals", "letters and their marks", "endings upon endings", "sharp s"],
)
def test_no_two_results_of_a_run_share_a_file_on_any_disk(names: list[str], tmp_path: Path) -> None:
    """Whether a disk tells capitals and the two ways to write a letter apart or, as a Mac's, does not."""
    (tmp_path / "album").mkdir()
    for name in names:
        (tmp_path / "album" / name).write_bytes(b"not looked at")
    run = folder_restoration.FolderRun(tmp_path / "album", tmp_path / "out", SETTINGS)
    targets = [job.target.name for job in run.jobs]
    on_a_mac = {unicodedata.normalize("NFD", unicodedata.normalize("NFD", name).casefold()) for name in targets}
    assert len(on_a_mac) == len(targets) == len(names)
    shared = [
        folder_restoration.FolderRun(tmp_path / "album", tmp_path / "out", SETTINGS, shard=(s, 2)) for s in (1, 2)
    ]
    assert sorted(job.target.name for one in shared for job in one.jobs) == sorted(targets)


def test_a_process_that_is_stopped_from_outside_is_said(album: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped(*_: object) -> None:
        raise BrokenProcessPool("one process is gone")

    monkeypatch.setattr(folder_restoration, "make", stopped)
    run = folder_restoration.FolderRun(album, album.with_name("out"), SETTINGS)
    with pytest.raises(Problem, match="stopped from outside.*what is finished stays"):
        list(run.outcomes())


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--workers", "0"], "give a number from 1 to 64"),
        (["--workers", "1000"], "give a number from 1 to 64"),
        (["--shard", "0/4"], "give the number of a share"),
        (["--shard", "5/4"], "give the number of a share"),
        (["--shard", "1/0"], "give the number of a share"),
    ],
)
def test_numbers_that_share_nothing_out(
    album: Path, words: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    out = album.with_name("out")
    assert main(["restore", str(album), "-o", str(out), "--hide", "mouth", "--model", "telea", *words]) == 2
    assert said in capsys.readouterr().err and not out.exists()


@pytest.mark.parametrize("words", [["--workers", "2"], ["--shard", "1/2"], ["--ray"]])
def test_one_picture_is_not_shared_out(album: Path, words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    out = album.with_name("out.png")
    assert main(["restore", str(album / "0.png"), "-o", str(out), "--hide", "mouth", "--model", "telea", *words]) == 2
    assert "are for a folder of pictures" in capsys.readouterr().err and not out.exists()


@pytest.mark.parametrize("text", ["3", "a/b", "1/2/3", ""])
def test_a_share_that_is_none(album: Path, text: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["restore", str(album), "-o", "out", "--hide", "mouth", "--shard", text])
    assert "as 3/100" in capsys.readouterr().err
