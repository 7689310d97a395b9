"""How fast training is: a row a model, counted by the clock."""

from dataclasses import replace

import pytest
import torch

from engine.models.recipes import RECIPES
from engine.training import speed
from engine.training.place import Place
from tests.engine.training.test_adversarial import LARGE

CPU = Place(torch.device("cpu"))


def test_a_row_a_model_with_the_devices_name(monkeypatch: pytest.MonkeyPatch) -> None:
    small = replace(RECIPES["face-autoencoder"], options={"channels": [4, 4, 8, 8], "code_size": 8})
    monkeypatch.setattr(speed, "RECIPES", {"face-painter": LARGE, "face-autoencoder": small})
    head, _, *rows = speed.table(CPU, steps=2).splitlines()
    assert "CPU, 1 threads" in head and [row.split("`")[1] for row in rows] == list(speed.NAMES)
    assert all(float(row.split("|")[-2].replace(",", "")) > 0 for row in rows)
