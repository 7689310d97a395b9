"""The README and docs/results.md keep their word: their Python runs, their commands exist, their tables are those that
the commands wrote, their links lead somewhere."""

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from engine import arguments
from engine.__main__ import COMMANDS
from engine.evaluation import digit_benchmark, face_benchmark, model_benchmark
from engine.models import weights
from engine.training import article_runs, digit_grid, pretraining
from tests.conftest import ROOT

TEXT = (ROOT / "README.md").read_text(encoding="utf-8")
RESULTS = (ROOT / "docs" / "results.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", TEXT, re.DOTALL)


def engine_commands() -> list[list[str]]:
    lines = [line.split("#")[0] for block in blocks("bash") for line in block.splitlines()]
    said = [" ".join(words.split()) for words in re.findall(r"`(python -m engine [^`]+)`", f"{TEXT}{RESULTS}")]
    wanted = dict.fromkeys(line.strip() for line in [*lines, *said] if line.startswith("python -m engine"))
    return [shlex.split(line)[3:] for line in wanted]


def test_it_is_short() -> None:
    assert TEXT.count("\n") <= 120


@pytest.mark.parametrize("code", blocks("python"))
def test_its_python_runs(code: str) -> None:
    exec(code, {})


@pytest.mark.parametrize("words", engine_commands(), ids=" ".join)
def test_its_commands_are_understood(words: list[str]) -> None:
    if words == ["--help"]:
        with pytest.raises(SystemExit) as left:
            arguments.parser(COMMANDS).parse_args(words)
        assert left.value.code == 0
    else:
        arguments.parser(COMMANDS).parse_args(words)


@pytest.mark.parametrize("words", [words for words in engine_commands() if words[0] == "evaluate"], ids=" ".join)
def test_its_evaluations_are_those_of_the_cards(words: list[str]) -> None:
    """Which tests/engine/models/test_weights.py runs, and whose figures it compares."""
    assert shlex.join(["python", "-m", "engine", *words]) == weights.config(words[1])["evaluate"]


@pytest.mark.parametrize("words", [words for words in engine_commands() if words[0] == "restore"], ids=" ".join)
def test_its_commands_run(words: list[str], tmp_path: Path) -> None:
    moved = [str(tmp_path / word) if word == "restored.png" else word for word in words]
    done = subprocess.run(
        [sys.executable, "-m", "engine", *moved], cwd=ROOT, capture_output=True, text=True, timeout=100
    )
    assert done.returncode == 0, done.stderr
    assert "restored.png" not in words or (tmp_path / "restored.png").exists()


def test_its_pictures_and_links_exist() -> None:
    links = re.findall(r"\]\(([^)#]+)\)", TEXT)
    assert not [link for link in links if "://" not in link and not (ROOT / link).exists()]


@pytest.mark.parametrize("target", ["run", "test"])
def test_its_make_targets_exist(target: str) -> None:
    assert f"make {target}" in TEXT
    if not shutil.which("make"):
        pytest.skip("needs make")
    done = subprocess.run(["make", "--dry-run", target], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("marks", ["benchmark", "benchmark photo"])
def test_its_tables_are_filled(marks: str) -> None:
    assert between(marks).count("\n|") > 5, f"write it with `python -m engine {marks} --readme docs/results.md`"


def test_the_article_is_in_its_table() -> None:
    assert between("train-grid article").strip() == article_runs.format_table(article_runs.read_runs())


def test_the_lessons_networks_are_in_their_tables() -> None:
    assert between("train-grid digits").strip() == digit_grid.format_table(digit_grid.read())
    assert between("train-grid initialisation").strip() == pretraining.format_table(pretraining.read_curves())


def test_the_digits_are_those_of_the_app() -> None:
    assert between("benchmark digits").strip() == digit_benchmark.markdown(digit_benchmark.shipped() or {})


@pytest.mark.parametrize("file", [face_benchmark.FILE], ids=lambda file: file.stem)
def test_the_faces_are_those_of_the_app(file: Path) -> None:
    made = face_benchmark.tables_of(face_benchmark.read(file) or {})
    found = {marks: between(marks, TEXT) if marks.endswith("faces: short") else between(marks) for marks in made}
    assert {marks: table.strip() for marks, table in found.items()} == made


@pytest.mark.parametrize("name", weights.names())
def test_every_model_is_in_the_table_with_the_figures_of_its_card(name: str) -> None:
    (row,) = (line for line in between("benchmark").splitlines() if line.startswith(f"| `{name}` |"))
    content = weights.config(name)
    leading = [key for key in model_benchmark.LEADING[content["recipe"]["data"]] if key in content["figures"]]
    said = dict(part.rsplit(" ", 1) for part in row.split("|")[2].strip().split(", "))
    assert list(said) == [key.replace("_", " ") for key in leading]
    for key, value in zip(leading, said.values(), strict=True):
        assert float(value) == pytest.approx(content["figures"][key], rel=2e-3), key


def between(marks: str, text: str = RESULTS) -> str:
    return text.partition(f"<!-- {marks} -->")[2].partition(f"<!-- /{marks} -->")[0]
