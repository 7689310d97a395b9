"""The commands that train, as cards, config.json, the README and a page show them: each runs for whoever has faces.

FACES and TEST_FACES are two tiny folders, data/mnist holds a few digits, and an epoch is one or two batches.
"""

import gzip
import json
import shlex
import struct
from collections.abc import Iterator
from dataclasses import replace
from functools import partialmethod
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from engine.__main__ import main
from engine.datasets import mnist
from engine.models import model_card, weights
from engine.networks import MirroredComponents
from engine.training import article_runs, digit_grid, drafts, pretraining
from pages.lessons.article import FULL_SIZE
from tests.test_readme import engine_commands

FACES, TEST_FACES = 4, 2  # so many: one batch of four
SHORT = {
    "train": ["--epochs", "1", "--device", "cpu", "--quiet"],
    "train-grid": ["--epochs-scale", "0.01", "--size", "16", "--device", "cpu", "--quiet"],
}


def shown() -> list[str]:
    """Every command that trains and is shown somewhere, once."""
    cards = [weights.config(name)["command"] for name in weights.names()]
    readme = [shlex.join(["python", "-m", "engine", *words]) for words in engine_commands()]
    grids = [json.loads(file.read_text())["command"] for file in (article_runs.FILE, pretraining.FILE)]
    return [command for command in dict.fromkeys([*cards, *readme, *grids, FULL_SIZE]) if command.split()[3] in SHORT]


def once() -> list[str]:
    """Of the commands that train the same thing the longest, which has the options of the others."""
    trained: dict[str, str] = {}
    for command in sorted(shown(), key=len, reverse=True):
        trained.setdefault(shlex.split(command)[4], command)
    return list(trained.values())


def options(command: str) -> set[str]:
    return {word for word in shlex.split(command) if word.startswith("--")}


def write_faces(folder: Path, count: int) -> None:
    """Smooth pictures of 128 pixels, laid out as the sources of the shipped models: a folder a source, in train/."""
    draw = np.random.default_rng(count)
    for number in range(count):
        path = folder / "train" / ("ffhq_few" if number % 2 else "gan_hatatori") / f"{number}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        coarse = Image.fromarray(draw.integers(0, 256, (6, 6, 3), dtype=np.uint8))
        coarse.resize((128, 128), Image.Resampling.BICUBIC).save(path)


def write_mnist(folder: Path, digits: mnist.Digits) -> None:
    """The training half as it is published: two packed idx files."""
    folder.mkdir(parents=True)
    for name, values in (("images-idx3", digits.images), ("labels-idx1", digits.labels)):
        header = struct.pack(">ii", 2049 if "labels" in name else 2051, len(digits))
        header += struct.pack(">ii", 28, 28) if "images" in name else b""
        content = header + values.numpy().astype(np.uint8).tobytes()
        (folder / f"train-{name}-ubyte.gz").write_bytes(gzip.compress(content))


@pytest.fixture
def visitor(tmp_path: Path, few_digits: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of somebody who has FACES, TEST_FACES and MNIST, and nothing else."""
    monkeypatch.chdir(tmp_path)
    write_faces(Path("FACES"), FACES)
    write_faces(Path("TEST_FACES"), TEST_FACES)
    write_mnist(Path("data/mnist"), mnist.load(few_digits, "train"))
    for module, name in ((article_runs, "FILE"), (digit_grid, "FILE"), (pretraining, "FILE")):
        monkeypatch.setattr(module, name, tmp_path / f"{module.__name__}.json")
    monkeypatch.setattr(article_runs, "SHEETS", tmp_path / "sheets")
    for name, value in (("SIZES", (2, 5)), ("TAUGHT", ("none",)), ("EPOCHS", 1), ("SHOWN", range(10))):
        monkeypatch.setattr(digit_grid, name, value)
    whole = digit_grid.recipe
    monkeypatch.setattr(digit_grid, "recipe", lambda *words: replace(whole(*words), batch=96))
    # more passes make the axes better, and these are of four faces
    monkeypatch.setattr(MirroredComponents, "fit", partialmethod(MirroredComponents.fit, passes=1))
    for name, value in (("LABELS", (64,)), ("STEPS", (0, 2, 30)), ("SEEDS", 1)):
        monkeypatch.setattr(pretraining, name, value)
    return tmp_path


def test_what_runs_here_stands_for_all_that_is_shown() -> None:
    run = {shlex.split(command)[4]: options(command) for command in once()}
    assert all(options(command) <= run[shlex.split(command)[4]] for command in shown())
    assert run.keys() >= set(weights.names()) | {"article", "initialisation"}
    capitals = {word for command in shown() for word in shlex.split(command) if word.isupper()}
    assert capitals == {"FACES", "TEST_FACES"} and not any("/shared" in command for command in shown())


@pytest.mark.parametrize("command", once(), ids=lambda command: shlex.split(command)[4])
def test_it_trains_on_what_a_visitor_has(command: str, visitor: Path) -> None:
    words = shlex.split(command)
    assert words[:3] == ["python", "-m", "engine"]
    more = list(SHORT[words[3]])
    if words[3] == "train":
        more += ["--batch", "96" if words[4].startswith("digit") else "4"]
    if words[4] == "face-painter":
        more += ["--perceptual", "0"]  # VGG features are an extra
    if words[4] == "article":
        write_faces(visitor / "FACES", 64)  # the article's batch
    assert main([*words[3:], *more]) == 0
    if words[3] == "train":
        out = words[words.index("--out") + 1]
        content = weights.config(out)
        assert content["figures"] and all(np.isfinite(value) for value in content["figures"].values())
        assert content["command"].startswith(command)  # the words it was given, and what made it short
        assert weights.load(out)


def test_a_path_of_this_machine_goes_into_no_card(visitor: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """However it was typed; what stands for it is explained in the card and in config.json."""
    faces, held = str(visitor / "FACES"), str(visitor / "TEST_FACES")
    (visitor / "here").mkdir()
    monkeypatch.chdir(visitor / "here")
    for number, typed in enumerate(
        [
            ["--data", faces, faces, "--test", held, "--out", str(visitor / "there")],
            [f"--data={faces}", f"--test={held}", f"--out={visitor / 'there'}"],
            ["--dat", "../FACES", "--test", "../TEST_FACES", "--out", "../there"],
        ]
    ):
        words = ["train", "face-colouriser", *typed, "--batch", "4", *SHORT["train"]]
        assert main(words) == 0, number
        content, card = weights.config(visitor / "there"), (visitor / "there" / "README.md").read_text()
        again = "python -m engine train face-colouriser --data FACES --test TEST_FACES"
        assert content["command"] == f"{again} --batch 4 --epochs 1 --device cpu"
        assert content["evaluate"] == "python -m engine evaluate runs/face-colouriser --data TEST_FACES"
        assert content["stand_ins"] == model_card.FACES_ARE.replace("\n", " ") and "FACES is a folder" in card
        everything = json.dumps(content) + card
        assert str(visitor) not in everything and "../" not in everything
    start = str(visitor / "there")
    assert main(["train", "face-colouriser", "--data", faces, "--start", start, "--batch", "4", *SHORT["train"]]) == 0
    content = weights.config("runs/face-colouriser")
    assert "--start there" in content["command"] and content["recipe"]["start"] == "there"
    assert main(["evaluate", start, "--data", held, "--write"]) == 0
    assert weights.config(start)["evaluate"] == "python -m engine evaluate there --data TEST_FACES"


def test_digits_from_elsewhere_are_called_mnist(visitor: Path, few_digits: Path) -> None:
    assert main(["train", "digit-map", "--data", str(few_digits), "--batch", "96", *SHORT["train"]]) == 0
    content = weights.config("runs/digit-map")
    assert content["command"] == "python -m engine train digit-map --data MNIST --batch 96 --epochs 1 --device cpu"
    assert content["stand_ins"].startswith("MNIST is the folder")
    assert content["stand_ins"].split()[:4] == model_card.MNIST_IS.split()[:4]
    assert "MNIST is the folder" in Path("runs/digit-map/README.md").read_text()
    assert main(["evaluate", "runs/digit-map", "--data", str(few_digits), "--write"]) == 0
    assert weights.config("runs/digit-map")["evaluate"] == "python -m engine evaluate runs/digit-map --data MNIST"


@pytest.fixture(scope="module", autouse=True)
def drafts_go_afterwards() -> Iterator[None]:
    """185 MB that only this file's painters need."""
    yield
    drafts.shipped.cache_clear()
