"""A small network that sees how far a roughly framed face lies off FFHQ's frame.

FFHQ's photographs were framed by dlib's 68 points, which we do not have; but every FFHQ face lies where they put it.
So training sets such a face askew by four drawn numbers, and the network learns to read these off its pixels. (The
spatial transformer of Jaderberg et al., 2015, taught by the numbers themselves.)
"""

import math

import torch
import torch.nn.functional as F
from torch import Tensor, nn

SIZE, LOOKED_AT = 128, 64  # pixels of a face and of what the network sees of it
# Share of the frame that is looked at. The edge of a training picture would betray how it was set askew, so it must
# stay out of sight: of the farthest frame no more than a corner touches it.
INNER = 0.7
# How far a frame is set off the true one, at most: right and down in shares of its side, log of its size, degrees.
FARTHEST = (0.06, 0.06, 0.10, 9.0)


def convolve(before: int, after: int, stride: int) -> nn.Sequential:
    """A 3x3 convolution; stride 2 halves height and width."""
    return nn.Sequential(nn.Conv2d(before, after, 3, stride, padding=1, bias=False), nn.BatchNorm2d(after), nn.ReLU())


class Framer(nn.Module):
    """Face (N, 3, 128, 128) in [0, 1], framed roughly -> the same in FFHQ's frame (N, 3, 128, 128).

    While training, `forward` sets each face askew itself and returns (guessed numbers, drawn numbers), both (N, 4).
    """

    def __init__(self, channels: int = 16, hidden: int = 96):
        super().__init__()
        c = channels
        self.layers = nn.Sequential(
            convolve(3, c, 2),  # 3x64x64 -> 16x32x32
            convolve(c, 2 * c, 2),  # -> 32x16x16
            convolve(2 * c, 2 * c, 1),
            convolve(2 * c, 4 * c, 2),  # -> 64x8x8
            convolve(4 * c, 4 * c, 1),
            convolve(4 * c, 6 * c, 2),  # -> 96x4x4
            nn.Flatten(),  # -> 1536
            nn.Linear(6 * c * 16, hidden),  # -> 96
            nn.ReLU(),
            nn.Linear(hidden, 4),  # -> right, down, log size, turn, in units of FARTHEST
        )

    def offsets(self, images: Tensor) -> Tensor:
        """How far the frames of faces (N, 3, 128, 128) lie off FFHQ's: (N, 4), in units of `FARTHEST`.

        Beyond -1 to 1 it guesses what it was never taught.
        """
        return self.layers(look(images, images.new_zeros(len(images), 4), LOOKED_AT, INNER) - 0.5)

    def forward(self, images: Tensor) -> Tensor | tuple[Tensor, Tensor]:
        """The faces in FFHQ's frame; while training, (guessed, drawn)."""
        if not self.training:
            return look(images, self.offsets(images).clamp(-1, 1), SIZE, inverse=True)
        # As torch's own seed says, which training sets: a generator cannot ride through a CUDA graph and DDP.
        drawn = 2 * torch.rand(len(images), 4, device=images.device) - 1
        return self.layers(worn(look(images, drawn, LOOKED_AT, INNER)) - 0.5), drawn


def look(images: Tensor, offsets: Tensor, size: int, part: float = 1.0, inverse: bool = False) -> Tensor:
    """What a frame shows that lies `offsets` (N, 4) off the pictures', or its inner `part`: (N, C, size, size).

    inverse: what the true frame shows, where the pictures' lies `offsets` off it. Mirrored beyond the edge.
    """
    right, down, zoom, turn = (offsets * offsets.new_tensor(FARTHEST)).float().unbind(1)
    shift = 2 * torch.stack([right, down], 1)[:, :, None]  # (N, 2, 1); a side is 2 long, from -1 to 1
    cos, sin = (f(turn * math.pi / 180) for f in (torch.cos, torch.sin))
    rotation = torch.stack([cos, -sin, sin, cos], 1).view(-1, 2, 2) * zoom.exp().view(-1, 1, 1)
    if inverse:
        rotation = rotation.mT / (2 * zoom).exp().view(-1, 1, 1)
        shift = -rotation @ shift
    grid = F.affine_grid(torch.cat([rotation * part, shift], 2), [len(images), 1, size, size], align_corners=False)
    return F.grid_sample(images.float(), grid, padding_mode="reflection", align_corners=False)


def worn(images: Tensor) -> Tensor:
    """Under other light and from worse cameras: contrast, brightness, tint, grain; a quarter of them blurred."""

    def drawn(*shape: int) -> Tensor:
        return torch.rand(len(images), *shape, device=images.device)

    blurred = F.interpolate(F.avg_pool2d(images, 2), scale_factor=2.0, mode="bilinear")
    images = torch.where(drawn(1, 1, 1) < 0.25, blurred, images)
    images = torch.where(drawn(1, 1, 1) < 0.15, images.mean(1, keepdim=True), images)
    images = (images - 0.5) * (0.6 + 0.8 * drawn(1, 1, 1)) + 0.35 + 0.3 * drawn(1, 1, 1) + 0.1 * (drawn(3, 1, 1) - 0.5)
    return (images + 0.02 * drawn(1, 1, 1) * torch.randn_like(images)).clamp(0, 1)
