"""Every way to fill a hole measured on the same test faces under the same holes, in one run.

`python -m engine benchmark faces` prints it as Markdown and writes it for the pages: of the portraits that ship to
weights/benchmark-portraits.json, of faces given with --data to weights/benchmark-faces.json. Each row says when and on
what it was measured: a row measured anew replaces its predecessor, the others stay what they are.
"""

import json
import sys
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import torch
from torch import Tensor
from tqdm import tqdm

from engine import files, tables
from engine.corruptions import masks
from engine.datasets.faces import FaceFiles
from engine.evaluation import figures, model_benchmark, painter_speed, perception, several_answers, skin_lightness
from engine.models import model_card, weights
from engine.networks import vgg_features
from engine.networks.vgg_features import VggFeatures
from engine.problem import Problem
from engine.restoration import drafts
from engine.restoration.methods import METHODS, Restoration, restore

FILE = weights.FOLDER / "benchmark-faces.json"
PORTRAITS = Path(__file__).parents[1] / "data" / "portraits" / "portraits.tar"  # public domain: they ship
PORTRAITS_FILE = weights.FOLDER / "benchmark-portraits.json"
# measured with a seamless composite too; the other networks see to it themselves
SEAMLESS = ("face-autoencoder", "gappy-pca", "nearest-face")
HEADLINE = ("face-painter", "face-unet", "face-autoencoder", "gappy-pca", "telea")  # looked at by VGG, and by group
LOOKED_AT = 146  # of the faces, evenly spread: VGG takes a fifth of a second a face and hole
PART = 73  # a sixth of the 438 FFHQ test faces
COLUMNS = {
    "hole_psnr": "PSNR in the hole",
    "hole_mse": "MSE in the hole",
    "hole_ssim": "SSIM in the hole",
    "set_sharpness": "sharpness of the set",
    "perceptual_distance": "perceptual distance",
    "kernel_distance": "kernel distance",
    "mean_of_8_gain": "gain of the mean of 8",
    "whole_mse": "MSE, whole reconstruction",
    "milliseconds": "ms a face",
    "parameters": "parameters",
}
SHORT_HOLES = ("both eyes", "64x64 centre")  # of the short table
SHORT = ("hole_psnr", "set_sharpness", "perceptual_distance", "kernel_distance", "milliseconds")

Row = dict[str, Any]


def draw_holes(count: int, seed: int = 0) -> dict[str, Tensor]:
    """What is hidden from each of `count` faces (count, 1, 128, 128), by kind."""

    def generator() -> torch.Generator:
        return torch.Generator().manual_seed(seed)

    fixed = {
        "both eyes": masks.FEATURES["both eyes"],
        "mouth": masks.FEATURES["mouth"],
        "64x64 centre": (32, 32, 64, 64),
        "half the face": (0, 0, 64, 128),
    }
    return {
        "28x28 box": masks.random_boxes(count, generator=generator()),  # the very ones of `evaluate`
        **{kind: masks.box_mask([box]).expand(count, -1, -1, -1) for kind, box in fixed.items()},
        "brush strokes": masks.random_strokes(count, generator=generator()),
    }


def restore_all(method: str, images: Tensor, hidden: Tensor, *, seamless: bool = False) -> Restoration:
    """What a method makes of images (N, 3, 128, 128), hidden (N, 1, 128, 128); seamless: its composite alone."""
    parts = []
    for some in tqdm(torch.arange(len(images)).split(PART), desc=method, unit="batch", leave=False):
        found = restore(images[some], hidden[some], method, seamless)
        parts.append((found.given, found.composite if seamless else found.reconstruction, found.composite))
    return Restoration(*(torch.cat(pictures) for pictures in zip(*parts, strict=True)))


def measure_cost(method: str, hidden: Tensor, *, seamless: bool = False) -> Row:
    """Median time of one face on one thread with that hole (1, 1, 128, 128), and numbers in the networks used."""
    known = METHODS[method]
    took = model_benchmark.milliseconds(
        lambda picture: restore(picture, hidden, method, seamless).composite,
        (3, 128, 128),
        repeats=5 if known.slow else 15,
    )
    count = sum(weights.config(name)["parameters"] for name in known.models)
    return {"milliseconds": took, "parameters": count}


def load_features() -> VggFeatures | None:
    """VGG, or None with a word on stderr where it is not installed: the other figures are as good without."""
    try:
        return vgg_features.load()
    except Problem as problem:
        print(problem, file=sys.stderr)
        return None


def measure_hole(
    kind: str, images: Tensor, hidden: Tensor, methods: Sequence[str], vgg: VggFeatures | None
) -> Iterator[Row]:
    """A row a method and way to close its seam; those of `HEADLINE` as VGG sees them too.

    A method that cannot run has one row, with the reason.
    """
    when = {"hole": kind, "date": date.today().isoformat(), "hardware": model_card.hardware("cpu")}
    rows: list[Row] = []
    composites: dict[str, Tensor] = {}
    some = torch.arange(len(images))[:: max(1, len(images) // LOOKED_AT)]
    groups = skin_lightness.thirds(images)
    for method in methods:
        for seamless in (False, True) if method in SEAMLESS else (False,):
            row: Row = {"method": method, "seamless": seamless, **when}
            try:
                found = restore_all(method, images, hidden, seamless=seamless)
                row |= figures.summarise(found, images, hidden) | measure_cost(method, hidden[:1], seamless=seamless)
            except Problem as problem:
                rows.append(row | {"missing": str(problem)})
                break
            if method in HEADLINE and not seamless:
                composites[method] = found.composite[some]
                if method == drafts.MODEL:
                    few = torch.arange(len(images))[:: max(1, len(images) // several_answers.LOOKED_AT)]
                    row["mean_of_8_gain"] = several_answers.painters_gain(images[few], hidden[few])
                row["by_lightness"] = [figures.summarise(_only(found, g), images[g], hidden[g]) for g in groups]
            rows.append(row)
    seen = perception.measure_perception(composites, images[some], hidden[some], vgg) if vgg and composites else {}
    for row in rows:
        if not row["seamless"] and row["method"] in seen:
            row |= seen[row["method"]] | {"looked_at": len(some)}
        yield row


def _only(found: Restoration, some: Tensor) -> Restoration:
    return Restoration(found.given[some], found.reconstruction[some], found.composite[some])


def portraits() -> FaceFiles:
    """The test set that ships: public-domain portraits, easier than FFHQ's faces and no fair sample of anybody."""
    return FaceFiles([PORTRAITS])


def write(
    faces: FaceFiles | None, command: str, *, seed: int = 0, methods: Sequence[str] = (), kinds: Sequence[str] = ()
) -> dict[str, Any]:
    """Measure methods (all) under kinds of holes (all), in the portraits where no faces are given; write the JSON after
    each hole, return what it holds.

    Rows that were measured before and are not now stay, if they are of as many faces and the same seed.
    """
    file, of = (PORTRAITS_FILE, "portraits") if faces is None else (FILE, "test faces")
    faces = faces or portraits()
    images = faces.batch(torch.arange(len(faces))).float() / 255
    made_of = {"command": command, "seed": seed, "faces": len(images), "of": of}
    before = read(file) or {"rows": []}
    made_of |= {key: before[key] for key in ("painter_speed",) if key in before}
    known = before["rows"] if methods or kinds else []
    if known and any(before[key] != made_of[key] for key in ("seed", "faces")):
        raise Problem("The methods measured before saw other faces or holes: measure all of them again.")
    wanted = draw_holes(len(images), seed)
    if strange := [kind for kind in kinds if kind not in wanted]:
        raise Problem(f"There is no hole '{strange[0]}': choose one of {', '.join(wanted)}.")
    order = [(kind, method) for kind in wanted for method in METHODS]
    vgg, chosen = load_features(), [name for name in METHODS if name in (methods or METHODS)]
    for kind in kinds or wanted:
        new = list(measure_hole(kind, images, wanted[kind], chosen, vgg))
        done = {(row["hole"], row["method"]) for row in new}
        known = [row for row in known if (row["hole"], row["method"]) not in done] + new
        known = sorted(
            (row for row in known if (row["hole"], row["method"]) in order),  # a method may be gone
            key=lambda row: order.index((row["hole"], row["method"])),
        )
        files.save(file, json.dumps({**made_of, "rows": known}, indent=1).encode())
    if drafts.MODEL in chosen:
        made_of["painter_speed"] = painter_speed.measure()
        files.save(file, json.dumps({**made_of, "rows": known}, indent=1).encode())
    return {**made_of, "rows": known}


def shipped() -> dict[str, Any] | None:
    """What `write` found of the FFHQ test faces; None where the file is missing or damaged."""
    return read(FILE)


def read(file: Path) -> dict[str, Any] | None:
    return tables.read_shipped(file, markdown)


def markdown(found: dict[str, Any]) -> str:
    """All figures of `write` as one table, a kind of hole after the other, with what they mean under it."""
    missing = {row["method"]: row["missing"] for row in found["rows"] if "missing" in row}
    notes = [f"`{method}` was not measured: {reason.partition(':')[0]}." for method, reason in missing.items()]
    return "\n".join([_table(found["rows"], tuple(COLUMNS)), "", _measured_on(found), MEANING, *notes])


def short_table(found: dict[str, Any]) -> str:
    """The headline's methods, holes and figures."""
    rows = [row for row in found["rows"] if row["hole"] in SHORT_HOLES and row["method"] in HEADLINE]
    return f"{_table([row for row in rows if not row['seamless']], SHORT)}\n\n{_measured_on(found)}"


def _table(rows: Sequence[Row], columns: Sequence[str]) -> str:
    cells = [
        (row["hole"], row["method"] + ", seamless" * row["seamless"], *(_say(name, row) for name in columns))
        for row in rows
        if "missing" not in row
    ]
    return tables.markdown(("hole", "method", *(COLUMNS[name] for name in columns)), cells)


def _measured_on(found: dict[str, Any]) -> str:
    """Which faces and holes, and the hardware and dates of the rows, each once."""
    when = [
        f"{hardware}, {' and '.join(sorted({row['date'] for row in found['rows'] if row['hardware'] == hardware}))}"
        for hardware in dict.fromkeys(row["hardware"] for row in found["rows"])
    ]
    return f"{found['faces']} {found['of']}, holes drawn from seed {found['seed']}; {'; '.join(when)}."


MEANING = (
    "Sharpness of the set: gradient energy in all holes over the photographs'. Whole reconstruction: the painter, the"
    " U-Net, Telea, Navier-Stokes and seamless composites return the given picture around the hole: a small error;"
    " under the 28x28 box a composite's PSNR is the hole's plus 13.2 dB. Perceptual and kernel distance: features of"
    f" VGG16 on crops around the holes of every third face (about {LOOKED_AT}); the kernel distance, times 1000, with"
    " its standard error: 0 is what photographs have, and no published KID compares. Gain of the mean of 8: by how much"
    f" less the mean of {several_answers.COUNT} drawn answers errs in the hole than one of them, on"
    f" about {several_answers.LOOKED_AT} faces, evenly spread; an honest sampler gains 10 log10(2 / (1 + 1/8)) ="
    f" {drafts.honest_gain(several_answers.COUNT):.2f} dB, less where answers are too much alike or wrong in common."
)


def tables_of(found: dict[str, Any]) -> dict[str, str]:
    """Every table that comes of what `write` found, by the marks between which it stands in a document."""
    name = "benchmark faces" if found["of"] == "test faces" else "benchmark portraits"
    made = {name: markdown(found), f"{name}: short": short_table(found), f"{name}: skin": groups_table(found)}
    if "painter_speed" in found:
        made[f"{name}: painter"] = painter_speed.markdown(found["painter_speed"])
    return made


def groups_table(found: dict[str, Any]) -> str:
    """The headline methods by the lightness of the face's skin: PSNR in the hole and sharpness of the set."""
    rows = []
    for row in found["rows"]:
        for name, group in zip(skin_lightness.THIRDS, row.get("by_lightness", ()), strict=False):
            said = (f"{group['hole_psnr']:.1f} dB", f"{group['set_sharpness']:.2f}", f"{group['hole_ssim']:.3f}")
            rows.append((row["hole"], row["method"], f"{name} third", group["faces"], *said))
    columns = ("hole", "method", "skin", "faces", COLUMNS["hole_psnr"], COLUMNS["set_sharpness"], COLUMNS["hole_ssim"])
    return tables.markdown(columns, rows)


def _say(name: str, row: Row) -> str | int | None:
    value = row.get(name)
    if value is None or name == "parameters":
        return value
    if name == "kernel_distance":
        return f"{value:.0f} ± {row['kernel_distance_error']:.0f}"
    if name == "mean_of_8_gain":
        return f"{value:.2f} dB"
    return f"{value:.1f} dB" if name == "hole_psnr" else f"{value:.1f}" if name == "milliseconds" else f"{value:.3g}"
