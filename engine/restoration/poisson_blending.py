"""A composite without a seam: the colours inside the hole are shifted so that they meet the picture at its edge.

Perez, Gangnet and Blake, "Poisson Image Editing" (2003), seamless cloning: among all pictures, the one with the
reconstruction's gradients that agrees with the given picture around the hole. What is added to the reconstruction is
then the smoothest membrane over the hole: it solves Laplace's equation, and at the edge it is the difference between
the two pictures.
"""

from functools import lru_cache

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor


def smooth_seam(given: Tensor, reconstruction: Tensor, hidden: Tensor) -> Tensor:
    """The reconstruction (N, C, H, W) plus the membrane over the hole (N, 1, H, W), in [0, 1]; elsewhere as it was.

    With nothing visible there is no edge to meet, and the reconstruction comes back as it is.
    """
    edges, alike = given - reconstruction, dict[bytes, list[int]]()
    for number, hole in enumerate(hidden[:, 0]):
        alike.setdefault(hole.cpu().numpy().tobytes(), []).append(number)
    shift = torch.empty_like(edges)
    for numbers in alike.values():  # pictures with the same hole together
        there = edges[numbers]
        shift[numbers] = membrane(there.flatten(0, 1), hidden[numbers[0], 0]).view_as(there)
    return torch.where(hidden, (reconstruction + shift).clamp(0, 1), reconstruction)


def membrane(edge: Tensor, hole: Tensor) -> Tensor:
    """The solution (C, H, W) of Laplace's equation inside the hole (H, W) that takes the values of `edge` (C, H, W)
    around it; 0 elsewhere, and where nothing is visible.

    Each hidden pixel is the mean of its neighbours (four, fewer at the picture's border).
    """
    solution = torch.zeros_like(edge)
    if not hole.any() or hole.all():
        return solution
    box = _extent(hole.any(1)), _extent(hole.any(0))
    right = _neighbours(edge.masked_fill(hole, 0).double(), box)  # what the visible ones add up to
    inverses = _eliminated(hole.cpu().numpy().tobytes(), hole.shape)
    # NumPy: many products of small matrices, each of which torch would take three times as long to begin
    total, sums, placed = np.zeros(right[:, 0].shape), [], []
    for row, inverse in zip(right.numpy().swapaxes(0, 1), inverses, strict=True):
        sums.append(row + total)
        total = sums[-1] @ inverse
    below = np.zeros_like(total)
    for inverse, total in zip(reversed(inverses), reversed(sums), strict=True):
        below = (total + below) @ inverse
        placed.append(below)
    solution[:, *box] = torch.from_numpy(np.stack(placed[::-1], 1)).to(edge)
    return solution


@lru_cache(maxsize=8)  # all methods are asked about the same hole, by several visitors at once
def _eliminated(mask: bytes, shape: torch.Size) -> list[np.ndarray]:
    """For every row of the box around a hole, top to bottom, the inverse (W, W) of the block of its unknowns after
    those above are eliminated: the equations of a row hold unknowns of that row and its two neighbours only.

    0 in the rows and columns of visible pixels. `mask`: the bytes of a bool mask of that shape.
    """
    hole = torch.frombuffer(bytearray(mask), dtype=torch.bool).view(shape)
    box = _extent(hole.any(1)), _extent(hole.any(0))
    degree, hole = _neighbours(torch.ones(shape, dtype=torch.double), box), hole[box]
    beside = torch.ones(hole.shape[1] - 1, dtype=torch.double).diag_embed(1)
    both = (hole[:, :, None] & hole[:, None, :]).double()  # of a row's pixels, those that are both unknown
    blocks = torch.where(hole, degree, 1.0).diag_embed() - (beside + beside.T) * both
    inverse, inverses = torch.zeros_like(beside), []
    for block, unknown in zip(blocks, both, strict=True):
        factor, _ = torch.linalg.cholesky_ex(block - inverse * unknown)
        inverse = torch.cholesky_inverse(factor) * unknown
        inverses.append(inverse.numpy())
    return inverses


def _extent(used: Tensor) -> slice:
    """From the first to the last that is True (L,)."""
    places = used.nonzero()
    return slice(int(places[0]), int(places[-1]) + 1)


def _neighbours(values: Tensor, box: tuple[slice, slice]) -> Tensor:
    """The sum of the four pixels around each of a box of values (..., H, W), none beyond the border."""
    (top, bottom), (left, right) = ((side.start, side.stop) for side in box)
    wide = F.pad(values, (1, 1, 1, 1))[..., top : bottom + 2, left : right + 2]
    return wide[..., :-2, 1:-1] + wide[..., 2:, 1:-1] + wide[..., 1:-1, :-2] + wide[..., 1:-1, 2:]
