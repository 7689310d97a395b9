"""Several methods on one picture and one mask: the answer of each, or the sentence that says why it has none."""

from collections.abc import Mapping, Sequence

from torch import Tensor

from engine import metrics
from engine.problem import Problem
from engine.restoration.methods import Restoration, restore

Answers = Mapping[str, Restoration | Problem]  # by method


def compare(
    image: Tensor, hidden: Tensor, methods: Sequence[str], seamless: bool = False, known: Answers | None = None
) -> dict[str, Restoration | Problem]:
    """Restore images (N, 3, 128, 128), hidden bool (N or 1, 1, 128, 128), by each of the methods, in their order.

    `known`: answers to the same question that need not be asked for again.
    """
    known = known or {}
    return {method: known.get(method) or _answer(image, hidden, method, seamless) for method in methods}


def in_the_hole(answer: Restoration, original: Tensor, hidden: Tensor) -> tuple[float, float]:
    """PSNR in dB and sharpness of one composite inside its hole; NaN where nothing is hidden."""
    psnr = metrics.psnr(metrics.hole_mse(answer.composite, original, hidden)).item()
    return psnr, metrics.sharpness(answer.composite, original, hidden).item()


def _answer(image: Tensor, hidden: Tensor, method: str, seamless: bool) -> Restoration | Problem:
    try:
        return restore(image, hidden, method, seamless)
    except Problem as problem:
        return problem
