"""Several answers to one hole and the mean of any choice of them: how close it is, and how sharp.

Squared error splits: that of a mean is the average of the errors less the spread of the answers around their mean
(Krogh and Vedelsby, "Neural Network Ensembles", 1995), whichever answers and whatever the truth.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from engine import metrics
from engine.restoration import drafts, masked_images


@dataclass(frozen=True)
class Law:
    """error = average - spread, all mean squared errors in the hole."""

    average: float  # of the single answers
    spread: float  # of the answers around their mean
    error: float  # of the mean


@dataclass(frozen=True)
class MeanOfAnswers:
    """Answers (K, 3, H, W) to the hole (1, 1, H, W) in a picture (1, 3, H, W)."""

    answers: Tensor
    original: Tensor
    hidden: Tensor

    def mean(self, chosen: Sequence[int]) -> Tensor:
        """The mean of the chosen answers, by number from 0 -> (1, 3, H, W)."""
        return self.answers[list(chosen)].mean(0, keepdim=True)

    def place(self, chosen: Sequence[int]) -> tuple[float, float]:
        """PSNR in the hole, in dB, and sharpness over the original's, of that mean."""
        return place(self.mean(chosen), self.original, self.hidden)

    def law(self, chosen: Sequence[int]) -> Law:
        """What the mean's error is made of."""
        picked, mean = self.answers[list(chosen)], self.mean(chosen)
        average = metrics.hole_mse(picked, self.original.expand_as(picked), self.hidden).mean().item()
        spread = metrics.hole_mse(picked, mean.expand_as(picked), self.hidden).mean().item()
        return Law(average, spread, metrics.hole_mse(mean, self.original, self.hidden).item())


def place(answer: Tensor, original: Tensor, hidden: Tensor) -> tuple[float, float]:
    """PSNR in the hole, in dB, and sharpness over the original's, of one answer (1, 3, H, W)."""
    error = metrics.hole_mse(answer, original, hidden)
    return metrics.psnr(error).item(), metrics.sharpness(answer, original, hidden).item()


def paint(original: Tensor, hidden: Tensor, count: int, boldness: float, seed: int) -> MeanOfAnswers:
    """Let the painter answer `count` times."""
    masked = masked_images.masked(original, hidden)
    return MeanOfAnswers(torch.cat(list(drafts.answers(masked, count, boldness, seed))), original, hidden)


def subsets(count: int) -> list[list[int]]:
    """Every choice of `count` answers as numbers; the place in the list has their bits, none at first."""
    return [[bit for bit in range(count) if choice >> bit & 1] for choice in range(2**count)]
