"""A picture and its mask in, a restored picture out, whichever method; or several of them, side by side.

Every method sees `MaskedImages`, never the picture itself: a hidden pixel cannot reach it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from engine import metrics
from engine.images import encode, tiled, to_picture
from engine.models import weights
from engine.networks import Autoencoder
from engine.problem import Problem
from engine.restoration import classical_inpainting, drafts, gappy_pca, latent_search, nearest_face, unet_input
from engine.restoration.masked_images import ENCODER, MaskedImages, Memory
from engine.restoration.poisson_blending import smooth_seam
from engine.restoration.result_file import write_result

DEFAULT = drafts.MODEL


@dataclass(frozen=True, repr=False)
class Restoration:
    """What a method made of a picture; all images (N, C, H, W) in [0, 1]. In a notebook it shows itself."""

    given: Tensor  # what the method saw: the picture with a black hole
    reconstruction: Tensor  # what it returned
    composite: Tensor  # the reconstruction inside the hole, the given picture everywhere else

    def only(self, number: int) -> "Restoration":
        """That one of the pictures, still as a batch of one."""
        return self.part(number, number + 1)

    def part(self, first: int, end: int) -> "Restoration":
        """Those of the pictures, as a batch."""
        return Restoration(self.given[first:end], self.reconstruction[first:end], self.composite[first:end])

    def save(self, path: str | Path, overwrite: bool = False) -> Path:
        """Write the composite, several of them side by side, as .png or .webp, both exact, or .jpg; raises `Problem`
        where a file is in the way."""
        picture = to_picture(tiled(self.composite, len(self.composite)))
        return write_result(picture, path, "Parts of this picture were painted: invented, not photographed.", overwrite)

    def _repr_png_(self) -> bytes:
        """What was given and the composite beside it, a row a picture."""
        both = torch.stack([self.given, self.composite], 1).flatten(0, 1)
        return encode(tiled(both, 2), "png")

    def __repr__(self) -> str:
        return f"Restoration(given, reconstruction and composite: {tuple(self.composite.shape)})"


@dataclass(frozen=True)
class Method:
    """A way to guess what is hidden."""

    title: str  # as the row of methods names it
    says: str  # one short sentence: how it guesses
    run: Callable[[MaskedImages], Tensor]  # -> reconstruction (N, 3, 128, 128)
    models: tuple[str, ...] = ()  # shipped models that it needs
    slow: bool = False  # too slow to follow the hand


METHODS: dict[str, Method] = {
    "face-painter": Method(
        "Painter",
        "Paints one face that could be there over the answer of gappy PCA, and is taught by a critic to look real.",
        drafts.fill,
        (drafts.MODEL, gappy_pca.MODEL),
    ),
    "face-autoencoder": Method(
        "Autoencoder",
        "Squeezes what it sees into a code of 300 numbers and paints the face of that code.",
        lambda masked: weights.shared(ENCODER, Autoencoder).decode(masked.codes),  # it gets the black box and no mask
        (ENCODER,),
    ),
    "gappy-pca": Method(
        "Gappy PCA",
        "Mixes 300 fixed pictures so that the sum fits the visible part best.",
        lambda masked: gappy_pca.ready().decode(masked.posterior.means),
        (gappy_pca.MODEL,),
    ),
    "latent-search": Method(
        "Latent search",
        "Turns the autoencoder's code until the decoded face fits the visible part.",
        lambda masked: latent_search.restore(masked.given, masked.hidden),
        (latent_search.MODEL,),
        slow=True,
    ),
    "face-unet": Method(
        "U-Net, the mean",
        "Sees the picture and the mask at every scale and paints the mean of what could be there.",
        lambda masked: weights.shared("face-unet")(unet_input.for_unet(masked)),
        ("face-unet", gappy_pca.MODEL),
    ),
    "telea": Method(
        "Telea",
        "Carries the colours at the edge inwards and has never seen a face.",
        lambda masked: classical_inpainting.telea(masked.given, masked.hidden),
    ),
    "navier-stokes": Method(
        "Navier-Stokes",
        "Lets the lines at the edge flow inwards and has never seen a face.",
        lambda masked: classical_inpainting.navier_stokes(masked.given, masked.hidden),
    ),
    "nearest-face": Method(
        "Nearest known face",
        "Shows the training face, as the decoder paints it, whose visible part is closest.",
        lambda masked: nearest_face.restore(masked.given, masked.hidden),
        (nearest_face.MODEL,),
    ),
}


def known_method(name: str) -> Method:
    """The method of that name; raises `Problem` that lists the names there are."""
    if name not in METHODS:
        raise Problem("There is no method '{name}': choose one of {known}.", name=name, known=", ".join(METHODS))
    return METHODS[name]


def restore(
    images: Tensor, hidden: Tensor, method: str = DEFAULT, seamless: bool = False, memory: Memory | None = None
) -> Restoration:
    """Restore the hidden part of images (N, 3, 128, 128), hidden bool (N or 1, 1, 128, 128).

    seamless: shift the composite's colours inside the hole so that they meet the picture at its edge. With nothing
    hidden the composite is the picture; with all of it hidden the method answers what it would for a black picture.
    memory: where what other methods found of the same pictures is kept. Raises `Problem` for an unknown method, one
    whose weights are missing or damaged, or a mask that does not fit.
    """
    known = known_method(method)
    masked = (memory or Memory(1)).masked(images, hidden)
    with torch.inference_mode():
        return finished(masked.given, known.run(masked), masked.hidden, seamless)


Answers = Mapping[str, Restoration | Problem]  # by method


def compare(
    images: Tensor,
    hidden: Tensor,
    methods: Sequence[str],
    seamless: bool = False,
    known: Answers | None = None,
    memory: Memory | None = None,
) -> dict[str, Restoration | Problem]:
    """`restore` by each of the methods, in their order: the answer, or the sentence that says why there is none.

    `known`: answers to the same question that need not be asked for again.
    """
    answers, found = dict(known or {}), dict[str, Tensor]()
    if fresh := [method for method in methods if method not in answers]:
        masked, count = (memory or Memory(1)).masked(images, hidden), len(images)
        for method in fresh:
            try:
                with torch.inference_mode():
                    found[method] = known_method(method).run(masked)
            except Problem as problem:
                answers[method] = problem
    if found:  # their seams are smoothed together
        given, hidden = (part.repeat(len(found), 1, 1, 1) for part in (masked.given, masked.hidden))
        together = finished(given, torch.cat(list(found.values())), hidden, seamless)
        answers |= {method: together.part(nth * count, (nth + 1) * count) for nth, method in enumerate(found)}
    return {method: answers[method] for method in methods}


def figures_in_hole(answer: Restoration, original: Tensor, hidden: Tensor) -> tuple[float, float]:
    """PSNR in dB and sharpness of one composite inside its hole; NaN where nothing is hidden."""
    psnr = metrics.psnr(metrics.hole_mse(answer.composite, original, hidden)).item()
    return psnr, metrics.sharpness(answer.composite, original, hidden).item()


def describe_hole(answer: Restoration, original: Tensor, hidden: Tensor) -> str:
    """`figures_in_hole` in two lines; empty where nothing is hidden."""
    if not hidden.any():
        return ""
    psnr, sharpness = figures_in_hole(answer, original, hidden)
    return f"{psnr:.1f} dB\nsharpness {sharpness:.2f}"


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
