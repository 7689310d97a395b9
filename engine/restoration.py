"""A picture and its mask in, a restored picture out, whichever method.

Every method sees `corruptions.hide(images, hidden)` and the mask, never the picture itself: a hidden pixel cannot
reach it.
"""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from engine import weights
from engine.corruptions import check_mask, hide
from engine.problem import Problem

Method = Callable[
    [Tensor, Tensor], Tensor
]  # given (N, 3, H, W) with a black hole, hidden (N, 1, H, W) -> reconstruction


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


def _face_autoencoder(given: Tensor, hidden: Tensor) -> Tensor:
    """The article's network: it gets the black box and no mask."""
    return weights.shared("face-autoencoder")(given)


METHODS: dict[str, Method] = {
    "face-autoencoder": _face_autoencoder,
}


def known_method(name: str) -> Method:
    """The method of that name; raises `Problem` that lists the names there are."""
    if name not in METHODS:
        raise Problem(f"There is no method '{name}': choose one of {', '.join(METHODS)}.")
    return METHODS[name]


def restore(images: Tensor, hidden: Tensor, method: str = "face-autoencoder") -> Restoration:
    """Restore the hidden part of images (N, 3, 128, 128), hidden bool (N or 1, 1, 128, 128).

    With nothing hidden the composite is the picture; with all of it hidden the method answers what it would for a
    black picture. Raises `Problem` for an unknown method or a mask that does not fit.
    """
    known = known_method(method)
    check_mask(images, hidden)
    with torch.inference_mode():
        given = hide(images, hidden)
        reconstruction = known(given, hidden.expand(len(images), -1, -1, -1))
        return Restoration(given, reconstruction, composite(given, reconstruction, hidden))


def composite(given: Tensor, reconstruction: Tensor, hidden: Tensor) -> Tensor:
    """The reconstruction inside the hole, the given picture everywhere else."""
    return torch.where(hidden, reconstruction, given)


def error_map(image: Tensor, reference: Tensor, gain: float = 4.0) -> Tensor:
    """Where two pictures differ -> (N, 3, H, W): black is equal, then red, yellow, white at 1 / gain of full scale."""
    error = ((image - reference).abs().mean(1, keepdim=True) * gain).clamp(0, 1)
    return torch.cat([(error * 3 - shift).clamp(0, 1) for shift in (0, 1, 2)], dim=1)
