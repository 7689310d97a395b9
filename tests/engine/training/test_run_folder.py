"""Where a run may write: nothing is written over unasked, and what is refused is left as it was."""

from pathlib import Path

import pytest

from engine.__main__ import main
from engine.models import weights
from engine.problem import Problem
from engine.training import run_folder

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
