"""In which channels a network that fills holes sees what: named here, so that nobody else counts them.

A painter sees the first four, a U-Net all ten; the other eye tells much of the hidden one, so a U-Net is shown the
given picture left to right as well (a painter turns what it sees itself).
"""

import torch
from torch import Tensor

from engine.networks.position_encoding import coordinates

PICTURE = slice(0, 3)  # in [0, 1]: black where hidden, or a draft
MASK = slice(3, 4)  # 1 where hidden
MASKED = slice(0, 4)  # both
MIRRORED = slice(4, 8)  # the given picture, black where hidden, and its mask, left to right
PLACE = slice(8, 10)  # where a pixel is, down and across, 0 to 1


def with_mask(pictures: Tensor, hidden: Tensor) -> Tensor:
    """Pictures (N, 3, H, W) and what is hidden of them, bool (N or 1, 1, H, W) -> (N, 4, H, W)."""
    return torch.cat([pictures, hidden.to(pictures.dtype).expand(len(pictures), -1, -1, -1)], 1)


def for_unet(draft: Tensor, given: Tensor) -> Tensor:
    """A draft (N, 3, H, W) of what `with_mask` gave (N, 4, H, W) -> all ten channels (N, 10, H, W)."""
    place = coordinates(*given.shape[2:]).to(given).expand(len(given), -1, -1, -1)
    return torch.cat([draft, given[:, MASK], given.flip(3), place], 1)
