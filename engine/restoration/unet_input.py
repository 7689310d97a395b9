"""What the U-Nets and the painter are shown of a picture with a hole: a first draft of it, by gappy PCA.

A draft refined by a second network is how Yu et al. fill holes ("Generative Image Inpainting with Contextual
Attention", 2018). The article's autoencoder would be a draft as good under its own 28x28 box, but reads a larger hole
as a black part of the face; least squares from the visible pixels alone does not. For a U-Net the draft is moved to
meet the picture at the hole's edge; the painter sees to that itself.
"""

import torch
from torch import Tensor

from engine.corruptions.named import CORRUPTIONS
from engine.networks import layout
from engine.problem import Problem
from engine.restoration import gappy_pca
from engine.restoration.masked_images import MaskedImages
from engine.restoration.poisson_blending import smooth_seam

MODEL = gappy_pca.MODEL


def draft(masked: MaskedImages, codes: Tensor | None = None) -> Tensor:
    """The given pictures (N, 3, 128, 128), their holes filled by gappy PCA: its mean, or codes (N, D) drawn from its
    posterior. Only hidden pixels and those beside them are decoded; the latter come with it, see `smoothed_draft`.

    Raises `Problem` where `MODEL` is missing or damaged.
    """
    return torch.where(masked.hidden, masked.mixed if codes is None else masked.mix(codes), masked.given)


def smoothed_draft(masked: MaskedImages) -> Tensor:
    """`draft`, its colours shifted to meet the picture at the hole's edge."""
    return torch.where(masked.hidden, smooth_seam(masked.given, masked.mixed, masked.hidden), masked.given)


@torch.inference_mode()
def for_unet(masked: MaskedImages) -> Tensor:
    """What a U-Net is shown (N, 10, 128, 128)."""
    return layout.for_unet(smoothed_draft(masked), layout.with_mask(masked.given, masked.hidden))


@torch.inference_mode()
def for_painter(masked: MaskedImages, codes: Tensor | None = None) -> Tensor:
    """What the painter is shown (N, 4, 128, 128)."""
    return layout.with_mask(draft(masked, codes), masked.hidden)


SHOWN = {"hole": for_unet, "draft": for_painter}  # by the word of `Recipe.refines`


def shown(images: Tensor, corruption: str, refines: str, generator: torch.Generator) -> Tensor:
    """What a recipe shows its network of intact images: them corrupted, with a draft of what it `refines` if any.

    Drafts are made on the CPU and returned where the images lie. Raises `Problem` for a `refines` that `Recipe` does
    not know, as in the config.json of another version.
    """
    if refines and refines not in SHOWN:
        raise Problem("This model is of another version, which refined something else: train it again.")
    given = CORRUPTIONS[corruption](images, generator)
    if not refines:
        return given
    there = given.cpu()
    masked = MaskedImages(there[:, layout.PICTURE], there[:, layout.MASK] > 0)
    return SHOWN[refines](masked).clone().to(given)  # a clone: what inference made, no gradient may pass
