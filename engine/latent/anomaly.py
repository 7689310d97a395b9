"""Is this a digit at all? What an autoencoder of digits cannot rebuild is unlike anything it has seen.

The article's conclusion names anomaly detection; the score is Japkowicz, Myers and Gluck's (1995): the squared error of
the reconstruction.
"""

from dataclasses import dataclass
from functools import lru_cache

import torch
from PIL import Image, ImageDraw, ImageFont
from torch import Tensor

from engine import images, metrics, networks
from engine.corruptions import masks
from engine.datasets import mnist
from engine.models import weights

# The best of ours at telling printed letters from digits (`benchmark digits`): two numbers cannot rebuild much else,
# fifty rebuild letters nearly as well.
MODEL = "digit-map-vae"


@dataclass(frozen=True)
class Judgement:
    """How badly a picture was rebuilt, beside the test digits."""

    error: float  # mean squared error
    share: float  # of the test pictures rebuilt better than this one, 0 to 1
    reconstruction: Tensor  # (1, 1, 28, 28)


def errors(pictures: Tensor, model: str = MODEL) -> Tensor:
    """Images (N, 1, 28, 28) -> mean squared error of each reconstruction (N,)."""
    return metrics.mse(networks.in_parts(weights.shared(model), pictures), pictures)


@lru_cache(maxsize=4)
def usual(model: str = MODEL) -> Tensor:
    """The errors of the 10,000 test digits, which no model was trained on (10000,), in ascending order."""
    return errors(mnist.test_half().images.float() / 255, model).sort().values


def judge(picture: Tensor) -> Judgement:
    """One image (1, 1, 28, 28), centred as MNIST's digits are, against the test digits."""
    reconstruction = networks.in_parts(weights.shared(MODEL), picture)
    error = metrics.mse(reconstruction, picture)
    return Judgement(error.item(), share_below(error, usual()), reconstruction)


def share_below(error: Tensor, ascending: Tensor) -> float:
    """Which share of figures (N,) in ascending order is below this one (1,)."""
    return torch.searchsorted(ascending, error).item() / len(ascending)


def histogram(bins: int = 40) -> tuple[Tensor, Tensor]:
    """The test digits' errors for a plot -> edges (bins + 1,) and counts (bins,); the last bin takes the rest."""
    values = usual()
    most = values[int(0.995 * len(values))].item()
    counts = torch.histc(values.clamp(max=most), bins, 0.0, most)
    return torch.linspace(0, most, bins + 1), counts


def letters(text: str = "ABEFGHKMNRWXY") -> dict[str, Tensor]:
    """Printed letters, centred as digits are, to try: letter -> image (1, 1, 28, 28)."""
    return {letter: _written(letter) for letter in text}


@lru_cache(maxsize=64)
def _written(letter: str) -> Tensor:
    canvas = Image.new("L", (160, 160))
    font = ImageFont.load_default(size=110)
    ImageDraw.Draw(canvas).text((80, 80), letter, fill=255, font=font, anchor="mm", stroke_width=2)
    ink = images.to_tensor(canvas)[0, 0]  # the three channels of a grey picture are alike
    return mnist.centre((ink * 255).round().to(torch.uint8).numpy()).digit


def scribble(generator: torch.Generator) -> Tensor:
    """Three random strokes, centred as a digit (1, 1, 28, 28)."""
    mask = masks.random_strokes(1, 112, count=(3, 3), width=(9.0, 11.0), joints=5, generator=generator)
    return mnist.centre((mask[0, 0] * 255).to(torch.uint8).numpy()).digit
