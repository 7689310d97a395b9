"""Every recipe can be followed, and one that cannot says why."""

import dataclasses
import json
from typing import Any

import pytest

from engine import networks
from engine.corruptions.named import CORRUPTIONS
from engine.evaluation import figures
from engine.models.recipes import RECIPES, recipe
from engine.problem import Problem
from engine.training.losses import IN_THE_HOLE, LOSSES


@pytest.mark.parametrize("name", RECIPES)
def test_every_word_of_a_recipe_is_known(name: str) -> None:
    found = recipe(name)
    assert found.name == name
    assert found.architecture in networks.ARCHITECTURES
    assert found.corruption in CORRUPTIONS
    assert found.loss in {*LOSSES, IN_THE_HOLE, "adversarial"}  # training.adversarial has the last
    assert found.figures in figures.FIGURES
    assert found.title and "\n" not in found.title


@pytest.mark.parametrize("name", RECIPES)
def test_a_recipe_survives_its_config_file(name: str) -> None:
    """config.json and checkpoints carry it as JSON, and `--resume` compares the two."""
    described = dataclasses.asdict(recipe(name))
    assert json.loads(json.dumps(described)) == described


def test_a_recipe_cannot_be_changed_by_accident() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        recipe("digit-map").seed = 1  # type: ignore[misc]


def test_an_unknown_recipe_lists_the_known_ones() -> None:
    with pytest.raises(Problem, match="no recipe 'nonsense'.*face-autoencoder"):
        recipe("nonsense")


@pytest.mark.parametrize(
    "change", [{"epochs": 0}, {"batch": 0}, {"batch": -8}, {"learning_rate": 0.0}, {"learning_rate": float("nan")}]
)
def test_an_impossible_recipe_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(Problem, match="--" + next(iter(change)).replace("_", "-")):
        dataclasses.replace(recipe("digit-map"), **change)


def test_what_the_article_and_the_slides_ask_for() -> None:
    face, digit = recipe("face-autoencoder"), recipe("digit-denoiser")
    assert (face.corruption, face.loss, face.batch) == ("article box", "mse", 64)
    assert (digit.options, digit.batch) == ({"sizes": [50]}, 256)
