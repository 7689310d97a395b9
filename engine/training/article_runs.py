"""The article's seven runs: its settings, the figures it reports, and ours under the same settings.

Eman Ijaz, "Face Image Reconstruction using Autoencoders in Keras" (Geek Culture, 2021). `python -m engine train-grid
article` trains them (evaluation/article_training) and writes what is read here: weights/grid-article.json and, for
each run, a sheet in pages/static/ with the same face as the network rebuilds it after every epoch.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

import torch.nn.functional as F
from torch import Tensor

from engine import files, tables
from engine.corruptions import masks
from engine.datasets import faces
from engine.models import weights
from engine.models.recipes import Recipe
from engine.photos import gallery
from engine.problem import Problem

FILE = weights.FOLDER / "grid-article.json"
SHEETS = files.shipped("pages/static")
COLUMNS = 10  # frames in a row of a sheet
FACE, BOX = "astronaut", (50, 76, 28, 28)  # rebuilt after every epoch, nose and mouth hidden
CURVES = ("loss", "test_loss", "test_mse", "agreement", "hole_psnr")  # what is noted after every epoch
HEADS = (
    *("epochs", "rate", "batch", "optimiser", "loss", "article: loss", "ours", "ours, test faces"),
    *("article: agreement", "ours", "hole PSNR"),
)
NAMES = {"adam": "Adam", "sgd": "SGD", "rmsprop": "RMSprop", "mse": "MSE", "bce": "cross-entropy"}


@dataclass(frozen=True)
class Settings:
    """What the article varies from run to run."""

    epochs: int
    learning_rate: float
    batch: int
    optimiser: Literal["adam", "sgd", "rmsprop"]
    loss: Literal["mse", "bce"]


@dataclass(frozen=True)
class Run:
    """One run of the article: settings, the loss it ended at, and what Keras called its accuracy."""

    settings: Settings
    loss: float
    agreement: float

    @property
    def name(self) -> str:
        """In file names: optimiser, learning rate, epochs; no two runs share all three."""
        return f"{self.settings.optimiser}-{self.settings.learning_rate}-{self.settings.epochs}"

    def scale_settings(self, epochs_scale: float = 1.0) -> dict[str, Any]:
        """The settings with that share of the epochs, at least one."""
        return asdict(self.settings) | {"epochs": max(1, round(self.settings.epochs * epochs_scale))}

    def recipe(self, size: int = faces.SIZE, epochs_scale: float = 1.0) -> Recipe:
        """The run as a recipe: latent 300, one black box, a constant rate, and nothing that the article does not do."""
        return Recipe(
            name=self.name,
            title="One of the article's seven runs",
            architecture="face-autoencoder",
            options={"size": size},
            data="faces",
            corruption="article box",
            schedule="constant",
            weight_decay=0,
            ema=0,
            **self.scale_settings(epochs_scale),
        )


RUNS = (  # the best run, then the article's table
    Run(Settings(50, 0.001, 64, "adam", "mse"), 0.0111, 0.8510),
    Run(Settings(15, 0.01, 64, "adam", "mse"), 0.0121, 0.8392),
    Run(Settings(15, 0.01, 64, "sgd", "mse"), 0.0118, 0.8433),
    Run(Settings(15, 0.001, 64, "adam", "mse"), 0.0111, 0.8475),
    Run(Settings(15, 0.001, 64, "sgd", "mse"), 0.0111, 0.8469),
    Run(Settings(30, 0.0001, 32, "adam", "mse"), 0.0125, 0.8357),
    Run(Settings(10, 0.01, 64, "rmsprop", "bce"), 0.5712, 0.8022),
)


def shrink(image: Tensor, size: int) -> Tensor:
    """Images (N, 3, 128, 128) at a smaller size (N, 3, size, size), each pixel the mean of those it stands for."""
    return image if size == image.shape[-1] else F.interpolate(image, size=(size, size), mode="area")


def prepare_face(size: int = faces.SIZE) -> tuple[Tensor, Tensor]:
    """The face that every epoch is asked for, and what the networks are given of it, both (1, 3, size, size)."""
    face = gallery.gallery()[FACE].image
    left, top, width, height = (side * size // faces.SIZE for side in BOX)
    face = shrink(face, size)
    return face, masks.hide(face, masks.box_mask([(left, top, width, height)], size))


def read_runs() -> dict[str, Any]:
    """What `train-grid article` wrote: how it was made, and a row a run with settings, figures, curves and sheet.

    Raises `Problem` where a file is missing, damaged or of another run than its sheet.
    """
    try:
        found = files.parse_json(FILE.read_text())
        for run in found["runs"]:
            if hashlib.sha256((SHEETS / run["sheet"]).read_bytes()).hexdigest() != run["sha256"]:
                raise ValueError(run["sheet"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise Problem(
            "The article's seven runs are missing or damaged: `git checkout -- weights pages/static` brings them back,"
            " `python -m engine train-grid article` trains them again."
        ) from error
    return found


def format_table(found: dict[str, Any], heads: Sequence[str] = HEADS, names: Mapping[str, str] = NAMES) -> str:
    """The article's table, its figures beside ours; heads and the names of optimisers and losses in any language."""
    rows = []
    for run in found["runs"]:
        settings, theirs, ours = run["settings"], run["article"], run["ours"]
        cells = [str(settings[name]) for name in ("epochs", "learning_rate", "batch")]
        cells += [names[settings["optimiser"]], names[settings["loss"]]]
        cells += [f"{loss:.4f}" for loss in (theirs["loss"], ours["loss"], ours["test_loss"])]
        cells += [f"{100 * share:.1f} %" for share in (theirs["agreement"], ours["agreement"])]
        rows.append([*cells, f"{ours['hole_psnr']:.1f} dB"])
    return tables.markdown(heads, rows)
