"""One frozen dataclass a shipped model: everything its training needs but the data itself."""

import math
from dataclasses import dataclass, field, replace
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
    loss: str  # key of losses.LOSSES, "mse in the hole", or "adversarial": training/adversarial.py has it
    figures: str = "inpainting"  # key of evaluation.FIGURES: what is measured for the card
    options: dict[str, Any] = field(default_factory=dict)  # arguments of the architecture
    optimiser: Literal["adamw", "adam", "sgd", "rmsprop", "closed form"] = "adamw"
    learning_rate: float = 1e-3  # the highest of the schedule
    schedule: Literal["one-cycle", "constant", "constant, then falling"] = "one-cycle"
    weight_decay: float = 1e-4
    batch: int = 64  # over all processes together
    epochs: int = 20
    ema: float = 0.999  # decay of the averaged weights that are shipped; 0 ships the last weights
    mirror: bool = False  # show every second picture left to right
    start: str = ""  # a shipped model whose weights training begins with, where they fit
    refines: Literal["", "hole", "draft"] = ""  # the network is shown a draft of the hole, see unet_input.SHOWN
    shares: dict[str, float] = field(default_factory=dict)  # source of pictures -> how often they are drawn, else 1
    jitter: bool = False  # move each picture by a few pixels and change its colours a little
    whole: float = 0.0  # share of pictures that are wholly hidden, over every kind of draft
    drawn: float = 0.0  # drafts are drawn from gappy PCA's posterior, so bold at most; 0: its mean
    discriminator: dict[str, Any] = field(default_factory=dict)  # its arguments, for adversarial training
    perceptual: float = 0.0  # weight of the distance of VGG features, for adversarial training
    seed: int = 0

    def __post_init__(self) -> None:
        if self.epochs < 1 or self.batch < 1 or not 0 < self.learning_rate < math.inf:
            raise Problem(
                "Training needs at least one epoch, at least one picture a batch and a learning rate above zero:"
                f" change --epochs {self.epochs}, --batch {self.batch} or --learning-rate {self.learning_rate}."
            )


# Two machine-made sources are 43 % of the training faces shared with the project and the least varied; the real
# photographs are what the figures are measured on.
FACE_SHARES = {"gan_hmdghoul": 0.5, "gan_hatatori": 0.5, "ffhq_": 2.0}
PHOTOGRAPHS_FIRST = {"ffhq_": 3.0, "gan_hmdghoul": 0.4, "gan_hatatori": 0.4}  # of the networks that a GPU trained

_DIGITS = Recipe(
    name="",
    title="",
    architecture="dense-autoencoder",
    data="digits",
    corruption="none",
    loss="bce",
    figures="coding",
    learning_rate=2e-3,
    batch=256,
    epochs=40,
)
_DIGIT_CONVOLUTIONS = replace(
    _DIGITS, architecture="cnn-autoencoder", figures="unpooling", learning_rate=4e-3, epochs=12
)

_ALL = [
    Recipe(
        name="face-autoencoder",
        title="The article's face autoencoder: convolutions, a 300-number code, transposed convolutions",
        architecture="face-autoencoder",
        options={"channels": [32, 64, 128, 128]},
        data="faces",
        shares=PHOTOGRAPHS_FIRST,
        corruption="article box",
        loss="mse",
        learning_rate=2e-3,
        batch=64,
        epochs=40,
        mirror=True,
        jitter=True,
    ),
    Recipe(
        name="face-unet",
        title="A U-Net that refines a first draft: mask, skips, squared error in the hole",
        architecture="face-unet",
        data="faces",
        shares=PHOTOGRAPHS_FIRST,
        corruption="visitor holes",
        loss="mse in the hole",
        figures="refining",
        learning_rate=2e-3,
        batch=64,
        epochs=38,
        mirror=True,
        start="face-unet",  # what ships goes on learning; --start "" begins anew
        jitter=True,
        refines="hole",
    ),
    Recipe(
        name="face-pca",
        title="Principal components of faces and their mirror images, 300 axes: the best linear code of its size",
        architecture="mirrored-components",
        data="faces",
        shares=FACE_SHARES,
        corruption="none",
        loss="mse",
        figures="gappy",
        optimiser="closed form",
        epochs=1,
    ),
    Recipe(
        name="face-painter",
        title="The painter: a U-Net that paints over a draft, taught by a discriminator to look real",
        architecture="painter",
        data="faces",
        corruption="visitor holes",
        loss="adversarial",
        figures="painting",
        optimiser="adam",
        learning_rate=2e-3,
        schedule="constant, then falling",
        weight_decay=0.0,
        batch=64,
        epochs=40,
        ema=0.998,
        mirror=True,
        refines="draft",
        shares=PHOTOGRAPHS_FIRST,
        jitter=True,
        whole=0.3,
        drawn=1.0,
        perceptual=2.0,
    ),
    replace(
        _DIGITS,
        name="digit-denoiser",
        title="The slides' denoising autoencoder: 784-50-784",
        options={"sizes": [50]},
        corruption="gaussian 0-0.8",
        figures="denoising",
    ),
    replace(
        _DIGITS,
        name="digit-map",
        title="A deep autoencoder with a two-number code: the map of the digits",
        options={"sizes": [512, 256, 128, 2]},
        epochs=60,
    ),
    replace(
        _DIGITS,
        name="digit-autoencoder",
        title="The slides' autoencoder on clean digits: 784-50-784",
        options={"sizes": [50]},
    ),
    replace(
        _DIGITS,
        name="digit-map-vae",
        title="A variational autoencoder with a two-number code: a map without gaps",
        architecture="variational-autoencoder",
        options={"sizes": [512, 256, 128, 2]},
        loss="negative evidence",
    ),
    Recipe(
        name="digit-pca",
        title="Principal components of the digits, 50 axes: the best linear code of its size",
        architecture="linear-autoencoder",
        options={"code_size": 50},
        data="digits",
        corruption="none",
        loss="mse",
        figures="coding",
        optimiser="closed form",
        epochs=1,
    ),
    replace(
        _DIGITS,
        name="digit-code-50",
        title="A deep autoencoder with a 50-number code: 784-512-256-50, to compare with 50 principal components",
        options={"sizes": [512, 256, 50]},
        epochs=25,
    ),
    replace(
        _DIGIT_CONVOLUTIONS,
        name="digit-denoiser-conv",
        title="A small U-Net that cleans digits of every noise",
        architecture="conv-denoiser",
        options={"channels": 24},
        corruption="all noises",
        figures="denoising",
    ),
    *(
        replace(
            _DIGIT_CONVOLUTIONS,
            name=f"digit-cnn-{unpool}",
            title=f"Auto-encoder for CNN: {way}",
            options={"unpool": unpool, "code_size": 50},
        )
        for unpool, way in (
            ("switches", "un-pooling with remembered positions"),
            ("repeat", "un-pooling without positions, each value repeated"),
            ("transposed", "transposed convolution"),
        )
    ),
    Recipe(
        name="face-colouriser",
        title="Grey in, colour out: a small U-Net that guesses the colour of a face",
        architecture="colouriser",
        options={"channels": 24},
        data="faces",
        shares=FACE_SHARES,
        corruption="grey",
        loss="mse",
        figures="colouring",
        learning_rate=3e-3,
        batch=64,
        epochs=8,
        ema=0.99,
        mirror=True,
    ),
    Recipe(
        name="face-framing",
        title="Where FFHQ's frame lies on a face found in a photo: the last touch to the detector's",
        architecture="framer",
        data="faces",
        shares=FACE_SHARES,
        corruption="none",
        loss="offsets",
        figures="framing",
        learning_rate=3e-3,
        weight_decay=1e-2,
        batch=128,
        epochs=9,
        ema=0.998,
        mirror=True,
    ),
]
RECIPES: dict[str, Recipe] = {recipe.name: recipe for recipe in _ALL}


def recipe(name: str) -> Recipe:
    """The recipe of that name; raises `Problem` that lists the names there are."""
    if name not in RECIPES:
        raise Problem(f"There is no recipe '{name}': choose one of {', '.join(RECIPES)}.")
    return RECIPES[name]
