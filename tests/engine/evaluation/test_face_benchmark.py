"""The table of the methods: its cells are measured again, and a method that cannot run costs its rows only."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor

from engine import metrics
from engine.__main__ import main
from engine.corruptions import masks
from engine.datasets import faces
from engine.datasets.faces import FaceFiles
from engine.evaluation import face_benchmark, figures
from engine.models import model_card, weights
from engine.problem import Problem
from engine.restoration import methods
from engine.restoration.masked_images import MaskedImages
from engine.restoration.methods import METHODS, Method, restore
from tests.engine.conftest import FaceFolder

FAST = ("telea", "navier-stokes")


@pytest.fixture(scope="module")
def found() -> dict[str, Any]:
    return json.loads(face_benchmark.FILE.read_text())


@pytest.fixture
def table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The JSON goes into a folder of the test's own."""
    monkeypatch.setattr(face_benchmark, "FILE", tmp_path / "benchmark-faces.json")
    monkeypatch.setattr(face_benchmark, "PORTRAITS_FILE", tmp_path / "benchmark-portraits.json")
    return tmp_path / "benchmark-faces.json"


@pytest.fixture
def two_methods(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two methods that cost nothing, and one that cannot run."""

    def grey(masked: MaskedImages) -> Tensor:
        return torch.full_like(masked.given, 0.5)

    def broken(masked: MaskedImages) -> Tensor:
        raise Problem("Its weights are gone: fetch them.")

    kept: dict[str, Method] = {"telea": METHODS["telea"], "grey": Method("Grey", "Grey.", grey)}
    kept["broken"] = Method("Broken", "Never.", broken)
    monkeypatch.setattr(face_benchmark, "METHODS", kept)
    monkeypatch.setattr(methods, "METHODS", kept)


def test_the_holes_are_those_of_the_evaluation_and_the_same_each_time(face_folder: FaceFolder) -> None:
    files = FaceFiles([face_folder.tar])
    asked: list[Tensor] = []

    def watched(given: Tensor, hidden: Tensor) -> Tensor:
        asked.append(hidden)
        return given

    figures.faces(watched, files, seed=3)
    holes = face_benchmark.draw_holes(len(files), seed=3)
    assert torch.equal(torch.cat(asked), holes["28x28 box"])
    for kind, hidden in face_benchmark.draw_holes(len(files), seed=3).items():
        assert torch.equal(hidden, holes[kind]) and hidden.flatten(1).any(1).all()
        assert hidden.shape == (len(files), 1, 128, 128)


def figures_of(method: str, images: Tensor, hidden: Tensor, *, seamless: bool = False) -> dict[str, float]:
    return figures.summarise(face_benchmark.restore_all(method, images, hidden, seamless=seamless), images, hidden)


def test_a_row_is_what_the_metrics_say(noisy_pair: tuple[Tensor, Tensor], generator: torch.Generator) -> None:
    images = noisy_pair[1]
    hidden = masks.random_boxes(4, generator=generator)
    restored = restore(images, hidden, "telea", seamless=True)
    row, smooth = (figures_of("telea", images, hidden, seamless=seamless) for seamless in (False, True))
    mean = metrics.hole_mse(restored.reconstruction, images, hidden).mean()
    assert row["hole_mse"] == pytest.approx(mean.item())
    assert row["hole_psnr"] == pytest.approx(metrics.psnr(mean).item())
    assert row["set_sharpness"] == pytest.approx(metrics.set_sharpness(restored.reconstruction, images, hidden).item())
    assert smooth["hole_mse"] == pytest.approx(metrics.hole_mse(restored.composite, images, hidden).mean().item())
    assert smooth["whole_mse"] == smooth["composite_mse"]


def test_the_command_writes_both_tables(
    two_methods: None,
    table: Path,
    face_folder: FaceFolder,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    readme = tmp_path / "README.md"
    readme.write_text("before\n<!-- benchmark faces -->\nold\n<!-- /benchmark faces -->\nafter\n")
    words = ["benchmark", "faces", "--data", str(face_folder.tar), "--match", "a/"]
    assert main([*words, "--readme", str(readme)]) == 0
    printed = capsys.readouterr().out.strip()
    found = json.loads(table.read_text())
    table_of_all = face_benchmark.markdown(found)
    assert printed.startswith(table_of_all) and "| 64x64 centre | grey |" in printed
    assert table_of_all in readme.read_text() and "old" not in readme.read_text()
    assert [(row["method"], row["hole"]) for row in found["rows"]] == [
        (method, hole) for hole in face_benchmark.draw_holes(1) for method in ("telea", "grey", "broken")
    ]
    missing = {row["missing"] for row in found["rows"] if row["method"] == "broken"}
    assert missing == {"Its weights are gone: fetch them."}
    assert "`broken` was not measured: Its weights are gone" in printed
    assert found["faces"] == 6 and all(row["milliseconds"] > 0 for row in found["rows"] if row["method"] != "broken")
    assert face_benchmark.shipped() == found


def test_some_methods_and_holes_can_be_measured_anew(
    two_methods: None, table: Path, face_folder: FaceFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The rows measured now say so; those measured earlier keep their date and their hardware."""
    words = ["benchmark", "faces", "--data", str(face_folder.tar), "--match", "a/"]
    assert main(words) == 0
    before = json.loads(table.read_text())
    monkeypatch.setattr(model_card, "hardware", lambda device: "another machine")
    assert main([*words, "--methods", "grey", "--holes", "mouth", "both eyes"]) == 0
    after = json.loads(table.read_text())
    assert after["command"] == before["command"] and len(after["rows"]) == len(before["rows"])
    for old, new in zip(before["rows"], after["rows"], strict=True):
        if new["method"] == "grey" and new["hole"] in ("mouth", "both eyes"):
            assert new["hardware"] == "another machine" and new["hole_mse"] == old["hole_mse"]
        else:
            assert new == old
    assert "another machine" in face_benchmark.markdown(after) and before["rows"][0]["hardware"] in str(after)


def test_without_faces_the_portraits_are_measured(two_methods: None, table: Path) -> None:
    assert main(["benchmark", "faces", "--methods", "grey", "--holes", "mouth"]) == 0
    found = json.loads((table.parent / "benchmark-portraits.json").read_text())
    assert not table.exists() and found["of"] == "portraits" and found["faces"] >= 300
    (row,) = found["rows"]
    files = face_benchmark.portraits()
    images = files.batch(torch.arange(len(files))).float() / 255
    mouths = masks.box_mask([masks.FEATURES["mouth"]])
    error = metrics.hole_mse(torch.full_like(images, 0.5), images, mouths).mean()
    assert row["hole_mse"] == pytest.approx(error.item(), rel=1e-4)
    assert "by_lightness" not in row  # only of the methods in the headline


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--data", "nowhere"], "There is no 'nowhere'"),
        (["--data", "{faces}", "--methods", "magic"], "no method 'magic'"),
        (["--data", "{faces}", "--holes", "ear"], "no hole 'ear'"),
        (["--data", "{faces}", "--methods", "grey", "--seed", "1"], "measure all of them again"),
    ],
)
def test_what_cannot_be_measured_is_one_sentence(
    words: list[str],
    sentence: str,
    two_methods: None,
    table: Path,
    face_folder: FaceFolder,
    capsys: pytest.CaptureFixture[str],
) -> None:
    if "--seed" in words:
        assert main(["benchmark", "faces", "--data", str(face_folder.tar)]) == 0
    capsys.readouterr()
    assert main(["benchmark", "faces", *(word.format(faces=face_folder.tar) for word in words)]) == 2
    said = capsys.readouterr().err
    assert said.startswith("engine: ") and sentence in said and said.count("\n") == 1


@pytest.mark.parametrize("spoil", [lambda p: p.unlink(), lambda p: p.write_text("{"), lambda p: p.write_text("[]")])
def test_a_damaged_table_is_as_good_as_none(spoil: Callable[[Path], Any], table: Path) -> None:
    table.write_text("{}")
    spoil(table)
    assert face_benchmark.shipped() is None


# ---------------------------------------------------------------- the shipped table


def test_every_method_has_its_rows(found: dict[str, Any]) -> None:
    rows = {(row["method"], row["hole"]) for row in found["rows"] if not row["seamless"]}
    assert rows >= {(method, "28x28 box") for method in METHODS}
    assert found["faces"] == 438 and not any("missing" in row for row in found["rows"])


def test_the_cards_and_the_table_agree(found: dict[str, Any]) -> None:
    """The same holes in the same faces, measured by two commands."""
    for row in found["rows"]:
        known = {"face-painter", "face-autoencoder", "gappy-pca", "face-unet"}
        if row["hole"] == "28x28 box" and not row["seamless"] and row["method"] in known:
            card = weights.config(METHODS[row["method"]].models[0])["figures"]
            for figure in ("hole_psnr", "hole_ssim", "set_sharpness", "whole_mse"):
                assert row[figure] == pytest.approx(card[figure], rel=2e-3), (row["method"], figure)


@pytest.mark.parametrize("method", FAST)
def test_cells_are_reproduced(method: str, found: dict[str, Any], shared_data: Path) -> None:
    files = faces.FaceFiles([shared_data / "faces" / "test.tar"], "ffhq_")
    images = files.batch(torch.arange(len(files))).float() / 255
    holes = face_benchmark.draw_holes(len(images), found["seed"])
    for kind, hidden in ((kind, holes[kind]) for kind in ("28x28 box", "64x64 centre", "brush strokes")):
        (row,) = (row for row in found["rows"] if (row["method"], row["hole"]) == (method, kind))
        for figure, value in figures_of(method, images, hidden).items():
            assert row[figure] == pytest.approx(value, rel=2e-3), (kind, figure)
