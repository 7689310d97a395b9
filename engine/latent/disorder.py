"""Faces with their parts out of place: what a code says of these must not count as a face.

To learn what is unlike anything known from the known, turned and shuffled, is Golan and El-Yaniv's way ("Deep anomaly
detection using geometric transformations", 2018).
"""

import torch
import torch.nn.functional as F
from torch import Tensor

LEAST, MOST = 0.375, 0.625  # side of the enlarged part, in shares of the face


def disordered(faces: Tensor, generator: torch.Generator) -> Tensor:
    """Images (N, C, H, W), H = W a multiple of 4 -> the same, in turn: cut into 4 and into 16 squares that are
    shuffled, lying on a side, and a part of it enlarged to all."""
    ways = (_shuffled_quarters, _shuffled_sixteenths, _on_its_side, _enlarged_part)
    return torch.cat([ways[number % 4](face, generator) for number, face in enumerate(faces.split(1))])


def _shuffled(face: Tensor, across: int, generator: torch.Generator) -> Tensor:
    side = face.shape[-1] // across
    squares = face.unfold(2, side, side).unfold(3, side, side).flatten(2, 3)  # (1, C, across ** 2, side, side)
    squares = squares[:, :, torch.randperm(across**2, generator=generator)]
    return squares.unflatten(2, (across, across)).transpose(3, 4).flatten(4, 5).flatten(2, 3)


def _shuffled_quarters(face: Tensor, generator: torch.Generator) -> Tensor:
    return _shuffled(face, 2, generator)


def _shuffled_sixteenths(face: Tensor, generator: torch.Generator) -> Tensor:
    return _shuffled(face, 4, generator)


def _on_its_side(face: Tensor, generator: torch.Generator) -> Tensor:
    way = 1 + 2 * int(torch.randint(2, (1,), generator=generator))
    return torch.rot90(face, way, (2, 3))


def _enlarged_part(face: Tensor, generator: torch.Generator) -> Tensor:
    size = face.shape[-1]
    side = int(size * (LEAST + (MOST - LEAST) * torch.rand(1, generator=generator).item()))
    top, left = torch.randint(size - side + 1, (2,), generator=generator).tolist()
    part = face[:, :, top : top + side, left : left + side]
    return F.interpolate(part, size=(size, size), mode="bilinear", align_corners=False)
