"""A first draft of what is hidden, for the U-Nets to refine: gappy PCA, moved to meet the picture at the hole's edge.

A rough answer refined by a second network is how Yu et al. fill holes ("Generative Image Inpainting with Contextual
Attention", 2018). The article's autoencoder would be a draft as good under its own 28x28 box, but reads a larger hole
as a black part of the face; least squares from the visible pixels alone does not.
"""

import torch
from torch import Tensor

from engine import gappy
from engine.corruptions import CORRUPTIONS
from engine.seam import smooth_seam

MODEL = gappy.MODEL


def draft(given: Tensor, hidden: Tensor) -> Tensor:
    """Given (N, 3, 128, 128) with a black hole, hidden bool (N, 1, 128, 128) -> given with the hole filled, on the CPU.

    Raises `Problem` where `MODEL` is missing or damaged.
    """
    return torch.where(hidden, smooth_seam(given, gappy.restore(given, hidden), hidden), given)


@torch.no_grad()
def seen(given: Tensor) -> Tensor:
    """What a `FaceUNet` is shown (N, 8, H, W) of a face with a black hole and its mask, given (N, 4, H, W), 1 = hidden.

    Channels 0-2: the draft; 3: the mask; 4-7: the given picture and mask left to right, since the other eye tells much
    of the hidden one. Returned on the device where `given` lies.
    """
    there = given.cpu()
    rough = draft(there[:, :3], there[:, 3:] > 0)
    return torch.cat([rough.to(given), given[:, 3:], given.flip(3)], dim=1)


def shown(images: Tensor, corruption: str, refines: bool, generator: torch.Generator) -> Tensor:
    """What a recipe shows its network of intact images: them corrupted, and with a draft where it `refines` one."""
    given = CORRUPTIONS[corruption](images, generator)
    return seen(given) if refines else given
