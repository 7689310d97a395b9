"""A U-Net that finishes a rough answer: coarse to fine, and the mask is one of its inputs.

Ronneberger, Fischer and Brox, "U-Net" (2015): skips carry the visible picture past the middle, which the article's
300-number code cannot hold. Pictures are folded 4x4 (Shi et al., "Sub-Pixel Convolution", 2016), so that all but the
last convolutions run at a quarter of the width: on a CPU that is what makes training affordable.
"""

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from engine.networks.layout import MASK, MIRRORED, PICTURE, PLACE
from engine.networks.position_encoding import Position

FOLD = 4


def convolve(before: int, after: int, kernel: int = 3) -> nn.Sequential:
    """A convolution that keeps height and width."""
    return nn.Sequential(
        nn.Conv2d(before, after, kernel, padding=kernel // 2, bias=False), nn.BatchNorm2d(after), nn.ReLU()
    )


def halve(before: int, after: int) -> nn.Sequential:
    """Half the height and width."""
    return nn.Sequential(nn.Conv2d(before, after, 4, stride=2, padding=1, bias=False), nn.BatchNorm2d(after), nn.ReLU())


def double(before: int, after: int) -> nn.Sequential:
    """Twice the height and width; four neighbours begin alike, or a checkerboard stays (Aitken et al., 2017)."""
    mix = nn.Conv2d(before, 4 * after, 1)
    for values in mix.parameters():
        values.data = values.data[::4].repeat_interleave(4, 0)
    return nn.Sequential(mix, nn.PixelShuffle(2))


def begin_at_zero(layer: nn.Module) -> None:
    """Set a layer's weights so that it adds nothing yet."""
    for parameter in layer.parameters():
        nn.init.zeros_(parameter)


class Residual(nn.Module):
    """Two convolutions whose result is added to what went in; it begins as the identity (He et al., 2016)."""

    def __init__(self, channels: int):
        super().__init__()
        self.inner = nn.Sequential(
            convolve(channels, channels),
            nn.Conv2d(channels, channels, 3, padding=1, bias=False),
            nn.BatchNorm2d(channels),
        )
        begin_at_zero(self.inner[2])

    def forward(self, features: Tensor) -> Tensor:
        """The same shape, refined."""
        return F.relu(features + self.inner(features))


class FaceUNet(nn.Module):
    """What `layout.for_unet` returns (N, 10, H, W) -> the given faces (N, 3, H, W) in [0, 1], their holes filled.

    Fully convolutional: H and W are any multiples of 16; shapes are for a face of 128x128.
    """

    def __init__(self, channels: Sequence[int] = (48, 96, 128)):
        super().__init__()
        a, b, c = channels
        self.fold = nn.Sequential(nn.PixelUnshuffle(FOLD), convolve(8 * FOLD**2, a, 1))  # 8x128x128 -> 48x32x32
        self.position = Position(a, FOLD)  # -> 48x32x32
        self.wide = Residual(a)  # 48x32x32
        self.down = nn.Sequential(halve(a, b), Residual(b))  # -> 96x16x16
        self.middle = nn.Sequential(halve(b, c), Residual(c), Residual(c), double(c, b))  # -> 128x8x8 -> 96x16x16
        self.up = nn.Sequential(convolve(2 * b, b, 1), Residual(b), double(b, a))  # 96 + 96 of down -> 48x32x32
        self.join = nn.Sequential(convolve(2 * a, a, 1), Residual(a))  # 48 + 48 of wide -> 48x32x32
        self.unfold = nn.Sequential(nn.Conv2d(a, 3 * FOLD**2, 1), nn.PixelShuffle(FOLD))  # -> 3x128x128
        begin_at_zero(self.unfold[0])  # training begins at the draft

    def forward(self, seen: Tensor) -> Tensor:
        """The refined face."""
        rough, hidden = seen[:, PICTURE], seen[:, MASK]
        wide = self.wide(self.fold(seen[:, : MIRRORED.stop] - 0.5) + self.position(seen[:, PLACE]))
        down = self.down(wide)
        up = self.up(torch.cat([self.middle(down), down], dim=1))
        change = self.unfold(self.join(torch.cat([up, wide], dim=1)))
        filled = rough + change if self.training else (rough + change).clamp(0, 1)
        return torch.where(hidden > 0, filled, rough)
