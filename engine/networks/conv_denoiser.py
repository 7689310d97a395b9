"""A small U-Net that cleans digits: what lies close to a pixel decides, and skips carry sharp edges past the middle.

Ronneberger, Fischer and Brox, "U-Net" (2015). It has no code: the skips would carry the picture past it.
"""

import torch
from torch import Tensor, nn


def convolve(before: int, after: int) -> nn.Sequential:
    """A 3x3 convolution that keeps height and width."""
    return nn.Sequential(nn.Conv2d(before, after, 3, padding=1, bias=False), nn.BatchNorm2d(after), nn.ReLU())


def halve(before: int, after: int) -> nn.Sequential:
    """Half the height and width."""
    return nn.Sequential(nn.Conv2d(before, after, 4, stride=2, padding=1, bias=False), nn.BatchNorm2d(after), nn.ReLU())


def double(before: int, after: int) -> nn.Sequential:
    """Twice the height and width."""
    return nn.Sequential(
        nn.ConvTranspose2d(before, after, 4, stride=2, padding=1, bias=False),
        nn.BatchNorm2d(after),
        nn.ReLU(),
    )


class ConvDenoiser(nn.Module):
    """Noisy digit (N, 1, 28, 28) in [0, 1] -> clean digit (N, 1, 28, 28) in [0, 1]."""

    def __init__(self, channels: int = 32):
        super().__init__()
        c = channels
        self.down1 = nn.Sequential(halve(1, c), convolve(c, c))  # 1x28x28 -> 32x14x14
        self.down2 = nn.Sequential(halve(c, 2 * c), convolve(2 * c, 2 * c))  # -> 64x7x7
        self.middle = convolve(2 * c, 2 * c)  # -> 64x7x7
        self.up2 = double(2 * c, c)  # -> 32x14x14
        self.join = convolve(2 * c, c)  # 32 + 32 of down1 -> 32x14x14
        self.up1 = nn.ConvTranspose2d(c, 1, 4, stride=2, padding=1)  # -> 1x28x28

    def forward(self, images: Tensor) -> Tensor:
        """The clean digits."""
        wide = self.down1(images)
        narrow = self.middle(self.down2(wide))
        return self.up1(self.join(torch.cat([self.up2(narrow), wide], dim=1))).sigmoid()
