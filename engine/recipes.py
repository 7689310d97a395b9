"""One frozen dataclass a shipped model: everything its training needs but the data itself."""

from dataclasses import dataclass, field
from typing import Any, Literal

from engine.problem import Problem


@dataclass(frozen=True)
class Recipe:
    """How one model is trained; `python -m engine train NAME` follows it."""

    name: str  # folder in weights/ and name on the command line
    title: str  # one line for people
    architecture: str  # key of networks.ARCHITECTURES
    data: Literal["faces", "digits"]
    corruption: str  # key of corruptions.CORRUPTIONS: what the network is given; the target is the intact picture
    loss: str  # key of losses.LOSSES
    options: dict[str, Any] = field(default_factory=dict)  # arguments of the architecture
    optimiser: Literal["adamw", "adam", "sgd", "rmsprop"] = "adamw"
    learning_rate: float = 1e-3  # the highest of the schedule
    schedule: Literal["one-cycle", "constant"] = "one-cycle"
    weight_decay: float = 1e-4
    batch: int = 64  # over all processes together
    epochs: int = 20
    ema: float = 0.999  # decay of the averaged weights that are shipped; 0 ships the last weights
    mirror: bool = False  # show every second picture left to right
    seed: int = 0


_ALL = [
    Recipe(
        name="face-autoencoder",
        title="The article's face autoencoder: convolutions, a 300-number code, transposed convolutions",
        architecture="face-autoencoder",
        data="faces",
        corruption="article box",
        loss="mse",
        learning_rate=2e-3,
        batch=64,
        epochs=40,
        mirror=True,
    ),
    Recipe(
        name="digit-denoiser",
        title="The slides' denoising autoencoder: 784-50-784",
        architecture="dense-autoencoder",
        options={"sizes": [50]},
        data="digits",
        corruption="gaussian 0-0.8",
        loss="bce",
        learning_rate=2e-3,
        batch=256,
        epochs=40,
    ),
    Recipe(
        name="digit-map",
        title="A deep autoencoder with a two-number code: the map of the digits",
        architecture="dense-autoencoder",
        options={"sizes": [512, 256, 128, 2]},
        data="digits",
        corruption="none",
        loss="bce",
        learning_rate=2e-3,
        batch=256,
        epochs=60,
    ),
]
RECIPES: dict[str, Recipe] = {recipe.name: recipe for recipe in _ALL}


def recipe(name: str) -> Recipe:
    """The recipe of that name; raises `Problem` that lists the names there are."""
    if name not in RECIPES:
        raise Problem(f"There is no recipe '{name}': choose one of {', '.join(RECIPES)}.")
    return RECIPES[name]
