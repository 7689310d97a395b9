"""A face from a copy of 64, 32, 16 or 8 pixels: enlarged, painted over, and made to agree with the copy.

Many faces have the same small copy, so most of what is new is invented (Menon et al., "PULSE", 2020, make the same
point): `enhance` gives one of them, `others` more.
"""

from collections.abc import Iterator
from functools import lru_cache

import torch
import torch.nn.functional as F
from torch import Tensor

from engine.problem import Problem
from engine.restoration import gappy_pca
from engine.restoration.drafts import BOLDNESS, check_answers, paint
from engine.restoration.gappy_pca import Posterior

SIZE = 128
SIZES = (64, 32, 16, 8)
# Smaller copies leave room for what they do not say: mixed components are then as near to the truth, and sharper.
ENLARGED = 32  # copies from this size on are enlarged; for smaller ones principal components are mixed
RIDGE = 0.05  # a small copy's pixels are means: their errors are smaller, and less alike, than in a hole
FINISHED = 64  # pixels to which decoded faces are reduced before they are painted: what lies between them is noise
AGREEMENT = 0.5 / 255  # root mean square that an answer's small copy may be off


def reduce(faces: Tensor, size: int) -> Tensor:
    """Faces (N, 3, 128, 128) -> copies (N, 3, size, size), each pixel the mean of those it stands for."""
    check_size(size)
    return F.avg_pool2d(faces, SIZE // size)


def enlarge(copies: Tensor) -> Tensor:
    """Copies (N, 3, S, S) -> (N, 3, 128, 128) by bicubic interpolation, clipped to [0, 1]."""
    return F.interpolate(copies, size=(SIZE, SIZE), mode="bicubic", align_corners=False).clamp(0, 1)


def blocks(copies: Tensor, side: int = SIZE) -> Tensor:
    """Copies (N, 3, S, S) -> (N, 3, side, side): each pixel as a square of one colour."""
    return F.interpolate(copies, size=(side, side), mode="nearest")


def invented(size: int) -> tuple[int, int]:
    """How many pixels of how many a copy of `size` pixels leaves to be invented: 63 of 64 from 16."""
    each = (SIZE // check_size(size)) ** 2
    return each - 1, each


def disagreement(faces: Tensor, copies: Tensor) -> Tensor:
    """Root mean square (N,) by which faces (N, 3, 128, 128), made small again, miss the copies (N, 3, S, S)."""
    return (reduce(faces, copies.shape[-1]) - copies).square().mean((1, 2, 3)).sqrt()


def draft(copies: Tensor) -> Tensor:
    """The draft that suits the size of the copies (N, 3, S, S) -> (N, 3, 128, 128)."""
    size = check_size(copies.shape[-1])
    return enlarge(copies) if size >= ENLARGED else agree(gappy_pca.ready().decode(posterior(copies).means), copies)


@torch.inference_mode()
def enhance(copies: Tensor) -> Tensor:
    """Copies (N, 3, S, S) in [0, 1], S one of `SIZES` -> faces (N, 3, 128, 128) that reduce to them.

    Raises `Problem` for another size, or where weights are missing or damaged.
    """
    return agree(paint(draft(copies)), copies)


@torch.inference_mode()
def finish(decoded: Tensor) -> Tensor:
    """What an autoencoder decodes (N, 3, 128, 128), a code, a mean or a walk's step, painted over; the details are
    invented. The mean of all faces is too far from any face for that."""
    return paint(enlarge(reduce(decoded, FINISHED)))


def others(copy: Tensor, count: int = 6, boldness: float = BOLDNESS, seed: int = 0) -> Iterator[Tensor]:
    """Different faces (1, 3, 128, 128) with the same small copy (1, 3, S, S), painted one after another over drafts
    from the posterior; the same for the same seed. Raises `Problem` as `drafts.answers` and `enhance` do."""
    check_answers(count, boldness)
    check_size(copy.shape[-1])
    return _others(copy, count, boldness, torch.Generator().manual_seed(seed))


@torch.inference_mode()
def _others(copy: Tensor, count: int, boldness: float, generator: torch.Generator) -> Iterator[Tensor]:
    found = posterior(copy)
    for _ in range(count):
        drawn = gappy_pca.ready().decode(found.draw(1, boldness, generator)[:, 0])
        yield agree(paint(agree(drawn, copy)), copy)


@torch.inference_mode()
def posterior(copies: Tensor) -> Posterior:
    """Which mixes of the principal components have these small copies (N, 3, S, S), as `gappy_pca.Posterior`: a pixel
    of the copy is one more linear equation for the code."""
    ready, size = gappy_pca.ready(), check_size(copies.shape[-1])
    axes, factor = _reduced(size)
    missing = (copies - F.avg_pool2d(ready.mean, SIZE // size)) * (SIZE // size)
    aims = missing.flatten(1) @ axes.T
    return Posterior(torch.cholesky_solve(aims.T, factor).T, factor.expand(len(copies), -1, -1), RIDGE)


@lru_cache(maxsize=len(SIZES))
def _reduced(size: int) -> tuple[Tensor, Tensor]:
    """The axes of small copies (D, 3 * size^2), about as long as the whole ones, and L of A A^T + ridge / variances."""
    ready = gappy_pca.ready()
    network = ready.network
    halves = ready.columns.T.unflatten(1, (3, SIZE, SIZE // 2))
    small = F.avg_pool2d(halves, SIZE // size) * (SIZE // size) * 0.5**0.5
    mirrored = torch.where(torch.arange(len(small)) < ready.even, 1.0, -1.0).view(-1, 1, 1, 1)
    axes = torch.cat([small, mirrored * small.flip(3)], 3).flatten(1)
    precision = axes @ axes.T + (RIDGE / network.variances[ready.order]).diag()
    return axes, torch.linalg.cholesky(precision)


@torch.inference_mode()
def agree(faces: Tensor, copies: Tensor) -> Tensor:
    """Faces (N, 3, 128, 128) changed until they reduce to the copies (N, 3, S, S).

    What is missing is enlarged and added back (Irani and Peleg, "Improving Resolution by Image Registration", 1991);
    what clipping keeps from being added that way, each square takes in proportion to the room its pixels have.
    """
    size = copies.shape[-1]
    for _ in range(8):
        missing = copies - reduce(faces, size)
        if disagreement(faces, copies).max() <= AGREEMENT:
            return faces
        faces = (faces + F.interpolate(missing, size=(SIZE, SIZE), mode="bilinear")).clamp(0, 1)
    missing = copies - reduce(faces, size)
    room = torch.where(blocks(missing) > 0, 1 - faces, faces)
    return (faces + blocks(missing / reduce(room, size).clamp_min(1e-6)) * room).clamp(0, 1)


def check_size(size: int) -> int:
    """The size of a copy; raises `Problem` for one that there is none of."""
    if size not in SIZES:
        raise Problem(
            "A small copy is {known} pixels wide, not {size}: choose one of these.",
            known=", ".join(map(str, SIZES)),
            size=size,
        )
    return size
