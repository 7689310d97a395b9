"""Are several answers to one hole as different as they should be? The law of an honest sampler, measured.

Whoever draws answers from what could be there errs by the same variance twice, once where the photograph lies and once
where the answer does; the mean of K answers loses all but a K-th of the second. So the mean of K has
2 / (1 + 1/K) times less squared error than one of them: 2.50 dB for eight. Less says that the answers are too much
alike, or wrong in common.
"""

import torch
from torch import Tensor

from engine.restoration import drafts
from engine.restoration.masked_images import masked

COUNT, BOLDNESS = 8, 1.0  # 1: as far apart as gappy PCA's posterior says
LOOKED_AT = 36  # faces: eight answers take the time of eight


def painters_gain(images: Tensor, hidden: Tensor, seed: int = 0) -> float:
    """`drafts.gain_of_mean` of `COUNT` answers of the painter to images (N, 3, 128, 128), hidden (N, 1, 128, 128); each
    face has a seed of its own."""
    drawn = []
    for number, (image, hole) in enumerate(zip(images.split(1), hidden.split(1), strict=True)):
        drawn.append(torch.cat(list(drafts.answers(masked(image, hole), COUNT, BOLDNESS, seed + number))))
    return drafts.gain_of_mean(torch.stack(drawn), images, hidden)
