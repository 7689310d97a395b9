"""Where a run may write: nothing is written over unasked, and what is refused is left as it was."""

import errno
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from engine.__main__ import main
from engine.datasets import mnist
from engine.models import weights
from engine.models.recipes import recipe
from engine.problem import Problem
from engine.training import checkpoint, loop, run_folder
from tests.conftest import ROOT

MODEL = {name: (weights.FOLDER / "digit-denoiser" / name).read_bytes() for name in run_folder.WRITTEN_OVER}
NOTES, SOMETHING, CHECKPOINT = {"README.md": b"# My own notes"}, {"notes.txt": b"x"}, {run_folder.CHECKPOINT: b"x"}


def filled(out: Path, files: dict[str, bytes]) -> Path:
    """A folder with these files."""
    out.mkdir()
    for name, content in files.items():
        (out / name).write_bytes(content)
    return out


def state(folder: Path) -> dict[str, tuple[bytes, int]]:
    """What lies in a folder, and when it was changed, the folder itself among it."""
    paths = [folder, *folder.rglob("*")]
    return {path.name: (path.read_bytes() if path.is_file() else b"", path.stat().st_mtime_ns) for path in paths}


@pytest.mark.parametrize(
    ("files", "resume"),
    [
        ({}, False),
        (MODEL, False),
        (MODEL | {"known.safetensors": b"laid beside"}, False),  # as beside weights/face-autoencoder
        (CHECKPOINT | SOMETHING, True),
        (CHECKPOINT | MODEL, True),
    ],
    ids=["empty", "a model", "a model and more", "notes beside a checkpoint", "a stopped run"],
)
def test_these_may_be_written_to(files: dict[str, bytes], resume: bool, tmp_path: Path) -> None:
    run_folder.check(filled(tmp_path / "run", files), resume)


def test_a_folder_that_is_missing_is_tried_and_not_left_behind(tmp_path: Path) -> None:
    run_folder.check(tmp_path / "new" / "run")
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize(
    ("files", "resume", "sentence"),
    [
        (CHECKPOINT, False, "checkpoint of a stopped run: go on with --resume"),
        (CHECKPOINT | MODEL, False, "checkpoint of a stopped run"),
        (NOTES, False, r"belong to no model .README\.md."),
        (SOMETHING, False, r"belong to no model .notes\.txt."),
        (MODEL | NOTES, False, "belong to no model"),
        ({"config.json": b'{"name": "my project"}'}, False, "belong to no model"),
        ({"config.json": b"\xff"}, False, "belong to no model"),
        (CHECKPOINT | NOTES, True, r"belong to no model .README\.md."),
        (CHECKPOINT | MODEL | NOTES, True, "belong to no model"),
    ],
)
def test_these_are_refused_and_left_as_they_were(
    files: dict[str, bytes], resume: bool, sentence: str, tmp_path: Path
) -> None:
    before = state(out := filled(tmp_path / "run", files))
    with pytest.raises(Problem, match=f"^'run' holds .*{sentence}") as caught:
        run_folder.check(out, resume)
    assert state(out) == before and "\n" not in str(caught.value)


@pytest.mark.parametrize("name", ["file", "file/below", "x" * 300])
def test_what_cannot_be_written_to_is_refused(name: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    before = state(tmp_path)
    with pytest.raises(Problem, match="Nothing can be written.*another folder with --out"):
        run_folder.check(tmp_path / name)
    assert state(tmp_path) == before


@pytest.mark.parametrize(
    "words",
    [
        ["train", "digit-denoiser", "--data", "nowhere"],
        ["train", "digit-pca", "--data", "nowhere"],  # in closed form
        ["train", "face-autoencoder", "--data", "nowhere"],
        ["train-grid", "article", "--data", "{faces}", "--test", "{faces}"],
    ],
    ids=lambda words: " ".join(words[:2]),
)
def test_every_training_looks_before_it_reads(
    words: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The data is not even looked for."""
    monkeypatch.chdir(tmp_path)
    before = state(filled(tmp_path / "project", NOTES))
    faces = weights.FOLDER.parent / "engine" / "data" / "gallery"
    assert main([word.format(faces=faces) for word in [*words, "--device", "cpu", "--out", "project", "--quiet"]]) == 2
    assert "'project' holds files that belong to no" in capsys.readouterr().err
    assert state(tmp_path / "project") == before


# ---------------------------------------------------------------- two at once, and a full disk

HOLD = "import sys; from pathlib import Path; from engine.training import run_folder\n"
HOLD += "with run_folder.held(Path(sys.argv[1])): print('held', flush=True); sys.stdin.read()"


@pytest.fixture
def other_run(tmp_path: Path) -> Iterator[subprocess.Popen]:
    """Another process that trains into the folder `run`."""
    words = [sys.executable, "-c", HOLD, str(tmp_path / "run")]
    other = subprocess.Popen(words, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert other.stdout and other.stdout.readline() == "held\n"
    yield other
    other.communicate("")


@pytest.mark.parametrize(
    "words", [["train", "digit-map"], ["train", "digit-pca"], ["train-grid", "article", "--test", "{faces}"]]
)
def test_the_second_of_two_trainings_is_refused(
    words: list[str], other_run: subprocess.Popen, tiny_mnist: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    faces = weights.FOLDER.parent / "engine" / "data" / "gallery"
    data = ["--data", str(faces if words[0] == "train-grid" else tiny_mnist)]
    more = [*data, "--out", str(tmp_path / "run"), "--device", "cpu", "--quiet"]
    assert main([*(word.format(faces=faces) for word in words), *more]) == 2
    assert "Another training is writing to 'run'" in capsys.readouterr().err
    assert not list((tmp_path / "run").iterdir())


def test_a_library_call_is_refused_too_and_one_that_was_killed_holds_nothing(
    other_run: subprocess.Popen, tiny_mnist: Path, tmp_path: Path
) -> None:
    digits, chosen = mnist.load(tiny_mnist, "train"), replace(recipe("digit-map"), batch=96, epochs=1)
    with pytest.raises(Problem, match="Another training is writing to 'run'"):
        loop.train(chosen, digits, tmp_path / "run", quiet=True)
    other_run.kill()
    other_run.wait()
    assert loop.train(chosen, digits, tmp_path / "run", quiet=True).finished


def test_a_run_may_ask_again_for_what_it_holds_and_leaves_no_empty_folder(tmp_path: Path) -> None:
    out = tmp_path / "a" / "run"
    with run_folder.held(out), run_folder.held(out):
        assert out.is_dir()
    assert not (tmp_path / "a").exists()


@pytest.mark.parametrize("name", ["digit-map", "digit-pca", "digit-denoiser-conv"])
def test_a_full_disk_is_found_before_the_first_batch(
    name: str, tiny_mnist: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def full(file: int, offset: int, size: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def never(*_: object, **__: object) -> None:
        raise AssertionError("a batch was drawn")

    monkeypatch.setattr(os, "posix_fallocate", full)
    for module, step in ((loop, "run_epoch"), (loop, "fit")):
        monkeypatch.setattr(module, step, never)
    words = ["train", name, "--data", str(tiny_mnist), "--out", str(tmp_path / "run"), "--device", "cpu", "--quiet"]
    assert main([*words, "--batch", "96"]) == 2
    said = capsys.readouterr().err
    assert "MB in 'run' (No space left on device): free some space or choose another folder with --out." in said
    assert not (tmp_path / "run").exists()


def test_the_room_that_is_asked_for_is_what_a_run_takes(tiny_mnist: Path, tmp_path: Path) -> None:
    digits, chosen = mnist.load(tiny_mnist, "train"), replace(recipe("digit-map"), batch=96, epochs=1)
    asked: list[int] = []
    check_room: Callable[[Path, int], None] = run_folder.check_room
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(run_folder, "check_room", lambda out, size: asked.append(size) or check_room(out, size))
        loop.train(chosen, digits, tmp_path / "run", quiet=True)
    kept = (tmp_path / "run" / run_folder.CHECKPOINT).stat().st_size
    assert 2 * kept <= asked[0] <= 4 * kept + 2**20


def test_shared_parameters_take_room_once() -> None:
    network = torch.nn.Linear(1000, 1000)
    optimisers = {name: torch.optim.Adam(network.parameters()) for name in ("one", "other")}
    assert checkpoint.room({"network": network}, optimisers) == 7 * 4 * 1_001_000


def test_a_sentence_names_the_place_however_it_was_typed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    filled(tmp_path / "project", NOTES)
    monkeypatch.chdir(tmp_path / "project")
    for out in (".", "./", "../project", ""):
        with pytest.raises(Problem, match="^'project' holds files"):
            run_folder.check(Path(out))
