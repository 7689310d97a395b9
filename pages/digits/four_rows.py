"""The slides' four rows: digits, with noise, and both of them through the denoiser."""

import torch
from torch import Tensor

from engine import images
from engine.corruptions import noise
from engine.datasets import mnist
from engine.models import weights
from pages.components.picture_row.picture_row import Picture, picture_row
from pages.digits.methods import decibels
from pages.parts.say import say

MODEL = "digit-denoiser"
OTHERS = 9  # test digits beside the visitor's: the first of each class from 0 on


def four_pictures(clean: Tensor, noisy: Tensor) -> None:
    """One digit (1, 1, 28, 28) as it was, with noise, and both through the network."""
    show(clean, noisy, key="four", min_width=110)


def four_rows(clean: Tensor, kind: str, strength: float, seed: int) -> None:
    """The visitor's digit (1, 1, 28, 28) and others, each row a strip of pictures."""
    held = mnist.test_half()
    firsts = [int((held.labels == digit).nonzero()[0]) for digit in range(OTHERS)]
    digits = torch.cat([clean, held.images[firsts].float() / 255])
    noisy = noise.NOISES[kind](digits, strength, torch.Generator().manual_seed(seed))
    show(digits, noisy, key="rows", min_width=320)


def show(clean: Tensor, noisy: Tensor, *, key: str, min_width: int) -> None:
    """Four pictures, each all of the digits (N, 1, 28, 28) side by side."""
    network = weights.shared(MODEL)
    with torch.inference_mode():
        clean_out, noisy_out = network(torch.cat([clean, noisy])).split(len(clean))
    rows = [
        Picture(say("rows.original"), _strip(clean)),
        Picture(say("rows.noisy"), _strip(noisy), decibels(noisy, clean)),
        Picture(say("rows.original-through"), _strip(clean_out), decibels(clean_out, clean)),
        Picture(say("rows.noisy-through"), _strip(noisy_out), decibels(noisy_out, clean)),
    ]
    picture_row(rows, key=key, pixelated=True, min_width=min_width, tap=True)


def _strip(digits: Tensor) -> str:
    return images.data_url(images.tiled(digits, len(digits)), "png")
