"""What a picture is taken for: straight lines between the codes of `MODEL`, fitted on clean training digits.

One reader for all methods, so it judges a cleaned digit and not the network that cleaned it.
"""

from functools import lru_cache

import torch
from torch import Tensor

from engine.datasets.mnist import Digits, test_half
from engine.latent import linear_probe
from engine.models import weights
from engine.networks import Autoencoder, in_parts

MODEL = "digit-code-50"
COUNT = 30_000  # training digits that it was fitted on


@torch.inference_mode()
def read(pictures: Tensor) -> Tensor:
    """Pictures (N, 1, 28, 28) in [0, 1] -> how likely each of the ten digits is, (N, 10), rows of sum 1.

    On what is no digit it still names one. Raises `Problem` where its weights are missing.
    """
    lines = _lines()
    return (_codes(pictures) @ lines["weights"].T + lines["biases"]).softmax(1)


def write(digits: Digits) -> str:
    """Fit the reader on the first `COUNT` of the training digits and lay it beside `MODEL`; returns the file.

    Beside it stands the share of clean test digits that it reads rightly.
    """
    known, held = digits.images[:COUNT].float() / 255, test_half()
    found, biases = linear_probe.fit(_codes(known).clone(), digits.labels[:COUNT].clone())
    right = ((_codes(held.images.float() / 255) @ found.T + biases).argmax(1) == held.labels).float().mean().item()
    _lines.cache_clear()
    described = {"training digits": len(known), "test accuracy": round(right, 4)}
    return str(weights.keep_companion(MODEL, "reader", {"weights": found, "biases": biases}, described))


@lru_cache(maxsize=1)
def _lines() -> dict[str, Tensor]:
    return weights.companion(MODEL, "reader", "lines by which digits are read")


def _codes(pictures: Tensor) -> Tensor:
    return in_parts(weights.shared(MODEL, Autoencoder).encode, pictures)
