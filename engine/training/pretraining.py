"""Does a classifier learn sooner from the weights of an autoencoder? The slides' "weight initialisation", measured.

Yang Che-Min, "Auto-Encoder" (National Dong Hwa University): gradient descent from a random start is slow to reach the
lowest loss, and pre-training by an autoencoder gives a better start. Here a classifier 784-512-256-10 starts once at
random and once from the first two layers of `digit-code-50`, which has seen 60,000 digits and no label, and learns
from few labels. `python -m engine train-grid initialisation` writes the curves that a page shows.
"""

import json
import time
from collections.abc import Mapping, Sequence
from statistics import mean
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from tqdm import tqdm

from engine import files, tables
from engine.datasets import mnist
from engine.models import weights
from engine.networks import Autoencoder, in_parts
from engine.problem import Problem
from engine.training import measured

FILE = weights.FOLDER / "grid-initialisation.json"
MODEL = "digit-code-50"
LABELS = (100, 300, 1000, 3000, 10_000, 60_000)
OPTIMISERS = {"gradient descent": (torch.optim.SGD, 0.1), "Adam": (torch.optim.Adam, 0.001)}
STARTS = ("random", "autoencoder")
STEPS = (0, 1, 3, 6, 10, 20, 30, 60, 100, 200, 300, 600, 1000)  # after which the test digits are asked
HEADS = ("optimiser", "labels", "random, 30 steps", "autoencoder", "random, {last} steps", "autoencoder")
BATCH, SEEDS = 64, 5


def build_classifier(start: str, generator: torch.Generator) -> nn.Sequential:
    """Images (N, 784) -> scores (N, 10); the last layer is random in either case, so are the others for "random".

    Random is He's (Kaiming He et al., "Delving Deep into Rectifiers", 2015): the best a random start can do here.
    """
    layers = [nn.Linear(784, 512), nn.Linear(512, 256), nn.Linear(256, 10)]
    for layer in layers:
        nn.init.kaiming_normal_(layer.weight, nonlinearity="relu", generator=generator)
        nn.init.zeros_(layer.bias)
    if start == "autoencoder":
        layers[:2] = load_pretrained()
    first, second, last = layers
    return nn.Sequential(first, nn.ReLU(), second, nn.ReLU(), last)


def load_pretrained() -> list[nn.Linear]:
    """The two layers 784-512-256 of the autoencoder's encoder, each with its batch normalisation multiplied in."""
    encoder = weights.shared(MODEL, Autoencoder).encoder
    linear = [layer for layer in encoder if isinstance(layer, nn.Linear)][:2]
    norms = [layer for layer in encoder if isinstance(layer, nn.BatchNorm1d)]
    return [fold_norm(layer, norm) for layer, norm in zip(linear, norms, strict=True)]


def fold_norm(layer: nn.Linear, norm: nn.BatchNorm1d) -> nn.Linear:
    """One layer that does what the two do in evaluation: w (x - mean) / deviation + b is linear in x."""
    assert norm.running_var is not None and norm.running_mean is not None
    scale = norm.weight / (norm.running_var + norm.eps).sqrt()
    single = nn.Linear(layer.in_features, layer.out_features)
    with torch.no_grad():
        single.weight.copy_(layer.weight * scale[:, None])
        single.bias.copy_((layer.bias - norm.running_mean) * scale + norm.bias)
    return single


def measure_curve(
    start: str, optimiser: str, images: Tensor, labels: Tensor, held: mnist.Digits, seed: int
) -> list[float]:
    """Accuracy on `held` after each of `STEPS`, learning from images (N, 784) in [0, 1] and their labels (N,).

    The batches and the last layer depend on the seed alone, so both starts see the same.
    """
    generator = torch.Generator().manual_seed(seed)
    network = build_classifier(start, generator)
    kind, rate = OPTIMISERS[optimiser]
    optimise = kind(network.parameters(), lr=rate)
    unseen, found = held.images.float().flatten(1) / 255, []
    for step in range(STEPS[-1] + 1):
        if step in STEPS:
            right = in_parts(network, unseen, 2000).argmax(1) == held.labels
            found.append(round(right.float().mean().item(), 4))
        batch = torch.randint(len(images), (BATCH,), generator=generator)
        loss = F.cross_entropy(network(images[batch]), labels[batch])
        optimise.zero_grad()
        loss.backward()
        optimise.step()
    return found


def write_curves(data: mnist.Digits, command: str) -> dict[str, Any]:
    """Every optimiser, number of labels, start and seed; writes `FILE` and returns what it holds."""
    began, rows = time.perf_counter(), []
    held = mnist.test_half()
    wanted = [(o, count, s) for o in OPTIMISERS for count in LABELS for s in STARTS]
    if len(data) < max(LABELS):
        raise Problem(f"{max(LABELS):,} digits with labels are needed, and these are {len(data):,}: give MNIST.")
    for optimiser, count, start in tqdm(wanted, unit="start"):
        accuracy = []
        for seed in range(SEEDS):
            chosen = torch.randperm(len(data), generator=torch.Generator().manual_seed(seed))[:count]
            images = data.batch(chosen).float().flatten(1) / 255
            accuracy.append(measure_curve(start, optimiser, images, data.labels[chosen], held, seed))
        rows.append({"optimiser": optimiser, "labels": count, "start": start, "accuracy": accuracy})
    found = {
        **measured.made_by(command, began),
        "model": MODEL,
        "test_digits": len(held),
        "steps": list(STEPS),
        "rows": rows,
    }
    files.save(FILE, json.dumps(found).encode())
    return found


def read_curves() -> dict[str, Any]:
    """What `write_curves` found; raises `Problem` where the file is missing or damaged."""
    found = tables.read_shipped(FILE, format_table)
    if found is None:
        raise Problem(
            "The curves of the better start are missing or damaged: `git checkout -- weights` brings them back, `python"
            " -m engine train-grid initialisation` measures them again."
        )
    return found


def summarise_accuracies(
    found: dict[str, Any], optimiser: str, labels: int
) -> dict[str, list[tuple[float, float, float]]]:
    """Start -> lowest, mean and highest accuracy of the seeds after each of the steps."""
    return {
        row["start"]: [(min(seeds), mean(seeds), max(seeds)) for seeds in zip(*row["accuracy"], strict=True)]
        for row in found["rows"]
        if (row["optimiser"], row["labels"]) == (optimiser, labels)
    }


def format_table(found: dict[str, Any], heads: Sequence[str] = HEADS, names: Mapping[str, str] | None = None) -> str:
    """Mean accuracy after 30 steps and at the end, the random start beside the autoencoder's.

    Heads and the names of the optimisers in any language, `{last}` for the number of steps.
    """
    early, last = found["steps"].index(30), found["steps"][-1]
    rows = []
    for row in found["rows"][::2]:
        both = summarise_accuracies(found, row["optimiser"], row["labels"])
        cells = [both[start][step][1] for step in (early, -1) for start in STARTS]
        optimiser = names[row["optimiser"]] if names else row["optimiser"]
        rows.append((optimiser, row["labels"], *(f"{100 * cell:.1f} %" for cell in cells)))
    return tables.markdown([head.format(last=f"{last:,}") for head in heads], rows)
