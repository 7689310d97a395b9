"""Trains the article's seven runs on our faces and writes what `engine/article.py` reads.

Run by run: what a killed grid has finished it finds again in its folder, made of the same faces and settings, and goes
on with the rest.
"""

import hashlib
import json
import shutil
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from tqdm import tqdm

from engine import images, metrics, networks
from engine.corruptions import masks
from engine.datasets.faces import SIZE, FaceFiles
from engine.evaluation import figures
from engine.files import parse_json, save
from engine.models import model_card
from engine.problem import Problem
from engine.training import article_runs, loop, run_folder
from engine.training.losses import LOSSES


@dataclass(frozen=True)
class Faces:
    """Faces in memory, uint8 (N, 3, size, size); an epoch shows each of them once, as in the article."""

    images: Tensor

    def __len__(self) -> int:
        return len(self.images)

    def batch(self, indices: Tensor) -> Tensor:
        return self.images[indices.to(self.images.device)]

    @cached_property
    def sha256(self) -> str:
        return hashlib.sha256(self.images.cpu().numpy().tobytes()).hexdigest()


def read(files: FaceFiles, size: int, most: int | None, device: torch.device) -> Faces:
    """At most so many of the faces, chosen once and for all by seed 0, at that size."""
    chosen = torch.randperm(len(files), generator=torch.Generator().manual_seed(0))[:most].sort().values
    parts = [
        (article_runs.shrink(files.batch(part).float(), size)).round().to(torch.uint8)
        for part in tqdm(chosen.split(256), desc="reading faces", unit="batch", leave=False)
    ]
    return Faces(torch.cat(parts).to(device))


def write(
    files: FaceFiles,
    test_files: FaceFiles,
    *,
    out: Path,
    command: str,
    size: int = SIZE,
    most: int | None = None,
    epochs_scale: float = 1.0,
    place: loop.Place | None = None,
    quiet: bool = False,
) -> dict[str, Any]:
    """Train what is missing in `out`, then write `article.FILE` and the sheets; returns what the file holds.

    Raises `Problem` for a size that the network cannot halve four times or that is larger than the faces, for fewer
    faces than a batch, for no share of the epochs, and where `out` holds what no grid has written.
    """
    run_folder.check_own(out, [run.name for run in article_runs.RUNS])
    if size % 16 or not 16 <= size <= SIZE:
        raise Problem(f"Faces of {size}x{size} do not fit the network: choose a --size of 16, 32, 48 ... {SIZE}.")
    if not 0 < epochs_scale <= 1:
        raise Problem(f"{epochs_scale} is no share of the article's epochs: choose an --epochs-scale from 0.01 to 1.")
    batch = max(run.settings.batch for run in article_runs.RUNS)
    if min(len(files), len(files) if most is None else most) < batch:
        raise Problem(f"The article's batches hold {batch} faces: give at least as many with --data and --faces.")
    place = place or loop.Place.here()
    data, held = read(files, size, most, place.device), read(test_files, size, None, place.device)
    made_of = {"faces": len(data), "sources": files.sources, "test_faces": len(held), "size": size}
    rows = []
    for number, run in enumerate(article_runs.RUNS, 1):
        print(f"{number} of {len(article_runs.RUNS)}: {run.name}") if not quiet else None
        kept = out / run.name / "run.json"
        wanted = {**made_of, "pixels": [data.sha256, held.sha256], "settings": run.scale_settings(epochs_scale)}
        try:
            content = parse_json(kept.read_text())
        except (OSError, ValueError):
            content = {}
        if content.get("made_of") != wanted:
            row = train(run, data, held, kept.parent, size, epochs_scale, place, quiet)
            save(kept, json.dumps({"made_of": wanted, "row": row}).encode())
            content["row"] = row
        rows.append(content["row"])
    for row in rows:
        save(article_runs.SHEETS / row["sheet"], (out / row["name"] / row["sheet"]).read_bytes())
    found = {
        "command": command,
        "hardware": model_card.hardware(str(place.device)),
        "date": date.today().isoformat(),
        "seconds": round(sum(row["seconds"] for row in rows)),
        **made_of,
        "box": masks.ARTICLE_SIDE * size // SIZE,
        "agreement_of_red": share_of_red(held),
        "runs": rows,
    }
    save(article_runs.FILE, json.dumps(found, indent=1).encode())
    return found


def train(
    run: article_runs.Run,
    data: Faces,
    held: Faces,
    out: Path,
    size: int,
    epochs_scale: float,
    place: loop.Place,
    quiet: bool,
) -> dict[str, Any]:
    """One run from its random start to its end -> its row; its sheet lies in `out`."""
    recipe, frames = run.recipe(size, epochs_scale), []
    given = article_runs.prepare_face(size)[1].to(place.device)
    measure = examiner(recipe.loss, held)

    def after_an_epoch(network: nn.Module) -> dict[str, float]:
        with torch.inference_mode():
            frames.append(network(given).float().cpu())
            return measure(network)

    unfinished = out / "unfinished"  # a run that was stopped begins again: its frames are lost
    shutil.rmtree(unfinished, ignore_errors=True)
    trained = loop.train(recipe, data, unfinished, place=place, test=after_an_epoch, tests=recipe.epochs, quiet=quiet)
    if not trained.finished:
        raise KeyboardInterrupt
    shutil.rmtree(unfinished)
    sheet = f"grid-article-{run.name}.webp"
    curves = {name: [float(f"{row[name]:.5g}") for row in trained.history] for name in article_runs.CURVES}
    return {
        "name": run.name,
        "settings": run.scale_settings(epochs_scale),
        "article": {"loss": run.loss, "agreement": run.agreement},
        "ours": {name: curve[-1] for name, curve in curves.items()},
        "curves": curves,
        "parameters": networks.count_parameters(trained.network),
        "seconds": round(trained.seconds),
        "sheet": sheet,
        "frames": len(frames),
        "sha256": save(out / sheet, images.encode(images.tiled(torch.cat(frames), article_runs.COLUMNS))),
    }


def examiner(loss: str, held: Faces) -> Callable[[nn.Module], dict[str, float]]:
    """What is measured after every epoch, on the same test faces with the same holes: one for each, from seed 0."""
    size, device = held.images.shape[-1], held.images.device
    side = masks.ARTICLE_SIDE * size // SIZE
    hidden = masks.random_boxes(len(held), size, side=(side, side), generator=torch.Generator().manual_seed(0)).to(
        device
    )

    def measure(network: nn.Module) -> dict[str, float]:
        summed: defaultdict[str, float] = defaultdict(float)
        for part in torch.arange(len(held)).split(figures.BATCH):
            target, hole = held.batch(part).float() / 255, hidden[part.to(device)]
            found = network(masks.hide(target, hole)).float()
            summed["test_loss"] += LOSSES[loss](found, target).item() * len(part)
            for name, value in (
                ("test_mse", metrics.mse(found, target)),
                ("agreement", metrics.largest_channel_agreement(found, target)),
                ("hole_mse", metrics.hole_mse(found, target, hole)),
            ):
                summed[name] += value.sum().item()
        mean = {name: value / len(held) for name, value in summed.items()}
        return mean | {"hole_psnr": metrics.psnr(torch.tensor(mean["hole_mse"])).item()}

    return measure


def share_of_red(held: Faces) -> float:
    """The agreement of a picture that is nothing but red: the share of pixels where red is the largest channel."""
    shares = [(held.batch(part).argmax(1) == 0).float().mean((1, 2)) for part in torch.arange(len(held)).split(256)]
    return round(torch.cat(shares).mean().item(), 4)
