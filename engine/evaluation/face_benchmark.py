"""Every way to fill a hole measured on the same test faces under the same holes, in one run.

`python -m engine benchmark faces` prints it as Markdown and writes it to weights/benchmark-faces.json for the pages.
"""

import json
import time
from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch import Tensor
from tqdm import tqdm

from engine import files, metrics, networks
from engine.corruptions import masks
from engine.datasets.faces import FaceFiles
from engine.evaluation import benchmark
from engine.evaluation.figures import measure
from engine.models import weights
from engine.problem import Problem
from engine.restoration.methods import METHODS, Restoration, restore

FILE = weights.FOLDER / "benchmark-faces.json"
# measured with a seamless composite too; the U-Nets see to it themselves
SEAMLESS = ("face-autoencoder", "gappy-pca", "nearest-face")
PART = 73  # a sixth of the 438 FFHQ test faces
COLUMNS = {
    "hole_psnr": "PSNR in the hole",
    "hole_mse": "MSE in the hole",
    "hole_ssim": "SSIM in the hole",
    "set_sharpness": "sharpness of the set",
    "whole_mse": "MSE, whole reconstruction",
    "milliseconds": "ms a face",
    "parameters": "parameters",
}

Row = dict[str, Any]


def holes(count: int, seed: int = 0) -> dict[str, Tensor]:
    """What is hidden from each of `count` faces (count, 1, 128, 128), by kind."""

    def generator() -> torch.Generator:
        return torch.Generator().manual_seed(seed)

    return {
        "28x28 box": masks.random_boxes(count, generator=generator()),  # the very ones of `evaluate`
        "64x64 centre": masks.box_mask([(32, 32, 64, 64)]).expand(count, -1, -1, -1),
        "brush strokes": masks.random_strokes(count, generator=generator()),
    }


def measured(method: str, images: Tensor, hidden: Tensor, *, seamless: bool = False) -> Row:
    """Figures of a method on images (N, 3, 128, 128), hidden (N, 1, 128, 128); seamless: of its composite.

    Means over the faces, but for `hole_psnr`, that of the mean error, and `set_sharpness`, of all holes together.
    """
    parts = []
    for start in tqdm(range(0, len(images), PART), desc=method, unit="batch", leave=False):
        here = slice(start, start + PART)
        found = restore(images[here], hidden[here], method, seamless)
        parts.append(Restoration(found.given, found.composite, found.composite) if seamless else found)
    whole = Restoration(*(torch.cat([getattr(p, name) for p in parts]) for name in Restoration.__dataclass_fields__))
    columns = measure(whole, images, hidden)
    figures = {name: values.double().mean() for name, values in columns.items()}
    figures["hole_psnr"] = metrics.psnr(figures["hole_mse"])
    figures["set_sharpness"] = metrics.set_sharpness(whole.reconstruction, images, hidden)
    return {name: value.item() for name, value in figures.items()}


def cost(method: str, hidden: Tensor, *, seamless: bool = False) -> Row:
    """Median time of one face on one thread with that hole (1, 1, 128, 128), and numbers in the networks used."""
    known = METHODS[method]
    took = benchmark.milliseconds(
        lambda picture: restore(picture, hidden, method, seamless).composite,
        (3, 128, 128),
        repeats=5 if known.slow else 15,
    )
    count = sum(networks.count_parameters(weights.shared(name)) for name in known.models)
    return {"milliseconds": took, "parameters": count}


def write(faces: FaceFiles, command: str, *, seed: int = 0, methods: Sequence[str] = ()) -> str:
    """Measure every method, write the JSON, return the Markdown. One that cannot run is named with its reason.

    `methods`: only these anew; the rows of the others stay, if they are of as many faces and the same seed.
    """
    began = time.perf_counter()
    images = faces.batch(torch.arange(len(faces))).float() / 255
    before = shipped() if methods else None
    if before and (before["faces"], before["seed"]) != (len(images), seed):
        raise Problem("The methods measured before saw other faces or holes: measure all of them again.")
    measured_before, missing = (before["rows"], before["missing"]) if before else ([], {})
    rows = []
    for method in METHODS:
        if methods and method not in methods:
            rows += [row for row in measured_before if row["method"] == method]
            continue
        missing.pop(method, None)
        try:
            for kind, hidden in holes(len(images), seed).items():
                for seamless in (False, True)[: 1 + (method in SEAMLESS)]:
                    figures = measured(method, images, hidden, seamless=seamless)
                    figures |= cost(method, hidden[:1], seamless=seamless)
                    rows.append({"method": method, "seamless": seamless, "hole": kind, **figures})
        except Problem as problem:
            missing[method] = str(problem)
    found = benchmark.header(command, seed) | {
        "faces": len(images),
        "seconds": round(time.perf_counter() - began) + (before["seconds"] if before else 0),
        "rows": rows,
        "missing": missing,
    }
    files.save(FILE, json.dumps(found, indent=1).encode())
    return markdown(found)


def shipped() -> dict[str, Any] | None:
    """What `write` found when the weights were shipped; None where the file is missing or damaged."""
    return benchmark.shipped(FILE, markdown)


def markdown(found: Mapping[str, Any]) -> str:
    """The figures of `write` as one table, a kind of hole after the other, with what they mean under it."""
    lines = [f"| hole | method | {' | '.join(COLUMNS.values())} |", "|---|---" + "|---" * len(COLUMNS) + "|"]
    for kind in dict.fromkeys(row["hole"] for row in found["rows"]):
        for row in (row for row in found["rows"] if row["hole"] == kind):
            name = row["method"] + (", seamless" if row["seamless"] else "")
            lines.append(f"| {kind} | {name} | {' | '.join(_cell(key, row[key]) for key in COLUMNS)} |")
    lines += ["", f"{found['faces']} test faces, holes drawn from seed {found['seed']}; {found['hardware']}."]
    lines += [
        "Sharpness of the set: gradient energy in all holes over the photographs'. Whole reconstruction: the U-Nets,"
        " Telea, Navier-Stokes and seamless composites return the given picture around the hole: a small error;"
        " under the 28x28 box a composite's PSNR is the hole's plus 13.2 dB."
    ]
    lines += [
        f"`{method}` was not measured: {reason.partition(':')[0]}." for method, reason in found["missing"].items()
    ]
    return "\n".join(lines)


def _cell(name: str, value: float) -> str:
    if name == "parameters":
        return f"{value:,}"
    return f"{value:.1f} dB" if name == "hole_psnr" else f"{value:.1f}" if name == "milliseconds" else f"{value:.3g}"
