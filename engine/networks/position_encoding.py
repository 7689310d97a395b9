"""Where in the picture a feature lies: faces are aligned, so that the place alone tells an eye from a chin.

A convolution does the same everywhere and cannot know. Given the coordinates it can (Liu et al., "CoordConv", 2018),
and better as waves of several lengths (Tancik et al., "Fourier Features", 2020).
"""

import math

import torch
import torch.nn.functional as F
from torch import Tensor, nn

LENGTHS = (2.0, 1.0, 0.5, 0.25)  # of the waves, in picture widths


def coordinates(height: int, width: int) -> Tensor:
    """How far down and how far right every pixel is, 0 to 1 -> (2, H, W)."""
    down, right = ((torch.arange(side) + 0.5) / side for side in (height, width))
    return torch.stack(torch.meshgrid(down, right, indexing="ij"))


class Position(nn.Module):
    """Coordinates (N, 2, H, W) -> what to add to features there (N, C, H/shrink, W/shrink); nothing before training."""

    def __init__(self, channels: int, shrink: int):
        super().__init__()
        self.shrink = shrink
        self.mix = nn.Conv2d(4 * len(LENGTHS), channels, 1)
        nn.init.zeros_(self.mix.weight)
        nn.init.zeros_(self.mix.bias)  # pyright: ignore[reportArgumentType]

    def forward(self, place: Tensor) -> Tensor:
        """What the places say."""
        angles = torch.cat([F.avg_pool2d(place, self.shrink) * (2 * math.pi / length) for length in LENGTHS], dim=1)
        return self.mix(torch.cat([angles.sin(), angles.cos()], dim=1))
