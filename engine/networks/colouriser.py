"""Grey in, colour out: a small U-Net guesses only the colour, at a quarter of the width; the grey stays sharp.

After Zhang, Isola and Efros, "Colorful Image Colorization" (2016), and Larsson et al. (2016): the eye sees colour
coarsely, so that the given luminance can carry all the detail. Squared error gives the average colour: a pale one.
"""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

RED, BLUE = 1.402, 1.772  # JPEG's (BT.601) colour differences: R = Y + 1.402 Cr, B = Y + 1.772 Cb
GREEN_OF_BLUE, GREEN_OF_RED = 0.344136, 0.714136  # G = Y - 0.344136 Cb - 0.714136 Cr


def halve(before: int, after: int) -> nn.Sequential:
    """Half the height and width."""
    return nn.Sequential(
        nn.Conv2d(before, after, 4, stride=2, padding=1, bias=False), nn.BatchNorm2d(after), nn.LeakyReLU(0.2)
    )


def double(before: int, after: int) -> nn.Sequential:
    """Twice the height and width."""
    return nn.Sequential(
        nn.ConvTranspose2d(before, after, 4, stride=2, padding=1, bias=False),
        nn.BatchNorm2d(after),
        nn.LeakyReLU(0.2),
    )


class Colouriser(nn.Module):
    """Grey face (N, 1, 128, 128) in [0, 1] -> the same in colour (N, 3, 128, 128) in [0, 1]."""

    def __init__(self, channels: int = 24):
        super().__init__()
        c = channels
        self.down1 = halve(1, c)  # 1x64x64 -> 24x32x32
        self.down2 = halve(c, 2 * c)  # -> 48x16x16
        self.down3 = halve(2 * c, 4 * c)  # -> 96x8x8
        self.down4 = halve(4 * c, 4 * c)  # -> 96x4x4
        self.up4 = double(4 * c, 4 * c)  # -> 96x8x8
        self.up3 = double(8 * c, 2 * c)  # 96 + 96 of down3 -> 48x16x16
        self.up2 = double(4 * c, c)  # 48 + 48 of down2 -> 24x32x32
        self.colour = nn.Conv2d(2 * c, 2, 3, padding=1)  # 24 + 24 of down1 -> 2x32x32: Cb and Cr

    def chroma(self, grey: Tensor) -> Tensor:
        """Grey (N, 1, 128, 128) -> the colour differences Cb and Cr in [-0.5, 0.5] (N, 2, 32, 32)."""
        down1 = self.down1(F.avg_pool2d(grey, 2) - 0.5)  # 1x128x128 -> 1x64x64 ->
        down2 = self.down2(down1)
        down3 = self.down3(down2)
        up = self.up4(self.down4(down3))
        up = self.up3(torch.cat([up, down3], dim=1))
        up = self.up2(torch.cat([up, down2], dim=1))
        return self.colour(torch.cat([up, down1], dim=1)).tanh() / 2

    def forward(self, grey: Tensor) -> Tensor:
        """The coloured picture; its luminance is the given grey wherever no channel had to be clipped."""
        chroma = F.interpolate(self.chroma(grey), scale_factor=4, mode="bilinear")  # 2x32x32 -> 2x128x128
        blue, red = chroma[:, :1], chroma[:, 1:]
        green = -GREEN_OF_BLUE * blue - GREEN_OF_RED * red
        return (grey + torch.cat([RED * red, green, BLUE * blue], dim=1)).clamp(0, 1)
