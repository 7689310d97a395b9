"""What is shipped: a folder a model with safetensors, config.json, a card and the training history; verified at load.

weights/<name>/model.safetensors   half precision
               config.json         recipe, figures, sha256 of the safetensors, versions, command, hardware
               README.md           the model card, written from config.json
               history.jsonl       one line an epoch
"""

import hashlib
import json
from functools import cache
from pathlib import Path
from typing import Any

import safetensors
import torch
from safetensors.torch import load as parse_safetensors
from safetensors.torch import save as pack_safetensors
from torch import Tensor, nn

from engine import networks
from engine.files import save
from engine.problem import Problem

FOLDER = Path(__file__).parents[2] / "weights"


def names() -> list[str]:
    """The models that are shipped, in alphabetical order."""
    return sorted(path.parent.name for path in FOLDER.glob("*/config.json"))


def folder(name: str | Path) -> Path:
    """Where a model lies: a shipped model by its name, any other by the path of its folder."""
    path = Path(name)
    if str(name) in names():
        return FOLDER / name
    if (path / "config.json").exists():
        return path
    raise Problem(f"There is no model '{path.name}': choose another one (each has its folder in weights/).")


def config(name: str | Path) -> dict[str, Any]:
    """The model's config.json; raises `Problem` if it is missing or damaged."""
    path = folder(name) / "config.json"
    try:
        content = json.loads(path.read_text())
        return {
            "name": content["name"],
            "architecture": content["architecture"],
            "recipe": content["recipe"],
            "sha256": content["sha256"],
            **content,
        }
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Problem(f"The file config.json of the model '{path.parent.name}' is damaged: {_restore_it}.") from error


def history(name: str | Path) -> list[dict[str, Any]]:
    """One dict an epoch: epoch, loss, learning rate, images per second, and test figures where they were taken."""
    path = folder(name) / "history.jsonl"
    try:
        return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []
    except (OSError, ValueError) as error:
        raise Problem(f"The training history of '{path.parent.name}' is damaged: {_restore_it}.") from error


@torch.inference_mode(False)  # or a network first asked for by a page could never be searched through
def load(name: str | Path) -> nn.Module:
    """The trained network, in float32 and eval mode, on the CPU.

    Raises `Problem` if the file is missing, truncated or altered (its sha256 is not the one in config.json), or does
    not fit the architecture.
    """
    content = config(name)
    path = folder(name) / "model.safetensors"
    network = networks.build(content["architecture"], content.get("options", {}))
    state = tensors(path, content["sha256"])
    try:
        network.load_state_dict(
            {key: value.float() if value.is_floating_point() else value for key, value in state.items()}
        )
    except RuntimeError as error:
        raise Problem(
            f"The weights of '{path.parent.name}' do not fit the architecture in its config.json: {_restore_it}."
        ) from error
    return network.eval().requires_grad_(False)


@cache
def shared(name: str) -> nn.Module:
    """The network as `load` gives it, one copy for the whole process; never change it."""
    return load(name)


def autoencoder(name: str) -> networks.Autoencoder:
    """`shared`, for a model that has a code; raises `Problem` for one that has none."""
    network = shared(name)
    if not isinstance(network, networks.Autoencoder):
        raise Problem(f"The model '{name}' has no code: choose an autoencoder.")
    return network


_restore_it = "restore the folder with `git checkout -- weights`, or train the model again"


def tensors(path: Path, sha256: str) -> dict[str, Tensor]:
    """The tensors of a safetensors file whose sha256 must be the given one."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise Problem(f"The weight file '{path.parent.name}/{path.name}' is missing: {_restore_it}.") from error
    if hashlib.sha256(content).hexdigest() != sha256:
        raise Problem(
            f"The weight file '{path.parent.name}/{path.name}' is truncated or altered (its sha256 is not the one in"
            f" config.json): {_restore_it}."
        )
    try:
        return parse_safetensors(content)
    except safetensors.SafetensorError as error:
        raise Problem(
            f"The weight file '{path.parent.name}/{path.name}' is no safetensors file: {_restore_it}."
        ) from error


def companion(name: str, part: str, what: str) -> dict[str, Tensor]:
    """The tensors that `keep_companion` has laid beside a model's weights, as float32.

    Raises `Problem`, which calls them `what`, where they are missing or damaged.
    """
    path = folder(name) / f"{part}.safetensors"
    try:
        sha256 = json.loads(path.with_suffix(".json").read_text())["sha256"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Problem(f"The {what} are missing or damaged: `git checkout -- weights` brings them back.") from error
    return {key: value.float() for key, value in tensors(path, sha256).items()}


def keep_companion(name: str, part: str, state: dict[str, Tensor], described: dict[str, Any]) -> Path:
    """Lay tensors beside a model's weights, in half precision, with a JSON file that says what they are."""
    path = folder(name) / f"{part}.safetensors"
    sha256 = save(path, pack(state))
    save(path.with_suffix(".json"), json.dumps({"sha256": sha256, **described}, indent=1).encode())
    return path


def pack(state: dict[str, Tensor]) -> bytes:
    """Tensors as the bytes of a safetensors file, floating point in half precision."""
    half = {key: value.half() if value.is_floating_point() else value for key, value in state.items()}
    return pack_safetensors({key: value.detach().cpu().contiguous() for key, value in half.items()})


def sizes(name: str | Path) -> dict[str, int]:
    """Bytes of the weight file and number of parameters."""
    network = load(name)
    return {
        "bytes": (folder(name) / "model.safetensors").stat().st_size,
        "parameters": networks.count_parameters(network),
    }
