"""What an interrupted run needs to go on: all its networks and optimisers, its history and what it saw, in one file."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import safetensors.torch
import torch
from torch import Tensor, nn

from engine import files
from engine.models.recipes import Recipe
from engine.problem import Problem

Networks = Mapping[str, nn.Module]
Optimisers = Mapping[str, torch.optim.Optimizer]


def keep(
    path: Path,
    recipe: Recipe,
    pictures: str,
    networks: Networks,
    optimisers: Optimisers,
    history: list[dict[str, Any]],
) -> None:
    """Write all that a resumed run needs, whole or not at all; safetensors only, as everywhere.

    `pictures`: the fingerprint of the data. One file, so that networks that learn from each other stay in step.
    """
    tensors = {
        f"network/{part}/{name}": value
        for part, network in networks.items()
        for name, value in network.state_dict().items()
    }
    for part, optimiser in optimisers.items():
        for index, state in optimiser.state_dict()["state"].items():
            tensors |= {f"optimiser/{part}/{index}/{name}": value for name, value in state.items() if value is not None}
    header = {"format": "pt", "recipe": json.dumps(asdict(recipe)), "pictures": pictures}
    header["history"] = json.dumps(history)
    content = {name: value.detach().cpu().contiguous() for name, value in tensors.items()}
    files.save(path, safetensors.torch.save(content, header))
    files.save(path.with_name("history.jsonl"), "".join(json.dumps(row) + "\n" for row in history).encode())


def room(networks: Networks, optimisers: Optimisers) -> int:
    """Bytes that a run needs: a checkpoint, the next one beside it while it is written, and the weights."""
    state = sum(value.nbytes for network in networks.values() for value in network.state_dict().values())
    learnt = {id(value): value.nbytes for one in optimisers.values() for value in _parameters(one)}
    return 2 * (state + 2 * sum(learnt.values())) + state  # two moments a parameter


def _parameters(optimiser: torch.optim.Optimizer) -> list[Tensor]:
    return [value for group in optimiser.param_groups for value in group["params"]]


def restore(
    path: Path, recipe: Recipe, pictures: str, networks: Networks, optimisers: Optimisers
) -> list[dict[str, Any]]:
    """Bring a checkpoint back in place -> its history, a row an epoch.

    Raises `Problem` where there is none, or one of another recipe, other settings or other pictures.
    """
    try:
        with safetensors.safe_open(path, "pt") as file:
            header = file.metadata()
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
        saved, history = files.parse_json(header["recipe"]), files.parse_json(header["history"])
        seen = header["pictures"]
    except (OSError, ValueError, KeyError, TypeError, safetensors.SafetensorError) as error:
        raise Problem(
            f"There is no readable checkpoint in '{files.called(path.parent)}' to resume: start without --resume."
        ) from error
    if saved != json.loads(json.dumps(asdict(recipe))):
        raise Problem(
            f"The checkpoint in '{files.called(path.parent)}' belongs to another recipe or to other settings of it:"
            " give the same ones, or choose another --out."
        )
    if seen != pictures:
        raise Problem(
            f"The checkpoint in '{files.called(path.parent)}' has learnt from other pictures: give the same --data and"
            " --match, or choose another --out."
        )

    def part(prefix: str) -> dict[str, Tensor]:
        return {name.removeprefix(prefix): value for name, value in tensors.items() if name.startswith(prefix)}

    try:
        for name, network in networks.items():
            network.load_state_dict(part(f"network/{name}/"))
    except RuntimeError as error:
        raise Problem(
            f"The checkpoint in '{files.called(path.parent)}' does not hold all that this network is made of: start"
            " without --resume, in another --out."
        ) from error
    for name, optimiser in optimisers.items():
        state: dict[int, dict[str, Tensor]] = {}
        for path_inside, value in part(f"optimiser/{name}/").items():
            index, key = path_inside.split("/")
            state.setdefault(int(index), {})[key] = value
        optimiser.load_state_dict({"state": state, "param_groups": optimiser.state_dict()["param_groups"]})
        for parameter, held in optimiser.state.items():  # a fused step reads weight and state in one order of memory
            for key, value in held.items():
                if value.shape == parameter.shape:
                    held[key] = torch.empty_like(parameter).copy_(value)
    return history
