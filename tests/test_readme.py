"""The README keeps its word: its Python runs, its commands exist, its links lead somewhere."""

import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from engine import arguments
from engine.__main__ import COMMANDS
from engine.evaluation import benchmark, digit_benchmark, face_benchmark
from engine.models import weights
from engine.training import article_runs
from tests.conftest import ROOT

TEXT = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", TEXT, re.DOTALL)


def engine_commands() -> list[list[str]]:
    lines = [line.split("#")[0] for block in blocks("bash") for line in block.splitlines()]
    return [shlex.split(line)[3:] for line in lines if line.startswith("python -m engine")]


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
    missing = [link for link in re.findall(r"\]\(([^)#]+)\)", TEXT) if "://" not in link and not (ROOT / link).exists()]
    assert not missing


@pytest.mark.parametrize("target", ["run", "test"])
def test_its_make_targets_exist(target: str) -> None:
    assert f"make {target}" in TEXT
    if not shutil.which("make"):
        pytest.skip("needs make")
    done = subprocess.run(["make", "--dry-run", target], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("marks", ["benchmark", "benchmark faces", "benchmark digits", "benchmark photo"])
def test_its_tables_are_filled(marks: str) -> None:
    assert between(marks).count("\n|") > 5, f"write it with `python -m engine {marks} --readme README.md`"


@pytest.mark.parametrize(
    "marks, table",
    [
        ("train-grid article", lambda: article_runs.markdown(article_runs.shipped())),
        ("benchmark faces", lambda: face_benchmark.markdown(face_benchmark.shipped() or {})),
        ("benchmark digits", lambda: digit_benchmark.markdown(digit_benchmark.shipped() or {})),
    ],
)
def test_its_tables_are_those_of_the_app(marks: str, table: Callable[[], str]) -> None:
    assert between(marks).strip() == table().strip()


@pytest.mark.parametrize("name", weights.names())
def test_every_model_is_in_the_table_with_the_figures_of_its_card(name: str) -> None:
    (row,) = (line for line in between("benchmark").splitlines() if line.startswith(f"| `{name}` |"))
    content = weights.config(name)
    leading = [key for key in benchmark.LEADING[content["recipe"]["data"]] if key in content["figures"]]
    said = dict(part.rsplit(" ", 1) for part in row.split("|")[2].strip().split(", "))
    assert list(said) == [key.replace("_", " ") for key in leading]
    for key, value in zip(leading, said.values(), strict=True):
        assert float(value) == pytest.approx(content["figures"][key], rel=2e-3), key


def between(marks: str) -> str:
    return TEXT.partition(f"<!-- {marks} -->")[2].partition(f"<!-- /{marks} -->")[0]
