"""A first draft of what is hidden, for the U-Nets to refine: gappy PCA, moved to meet the picture at the hole's edge.

A rough answer refined by a second network is how Yu et al. fill holes ("Generative Image Inpainting with Contextual
Attention", 2018). The article's autoencoder would be a draft as good under its own 28x28 box, but reads a larger hole
as a black part of the face; least squares from the visible pixels alone does not.
"""

import torch
from torch import Tensor

from engine.corruptions.named import CORRUPTIONS
from engine.networks import face_unet
from engine.problem import Problem
from engine.restoration import face_generator, gappy_pca
from engine.restoration.poisson_blending import smooth_seam

MODEL = gappy_pca.MODEL


def draft(given: Tensor, hidden: Tensor) -> Tensor:
    """Given (N, 3, 128, 128) with a black hole, hidden bool (N, 1, 128, 128) -> given with the hole filled, on the CPU.

    Raises `Problem` where `MODEL` is missing or damaged.
    """
    return torch.where(hidden, smooth_seam(given, gappy_pca.restore(given, hidden), hidden), given)


@torch.no_grad()
def seen(given: Tensor) -> Tensor:
    """What a U-Net is shown (N, 10, H, W) of faces with a hole and their masks, given (N, 4, H, W), 1 = hidden.

    Returned on the device where `given` lies.
    """
    there = given.cpu()
    return face_unet.inputs(draft(there[:, :3], there[:, 3:] > 0).to(given), given)


def shown(images: Tensor, corruption: str, refines: str, generator: torch.Generator) -> Tensor:
    """What a recipe shows its network of intact images: them corrupted, with a draft of what it `refines` if any.

    Raises `Problem` for a `refines` that `Recipe` does not know, as in the config.json of another version.
    """
    if refines == "code":
        return face_generator.shown(face_generator.codes(images)).to(images)
    if refines not in ("", "hole"):
        raise Problem("This model is of another version, which refined something else: train it again.")
    given = CORRUPTIONS[corruption](images, generator)
    return seen(given) if refines == "hole" else given
