"""Corruptions by name, as recipes and evaluation ask for them."""

from collections.abc import Callable
from functools import partial

import torch
from torch import Tensor

from engine.corruptions.masks import ARTICLE_SIDE, hide, random_boxes, random_strokes
from engine.corruptions.noise import erase_box, erase_stroke, gaussian_noise, grey, salt_and_pepper

Corruption = Callable[[Tensor, torch.Generator], Tensor]  # images -> what the network is given


def _article_box(images: Tensor, generator: torch.Generator) -> Tensor:
    size = images.shape[-1]
    side = ARTICLE_SIDE * size // 128  # in proportion, where the faces are not 128x128
    return hide(images, random_boxes(len(images), size, side=(side, side), generator=generator))


def _gaussian_range(images: Tensor, generator: torch.Generator) -> Tensor:
    sigma = 0.8 * torch.rand(len(images), generator=generator, device=images.device)
    return gaussian_noise(images, sigma, generator)


def _gaussian(images: Tensor, generator: torch.Generator, sigma: float) -> Tensor:
    return gaussian_noise(images, sigma, generator)


def _all_noises(images: Tensor, generator: torch.Generator) -> Tensor:
    """Half of a batch Gaussian, a sixth each salt and pepper, erased boxes and erased strokes; of every strength."""
    given, kinds = images.clone(), (gaussian_noise,) * 3 + (salt_and_pepper, erase_box, erase_stroke)
    for first, (kind, most) in enumerate(zip(kinds, (1.0, 1.0, 1.0, 0.8, 0.4, 0.4), strict=True)):
        part = images[first :: len(kinds)]
        strength = most * torch.rand(len(part), generator=generator, device=images.device)
        given[first :: len(kinds)] = kind(part, strength, generator)
    return given


def _visitor_holes(images: Tensor, generator: torch.Generator) -> Tensor:
    """What a visitor hides, and the mask as one more channel (N, C + 1, H, W).

    Of twelve pictures seven have one to four boxes, four have brush strokes and one has a single large box.
    """
    n, size = len(images), images.shape[-1]
    hidden = random_boxes(n, size, count=(1, 4), side=(size // 16, size // 3), generator=generator)
    hidden[::3] = random_strokes(len(hidden[::3]), size, generator=generator)
    hidden[1::12] = random_boxes(len(hidden[1::12]), size, side=(size // 3, 3 * size // 4), generator=generator)
    return torch.cat([hide(images, hidden), hidden.float()], dim=1)


CORRUPTIONS: dict[str, Corruption] = {
    "none": lambda images, generator: images,
    "grey": grey,
    "all noises": _all_noises,
    "article box": _article_box,  # one black 28x28 box
    "visitor holes": _visitor_holes,  # boxes of many sizes and brush strokes; the mask is one more channel
    "gaussian 0.2": partial(_gaussian, sigma=0.2),  # one level, to be compared with a range
    "gaussian 0.6": partial(_gaussian, sigma=0.6),
    "gaussian 0-0.8": _gaussian_range,  # sigma ~ U(0, 0.8), one for each image
}
