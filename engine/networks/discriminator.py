"""The discriminator of adversarial training: is the hole of this picture a photograph's, or painted?

A residual network that looks at the whole picture (Karras et al., "Analyzing and Improving the Image Quality of
StyleGAN", 2020) and is told where the hole is. It is needed for training only and is not shipped.
"""

import math
from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from engine.networks.equalised import TINY, Convolution, Dense, activate

GROUP = 4  # pictures whose features are compared with one another
ALIKE = 8  # equal channels that tell of it, since matrix units like multiples of eight


class Halving(nn.Module):
    """Half the height and width, by two convolutions and a short cut past them."""

    def __init__(self, before: int, after: int):
        super().__init__()
        self.keep = Convolution(before, before)
        self.halve = Convolution(before, after, stride=2)
        self.past = Convolution(before, after, 1)

    def forward(self, features: Tensor) -> Tensor:
        """(N, before, H, W) -> (N, after, H/2, W/2)."""
        mixed = activate(self.halve(activate(self.keep(features))))
        return (mixed + self.past(F.avg_pool2d(features, 2))) * math.sqrt(0.5)


class Discriminator(nn.Module):
    """Pictures (N, 3, H, W) and masks (N, 1, H, W), both in [0, 1] -> one score each (N, 1); above 0: a photograph.

    H = W = `size`; shapes are for 128.
    """

    def __init__(self, channels: Sequence[int] = (64, 128, 256, 384, 384), size: int = 128):
        super().__init__()
        side = size >> len(channels)  # 4
        if side << len(channels) != size or not side:
            raise ValueError(f"{len(channels)} halvings need a size that {2 ** len(channels)} divides, not {size}")
        deep = channels[-1]
        self.enter = Convolution(4 * 2**2, channels[0])  # folded 2x2: 16x64x64 -> 64x64x64
        self.blocks = nn.ModuleList(Halving(*step) for step in zip(channels[:-1], channels[1:], strict=True))  # 384x4x4
        self.join = Convolution(deep + ALIKE, deep)  # 384 + 8 -> 384x4x4
        self.gather = Dense(deep * side**2, deep)  # -> 384
        self.score = Dense(deep, 1)  # -> 1

    def forward(self, pictures: Tensor, hidden: Tensor) -> Tensor:
        """The scores, in float32."""
        features = F.pixel_unshuffle(torch.cat([pictures * 2 - 1, hidden.to(pictures.dtype) - 0.5], 1), 2)
        features = activate(self.enter(features))
        for block in self.blocks:
            features = block(features)
        features = activate(self.join(torch.cat([features, variety(features)], 1)))
        return self.score(activate(self.gather(features.flatten(1)))).float()


def variety(features: Tensor) -> Tensor:
    """How much the pictures of a group differ, as equal channels beside features (N, C, H, W) -> (N, ALIKE, H, W).

    A generator that paints one face for all gives itself away (Karras et al., 2018, minibatch standard deviation). A
    group is `GROUP` neighbours; where the batch is no multiple of that, all of it.
    """
    count = len(features)
    groups = features.float().unflatten(0, (-1, GROUP if count % GROUP == 0 else count))
    deviation = (groups.var(1, unbiased=False) + TINY).sqrt().mean((1, 2, 3))
    each = deviation.repeat_interleave(groups.shape[1]).to(features.dtype)
    return each.view(-1, 1, 1, 1).expand(-1, ALIKE, *features.shape[2:])
