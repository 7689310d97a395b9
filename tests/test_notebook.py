"""The notebook runs from top to bottom, in plain Python, and every picture in it shows itself."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT
from tests.notebooks import run_cell

NOTEBOOKS = sorted((ROOT / "docs").glob("*.ipynb"))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_it_runs(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    notebook = json.loads(path.read_text("utf-8"))
    assert notebook["nbformat"] == 4
    monkeypatch.chdir(tmp_path)  # it is read anywhere, not only in the repository
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    assert not any(cell["outputs"] for cell in cells), "results are not kept in the repository"
    names: dict[str, Any] = {}
    values = [run_cell("".join(cell["source"]), names) for cell in cells]
    shown = [value for value in values if hasattr(value, "_repr_png_")]
    assert len(shown) == 3 and all(value._repr_png_().startswith(b"\x89PNG") for value in shown)
    assert len(list(tmp_path.rglob("restored.png"))) == 1
    said = capsys.readouterr().out
    assert "invented, not photographed" in said and "covers no pixel" in said


def test_the_readme_names_it() -> None:
    assert NOTEBOOKS
    text = (ROOT / "README.md").read_text("utf-8")
    assert all(f"(docs/{path.name})" in text for path in NOTEBOOKS)
