"""One plain loop for every recipe, supervised or adversarial: CPU or CUDA, interrupted and resumed.

Every random draw of an epoch comes from a generator seeded by (seed, epoch), so that a resumed run sees what an
unbroken one would have seen. With `torchrun` every process draws the whole batch and trains on its own slice.
"""

import json
import math
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import torch
import torch.distributed as dist
from torch import Tensor, nn
from tqdm import tqdm

from engine import networks
from engine.models.recipes import Recipe
from engine.problem import Problem
from engine.training import checkpoint, run_folder
from engine.training.adversarial import Adversarial
from engine.training.batches import Batch, Batches
from engine.training.pictures import Pictures, fingerprint, sampling_weights
from engine.training.place import Place
from engine.training.schedule import learning_rate, set_rate
from engine.training.supervised import Supervised

OFTEN = 50  # steps between two looks at the losses: the only places where the CPU waits for the GPU


class Step(Protocol):
    """How a recipe learns from a batch, and all that a resumed run needs of it."""

    networks: dict[str, nn.Module]
    optimisers: dict[str, torch.optim.Optimizer]

    @property
    def best(self) -> nn.Module:
        """What is measured and shipped, in eval mode."""
        ...

    def learn(self, batch: Batch, number: int, generator: torch.Generator) -> dict[str, Tensor]:
        """One step, the `number`th of the run -> its losses by name, "loss" among them."""
        ...


@dataclass
class Trained:
    """What a run leaves behind: the averaged network, its history, seconds trained, and whether it ran to the end."""

    network: nn.Module
    history: list[dict[str, Any]]
    seconds: float
    finished: bool


@dataclass
class Losses:
    """Means of the losses of an epoch, by name; some are not taken at every step."""

    sums: dict[str, Tensor] = field(default_factory=dict)
    counts: defaultdict[str, int] = field(default_factory=lambda: defaultdict(int))

    def add(self, found: dict[str, Tensor]) -> None:
        for name, value in found.items():
            self.sums[name] = self.sums.get(name, torch.zeros_like(value)) + value
            self.counts[name] += 1

    def means(self, place: Place, epoch: int) -> dict[str, float]:
        """Over all processes; raises `Problem` where one is no number."""
        means = {name: value / self.counts[name] for name, value in self.sums.items()}
        if place.world > 1:
            for value in means.values():
                dist.all_reduce(value)
                value /= place.world
        found = {name: value.item() for name, value in means.items()}
        for name, value in found.items():
            if not math.isfinite(value):
                raise Problem(
                    f"Training went astray in epoch {epoch + 1} (the {name.replace('_', ' ')} is {value}): start again"
                    " with a smaller --learning-rate."
                )
        return found


def train(
    recipe: Recipe,
    data: Pictures,
    out: Path,
    *,
    place: Place | None = None,
    resume: bool = False,
    test: Callable[[nn.Module], dict[str, float]] | None = None,
    tests: int = 10,
    graphs: bool | None = None,
    quiet: bool = False,
) -> Trained:
    """Train `recipe` on `data`, keeping a checkpoint an epoch in `out`; Ctrl-C keeps what was learnt.

    `test` (network -> figures) is asked `tests` times over the run and after its last epoch. On CUDA steps are replayed
    as `graphs`, unless that says otherwise. Raises `Problem` if the data set is smaller than a batch, a run may
    not write into `out` (`run_folder`: what lies there, another run, no room), `resume` finds no checkpoint of this
    recipe and these pictures, or a loss is no longer a number; the last good checkpoint stays.
    """
    place = place or Place.here()
    if place.rank > 0:
        return _train(recipe, data, out, place, resume, test, tests, graphs, True)
    run_folder.check(out, resume)
    with run_folder.held(out):
        return _train(recipe, data, out, place, resume, test, tests, graphs, quiet)


def _train(
    recipe: Recipe,
    data: Pictures,
    out: Path,
    place: Place,
    resume: bool,
    test: Callable[[nn.Module], dict[str, float]] | None,
    tests: int,
    graphs: bool | None,
    quiet: bool,
) -> Trained:
    if recipe.optimiser == "closed form":
        network = networks.build(recipe.architecture, recipe.options)
        run_folder.check_room(out, checkpoint.room({"network": network}, {}))
        return fit(recipe, data, test)
    if not place.world <= recipe.batch <= len(data):
        raise Problem(
            f"A batch of {recipe.batch} cannot be filled from {len(data)} pictures on {place.world} processes: choose"
            f" a --batch of {place.world} to {len(data)}."
        )
    place.prepare()
    torch.manual_seed(recipe.seed)
    graphs = place.records(recipe) if graphs is None else graphs
    step: Step = (Adversarial if recipe.loss == "adversarial" else Supervised)(recipe, place, graphs)
    kept, seen = out / run_folder.CHECKPOINT, fingerprint(data)
    history = checkpoint.restore(kept, recipe, seen, step.networks, step.optimisers) if resume else []
    start, seconds = len(history), history[-1]["seconds"] if history else 0.0
    if place.rank == 0:
        run_folder.check_room(out, checkpoint.room(step.networks, step.optimisers))
    batches, finished, began = Batches(recipe, data, place), True, time.perf_counter() - seconds
    bar = tqdm(
        total=recipe.epochs * batches.steps,
        initial=start * batches.steps,
        disable=quiet,
        unit="batch",
        smoothing=0.05,
    )
    try:
        for epoch in range(start, recipe.epochs):
            row = {"epoch": epoch + 1, **run_epoch(batches, step, epoch, bar)}
            seconds = time.perf_counter() - began
            row["seconds"] = round(seconds, 1)
            if test and ((epoch + 1) % max(1, recipe.epochs // tests) == 0 or epoch + 1 == recipe.epochs):
                row |= test(step.best)
            history.append(row)
            if place.rank == 0:
                bar.write(json.dumps(row)) if not quiet else None
                checkpoint.keep(kept, recipe, seen, step.networks, step.optimisers, history)
    except KeyboardInterrupt:
        finished = False
        bar.write("Stopped: what was learnt so far is kept; go on with --resume.")
    finally:
        bar.close()
    if place.rank == 0 and history and isinstance(step, Adversarial):
        step.keep_discriminator(out)
    return Trained(step.best, history, seconds, finished)


def run_epoch(batches: Batches, step: Step, epoch: int, bar: tqdm) -> dict[str, float]:
    """One pass over the data -> mean losses, the last learning rate, pictures a second."""
    recipe, place, steps = batches.recipe, batches.place, batches.steps
    generator, losses, began = batches.generator(epoch), Losses(), time.perf_counter()
    # for a network that draws noise of its own
    torch.manual_seed((recipe.seed * 1_000_003 + epoch) * place.world + place.rank)
    rate = 0.0
    for number, batch in enumerate(batches.epoch(epoch, generator)):
        rate = learning_rate(recipe, epoch * steps + number, recipe.epochs * steps)
        for optimiser in step.optimisers.values():
            set_rate(optimiser, rate)
        losses.add(step.learn(batch, epoch * steps + number, generator))
        bar.update()
        if number % OFTEN == OFTEN - 1:
            bar.set_postfix({name: f"{mean:.4f}" for name, mean in losses.means(place, epoch).items()}, epoch=epoch + 1)
    found = losses.means(place, epoch)
    speed = steps * recipe.batch / (time.perf_counter() - began)
    return {**found, "learning_rate": rate, "images_per_second": round(speed, 1)}


def fit(recipe: Recipe, data: Pictures, test: Callable[[nn.Module], dict[str, float]] | None) -> Trained:
    """Solve for a network that has its best weights in closed form; its one line of history says what it found."""
    began = time.perf_counter()
    network = networks.build(recipe.architecture, recipe.options).eval()
    parts, drawn = torch.arange(len(data)).split(500), sampling_weights(data, recipe.shares)
    drawn = torch.ones(len(data)) if drawn is None else drawn
    if isinstance(network, networks.MirroredComponents):
        network.fit(lambda: ((data.batch(part).cpu().float() / 255, drawn[part]) for part in parts), seed=recipe.seed)
    elif isinstance(network, networks.LinearAutoencoder):
        network.fit(data.batch(part).float() / 255 for part in parts)
    else:
        raise Problem(f"'{recipe.architecture}' has no closed form: choose another optimiser in its recipe.")
    seconds = round(time.perf_counter() - began, 1)
    return Trained(network, [{"epoch": 1, "seconds": seconds, **(test(network) if test else {})}], seconds, True)
