"""What an interrupted training run needs to go on: weights, their average, optimiser and history, in one file."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import safetensors.torch
import torch
from torch import Tensor, nn

from engine import files
from engine.models.recipes import Recipe
from engine.problem import Problem


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
    files.save(path, safetensors.torch.save(content, header))
    files.save(path.with_name("history.jsonl"), "".join(json.dumps(row) + "\n" for row in history).encode())


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
