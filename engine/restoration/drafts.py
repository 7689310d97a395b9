"""What the painter paints over: one network, several kinds of drafts, and faces of nobody or with no hole at all.

It never invents from nothing: it makes a face of a blurred one. Whoever has a blurred face can have it painted: what
gappy PCA fills into a hole, other answers from the same posterior, a few principal components, a small copy enlarged
(`enhancement`), whatever an autoencoder decodes, or random numbers (`face_generator`).
"""

import math
from collections.abc import Iterator
from functools import lru_cache

import torch
from torch import Tensor

from engine import metrics
from engine.models import weights
from engine.networks import in_parts, layout
from engine.networks.fast_painter import FastPainter
from engine.networks.painter import Painter
from engine.problem import Problem
from engine.restoration import gappy_pca, unet_input
from engine.restoration.masked_images import MaskedImages

MODEL = "face-painter"
BOLDNESS, BOLDEST = 0.7, 1.5  # of drawn answers: 1 is what the components say; at the end it smears
MAX_ANSWERS = 32  # answers at a time
PART = 8  # pictures painted at a time


@lru_cache(maxsize=1)
def fast(network: Painter) -> FastPainter:
    """A painter that is not shipped, in the form that runs fast, derived once."""
    return FastPainter(network)


@torch.inference_mode()
def paint(draft: Tensor, hidden: Tensor | None = None, network: Painter | None = None) -> Tensor:
    """Paint over a draft (N, 3, 128, 128) where `hidden`, bool (N or 1, 1, 128, 128), everywhere if None; the same
    pixels elsewhere.

    `network`: a painter other than the shipped one. Raises `Problem` where the weights are missing or damaged.
    """
    hidden = torch.ones_like(draft[:, :1], dtype=torch.bool) if hidden is None else hidden
    return in_parts(
        fast(network) if network else weights.shared(MODEL, FastPainter), layout.with_mask(draft, hidden), PART
    )


def fill(masked: MaskedImages, network: Painter | None = None) -> Tensor:
    """The holes painted over gappy PCA's mean (N, 3, 128, 128)."""
    return paint(unet_input.draft(masked), masked.hidden, network)


def answers(masked: MaskedImages, count: int = 6, boldness: float = BOLDNESS, seed: int = 0) -> Iterator[Tensor]:
    """Several answers to one hole, each (1, 3, 128, 128), painted one after another over drafts from the posterior.

    The same for the same seed, the first ones whatever the `count`. Raises `Problem` for what `check_answers` refuses.
    """
    check_answers(count, boldness)
    return (paint(draft, masked.hidden) for draft in drawn(masked, count, boldness, seed))


def one_answer(masked: MaskedImages, number: int, boldness: float = BOLDNESS, seed: int = 0) -> Tensor:
    """The one of `answers` (1, 3, 128, 128) with that number, from 1 on, without painting those before it."""
    check_answers(number, boldness)
    *_, draft = drawn(masked, number, boldness, seed)
    return paint(draft, masked.hidden)


def drawn(masked: MaskedImages, count: int, boldness: float, seed: int) -> Iterator[Tensor]:
    """The drafts of `answers`."""
    if len(masked.given) != 1:
        raise Problem(f"Several answers are drawn for one picture, not for {len(masked.given)}: give one.")
    generator = torch.Generator().manual_seed(seed)
    for _ in range(count):
        yield unet_input.draft(masked, masked.posterior.draw(1, boldness, generator)[:, 0])


def check_answers(count: int, boldness: float) -> None:
    """Raise `Problem` for a number of answers or a boldness (0 to `BOLDEST`) that nobody can use."""
    if not 1 <= count <= MAX_ANSWERS:
        raise Problem(
            "Between 1 and {most} answers can be drawn, not {count}: choose another number.",
            most=MAX_ANSWERS,
            count=count,
        )
    if not 0 <= boldness <= BOLDEST:  # neither is NaN
        raise Problem(
            "Answers can be from 0 to {most} bold, not {boldness}: choose another number.",
            most=BOLDEST,
            boldness=boldness,
        )


def gain_of_mean(answers: Tensor, images: Tensor, hidden: Tensor) -> float:
    """By how many dB the mean of K answers (N, K, 3, H, W) to holes (N, 1, H, W) in images (N, 3, H, W) errs less than
    one of them: mean squared errors in the hole, of all pictures together."""
    single = torch.stack([metrics.hole_mse(one, images, hidden) for one in answers.unbind(1)])
    return 10 * math.log10(single.mean().item() / metrics.hole_mse(answers.mean(1), images, hidden).mean().item())


def honest_gain(count: int) -> float:
    """What `gain_of_mean` is where answers are drawn as the truth was: 10 log10(2 / (1 + 1 / K)).

    Truth and answers then are alike: each lies a variance from their common mean, and two of them lie two from each
    other, but the mean of K lies only 1 / K from it.
    """
    return 10 * math.log10(2 / (1 + 1 / count))


@torch.inference_mode()
def few_components(faces: Tensor, count: int) -> Tensor:
    """A draft of whole faces (N, 3, 128, 128): what the first `count` principal components keep of them."""
    network = gappy_pca.ready().network
    if not 1 <= count <= network.code_size:
        raise Problem(
            "A face has from 1 to {size} components, not {count}: choose another number.",
            size=network.code_size,
            count=count,
        )
    codes = network.encode(faces)
    codes[:, count:] = 0
    return network.decode(codes)
