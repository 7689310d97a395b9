"""Are several answers to one hole as different as they should be? The law of an honest sampler, measured.

Whoever draws answers from what could be there errs by the same variance twice, once where the photograph lies and once
where the answer does; the mean of K answers loses all but a K-th of the second. So the mean of K has
2 / (1 + 1/K) times less squared error than one of them: 2.50 dB for eight. Less says that the answers are too much
alike, or wrong in common.
"""

import math

import torch
from torch import Tensor

from engine import metrics
from engine.restoration import drafts
from engine.restoration.masked_images import masked

COUNT, BOLDNESS = 8, 1.0  # 1: as far apart as gappy PCA's posterior says
LOOKED_AT = 36  # faces: eight answers take the time of eight


def honest_gain(count: int = COUNT) -> float:
    """What an honest sampler gains by the mean of `count` answers over one, in dB."""
    return 10 * math.log10(2 / (1 + 1 / count))


def gain(answers: Tensor, images: Tensor, hidden: Tensor) -> float:
    """By how many dB the mean of K answers (N, K, 3, H, W) to holes (N, 1, H, W) in images (N, 3, H, W) errs less than
    one of them: mean squared errors in the hole, of all faces together."""
    single = torch.stack([metrics.hole_mse(one, images, hidden) for one in answers.unbind(1)])
    return 10 * math.log10(single.mean().item() / metrics.hole_mse(answers.mean(1), images, hidden).mean().item())


def painters_gain(images: Tensor, hidden: Tensor, seed: int = 0) -> float:
    """`gain` of `COUNT` answers of the painter to images (N, 3, 128, 128), hidden (N, 1, 128, 128); a seed a face."""
    drawn = []
    for number, (image, hole) in enumerate(zip(images.split(1), hidden.split(1), strict=True)):
        drawn.append(torch.cat(list(drafts.answers(masked(image, hole), COUNT, BOLDNESS, seed + number))))
    return gain(torch.stack(drawn), images, hidden)
