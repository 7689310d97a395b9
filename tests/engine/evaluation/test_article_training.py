"""The article's seven runs: its settings, one grid from end to end, and what ships."""

import hashlib
import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from PIL import Image
from torch import Tensor, nn

from engine import networks
from engine.__main__ import main
from engine.corruptions import masks, named
from engine.evaluation import article_training
from engine.photos import gallery
from engine.problem import Problem
from engine.training import article_runs, loop, schedule
from tests.engine.conftest import FaceFolder

# epochs, learning rate, batch, optimiser, loss, value, accuracy: as the article prints them
BEST = "50 | 0.001 | 64 | Adam | MSE | 0.0111 | 0.8510"
TABLE = """
15 | 0.01 | 64 | Adam | MSE | 0.0121 | 0.8392
15 | 0.01 | 64 | SGD | MSE | 0.0118 | 0.8433
15 | 0.001 | 64 | Adam | MSE | 0.0111 | 0.8475
15 | 0.001 | 64 | SGD | MSE | 0.0111 | 0.8469
30 | 0.0001 | 32 | Adam | MSE | 0.0125 | 0.8357
10 | 0.01 | 64 | RMSprop | cross-entropy | 0.5712 | 0.8022
""".strip()
ROWS = [BEST, *TABLE.splitlines()]


@pytest.mark.parametrize("number", range(7))
def test_a_run_has_the_settings_of_the_article(number: int) -> None:
    run = article_runs.RUNS[number]
    epochs, rate, batch, optimiser, loss, value, accuracy = (cell.strip() for cell in ROWS[number].split("|"))
    recipe = run.recipe()
    assert (recipe.epochs, recipe.learning_rate, recipe.batch) == (int(epochs), float(rate), int(batch))
    assert (article_runs.NAMES[recipe.optimiser], article_runs.NAMES[recipe.loss]) == (optimiser, loss)
    assert (run.loss, run.agreement) == (float(value), float(accuracy))
    assert (recipe.schedule, recipe.ema, recipe.weight_decay, recipe.mirror) == ("constant", 0, 0, False)
    assert recipe.corruption == "article box"


def test_there_are_seven_runs_and_each_has_its_name() -> None:
    assert len({run.name for run in article_runs.RUNS}) == len(article_runs.RUNS) == len(ROWS)


@pytest.mark.parametrize("size", [16, 64, 128])
def test_the_network_fits_its_faces(size: int) -> None:
    recipe = article_runs.RUNS[0].recipe(size)
    network = networks.build(recipe.architecture, recipe.options).eval()
    image = torch.rand(1, 3, size, size)
    assert network.encode(image).shape == (1, 300) and network(image).shape == image.shape  # type: ignore[operator]


@pytest.mark.parametrize("size", [32, 64, 128])
def test_the_box_shrinks_with_the_faces(size: int) -> None:
    given = named.CORRUPTIONS["article box"](torch.ones(5, 3, size, size), torch.Generator().manual_seed(0))
    assert ((given == 0).all(1).flatten(1).sum(1) == (28 * size // 128) ** 2).all()


def first_step(optimiser: str, rate: float, gradient: float) -> float:
    """How far a recipe's optimiser moves one weight at its first step."""
    run = next(run for run in article_runs.RUNS if run.settings.optimiser == optimiser)
    layer = nn.Linear(1, 1, bias=False)
    step = schedule.optimiser(run.recipe(), layer)
    step.param_groups[0]["lr"] = rate
    before = layer.weight.item()
    layer.weight.grad = torch.tensor([[gradient]])
    step.step()
    return before - layer.weight.item()


def test_the_optimisers_are_those_of_keras() -> None:
    """SGD without momentum; RMSprop with rho 0.9 and epsilon 1e-7; Adam's first step is the rate."""
    assert first_step("sgd", 0.5, 0.1) == pytest.approx(0.05, rel=1e-4)
    assert first_step("rmsprop", 0.5, 0.1) == pytest.approx(0.5 * 0.1 / (math.sqrt(0.1 * 0.01) + 1e-7), rel=1e-4)
    assert first_step("adam", 0.5, 0.1) == pytest.approx(0.5, rel=1e-4)
    assert first_step("adam", 0.5, 1e-7) == pytest.approx(0.25, rel=1e-2)  # epsilon 1e-7, and not torch's 1e-8


# ---------------------------------------------------------------- one grid from end to end


@pytest.fixture(scope="module")
def many_faces(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """64 coloured squares: a batch."""
    folder, draw = tmp_path_factory.mktemp("many"), np.random.default_rng(0)
    for number in range(64):
        coarse = Image.fromarray(draw.integers(0, 256, (4, 4, 3), dtype=np.uint8))
        coarse.resize((128, 128), Image.Resampling.BICUBIC).save(folder / f"{number:02}.png")
    return folder


@pytest.fixture
def written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The grid's files fall into the test's own folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(article_runs, "FILE", tmp_path / "grid.json")
    monkeypatch.setattr(article_runs, "SHEETS", tmp_path / "static")
    return tmp_path


def words(many_faces: Path, face_folder: FaceFolder, *more: str) -> list[str]:
    data = ["--data", str(many_faces), "--test", str(face_folder.tar), "--test-match", "a/"]
    return ["train-grid", "article", *data, "--device", "cpu", "--size", "32", "--epochs-scale", "0.03", *more]


def check(found: dict[str, Any]) -> None:
    """A grid that is whole: its rows are the article's runs, a frame and a figure for every epoch."""
    assert [run["name"] for run in found["runs"]] == [run.name for run in article_runs.RUNS]
    for run, theirs in zip(found["runs"], article_runs.RUNS, strict=True):
        epochs = run["settings"]["epochs"]
        assert run["frames"] == epochs and {len(curve) for curve in run["curves"].values()} == {epochs}
        assert run["ours"] == {name: run["curves"][name][-1] for name in article_runs.CURVES}
        assert run["article"] == {"loss": theirs.loss, "agreement": theirs.agreement}
        content = (article_runs.SHEETS / run["sheet"]).read_bytes()
        assert hashlib.sha256(content).hexdigest() == run["sha256"]
        with Image.open(article_runs.SHEETS / run["sheet"]) as sheet:
            lines = math.ceil(epochs / article_runs.COLUMNS)
            assert sheet.size == (article_runs.COLUMNS * found["size"], lines * found["size"])
        if run["settings"]["loss"] == "mse":
            assert run["curves"]["test_loss"] == pytest.approx(run["curves"]["test_mse"], rel=1e-3)
        assert all(0 <= share <= 1 for share in run["curves"]["agreement"])


def test_a_grid_from_end_to_end(
    written: Path,
    many_faces: Path,
    face_folder: FaceFolder,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    command = words(many_faces, face_folder)
    assert main([*command, "--quiet"]) == 0
    said, found = capsys.readouterr().out, article_runs.read_runs()
    check(found)
    assert found["command"].startswith("python -m engine train-grid article") and "--quiet" not in found["command"]
    assert (found["faces"], found["test_faces"], found["size"], found["box"]) == (64, 6, 32, 7)
    assert [run["settings"]["epochs"] for run in found["runs"]] == [2, 1, 1, 1, 1, 1, 1]
    assert article_runs.format_table(found).strip() == said.strip() and said.count("\n|") == 8
    assert not list(written.rglob("checkpoint.safetensors"))

    trained = []
    train = loop.train
    monkeypatch.setattr(loop, "train", lambda *a, **k: trained.append(a[0].name) or train(*a, **k))
    assert main([*command, "--quiet"]) == 0
    assert trained == [] and article_runs.read_runs()["runs"] == found["runs"]
    (written / "runs/grid-article/sgd-0.01-15/run.json").write_text('{"made_of": ')  # killed while it was written
    assert main([*command, "--quiet"]) == 0
    assert trained == ["sgd-0.01-15"]
    again = article_runs.read_runs()["runs"][2]
    assert again | {"seconds": 0} == found["runs"][2] | {"seconds": 0}  # same seed, same run
    assert main([*command, "--quiet", "--test-match", "b/"]) == 0  # other faces are other runs
    assert len(trained) == 8


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        (["--size", "100"], "100x100 do not fit"),
        (["--size", "256"], "256x256 do not fit"),
        (["--size", "0"], "0x0 do not fit"),
        (["--epochs-scale", "nan"], "nan is no share"),
        (["--epochs-scale", "0"], "0.0 is no share"),
        (["--faces", "63"], "batches hold 64 faces"),
        (["--faces", "-1"], "batches hold 64 faces"),
        (["--match", "nobody"], "with 'nobody' in their names"),
        (["--device", "abacus"], "no device 'abacus'"),
    ],
)
def test_a_grid_that_cannot_start_is_one_sentence(
    more: list[str],
    sentence: str,
    written: Path,
    many_faces: Path,
    face_folder: FaceFolder,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(words(many_faces, face_folder, *more)) == 2
    error = capsys.readouterr().err
    assert sentence in error and "Traceback" not in error
    assert not article_runs.FILE.exists()


# ---------------------------------------------------------------- its parts


def test_figures_of_an_epoch_against_plain_sums() -> None:
    """A network that always answers grey, on 150 faces: more than one batch, the last one smaller."""
    held = article_training.Faces(torch.randint(0, 256, (150, 3, 32, 32), dtype=torch.uint8))

    class Grey(nn.Module):
        def forward(self, images: Tensor) -> Tensor:
            return torch.tensor([0.5, 0.4, 0.3]).view(1, 3, 1, 1).expand_as(images)

    found = article_training.examiner("bce", held)(Grey())
    target = held.images.float() / 255
    guess = Grey()(target)
    hidden = masks.random_boxes(150, 32, side=(7, 7), generator=torch.Generator().manual_seed(0))
    error = (guess - target).square()
    assert found["test_mse"] == pytest.approx(error.mean().item(), rel=1e-4)
    assert found["test_loss"] == pytest.approx(F.binary_cross_entropy(guess, target).item(), rel=1e-4)
    in_hole = error[hidden.expand_as(error)].mean().item()
    assert found["hole_psnr"] == pytest.approx(-10 * math.log10(in_hole), abs=1e-3)
    assert found["agreement"] == pytest.approx((target.argmax(1) == 0).float().mean().item(), abs=1e-6)
    assert article_training.share_of_red(held) == pytest.approx(found["agreement"], abs=1e-4)


def test_the_known_face_is_the_gallery_s_with_a_box() -> None:
    whole, given = article_runs.prepare_face(64)
    assert torch.allclose(whole, F.avg_pool2d(gallery.gallery()["astronaut"].image, 2), atol=1e-6)
    changed = (whole != given).any(1)[0]
    assert (given[0, :, 38:52, 25:39] == 0).all() and not changed[:38].any() and changed.sum() <= 14 * 14


# ---------------------------------------------------------------- what ships


def test_what_ships_is_whole_and_small() -> None:
    found = article_runs.read_runs()
    check(found)
    assert [run["settings"] for run in found["runs"]] == [run.scale_settings() for run in article_runs.RUNS]
    sheets = sum((article_runs.SHEETS / run["sheet"]).stat().st_size for run in found["runs"])
    assert sheets + article_runs.FILE.stat().st_size <= 1_000_000
    assert found["test_faces"] == 438 and "/tmp" not in json.dumps(found)


@pytest.mark.parametrize("damage", ["missing", "torn", "other sheet"])
def test_a_damaged_grid_is_one_sentence(damage: str, written: Path) -> None:
    if damage == "torn":
        article_runs.FILE.write_text('{"runs": [{')
    if damage == "other sheet":
        article_runs.SHEETS.mkdir()
        (article_runs.SHEETS / "a.webp").write_bytes(b"of another run")
        article_runs.FILE.write_text(json.dumps({"runs": [{"sheet": "a.webp", "sha256": "0" * 64}]}))
    with pytest.raises(Problem, match="git checkout"):
        article_runs.read_runs()
