"""One plain loop for every recipe: CPU or CUDA, one process or several, interrupted and resumed.

Every random draw of an epoch comes from a generator seeded by (seed, epoch), so that a resumed run sees what an
unbroken one would have seen. With `torchrun` every process draws the whole batch and trains on its own slice.
"""

import json
import math
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import torch
import torch.distributed as dist
from torch import Tensor, nn
from torch.nn.parallel import DistributedDataParallel
from tqdm import tqdm

from engine import files, networks
from engine.models import weights
from engine.models.recipes import Recipe
from engine.problem import Problem
from engine.restoration import unet_input
from engine.training import checkpoint
from engine.training.losses import LOSSES

WHOLE = 10  # one batch in so many shows whole pictures, where the others show squares
SQUARES = 4  # of each picture: a draft of it costs more than learning from a square


class Pictures(Protocol):
    """What training needs of a data set."""

    def __len__(self) -> int: ...

    def batch(self, indices: Tensor) -> Tensor:
        """uint8 (len(indices), C, H, W)."""
        ...


@dataclass
class Trained:
    """What a run leaves behind: the averaged network, its history, seconds trained, and whether it ran to the end."""

    network: nn.Module
    history: list[dict[str, Any]]
    seconds: float
    finished: bool


@dataclass(frozen=True)
class Place:
    """Where this process computes."""

    device: torch.device
    rank: int = 0
    world: int = 1
    bf16: bool = False

    @staticmethod
    def here(device: str | None = None, bf16: bool | None = None) -> "Place":
        """CUDA if there is one; a rank if `torchrun` started this process; bf16 on CUDA (on a CPU where asked for)."""
        rank, world = int(os.environ.get("RANK", 0)), int(os.environ.get("WORLD_SIZE", 1))
        name = device or ("cuda" if torch.cuda.is_available() else "cpu")
        if name == "cuda":
            name = f"cuda:{os.environ.get('LOCAL_RANK', 0)}"
        try:
            place = torch.empty(0, device=name).device
            if place.type == "cuda":
                torch.cuda.set_device(place)
        except (RuntimeError, AssertionError) as error:  # torch has several ways to say so
            raise Problem(f"There is no device '{name}' here: choose cpu, or leave --device out.") from error
        torch.backends.cudnn.benchmark = True
        if world > 1 and not dist.is_initialized():
            dist.init_process_group("nccl" if place.type == "cuda" else "gloo")
        return Place(place, rank, world, place.type == "cuda" if bf16 is None else bf16)


def learning_rate(recipe: Recipe, step: int, steps: int) -> float:
    """Highest rate times: up in a straight line over the first 10 %, down along half a cosine to nearly nothing.

    A function of the step alone: nothing to save, nothing to restore. (Smith and Topin, "Super-Convergence", 2018.)
    """
    if recipe.schedule == "constant":
        return recipe.learning_rate
    if recipe.schedule == "constant, then falling":  # in a straight line over the second half
        return recipe.learning_rate * min(1.0, 2 * (1 - step / steps))
    rise = max(1, steps // 10)
    if step < rise:
        return recipe.learning_rate * (step + 1) / rise
    fall = torch.tensor((step - rise) / max(1, steps - rise) * torch.pi)
    return recipe.learning_rate * (0.001 + 0.999 * (1 + fall.cos().item()) / 2)


def optimiser(recipe: Recipe, network: nn.Module) -> torch.optim.Optimizer:
    """The recipe's optimiser, fused where torch can; Adam, SGD and RMSprop with Keras's defaults, as in the article."""
    parameters, rate, decay = network.parameters(), recipe.learning_rate, recipe.weight_decay
    if recipe.optimiser == "sgd":
        return torch.optim.SGD(parameters, rate, weight_decay=decay, fused=True)
    if recipe.optimiser == "rmsprop":
        return torch.optim.RMSprop(parameters, rate, alpha=0.9, eps=1e-7, weight_decay=decay)
    if recipe.optimiser == "adam":
        return torch.optim.Adam(parameters, rate, eps=1e-7, weight_decay=decay, fused=True)
    return torch.optim.AdamW(parameters, rate, weight_decay=decay, fused=True)


def epoch_order(data: Pictures, seed: int, epoch: int) -> Tensor:
    """Which pictures an epoch shows, in which order (N,): shuffled, or drawn by the data's shares where it has any."""
    generator = torch.Generator().manual_seed(seed * 1_000_003 + epoch)
    shares: Tensor | None = getattr(data, "shares", None)
    if shares is None:
        return torch.randperm(len(data), generator=generator)
    return torch.multinomial(shares, len(data), replacement=True, generator=generator)


def average(averaged: nn.Module, network: nn.Module, decay: float, step: int) -> None:
    """Exponential moving average of the weights; short memory at first, so that the random start is forgotten."""
    decay = min(decay, (1 + step) / (10 + step))
    for kept, new in zip(averaged.state_dict().values(), network.state_dict().values(), strict=True):
        if kept.is_floating_point():
            kept.lerp_(new, 1 - decay)
        else:
            kept.copy_(new)


def train(
    recipe: Recipe,
    data: Pictures,
    out: Path,
    *,
    place: Place | None = None,
    resume: bool = False,
    test: Callable[[nn.Module], dict[str, float]] | None = None,
    tests: int = 10,
    compile_network: bool | None = None,
    quiet: bool = False,
) -> Trained:
    """Train `recipe` on `data`, keeping a checkpoint an epoch in `out`; Ctrl-C keeps what was learnt.

    `test` (network -> figures) is asked `tests` times over the run and after its last epoch. Raises `Problem` if the
    data set is smaller than a batch, `out` cannot be written, `resume` finds no checkpoint of this recipe, or the loss
    is no longer a number; the last good checkpoint stays.
    """
    place = place or Place.here()
    if recipe.optimiser == "closed form":
        return fit(recipe, data, test)
    torch.manual_seed(recipe.seed)
    network = networks.build(recipe.architecture, recipe.options).to(place.device)
    network.to(memory_format=torch.channels_last)  # pyright: ignore[reportCallIssue]
    averaged = networks.build(recipe.architecture, recipe.options).to(place.device).requires_grad_(False)
    if recipe.start:
        begin_with(recipe.start, network)
    averaged.load_state_dict(network.state_dict())
    optimise = optimiser(recipe, network)
    if not place.world <= recipe.batch <= len(data):
        raise Problem(
            f"A batch of {recipe.batch} cannot be filled from {len(data)} pictures on {place.world} processes: choose"
            f" a --batch of {place.world} to {len(data)}."
        )
    steps = len(data) // recipe.batch

    kept = out / "checkpoint.safetensors"
    if place.rank == 0:  # before hours of work, not after
        files.save(kept.with_name("writable"), b"")
        kept.with_name("writable").unlink()
    start, history, seconds = 0, [], 0.0
    if resume:
        start, history, seconds = checkpoint.restore(kept, recipe, network, averaged, optimise)

    model = network
    if place.world > 1:
        if place.device.type == "cuda":
            model = nn.SyncBatchNorm.convert_sync_batchnorm(model)
        model = DistributedDataParallel(model)
    if compile_network if compile_network is not None else place.device.type == "cuda":
        model = torch.compile(model)

    finished = True
    began = time.perf_counter() - seconds
    total = recipe.epochs * steps
    bar = tqdm(total=total, initial=start * steps, disable=quiet or place.rank > 0, unit="batch", smoothing=0.05)
    try:
        for epoch in range(start, recipe.epochs):
            loss, took = run_epoch(recipe, data, epoch, steps, place, model, network, averaged, optimise, bar)
            if not math.isfinite(loss):
                raise Problem(
                    f"Training went astray in epoch {epoch + 1} (the loss is {loss}): start again with a smaller"
                    " --learning-rate."
                )
            seconds = time.perf_counter() - began
            row = {
                "epoch": epoch + 1,
                "loss": loss,
                "learning_rate": optimise.param_groups[0]["lr"],
                "images_per_second": round(steps * recipe.batch / took, 1),
                "seconds": round(seconds, 1),
            }
            if test and ((epoch + 1) % max(1, recipe.epochs // tests) == 0 or epoch + 1 == recipe.epochs):
                row |= test(averaged.eval() if recipe.ema else network.eval())
            history.append(row)
            if place.rank == 0:
                bar.write(json.dumps(row)) if not quiet else None
                checkpoint.keep(kept, recipe, network, averaged, optimise, history)
    except KeyboardInterrupt:
        finished = False
        bar.write("Stopped: what was learnt so far is kept; go on with --resume.")
    finally:
        bar.close()
    best = averaged if recipe.ema else network
    return Trained(best.eval(), history, seconds, finished)


def begin_with(start: str, network: nn.Module) -> None:
    """Give the network the weights of a model, by name or folder; layers that it lacks stay as they are.

    Raises `Problem` if it has layers that the network has not, or of another size.
    """
    try:
        lacking = network.load_state_dict(weights.load(start).state_dict(), strict=False)
    except RuntimeError as error:
        raise Problem(f"The layers of '{Path(start).name}' have other sizes: choose another --start.") from error
    if lacking.unexpected_keys:
        raise Problem(f"'{Path(start).name}' has other layers than the network to be trained: choose another --start.")


def around_the_hole(
    given: Tensor, wanted: Tensor, side: int, generator: torch.Generator, count: int = SQUARES
) -> tuple[Tensor, Tensor]:
    """`count` squares of each picture, each around a hidden pixel: given (N, C, H, W) with the mask in channel 3 and
    wanted (N, 3, H, W) -> (count * N, C, side, side), (count * N, 3, side, side). Places are multiples of 8 pixels."""
    both, size = torch.cat([given, wanted], dim=1), given.shape[-1]
    hidden = given[:, 3].flatten(1) + 1e-9  # where nothing is hidden, anywhere
    pixels = torch.multinomial(hidden, count, generator=generator)
    tops, lefts = (
        ((place - side // 2) // 8 * 8).clamp(0, size - side).tolist() for place in (pixels // size, pixels % size)
    )
    squares = torch.stack(
        [
            picture[:, top : top + side, left : left + side]
            for picture, *places in zip(both, tops, lefts, strict=True)
            for top, left in zip(*places, strict=True)
        ]
    )
    return squares[:, : given.shape[1]], squares[:, given.shape[1] :]


def run_epoch(
    recipe: Recipe,
    data: Pictures,
    epoch: int,
    steps: int,
    place: Place,
    model: Callable[[Tensor], Tensor],
    network: nn.Module,
    averaged: nn.Module,
    optimise: torch.optim.Optimizer,
    bar: tqdm,
) -> tuple[float, float]:
    """One pass over the data -> (mean loss, seconds)."""
    began = time.perf_counter()
    order = epoch_order(data, recipe.seed, epoch)
    seed = recipe.seed * 1_000_003 + epoch
    generator = torch.Generator(place.device).manual_seed(seed)
    torch.manual_seed(seed * place.world + place.rank)  # for a network that draws noise of its own
    loss_of = LOSSES[recipe.loss]
    mine = slice(place.rank * recipe.batch // place.world, (place.rank + 1) * recipe.batch // place.world)
    network.train()
    summed = torch.zeros((), device=place.device)
    for step in range(steps):
        picked = data.batch(order[step * recipe.batch : (step + 1) * recipe.batch])
        target = picked.to(place.device, non_blocking=True).float() / 255
        if recipe.mirror:
            flip = torch.rand(len(target), 1, 1, 1, generator=generator, device=place.device) < 0.5
            target = torch.where(flip, target.flip(3), target)
        given = unet_input.shown(target, recipe.corruption, recipe.refines, generator)[mine]
        wanted = target[mine]
        if recipe.crop and step % WHOLE:
            given, wanted = around_the_hole(given, wanted, recipe.crop, generator)
        given = given.contiguous(memory_format=torch.channels_last)
        for group in optimise.param_groups:
            group["lr"] = learning_rate(recipe, epoch * steps + step, recipe.epochs * steps)
        with torch.autocast(place.device.type, torch.bfloat16, enabled=place.bf16):
            loss = loss_of(model(given), wanted)
        optimise.zero_grad(set_to_none=True)
        loss.backward()
        optimise.step()
        average(averaged, network, recipe.ema, epoch * steps + step)
        summed += loss.detach()
        bar.update()
        if step % 50 == 49:  # the only place where the CPU waits for the GPU
            bar.set_postfix(epoch=epoch + 1, loss=f"{summed.item() / (step + 1):.4f}")
    if place.world > 1:
        dist.all_reduce(summed)
        summed /= place.world
    return summed.item() / steps, time.perf_counter() - began


def fit(recipe: Recipe, data: Pictures, test: Callable[[nn.Module], dict[str, float]] | None) -> Trained:
    """Solve for a network that has its best weights in closed form; its one line of history says what it found."""
    began = time.perf_counter()
    network = networks.build(recipe.architecture, recipe.options).eval()
    parts, shares = torch.arange(len(data)).split(500), getattr(data, "shares", torch.ones(len(data)))
    if isinstance(network, networks.MirroredComponents):
        network.fit(lambda: ((data.batch(part).cpu().float() / 255, shares[part]) for part in parts), seed=recipe.seed)
    elif isinstance(network, networks.LinearAutoencoder):
        network.fit(data.batch(part).float() / 255 for part in parts)
    else:
        raise Problem(f"'{recipe.architecture}' has no closed form: choose another optimiser in its recipe.")
    seconds = round(time.perf_counter() - began, 1)
    return Trained(network, [{"epoch": 1, "seconds": seconds, **(test(network) if test else {})}], seconds, True)
