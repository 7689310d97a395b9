"""The latent space: codes, their projection to a plane, neighbours, and the point files that the map fetches."""

import struct
from dataclasses import dataclass

import torch
from torch import Tensor

from engine.problem import Problem

FARTHEST = 1e4  # a code beyond it makes no picture, only overflow
Extent = tuple[float, float, float, float]  # left, right, bottom, top


@dataclass(frozen=True)
class Projection:
    """Principal components of a set of codes: an affine map to fewer numbers and back."""

    mean: Tensor  # (D,)
    axes: Tensor  # (K, D), orthonormal rows, the direction of largest variance first

    def project(self, codes: Tensor) -> Tensor:
        """Codes (N, D) -> coordinates (N, K)."""
        return (codes - self.mean) @ self.axes.T

    def lift(self, coordinates: Tensor) -> Tensor:
        """Coordinates (N, K) -> the nearest codes in the plane of the axes (N, D)."""
        return coordinates @ self.axes + self.mean


def principal_components(codes: Tensor, count: int = 2) -> Projection:
    """The `count` directions in which codes (N, D) vary most (PCA by singular value decomposition).

    The sign of an axis is free: the largest entry is made positive, so that the same codes give the same map.
    """
    mean = codes.mean(0)
    axes = torch.linalg.svd(codes - mean, full_matrices=False).Vh[:count]
    largest = axes.gather(1, axes.abs().argmax(1, keepdim=True))
    return Projection(mean, axes * largest.sign())


def nearest(code: Tensor, codes: Tensor, count: int = 1) -> tuple[Tensor, Tensor]:
    """The `count` nearest of codes (N, D) to each of code (M, D) -> distances and indices, each (M, count)."""
    # torch takes many points by |a|^2 + |b|^2 - 2ab, which in single precision loses the distance of close ones
    found = torch.cdist(code.double(), codes.double()).topk(count, largest=False)
    return found.values.float(), found.indices


def nearest_neighbour_accuracy(codes: Tensor, labels: Tensor, k: int = 10, folds: int = 5) -> float:
    """Share of codes (N, D) whose class the k nearest codes of the other folds guess by majority.

    Fold i holds the codes whose index is i modulo `folds`; ties go to the smaller class.
    """
    fold = torch.arange(len(codes)) % folds
    right = 0
    for held in range(folds):
        known, asked = fold != held, fold == held
        neighbours = nearest(codes[asked], codes[known], k)[1]
        votes = torch.nn.functional.one_hot(labels[known][neighbours], 10).sum(1)
        right += int((votes.argmax(1) == labels[asked]).sum())
    return right / len(codes)


def check_codes(codes: Tensor) -> Tensor:
    """Codes (N, D) that a decoder can be given; raises `Problem` for NaN, infinite or gigantic numbers."""
    if not torch.isfinite(codes).all():
        raise Problem("A code holds a number that is missing or infinite: give finite numbers.")
    if (codes.abs() > FARTHEST).any():
        raise Problem(f"A code holds a number beyond {FARTHEST:,.0f}, where no picture lies: choose a nearer place.")
    return codes


def inside(points: Tensor, corners: Tensor) -> Tensor:
    """Which points (N, 2) lie inside the closed line through corners (M, 2) -> bool (N,).

    A ray to the right of a point inside crosses the line an odd number of times.
    """
    (x, y), (ax, ay) = points.T.unsqueeze(2), corners.T
    bx, by = corners.roll(-1, 0).T
    spans = (ay > y) != (by > y)  # (N, M): the edge crosses the height of the point
    crossing = ax + (y - ay) / (by - ay + (by == ay)) * (bx - ax)
    return (spans & (x < crossing)).sum(1) % 2 == 1


def pack_points(points: Tensor, classes: Tensor | None = None) -> bytes:
    """Points (N, 2) and their classes (N,) as the file the map in the browser fetches once.

    Little-endian: uint32 N, then N pairs of float32 (x, y), then N bytes of class (0 where there are none).
    """
    count = len(points)
    kinds = torch.zeros(count, dtype=torch.uint8) if classes is None else classes.to(torch.uint8)
    xy = points.detach().cpu().float().contiguous().numpy().astype("<f4").tobytes()
    return struct.pack("<I", count) + xy + kinds.cpu().numpy().tobytes()


def extent(points: Tensor, margin: float = 0.06) -> Extent:
    """The square (left, right, bottom, top) around points (N, 2) with some air: the frame of a map."""
    low, high = points.min(0).values, points.max(0).values
    middle, half = (low + high) / 2, (high - low).max() / 2 * (1 + 2 * margin)
    left, bottom = (middle - half).tolist()
    right, top = (middle + half).tolist()
    return left, right, bottom, top
