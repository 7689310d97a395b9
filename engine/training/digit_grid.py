"""How few numbers does a digit need, and which noise teaches best? Small networks for the lessons, measured.

`python -m engine train-grid digits` trains 784-k-784 and 784-256-k-256-784 for every code size k beside the k first
principal components, and 784-50-784 on clean digits, on one level of noise and on a whole range, and writes what each
makes of ten test digits. Bourlard and Kamp (1988): one hidden layer cannot beat principal components by much; where it
can, and where it falls behind, is what a page shows.
"""

import base64
import json
import tempfile
import time
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from tqdm import tqdm

from engine import files, images, metrics, tables
from engine.corruptions import noise
from engine.datasets import mnist
from engine.models import weights
from engine.models.recipes import RECIPES, Recipe
from engine.networks import LinearAutoencoder, in_parts
from engine.problem import Problem
from engine.training import loop, measured

FILE = weights.FOLDER / "grid-digits.json"
SIZES = (2, 5, 10, 20, 50, 100, 200, 300)
SHALLOW, DEEP, COMPONENTS = "one layer", "two layers", "principal components"
METHODS = (SHALLOW, DEEP, COMPONENTS)
TAUGHT = ("none", "gaussian 0.2", "gaussian 0.6", "gaussian 0-0.8")  # what 784-50-784 is shown
LEVELS = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8)  # sigma at which it is asked
SHOWN = (3, 5, 35, 32, 4, 23, 11, 0, 110, 12)  # legible test digits, 0 to 9
ASKED = 2000  # test digits under each level of noise
EPOCHS = 15


def recipe(size: int, kind: str, corruption: str = "none") -> Recipe:
    """784-size-784, or with a layer of 256 on either side, to the smallest squared error."""
    sizes = [size] if kind == SHALLOW else [256, size]
    options = {"sizes": sizes}
    return replace(
        RECIPES["digit-autoencoder"], options=options, loss="mse", epochs=EPOCHS, corruption=corruption, ema=0.99
    )


def train(wanted: Recipe, data: mnist.Digits) -> nn.Module:
    """The network of one recipe, trained by the loop of all the others."""
    with tempfile.TemporaryDirectory() as folder:
        return loop.train(wanted, data, Path(folder) / "run", quiet=True).network


def write(data: mnist.Digits, command: str) -> dict[str, Any]:
    """Train and measure all; writes `FILE` and returns what it holds."""
    began, held = time.perf_counter(), mnist.test_half()
    unseen = held.images.float() / 255
    ten = unseen[list(SHOWN)]
    components = LinearAutoencoder(max(SIZES))
    components.fit(part.float() / 255 for part in data.images.split(500))
    rows = []
    for size in tqdm(SIZES, unit="size"):
        ways = {kind: train(recipe(size, kind), data) for kind in (SHALLOW, DEEP)}
        asked: dict[str, Any] = {**ways, COMPONENTS: partial(_first, components, size)}
        for method, network in asked.items():
            error = metrics.mse(in_parts(network, unseen), unseen).mean().item()
            rows.append({"size": size, "method": method, "mse": round(error, 5), "ten": _sheet(in_parts(network, ten))})
    levels = []
    for taught in tqdm(TAUGHT, unit="noise"):
        network = train(recipe(50, SHALLOW, taught), data)
        for level in LEVELS:
            noisy = noise.gaussian_noise(unseen[:ASKED], level, torch.Generator().manual_seed(0))
            error = metrics.mse(in_parts(network, noisy), unseen[:ASKED]).mean().item()
            levels.append({"taught": taught, "level": level, "mse": round(error, 5)})
    found = {
        **measured.made_by(command, began),
        "epochs": EPOCHS,
        "trained_on": len(data),
        "test_digits": len(held),
        "noisy_digits": ASKED,
        "sizes": rows,
        "levels": levels,
    }
    files.save(FILE, json.dumps(found).encode())
    return found


def _first(components: LinearAutoencoder, count: int, pictures: Tensor) -> Tensor:
    """Pictures through the first `count` components."""
    return components.decode(components.encode(pictures)[:, :count])


def _sheet(ten: Tensor) -> str:
    """Ten digits side by side as a PNG, base64."""
    return base64.b64encode(images.encode(images.tiled(ten, len(ten)), "png")).decode()


def read() -> dict[str, Any]:
    """What `write` found; raises `Problem` where the file is missing or damaged."""
    found = tables.read_shipped(FILE, format_table)
    if found is None:
        raise Problem(
            "The measured digits of the lessons are missing or damaged: `git checkout -- weights` brings them back,"
            " `python -m engine train-grid digits` measures them again."
        )
    return found


def errors(found: dict[str, Any], size: int) -> dict[str, float]:
    """Method -> mean squared error on the test digits, through a code of that size."""
    return {row["method"]: row["mse"] for row in found["sizes"] if row["size"] == size}


def errors_under_noise(found: dict[str, Any], level: float) -> dict[str, float]:
    """What a network was taught with -> its mean squared error under noise of that level."""
    return {row["taught"]: row["mse"] for row in found["levels"] if row["level"] == level}


def format_table(found: dict[str, Any]) -> str:
    """Mean squared error on the test digits: code sizes down, then levels of noise down."""
    sizes = [(size, *(errors(found, size)[method] for method in METHODS)) for size in SIZES]
    levels = [(level, *(errors_under_noise(found, level)[taught] for taught in TAUGHT)) for level in LEVELS]
    return "\n\n".join([tables.markdown(("code size", *METHODS), sizes), tables.markdown(("sigma", *TAUGHT), levels)])
