"""The painter: a co-modulated U-Net that paints over a draft, inside the hole only.

Zhao et al., "Large Scale Image Completion via Co-Modulated GANs" (2021), after StyleGAN2 (Karras et al., 2020): skips
carry what is seen to where it is painted, and a code of the whole picture modulates every layer of the way back up. It
needs no noise: several answers come from several drafts. It sees the picture mirrored as well, since the other eye
tells much of the hidden one.
"""

import math
from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from engine.networks.equalised import Convolution, Dense, Modulated, activate
from engine.networks.layout import MASK, PICTURE


class Painter(nn.Module):
    """Picture with a draft in its hole, and the mask, (N, 4, H, W) -> the picture, its hole painted (N, 3, H, W).

    Both in [0, 1], the mask 1 where hidden. While it trains nothing is clipped. H = W = `size`; shapes are for 128.
    """

    def __init__(
        self,
        channels: Sequence[int] = (48, 96, 192, 256, 320),  # at a half, a quarter, ... of the width
        code_size: int = 256,
        fine: int = 12,  # channels at full width
        size: int = 128,
    ):
        super().__init__()
        side = size >> len(channels)  # 4
        if side << len(channels) != size or not side:
            raise ValueError(f"{len(channels)} halvings need a size that {2 ** len(channels)} divides, not {size}")
        steps = list(zip(channels[:-1], channels[1:], strict=True))
        deep = channels[-1]
        self.enter = Convolution(8 * 2**2, channels[0])  # folded 2x2: 32x64x64 -> 48x64x64
        self.look = nn.ModuleList(Convolution(here, here) for here in channels)  # keeps its shape; what skips carry
        self.down = nn.ModuleList(Convolution(here, below, stride=2) for here, below in steps)  # -> ... -> 320x4x4
        self.code = Dense(deep * side**2, code_size)  # -> 256
        self.begin = Modulated(deep, deep, code_size)  # 320x4x4
        self.up = nn.ModuleList(Modulated(below, here, code_size) for here, below in steps)  # -> ... -> 48x64x64
        self.paint = nn.ModuleList(Modulated(here, here, code_size) for here in channels[:-1])
        self.colour = nn.ModuleList(Modulated(here, 3, code_size, 1, even=False) for here in channels)
        self.unfold = Convolution(channels[0], fine * 2**2, 1)  # -> 48x64x64, unfolded: 12x128x128
        self.refine = nn.ModuleList(
            Modulated(fine + 4, fine + 4, code_size) for _ in range(2)
        )  # 12 + 4 of what is seen
        self.last = Modulated(fine + 4, 3, code_size, 1, even=False)  # -> 3x128x128
        for layer in (*self.colour, self.last):  # training begins at the draft
            nn.init.zeros_(layer.get_parameter("weight"))

    def forward(self, seen: Tensor) -> Tensor:
        """The painted picture: what it paints is added to the draft."""
        draft, hidden = seen[:, PICTURE], seen[:, MASK]
        centred = torch.cat([draft * 2 - 1, hidden], 1)
        features = activate(self.enter(F.pixel_unshuffle(torch.cat([centred, centred.flip(3)], 1), 2)))
        skips = []
        for depth, look in enumerate(self.look):
            features = activate(look(features))
            skips.append(features)
            if depth < len(self.down):
                features = activate(self.down[depth](features))

        code = activate(self.code(features.flatten(1)))
        features = activate(self.begin(features, code))
        change = self.colour[-1](features, code)
        for depth in reversed(range(len(self.up))):
            wide = F.interpolate(features, scale_factor=2.0, mode="nearest")
            joined = (activate(self.up[depth](wide, code)) + skips[depth]) * math.sqrt(0.5)
            features = activate(self.paint[depth](joined, code))
            change = double(change) + self.colour[depth](features, code)

        features = F.pixel_shuffle(self.unfold(features), 2)
        features = torch.cat([features, centred.to(features.dtype)], 1)
        for refine in self.refine:
            features = activate(refine(features, code))
        change = double(change) + self.last(features, code)
        painted = draft + change.to(draft.dtype) / 2
        return torch.where(hidden > 0, painted if self.training else painted.clamp(0, 1), draft)


def double(change: Tensor) -> Tensor:
    """Twice the height and width."""
    return F.interpolate(change, scale_factor=2.0, mode="bilinear", align_corners=False)
