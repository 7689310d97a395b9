"""The process of a live run: reads settings, trains by the loop of the shipped weights, says what it finds.

Where no server has forked a nest for it, `python -m engine.training.live_worker` takes one line of JSON on its input
(`live.Settings`) and answers in lines.
"""

import base64
import json
import math
import os
import select
import sys
import time
from collections.abc import Callable
from typing import Any, TextIO

import torch
from torch import Tensor, nn
from tqdm import tqdm

from engine import images, metrics
from engine.corruptions.named import CORRUPTIONS
from engine.datasets import mnist
from engine.models import weights
from engine.networks import Autoencoder
from engine.problem import Problem
from engine.training import live, loop
from engine.training.batches import Batch, Batches
from engine.training.digit_grid import SHOWN
from engine.training.live_nest import NICE
from engine.training.place import Place
from engine.training.supervised import Supervised

Tell = Callable[[dict[str, Any]], None]
OFTEN = 8  # batches between two points of the curve
ON_THE_MAP = 600  # digits
PATIENCE = 600  # seconds that a process waits for settings


def split() -> tuple[mnist.Digits, mnist.Digits]:
    """The shipped test digits in two: to learn from, and to judge by; the ten that are shown are never learnt from."""
    digits = mnist.test_half()
    order = torch.randperm(len(digits), generator=torch.Generator().manual_seed(live.SPLIT_SEED))
    shown = torch.isin(order, torch.tensor(SHOWN))
    order = torch.cat([order[~shown], order[shown]])
    known, judged = order[: live.TRAINED_ON], order[-live.JUDGED_ON :]
    return tuple(mnist.Digits(digits.images[part], digits.labels[part]) for part in (known, judged))  # pyright: ignore[reportReturnType]


class Watched:
    """A step of the loop whose network is judged every `OFTEN` batches."""

    def __init__(self, inner: Supervised, judge: Callable[[nn.Module, float], None], steps: int):
        self.inner, self.judge, self.steps = inner, judge, steps
        self.networks, self.optimisers = inner.networks, inner.optimisers

    @property
    def best(self) -> nn.Module:
        """As the inner step has it."""
        return self.inner.best

    def learn(self, batch: Batch, number: int, generator: torch.Generator) -> dict[str, Tensor]:
        """One step; raises `Problem` as soon as the loss is no number."""
        found = self.inner.learn(batch, number, generator)
        if number % OFTEN == OFTEN - 1:
            if not math.isfinite(found["loss"].item()):
                raise Problem("The loss is no longer a number: the steps are too long. Choose a smaller learning rate.")
            self.judge(self.inner.best, (number + 1) / self.steps)
        return found


def train(settings: live.Settings, tell: Tell) -> None:
    """Train and tell: points, epochs from 0 on, and at the end the weights, or why there are none."""
    recipe, (known, held) = settings.recipe(), split()
    torch.manual_seed(recipe.seed)
    place, began = Place(torch.device("cpu")), time.perf_counter()
    unseen = held.images.float() / 255
    ten = mnist.test_half().images[list(SHOWN)].float() / 255
    spoilt, given = (
        CORRUPTIONS[recipe.corruption](part, torch.Generator().manual_seed(recipe.seed)) for part in (unseen, ten)
    )

    def judge(network: nn.Module, epoch: float) -> None:
        with torch.inference_mode():
            error = metrics.mse(network(spoilt), unseen).mean().item()
        if not math.isfinite(error):
            raise Problem("The answers are no longer numbers: the steps are too long. Choose a smaller learning rate.")
        seconds = round(time.perf_counter() - began, 2)
        tell({"kind": "point", "epoch": round(epoch, 3), "error": error, "seconds": seconds})

    def show(network: nn.Module, epoch: int) -> None:
        with torch.inference_mode():
            row = images.tiled(network(given), len(ten))
            url = images.data_url(row, "png")
            found = {"kind": "epoch", "epoch": epoch, "ten": url}
            if settings.code_size == 2 and isinstance(network, Autoencoder):
                codes = network.encode(unseen[:ON_THE_MAP])
                found["map"] = [[round(x, 2), round(y, 2)] for x, y in codes.tolist()]
                found["classes"] = held.labels[:ON_THE_MAP].tolist()
        tell(found)

    batches = Batches(recipe, known, place)
    step = Watched(Supervised(recipe, place, False), judge, batches.steps)
    try:
        judge(step.best, 0)
        show(step.best, 0)
        for epoch in range(recipe.epochs):
            loop.run_epoch(batches, step, epoch, tqdm(disable=True))
            judge(step.best, epoch + 1)
            show(step.best, epoch + 1)
        content = packed(step.best)
    except Problem as problem:
        tell({"kind": "stopped", "why": problem.sentence, "values": problem.values})
        return
    tell({"kind": "done", "weights": base64.b64encode(content).decode()})


def packed(network: nn.Module) -> bytes:
    """Its weights as safetensors; raises `Problem` where they have left half precision."""
    try:
        return weights.pack(dict(network.state_dict()))
    except Problem as problem:
        raise Problem("The weights have grown beyond all bounds: choose a smaller learning rate.") from problem


def prepare() -> None:
    """What torch loads when the first optimiser is made, and the digits; no backward pass: after one, no fork."""
    torch.set_num_threads(1)  # the threads of the process that this one was forked from are not here
    recipe = live.Settings(noise="0.2").recipe()
    Supervised(recipe, Place(torch.device("cpu")), False)
    split()


def rehearse() -> None:
    """One step of a small run, for nobody: what torch loads at its first step is loaded before anybody waits."""
    recipe, digits = live.Settings(batch=8, noise="0.2").recipe(), mnist.test_half()
    few = mnist.Digits(digits.images[:8], digits.labels[:8])
    place = Place(torch.device("cpu"))
    loop.run_epoch(Batches(recipe, few, place), Supervised(recipe, place, False), 0, tqdm(disable=True))


def serve(asked: TextIO, answer: TextIO) -> None:
    """Read settings, if any come, and train."""
    if line := asked.readline():
        train(live.Settings(**json.loads(line)), lambda said: print(json.dumps(said), file=answer, flush=True))


def main() -> None:
    """Wait for settings, train, end."""
    if hasattr(os, "nice"):
        os.nice(NICE)
    torch.set_num_threads(1)
    rehearse()
    if select.select([sys.stdin], [], [], PATIENCE)[0]:
        serve(sys.stdin, sys.stdout)


if __name__ == "__main__":
    main()
