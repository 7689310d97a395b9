"""Every shipped model measured side by side in one run: the table of the README."""

import time
from collections.abc import Callable, Mapping
from datetime import date
from statistics import median
from typing import Any

import torch
from torch import Tensor

from engine import tables
from engine.datasets import mnist
from engine.datasets.faces import FaceFiles
from engine.evaluation import figures
from engine.models import model_card, weights
from engine.restoration import unet_input

LEADING = {
    "faces": (
        "hole_psnr",
        "hole_ssim",
        "set_sharpness",
        "whole_mse",
        "largest_channel_agreement",
        "mse",
        "frame_found",
    ),
    "digits": ("mse_sigma_0.3", "mse_sigma_0.0", "mse", "knn_accuracy"),
}


def milliseconds(network: Callable[[Tensor], Tensor], shape: tuple[int, ...], repeats: int = 30) -> float:
    """Median processor time of one picture through a network or method, one thread, float32, after a warm-up: what else
    the machine has to do does not count."""
    picture = torch.rand(1, *shape)
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        times = []
        with torch.inference_mode():
            for _ in range(repeats + 5):
                began = time.process_time()
                network(picture)
                times.append(time.process_time() - began)
    finally:
        torch.set_num_threads(threads)
    return 1000 * median(times[5:])


def table(faces: FaceFiles | None, *, seed: int = 0) -> str:
    """A Markdown table, a row a model; face models only where test faces are given."""
    rows = []
    for name in weights.names():
        content: dict[str, Any] = weights.config(name)
        kind = content["recipe"]["data"]
        if kind == "faces" and faces is None:
            continue
        network = weights.load(name)
        found = figures.figures(network, content["recipe"], faces if kind == "faces" else mnist.test_half(), seed=seed)
        said = ", ".join(f"{key.replace('_', ' ')} {found[key]:.4g}" for key in LEADING[kind] if key in found)
        size = weights.sizes(name)
        took = milliseconds(network, shown(content["recipe"]) if kind == "faces" else (1, 28, 28))
        rows.append((f"`{name}`", said, size["parameters"], f"{size['bytes'] / 1e6:.1f} MB", f"{took:.2f}"))
    columns = ("model", "figures on its test data", "parameters", "file", "ms a picture, one CPU thread")
    return tables.markdown(columns, rows)


def shown(recipe: Mapping[str, Any]) -> tuple[int, ...]:
    """The shape of what a network of faces is shown, without the batch."""
    face, generator = torch.rand(1, 3, 128, 128), torch.Generator().manual_seed(0)
    return tuple(unet_input.shown(face, recipe["corruption"], recipe.get("refines", ""), generator).shape[1:])


def header(command: str, seed: int) -> dict[str, Any]:
    """What the JSON of a benchmark says first: how, where and when it was measured."""
    return {
        "command": command,
        "hardware": model_card.hardware("cpu"),
        "date": date.today().isoformat(),
        "seed": seed,
    }
