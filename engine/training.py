"""One plain loop for every recipe: CPU or CUDA, one process or several, interrupted and resumed.

Every random draw of an epoch comes from a generator seeded by (seed, epoch), so that a resumed run sees what an
unbroken one would have seen. With `torchrun` every process draws the whole batch and trains on its own slice.
"""

import json
import math
import os
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Protocol

import safetensors.torch
import torch
import torch.distributed as dist
from torch import Tensor, nn
from torch.nn.parallel import DistributedDataParallel
from tqdm import tqdm

from engine import networks, weights
from engine.corruptions import CORRUPTIONS
from engine.losses import LOSSES
from engine.problem import Problem
from engine.recipes import Recipe


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
    rise = max(1, steps // 10)
    if step < rise:
        return recipe.learning_rate * (step + 1) / rise
    fall = torch.tensor((step - rise) / max(1, steps - rise) * torch.pi)
    return recipe.learning_rate * (0.001 + 0.999 * (1 + fall.cos().item()) / 2)


def optimiser(recipe: Recipe, network: nn.Module) -> torch.optim.Optimizer:
    """The recipe's optimiser, fused where torch can."""
    parameters, rate, decay = network.parameters(), recipe.learning_rate, recipe.weight_decay
    if recipe.optimiser == "sgd":
        return torch.optim.SGD(parameters, rate, momentum=0.9, weight_decay=decay, fused=True)
    if recipe.optimiser == "rmsprop":
        return torch.optim.RMSprop(parameters, rate, weight_decay=decay)
    kind = torch.optim.Adam if recipe.optimiser == "adam" else torch.optim.AdamW
    return kind(parameters, rate, weight_decay=decay, fused=True)


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
    compile_network: bool | None = None,
    quiet: bool = False,
) -> Trained:
    """Train `recipe` on `data`, keeping a checkpoint an epoch in `out`; Ctrl-C keeps what was learnt.

    `test` (network -> figures) is asked ten times over the run and after its last epoch. Raises `Problem` if the data
    set is smaller than a batch, `out` cannot be written, `resume` finds no checkpoint of this recipe, or the loss is
    no longer a number; the last good checkpoint stays.
    """
    place = place or Place.here()
    if recipe.optimiser == "closed form":
        return fit(recipe, data, test)
    torch.manual_seed(recipe.seed)
    network = networks.build(recipe.architecture, recipe.options).to(place.device)
    network.to(memory_format=torch.channels_last)  # pyright: ignore[reportCallIssue]
    averaged = networks.build(recipe.architecture, recipe.options).to(place.device).requires_grad_(False)
    averaged.load_state_dict(network.state_dict())
    optimise = optimiser(recipe, network)
    if not place.world <= recipe.batch <= len(data):
        raise Problem(
            f"A batch of {recipe.batch} cannot be filled from {len(data)} pictures on {place.world} processes: choose"
            f" a --batch of {place.world} to {len(data)}."
        )
    steps = len(data) // recipe.batch

    checkpoint = out / "checkpoint.safetensors"
    if place.rank == 0:  # before hours of work, not after
        weights.save(checkpoint.with_name("writable"), b"")
        checkpoint.with_name("writable").unlink()
    start, history, seconds = 0, [], 0.0
    if resume:
        start, history, seconds = restore(checkpoint, recipe, network, averaged, optimise)

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
            if test and ((epoch + 1) % max(1, recipe.epochs // 10) == 0 or epoch + 1 == recipe.epochs):
                row |= test(averaged.eval() if recipe.ema else network.eval())
            history.append(row)
            if place.rank == 0:
                bar.write(json.dumps(row)) if not quiet else None
                keep(checkpoint, recipe, network, averaged, optimise, history)
    except KeyboardInterrupt:
        finished = False
        bar.write("Stopped: what was learnt so far is kept; go on with --resume.")
    finally:
        bar.close()
    best = averaged if recipe.ema else network
    return Trained(best.eval(), history, seconds, finished)


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
    corrupt, loss_of = CORRUPTIONS[recipe.corruption], LOSSES[recipe.loss]
    mine = slice(place.rank * recipe.batch // place.world, (place.rank + 1) * recipe.batch // place.world)
    network.train()
    summed = torch.zeros((), device=place.device)
    for step in range(steps):
        picked = data.batch(order[step * recipe.batch : (step + 1) * recipe.batch])
        target = picked.to(place.device, non_blocking=True).float() / 255
        if recipe.mirror:
            flip = torch.rand(len(target), 1, 1, 1, generator=generator, device=place.device) < 0.5
            target = torch.where(flip, target.flip(3), target)
        given = corrupt(target, generator)[mine].contiguous(memory_format=torch.channels_last)
        for group in optimise.param_groups:
            group["lr"] = learning_rate(recipe, epoch * steps + step, recipe.epochs * steps)
        with torch.autocast(place.device.type, torch.bfloat16, enabled=place.bf16):
            loss = loss_of(model(given), target[mine])
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
    if not isinstance(network, networks.LinearAutoencoder):
        raise Problem(f"'{recipe.architecture}' has no closed form: choose another optimiser in its recipe.")
    network.fit(data.batch(part).float() / 255 for part in torch.arange(len(data)).split(1000))
    seconds = round(time.perf_counter() - began, 1)
    return Trained(network, [{"epoch": 1, "seconds": seconds, **(test(network) if test else {})}], seconds, True)


# ---------------------------------------------------------------- checkpoints


def keep(
    path: Path,
    recipe: Recipe,
    network: nn.Module,
    averaged: nn.Module,
    optimise: torch.optim.Optimizer,
    history: list[dict[str, Any]],
) -> None:
    """Write all that a resumed run needs, whole or not at all; safetensors only, as everywhere."""
    tensors = {f"network/{name}": value for name, value in network.state_dict().items()}
    tensors |= {f"averaged/{name}": value for name, value in averaged.state_dict().items()}
    for index, state in optimise.state_dict()["state"].items():
        tensors |= {f"optimiser/{index}/{name}": value for name, value in state.items() if value is not None}
    header = {"recipe": json.dumps(asdict(recipe)), "history": json.dumps(history)}
    content = {name: value.detach().cpu().contiguous() for name, value in tensors.items()}
    weights.save(path, safetensors.torch.save(content, header))
    weights.save(path.with_name("history.jsonl"), "".join(json.dumps(row) + "\n" for row in history).encode())


def restore(
    path: Path, recipe: Recipe, network: nn.Module, averaged: nn.Module, optimise: torch.optim.Optimizer
) -> tuple[int, list[dict[str, Any]], float]:
    """Bring a checkpoint back in place -> (epochs done, history, seconds trained)."""
    try:
        with safetensors.safe_open(path, "pt") as file:
            header = file.metadata()
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
        saved, history = json.loads(header["recipe"]), json.loads(header["history"])
    except (OSError, ValueError, KeyError, TypeError, safetensors.SafetensorError) as error:
        raise Problem(
            f"There is no readable checkpoint in '{path.parent.name}' to resume: start without --resume."
        ) from error
    if saved != json.loads(json.dumps(asdict(recipe))):
        raise Problem(
            f"The checkpoint in '{path.parent.name}' belongs to another recipe or to other settings of it: give the"
            " same ones, or choose another --out."
        )

    def part(prefix: str) -> dict[str, Tensor]:
        return {name.removeprefix(prefix): value for name, value in tensors.items() if name.startswith(prefix)}

    network.load_state_dict(part("network/"))
    averaged.load_state_dict(part("averaged/"))
    state: dict[int, dict[str, Tensor]] = {}
    for name, value in part("optimiser/").items():
        index, key = name.split("/")
        state.setdefault(int(index), {})[key] = value
    optimise.load_state_dict({"state": state, "param_groups": optimise.state_dict()["param_groups"]})
    for parameter, held in optimise.state.items():  # a fused step reads weight and state in one order of memory
        for key, value in held.items():
            if value.shape == parameter.shape:
                held[key] = torch.empty_like(parameter).copy_(value)
    return len(history), history, history[-1]["seconds"] if history else 0.0
