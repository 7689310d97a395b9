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
from typing import Any, TypeVar, overload

import safetensors
import torch
from safetensors.torch import load as parse_safetensors
from safetensors.torch import save as pack_safetensors
from torch import Tensor, nn

from engine import networks
from engine.files import called, parse_json, save, shipped
from engine.models import model_card
from engine.networks.folded import folded
from engine.problem import Problem

Network = TypeVar("Network", bound=nn.Module)
HALF_MAX = torch.finfo(torch.half).max
FOLDER = shipped("weights")
KINDS: dict[str, type | tuple[type, ...]] = {  # of what config.json holds
    **dict.fromkeys(("name", "architecture", "sha256", "title", "command", "evaluate", "hardware", "date"), str),
    **dict.fromkeys(("licence", "stand_ins", "prototype"), str),
    **dict.fromkeys(("recipe", "options", "data", "figures", "versions"), dict),
    "parameters": int,
    "seconds": (int, float),
}
NEEDED = ("name", "architecture", "recipe", "sha256", "parameters")


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
    raise Problem("There is no model '{file}': choose another one (each has its folder in weights/).", file=path.name)


def config(name: str | Path) -> dict[str, Any]:
    """The model's config.json; raises `Problem` if it is missing or damaged."""
    path = folder(name) / "config.json"
    try:
        content = parse_json(path.read_text())
        for key in NEEDED:
            content[key]  # noqa: B018
        if not all(isinstance(content[key], kind) for key, kind in KINDS.items() if key in content):
            raise TypeError("a value of another kind")
        if content["recipe"]["data"] not in ("faces", "digits"):
            raise ValueError("a recipe for nothing")
        return content
    except (OSError, ValueError, KeyError, TypeError) as error:
        where = called(path.parent)
        raise Problem(
            f"The file config.json of the model '{{where}}' is damaged: {_restore_it}.", where=where
        ) from error


def history(name: str | Path) -> list[dict[str, Any]]:
    """One dict an epoch: epoch, loss, learning rate, images per second, and test figures where they were taken."""
    path = folder(name) / "history.jsonl"
    try:
        rows = [parse_json(line) for line in path.read_text().splitlines()] if path.exists() else []
        if not all(isinstance(row, dict) for row in rows):
            raise ValueError("a row without names")
        return rows
    except (OSError, ValueError) as error:
        raise Problem(
            f"The training history of '{{folder}}' is damaged: {_restore_it}.", folder=called(path.parent)
        ) from error


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
            f"The weights of '{{folder}}' do not fit the architecture in its config.json: {_restore_it}.",
            folder=called(path.parent),
        ) from error
    return network.eval().requires_grad_(False)


@cache
@torch.inference_mode(False)  # as for `load`
def loaded(name: str) -> nn.Module:
    """The network of `load`, `folded` so that it runs fast, one copy for the whole process; never change it."""
    return folded(load(name))


@overload
def shared(name: str) -> nn.Module: ...
@overload
def shared(name: str, kind: type[Network]) -> Network: ...
def shared(name: str, kind: type[nn.Module] = nn.Module) -> nn.Module:
    """`loaded`, as a network of that kind; raises `Problem` for a model of another one."""
    return of_kind(loaded(name), kind)


def of_kind(network: nn.Module, kind: type[Network]) -> Network:
    """The network itself, for a caller who needs what only that kind has; raises `Problem` for another."""
    if not isinstance(network, kind):
        what = {networks.Autoencoder: "code", networks.MirroredComponents: "principal components"}.get(kind)
        raise Problem(f"This model ({type(network).__name__}) has no {what or 'part of a ' + kind.__name__}.")
    return network


_restore_it = "restore the folder with `git checkout -- weights`, or train the model again"


def tensors(path: Path, sha256: str) -> dict[str, Tensor]:
    """The tensors of a safetensors file whose sha256 must be the given one."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise Problem(
            f"The weight file '{{folder}}/{{file}}' is missing: {_restore_it}.",
            folder=called(path.parent),
            file=path.name,
        ) from error
    if hashlib.sha256(content).hexdigest() != sha256:
        raise Problem(
            "The weight file '{folder}/{file}' is truncated or altered (its sha256 is not the one in "
            f"config.json): {_restore_it}.",
            folder=called(path.parent),
            file=path.name,
        )
    try:
        return parse_safetensors(content)
    except safetensors.SafetensorError as error:
        raise Problem(
            f"The weight file '{{folder}}/{{file}}' is no safetensors file: {_restore_it}.",
            folder=called(path.parent),
            file=path.name,
        ) from error


def companion(name: str, part: str, what: str) -> dict[str, Tensor]:
    """The tensors that `keep_companion` has laid beside a model's weights, as float32.

    Raises `Problem`, which calls them `what`, where they are missing or damaged.
    """
    path = folder(name) / f"{part}.safetensors"
    try:
        sha256 = parse_json(path.with_suffix(".json").read_text())["sha256"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Problem(
            "The {what} are missing or damaged: `git checkout -- weights` brings them back.", what=what
        ) from error
    return {key: value.float() for key, value in tensors(path, sha256).items()}


def keep_companion(name: str, part: str, state: dict[str, Tensor], described: dict[str, Any]) -> Path:
    """Lay tensors beside a model's weights, in half precision, with a JSON file that says what they are."""
    path = folder(name) / f"{part}.safetensors"
    sha256 = save(path, pack(state))
    save(path.with_suffix(".json"), json.dumps({"sha256": sha256, **described}, indent=1).encode())
    return path


def pack(state: dict[str, Tensor]) -> bytes:
    """Tensors as the bytes of a safetensors file, floating point in half precision.

    Raises `Problem` for a number that is none, or that half precision would turn into infinity.
    """
    half = {key: value.detach().half() if value.is_floating_point() else value for key, value in state.items()}
    for key, value in half.items():
        if value.is_floating_point() and not value.isfinite().all():
            raise Problem(
                f"'{key}' holds numbers that half precision cannot (none at all, or beyond {HALF_MAX:,.0f}): train"
                " again with a smaller --learning-rate, or divide the layer before a batch normalisation."
            )
    return pack_safetensors({key: value.cpu().contiguous() for key, value in half.items()}, {"format": "pt"})


def write(
    folder: Path,
    content: dict[str, Any],
    network: nn.Module | None = None,
    rows: list[dict[str, Any]] | None = None,
) -> None:
    """The one writer of a model's folder: config.json and the card that is made of it; before them, where they are
    given, the weights and the training history, whose hash and number of parameters the config then tells.

    `content`: what `model_card.config` returns. Raises `Problem`, and leaves what was there, for weights that half
    precision cannot hold.
    """
    if network is not None:
        content["parameters"] = networks.count_parameters(network)
        content["sha256"] = save(folder / "model.safetensors", pack(network.state_dict()))
    if rows is not None:
        save(folder / "history.jsonl", "".join(json.dumps(row) + "\n" for row in rows).encode())
    content.pop("stand_ins", None)
    if words := model_card.stand_ins(content):
        content["stand_ins"] = words.replace("\n", " ")
    save(folder / "config.json", json.dumps(content, indent=1).encode())
    save(folder / "README.md", model_card.text(content).encode())


def sizes(name: str | Path) -> dict[str, int]:
    """Bytes of the weight file and number of parameters, without loading it."""
    content, path = config(name), folder(name) / "model.safetensors"
    if not path.exists():
        raise Problem(
            f"The weight file '{{folder}}/{{file}}' is missing: {_restore_it}.",
            folder=called(path.parent),
            file=path.name,
        )
    return {"bytes": path.stat().st_size, "parameters": content["parameters"]}
