"""Eight directions in the code of a face that mean something to the eye: a smile, glasses, age, ...

Five are effects of labels given by eye, fitted together and shrunk (`label_effects`). The turn of the head is half the
difference between a code and its mirror image's, told by label too: what does not change in a mirror cannot come along.
Light and background are principal components of the codes, which needed no label. All are made by `python -m engine
data dials --labels FILE --data FACES` and shipped as directions; labels of photographs of real people are not.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path, PurePath
from typing import Any

import torch
from torch import Tensor
from tqdm import tqdm

from engine.datasets.faces import FaceFiles
from engine.latent import maps
from engine.models import weights
from engine.networks import Autoencoder, in_parts
from engine.problem import Problem

MODEL = maps.FACES
NAMES = ("smile", "glasses", "age", "beard", "hair", "turn", "light", "background")
MOST = 4.0  # deviations from the mean face at either end of a dial
# A label's effect is a difference of means, as uncertain in a direction as faces vary there. `prior` is how large an
# effect may be expected in any direction, as a variance: where chance outweighs it, the effect is shrunk. Small for
# what is small in a picture (lips, lenses), large for what fills much of it. Chosen by looking at the results.
LABELLED = {  # dial -> labels that pull up, labels that pull down, prior
    "smile": ("smile", "serious", 2.0),
    "glasses": ("glasses", "", 2.0),
    "age": ("old", "child", 8.0),
    "beard": ("beard", "", 2.0),
    "hair": ("fair hair", "dark hair", 60.0),
    "sunglasses": ("sunglasses", "", 2.0),  # no dial: fitted so that glasses are not dark
}
TURN = ("right", "left", 4.0)
RIDGE = 0.5  # faces' worth of doubt in each label's effect
COMPONENTS = {"light": 4, "background": 0}  # dial -> principal component of the codes
LOOKED_AT = "looked at"  # in the file of labels: every face that was, labelled or not
FEWEST = 100  # labelled faces


@dataclass(frozen=True)
class Dials:
    """The directions, and how far real photographs lie along each."""

    directions: Tensor  # (8, 300); one step is one standard deviation of training faces
    mean: Tensor  # (300,), the mean code of the training faces: where all dials are 0

    def places(self, codes: Tensor) -> Tensor:
        """Codes (N, 300) -> where each lies along each direction (N, 8), in deviations from the mean."""
        return (codes - self.mean) @ (self.directions / self.directions.square().sum(1, keepdim=True)).T

    def turned(self, code: Tensor, steps: Sequence[float], number: int = 0, much: float = 0.0) -> Tensor:
        """A code (1, 300) moved by so many steps along each of the 8 directions, and its `number`, counted from 1, by
        `much` deviations of the test faces."""
        moved = code + torch.tensor(steps) @ self.directions
        if number:
            moved[:, number - 1] += much * maps.face_codes()[:, number - 1].std()
        return moved


@lru_cache(maxsize=1)
def dials() -> Dials:
    """The shipped directions. Raises `Problem` where they are missing or damaged."""
    found = weights.companion(MODEL, "dials", "directions of the dials")
    return Dials(found["directions"], found["mean"])


@lru_cache(maxsize=1)
def usual() -> Tensor:
    """Between which places 95 % of the 438 test photographs lie (8, 2)."""
    return dials().places(maps.face_codes()).quantile(torch.tensor([0.025, 0.975]), 0).T


def deviations(codes: Tensor) -> Tensor:
    """Codes (N, 300) as deviations of each number from its mean over the test faces (N, 300)."""
    known = maps.face_codes()
    return (codes - known.mean(0)) / known.std(0)


@lru_cache(maxsize=1)
def steps() -> Tensor:
    """By how many deviations of the test faces each number moves when a dial is turned by one (8, 300)."""
    return dials().directions / maps.face_codes().std(0)


@lru_cache(maxsize=1)
def moves_along() -> Tensor:
    """By how much dial j of a face moves when dial i is turned by one (8, 8): the cosine of their directions, for a
    face's place along another direction is a projection, too."""
    return dials().places(dials().mean + dials().directions)


# ---------------------------------------------------------------- how they are made


def label_effects(labels: Tensor, codes: Tensor, variances: Tensor, prior: Tensor) -> Tensor:
    """How much each label moves the mean code, the others being equal -> (K, D), in the axes of `codes`.

    labels (N, K); codes (N, D) in principal axes, variances (D,) of all faces there; prior (K,). Ridge regression,
    then each entry times prior / (prior + its variance by chance): the mean of a normal effect given a noisy one
    (James and Stein's shrinkage, with known variances).
    """
    centred = labels - labels.mean(0)
    inverse = torch.linalg.inv(centred.T @ centred + RIDGE * torch.eye(labels.shape[1], dtype=labels.dtype))
    effects = inverse @ (centred.T @ (codes - codes.mean(0)))
    return shrunk(effects, inverse.diagonal().unsqueeze(1) * variances, prior.unsqueeze(1))


def shrunk(effects: Tensor, by_chance: Tensor, prior: Tensor) -> Tensor:
    """Effects times prior / (prior + their variance by chance)."""
    return effects * prior / (prior + by_chance)


def read_labels(file: Path) -> dict[str, list[str]]:
    """Label -> names of faces without their endings. Raises `Problem` for a file that says less than is needed."""
    try:
        found = json.loads(file.read_text("utf-8"))
        labels = {str(label): [str(name) for name in names] for label, names in found.items()}
    except (OSError, ValueError, AttributeError, TypeError) as error:
        raise Problem(f"'{file.name}' is no list of labels: give JSON with names of faces by label.") from error
    wanted = {label for up, down, _ in (*LABELLED.values(), TURN) for label in (up, down) if label} | {LOOKED_AT}
    if missing := sorted(label for label in wanted if not labels.get(label)):
        raise Problem(f"'{file.name}' has no face for the label '{missing[0]}': give {', '.join(sorted(wanted))}.")
    return labels


def find_directions(
    codes: Tensor, mirrored: Tensor, names: Sequence[str], labels: Mapping[str, Sequence[str]]
) -> Dials:
    """Directions from the codes (N, 300) of training faces and of their mirror images, by the faces' names (N,).

    Raises `Problem` where fewer than `FEWEST` of the faces that were looked at are among them.
    """
    codes, mirrored = codes.double(), mirrored.double()
    row = {PurePath(name).stem: number for number, name in enumerate(names)}
    looked_at = [name for name in dict.fromkeys(labels[LOOKED_AT]) if name in row]
    if len(looked_at) < FEWEST:
        raise Problem(
            f"Only {len(looked_at)} of the labelled faces are among those given: give the faces that were labelled,"
            f" at least {FEWEST}."
        )
    mean = codes.mean(0)
    _, spread, axes = torch.linalg.svd(codes - mean, full_matrices=False)
    axes = axes * axes.gather(1, axes.abs().argmax(1, keepdim=True)).sign()
    chosen = torch.tensor([row[name] for name in looked_at])

    def signs(up: str, down: str) -> Tensor:
        pulls = [(name in labels[up]) - (bool(down) and name in labels[down]) for name in looked_at]
        return torch.tensor(pulls, dtype=torch.double) * (1 if down else 2)  # as far apart as two opposite labels

    table = torch.stack([signs(up, down) for up, down, _ in LABELLED.values()], 1)
    prior = torch.tensor([one[2] for one in LABELLED.values()], dtype=torch.double)
    effects = label_effects(table, (codes[chosen] - mean) @ axes.T, spread.square() / len(codes), prior) @ axes
    found = dict(zip(LABELLED, effects, strict=True))
    halves = (codes - mirrored) @ axes.T / 2
    turned = signs(*TURN[:2])
    doubt = 1 / (turned.square().sum() + RIDGE)
    found["turn"] = (
        shrunk(doubt * turned @ halves[chosen], doubt * halves.square().mean(0), torch.tensor(TURN[2])) @ axes
    )
    # which way a component points is chance: up is brighter
    bright = _brightness(mean + torch.stack([axes[number] for number in COMPONENTS.values()]) * 20, mean)
    for (name, number), sign in zip(COMPONENTS.items(), bright.tolist(), strict=True):
        found[name] = axes[number] * sign
    directions = torch.stack([found[name] for name in NAMES])
    directions = directions / directions.norm(dim=1, keepdim=True)
    directions = directions * ((codes - mean) @ directions.T).std(0).unsqueeze(1)
    return Dials(directions.float(), mean.float())


def _brightness(codes: Tensor, mean: Tensor) -> Tensor:
    """Whether codes (N, 300) decode to brighter pictures than the mean code (300,) does: 1 or -1 each (N,)."""
    means = in_parts(weights.shared(MODEL, Autoencoder).decode, torch.cat([codes, mean[None]]).float()).mean((1, 2, 3))
    return (means[:-1] > means[-1]).double() * 2 - 1


def write(files: FaceFiles, labels: Path) -> str:
    """Encode the faces and their mirror images, find the directions and lay them beside the weights -> the file."""
    found, network = read_labels(labels), weights.shared(MODEL, Autoencoder)
    codes, mirrored = [], []
    for part in tqdm(torch.arange(len(files)).split(128), desc="encoding faces", unit="batch", leave=False):
        pictures = files.batch(part).float() / 255
        codes.append(in_parts(network.encode, pictures))
        mirrored.append(in_parts(network.encode, pictures.flip(3)))
    made = find_directions(torch.cat(codes), torch.cat(mirrored), files.names, found)
    described: dict[str, Any] = {
        "of": f"eight directions in the codes of {MODEL}; one step is a standard deviation of the faces given",
        "command": "python -m engine data dials --labels FILE --data FACES",
        "faces": f"{len(files)} training faces ({files.sources})",
        "labelled by eye": {label: len(names) for label, names in found.items()},
        "components": {name: number + 1 for name, number in COMPONENTS.items()},
    }
    for remembered in (dials, usual, steps, moves_along):
        remembered.cache_clear()
    return str(weights.keep_companion(MODEL, "dials", {"directions": made.directions, "mean": made.mean}, described))
