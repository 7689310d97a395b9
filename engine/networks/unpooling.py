"""Max pooling that remembers where each maximum stood, and the slides' two ways back.

Yang Che-Min, "Auto-Encoder" (lecture slides): un-pooling with remembered positions, and without, each value repeated.
Zeiler and Fergus, "Visualizing and Understanding Convolutional Networks" (2014), call the positions *switches*.

Cells are 2x2. A position is the number of a pixel, row by row, in the picture before pooling (int64); within its cell
there are four, so that a position tells the decoder two bits.
"""

import torch
import torch.nn.functional as F
from torch import Tensor

BITS = 2  # a position tells which of the four pixels of a cell was the largest


def max_pool(images: Tensor) -> tuple[Tensor, Tensor]:
    """Images (N, C, H, W), H and W even -> the maximum of each cell and its position, both (N, C, H/2, W/2).

    Among equal values the first position, row by row, wins.
    """
    return F.max_pool2d(images, 2, return_indices=True)


def unpool(values: Tensor, positions: Tensor | None = None) -> Tensor:
    """Put each value back where its maximum stood, zeros elsewhere: (N, C, H, W) twice -> (N, C, 2H, 2W).

    Who knows no positions puts every value into the upper left pixel of its cell.
    """
    return F.max_unpool2d(values, upper_left(values) if positions is None else positions, [2, 2])


def repeat(values: Tensor) -> Tensor:
    """Give each value to all four pixels of its cell: (N, C, H, W) -> (N, C, 2H, 2W)."""
    return F.interpolate(values, scale_factor=2, mode="nearest")


def upper_left(values: Tensor) -> Tensor:
    """The positions of the upper left pixels, for values (N, C, H, W)."""
    height, width = values.shape[2:]
    rows = torch.arange(height, device=values.device).view(-1, 1)
    columns = torch.arange(width, device=values.device)
    return (2 * rows * 2 * width + 2 * columns).expand(values.shape)
