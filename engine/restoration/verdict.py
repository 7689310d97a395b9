"""The figures of several answers in words: the closest, the sharpest. The most believable is for an eye to decide."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import torch
from torch import Tensor

from engine import metrics
from engine.restoration import gappy_pca
from engine.restoration.methods import METHODS, Answers, Restoration


@dataclass(frozen=True)
class Figures:
    """Of one answer, inside the hole."""

    psnr: float  # dB
    sharpness: float  # gradient energy over the original's: 1 is as sharp as it
    counts: bool  # False: the face itself was painted from what this method knows


@dataclass(frozen=True)
class Verdict:
    """Names of methods; empty where nothing is hidden, or none of the answers counts."""

    closest: str  # the largest PSNR
    sharpest: str  # detail nearest to the original's: more than that is noise


def counts(method: str, photograph: bool) -> bool:
    """Whether a method's figures say anything: on a face painted from principal components, theirs flatter them."""
    return photograph or gappy_pca.MODEL not in METHODS[method].models


def all_figures(answers: Answers, original: Tensor, hidden: Tensor, photograph: bool) -> dict[str, Figures]:
    """Of every answer that is one, by its method; none where nothing is hidden."""
    composites = {name: answer.composite for name, answer in answers.items() if isinstance(answer, Restoration)}
    if not hidden.any() or not composites:
        return {}
    together = torch.cat(list(composites.values()))
    psnr = metrics.psnr(metrics.hole_mse(together, original, hidden)).tolist()
    sharpness = metrics.sharpness(together, original, hidden).tolist()
    return {
        name: Figures(near, detail, counts(name, photograph))
        for name, near, detail in zip(composites, psnr, sharpness, strict=True)
    }


def judge(figures: Mapping[str, Figures]) -> Verdict:
    """The winners among the figures that count."""
    counted = {method: one for method, one in figures.items() if one.counts}
    if not counted:
        return Verdict("", "")
    closest = max(counted, key=lambda method: counted[method].psnr)
    sharpest = min(counted, key=lambda method: abs(math.log(max(counted[method].sharpness, 1e-6))))
    return Verdict(closest, sharpest)
