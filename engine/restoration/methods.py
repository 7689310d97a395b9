"""A picture and its mask in, a restored picture out, whichever method.

Every method sees `corruptions.hide(images, hidden)` and the mask, never the picture itself: a hidden pixel cannot
reach it.
"""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from engine.corruptions.masks import check_mask, hide
from engine.models import weights
from engine.problem import Problem
from engine.restoration import classical_inpainting, gappy_pca, latent_search, nearest_face, unet_input
from engine.restoration.poisson_blending import smooth_seam


@dataclass(frozen=True)
class Restoration:
    """What a method made of a picture; all images (N, C, H, W) in [0, 1]."""

    given: Tensor  # what the method saw: the picture with a black hole
    reconstruction: Tensor  # what it returned
    composite: Tensor  # the reconstruction inside the hole, the given picture everywhere else

    def only(self, number: int) -> "Restoration":
        """That one of the pictures, still as a batch of one."""
        one = slice(number, number + 1)
        return Restoration(self.given[one], self.reconstruction[one], self.composite[one])


@dataclass(frozen=True)
class Method:
    """A way to guess what is hidden."""

    title: str  # as the row of methods names it
    says: str  # one short sentence: how it guesses
    # given (N, 3, 128, 128) with a black hole, hidden (N, 1, 128, 128) -> reconstruction (N, 3, 128, 128)
    run: Callable[[Tensor, Tensor], Tensor]
    models: tuple[str, ...] = ()  # shipped models that it needs
    slow: bool = False  # too slow to follow the hand


def _face_autoencoder(given: Tensor, hidden: Tensor) -> Tensor:
    """The article's network: it gets the black box and no mask."""
    return weights.shared("face-autoencoder")(given)


def _unet(name: str) -> Callable[[Tensor, Tensor], Tensor]:
    """A U-Net that sees the mask and refines a first draft."""
    return lambda given, hidden: weights.shared(name)(unet_input.seen(torch.cat([given, hidden.float()], 1)))


METHODS: dict[str, Method] = {
    "face-autoencoder": Method(
        "Autoencoder",
        "Squeezes what it sees into a code of 300 numbers and paints the face of that code.",
        _face_autoencoder,
        ("face-autoencoder",),
    ),
    "gappy-pca": Method(
        "Gappy PCA",
        "Mixes 300 fixed pictures so that the sum fits the visible part best.",
        gappy_pca.restore,
        (gappy_pca.MODEL,),
    ),
    "latent-search": Method(
        "Latent search",
        "Turns the autoencoder's code until the decoded face fits the visible part.",
        latent_search.restore,
        (latent_search.MODEL,),
        slow=True,
    ),
    "face-unet": Method(
        "U-Net",
        "Sees the picture and the mask at every scale and paints the mean of what could be there.",
        _unet("face-unet"),
        ("face-unet", unet_input.MODEL),
    ),
    "face-unet-sharp": Method(
        "U-Net, sharp",
        "Learnt to paint what a second network cannot tell from a photograph.",
        _unet("face-unet-sharp"),
        ("face-unet-sharp", unet_input.MODEL),
    ),
    "telea": Method(
        "Telea",
        "Carries the colours at the edge inwards and has never seen a face.",
        classical_inpainting.telea,
    ),
    "navier-stokes": Method(
        "Navier-Stokes",
        "Lets the lines at the edge flow inwards and has never seen a face.",
        classical_inpainting.navier_stokes,
    ),
    "nearest-face": Method(
        "Nearest known face",
        "Shows the training face, as the decoder paints it, whose visible part is closest.",
        nearest_face.restore,
        (nearest_face.MODEL,),
    ),
}


def known_method(name: str) -> Method:
    """The method of that name; raises `Problem` that lists the names there are."""
    if name not in METHODS:
        raise Problem(f"There is no method '{name}': choose one of {', '.join(METHODS)}.")
    return METHODS[name]


def restore(images: Tensor, hidden: Tensor, method: str = "face-autoencoder", seamless: bool = False) -> Restoration:
    """Restore the hidden part of images (N, 3, 128, 128), hidden bool (N or 1, 1, 128, 128).

    seamless: shift the composite's colours inside the hole so that they meet the picture at its edge. With nothing
    hidden the composite is the picture; with all of it hidden the method answers what it would for a black picture.
    Raises `Problem` for an unknown method, one whose weights are missing or damaged, or a mask that does not fit.
    """
    known = known_method(method)
    check_mask(images, hidden)
    with torch.inference_mode():
        given, hidden = hide(images, hidden), hidden.expand(len(images), -1, -1, -1)
        return finished(given, known.run(given, hidden), hidden, seamless)


@torch.inference_mode()
def finished(given: Tensor, reconstruction: Tensor, hidden: Tensor, seamless: bool) -> Restoration:
    """A reconstruction with its composite, whose seam is smoothed or hard."""
    inside = smooth_seam(given, reconstruction, hidden) if seamless else reconstruction
    return Restoration(given, reconstruction, composite(given, inside, hidden))


def composite(given: Tensor, reconstruction: Tensor, hidden: Tensor) -> Tensor:
    """The reconstruction inside the hole, the given picture everywhere else."""
    return torch.where(hidden, reconstruction, given)


def error_map(image: Tensor, reference: Tensor, gain: float = 4.0) -> Tensor:
    """Where two pictures differ -> (N, 3, H, W): black is equal, then red, yellow, white at 1 / gain of full scale."""
    error = ((image - reference).abs().mean(1, keepdim=True) * gain).clamp(0, 1)
    return torch.cat([(error * 3 - shift).clamp(0, 1) for shift in (0, 1, 2)], dim=1)
