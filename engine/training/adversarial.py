"""Training against a critic: the cure for the blur.

A squared error is smallest for the mean of all that could be there, and a mean of mouths is a blurred mouth. A critic
that must tell paint from photograph has no use for a mean: it asks for *one* mouth that could be there. Hinge loss and
a spectrally normalised PatchGAN as in DeepFill v2 (Yu et al., 2019); feature matching, and blame only for patches that
touch the hole, as in LaMa (Suvorov et al., 2022). Pixels count in the mean of 4x4 squares only: where the colours are
is learnt from the truth, how the detail looks is learnt from the critic.
"""

import json
import math
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from tqdm import tqdm

from engine import networks
from engine.models.recipes import Recipe
from engine.networks.discriminator import Critic
from engine.problem import Problem
from engine.restoration import unet_input
from engine.training import checkpoint, loop

SQUARE = 4  # pixels count in the mean of squares of this side
PIXELS, MATCHING = 5.0, 10.0  # weight of both beside the critic's 1
FASTER = 2  # the critic's learning rate over the painter's


def painter_loss(critic: Critic, painted: Tensor, truth: Tensor, seen: Tensor) -> Tensor:
    """What the painting network is blamed for: painted and truth (N, 3, H, W), `draft.seen` (N, 10, H, W)."""
    hidden = seen[:, 3:4]
    touched = patches(hidden)
    *layers, scores = critic.features(painted, seen)
    with torch.no_grad():
        wanted = critic.features(truth, seen)[:-1]
    caught = -(scores * touched).sum() / touched.sum().clamp_min(1)
    matching = torch.stack([F.l1_loss(layer, goal) for layer, goal in zip(layers, wanted, strict=True)]).mean()
    share = hidden.mean().clamp_min(1e-6)
    pixels = F.avg_pool2d(painted - truth, SQUARE).abs().mean() / share
    return caught + MATCHING * matching / share + PIXELS * pixels


def critic_loss(critic: Critic, painted: Tensor, truth: Tensor, seen: Tensor) -> Tensor:
    """Hinge loss: photographs above 1; patches that touch the hole below -1 where painted, the others above 1."""
    touched = patches(seen[:, 3:4])
    real, fake = critic(torch.cat([truth, painted]), torch.cat([seen, seen])).chunk(2)
    return F.relu(1 - real).mean() + (F.relu(1 + fake) * touched + F.relu(1 - fake) * (1 - touched)).mean()


def patches(hidden: Tensor) -> Tensor:
    """Which of the critic's patches (N, 1, H/8, W/8) touch the hole, 1 or 0."""
    return F.max_pool2d(hidden, 8)


def train(
    recipe: Recipe,
    data: loop.Pictures,
    out: Path,
    *,
    place: loop.Place | None = None,
    resume: bool = False,
    test: Callable[[nn.Module], dict[str, float]] | None = None,
    quiet: bool = False,
) -> loop.Trained:
    """As `training.train`, on one process, for a network that paints and begins with the weights of `recipe.start`.

    The critic learns twice as fast as the painter, and from the same pictures. Raises `Problem` as `training.train`.
    """
    place = place or loop.Place.here()
    if place.world > 1:
        raise Problem("Training against a critic runs on one process: start it without torchrun.")
    if not recipe.batch <= len(data):
        raise Problem(
            f"A batch of {recipe.batch} cannot be filled from {len(data)} pictures: choose a smaller --batch."
        )
    torch.manual_seed(recipe.seed)
    painter, averaged = (networks.build(recipe.architecture, recipe.options).to(place.device) for _ in range(2))
    loop.begin_with(recipe.start, painter)
    averaged.load_state_dict(painter.state_dict())
    averaged.requires_grad_(False)
    critic = Critic().to(place.device)
    painter.to(memory_format=torch.channels_last)  # pyright: ignore[reportCallIssue]
    critic.to(memory_format=torch.channels_last)  # pyright: ignore[reportCallIssue]
    optimisers = {
        name: torch.optim.Adam(network.parameters(), recipe.learning_rate, betas=(0.0, 0.99), fused=True)
        for name, network in (("painter", painter), ("critic", critic))
    }
    none, kept = nn.Identity(), {name: out / f"{name}.safetensors" for name in optimisers}
    start, history, seconds = 0, [], 0.0
    if resume:
        checkpoint.restore(kept["critic"], recipe, critic, none, optimisers["critic"])
        start, history, seconds = checkpoint.restore(kept["painter"], recipe, painter, averaged, optimisers["painter"])
    duel = Duel(recipe, data, place, painter, averaged, critic, optimisers["painter"], optimisers["critic"])

    finished, began = True, time.perf_counter() - seconds
    steps = len(data) // recipe.batch
    bar = tqdm(total=recipe.epochs * steps, initial=start * steps, disable=quiet, unit="batch", smoothing=0.05)
    try:
        for epoch in range(start, recipe.epochs):
            row: dict[str, Any] = {"epoch": epoch + 1, **duel.epoch(epoch, steps, bar)}
            if not math.isfinite(row["loss"]):
                raise Problem(f"Training went astray in epoch {epoch + 1}: start again with a smaller --learning-rate.")
            seconds = time.perf_counter() - began
            history.append(row | {"seconds": round(seconds, 1)} | (test(averaged.eval()) if test else {}))
            bar.write(json.dumps(history[-1])) if not quiet else None
            checkpoint.keep(kept["critic"], recipe, critic, none, optimisers["critic"], history)
            checkpoint.keep(kept["painter"], recipe, painter, averaged, optimisers["painter"], history)
    except KeyboardInterrupt:
        finished = False
        bar.write("Stopped: what was learnt so far is kept; go on with --resume.")
    finally:
        bar.close()
    return loop.Trained(averaged.eval(), history, seconds, finished)


@dataclass
class Duel:
    """The two networks, and what they need to learn from each other."""

    recipe: Recipe
    data: loop.Pictures
    place: loop.Place
    painter: nn.Module
    averaged: nn.Module
    critic: Critic
    painting: torch.optim.Optimizer
    judging: torch.optim.Optimizer

    def epoch(self, epoch: int, steps: int, bar: tqdm) -> dict[str, float]:
        """One pass over the data -> mean losses of both."""
        recipe, summed = self.recipe, torch.zeros(2, device=self.place.device)
        batches = self.batches(epoch, steps)
        self.painter.train()
        for layer in self.painter.modules():
            if isinstance(layer, nn.BatchNorm2d):  # what is trained is what will be shipped
                layer.eval()
        with ThreadPoolExecutor(1) as pool:  # drafts the next batch while this one is learnt from
            waiting = pool.submit(next, batches)
            for step in range(steps):
                given, truth = waiting.result()
                waiting = pool.submit(next, batches, (given, truth))
                rate = loop.learning_rate(recipe, epoch * steps + step, recipe.epochs * steps)
                for optimiser, times in ((self.painting, 1), (self.judging, FASTER)):
                    for group in optimiser.param_groups:
                        group["lr"] = times * rate
                with torch.autocast(self.place.device.type, torch.bfloat16, enabled=self.place.bf16):
                    summed += self.step(given.contiguous(memory_format=torch.channels_last), truth)
                loop.average(self.averaged, self.painter, recipe.ema, epoch * steps + step)
                bar.update()
                if step % 50 == 49:
                    painted, judged = (summed / (step + 1)).tolist()
                    bar.set_postfix(epoch=epoch + 1, painter=f"{painted:.3f}", critic=f"{judged:.3f}")
        painted, judged = (summed / steps).tolist()
        return {"loss": painted, "critic_loss": judged}

    def batches(self, epoch: int, steps: int) -> Iterator[tuple[Tensor, Tensor]]:
        """What the painter is shown and what it should have painted, batch by batch."""
        recipe, device = self.recipe, self.place.device
        order = loop.epoch_order(self.data, recipe.seed, epoch)
        generator = torch.Generator(device).manual_seed(recipe.seed * 1_000_003 + epoch)
        for step in range(steps):
            picked = self.data.batch(order[step * recipe.batch : (step + 1) * recipe.batch])
            truth = picked.to(device, non_blocking=True).float() / 255
            given = unet_input.shown(truth, recipe.corruption, recipe.refines, generator)
            if recipe.crop and step % loop.WHOLE:
                given, truth = loop.around_the_hole(given, truth, recipe.crop, generator)
            yield given, truth

    def step(self, given: Tensor, truth: Tensor) -> Tensor:
        """One step of the critic, then one of the painter, on the same painting -> both losses (2,)."""
        painted = self.painter(given)
        self.critic.requires_grad_(True)
        judged = critic_loss(self.critic, painted.detach(), truth, given)
        self.judging.zero_grad(set_to_none=True)
        judged.backward()
        self.judging.step()
        self.critic.requires_grad_(False)
        blamed = painter_loss(self.critic, painted, truth, given)
        self.painting.zero_grad(set_to_none=True)
        blamed.backward()
        self.painting.step()
        return torch.stack([blamed.detach(), judged.detach()])
