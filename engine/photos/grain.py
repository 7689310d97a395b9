"""What is laid over a hole has at most the detail of 128 pixels; the photo around it has grain, or less detail still.

Around each hole the photo's local sharpness is measured, and what is laid into it is made as sharp: with grain where it
is smoother, by a blur where it is sharper. Only visible pixels are looked at, none of any hole.
"""

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np

RING = 0.12  # width of what is looked at around a hole, in shares of its longer side
LEAST_RING = 6  # pixels
WINDOW = 1400  # pixels of a photo that are looked at across, at most: grain is the same everywhere
FLOOR = 0.25  # of 255: the rounding to whole numbers; what is smoother cannot be told apart
MOST_GRAIN = 10.0  # of 255, standard deviation: more would cost more of the picture than it is worth
MOST_BLUR = 2.0  # pixels, standard deviation: what is painted is to be seen
AIM, AT_MOST = 0.9, 1.25  # of the sharpness around: the last tenth would be bought with most of the noise


@dataclass(frozen=True)
class Grain:
    """How a patch is made as sharp as what is around it."""

    noise: float = 0.0  # standard deviation, of 255
    blur: float = 0.0  # standard deviation in photo pixels


def local_sharpness(luminance: np.ndarray, where: np.ndarray) -> float:
    """How much pixels differ from the mean of their neighbours: median of the absolute differences, of 255.

    luminance: (H, W) in [0, 255]; where: bool (H, W). A median, since edges are few and grain is everywhere; `FLOOR` is
    added, so that two smooth surfaces are alike.
    """
    values = luminance.astype(np.float32)
    differences = np.abs(values - cv2.blur(values, (3, 3), borderType=cv2.BORDER_REFLECT_101))[where]
    return FLOOR + (float(np.median(differences)) if differences.size else 0.0)


def ring_around(hole: np.ndarray, hidden: np.ndarray) -> np.ndarray:
    """Where to look around a hole: bool (H, W). hole: bool (H, W), this one; hidden: all of them."""
    rows, columns = np.where(hole)
    longer = max(np.ptp(rows), np.ptp(columns)) + 1 if len(rows) else 1
    width = max(LEAST_RING, round(RING * longer))
    near = _grown(hole, width)
    return near & ~_grown(hidden | hole, 2)  # a pixel beside a hole has neighbours in it


def inside_of(hole: np.ndarray) -> np.ndarray:
    """The pixels of a hole, bool (H, W), all of whose neighbours lie in it, too."""
    return ~_grown(~hole, 2)


def _grown(mask: np.ndarray, by: int) -> np.ndarray:
    kernel = np.ones((2 * by + 1, 2 * by + 1), np.uint8)
    return cv2.dilate(mask.astype(np.uint8), kernel) > 0


def match(patch: np.ndarray, photo: np.ndarray, hole: np.ndarray, hidden: np.ndarray) -> Grain:
    """How the patch is to be treated. patch, photo: luminance (H, W) of the same part of the photo; masks as above."""
    ring, inside = ring_around(hole, hidden), inside_of(hole)
    if ring.sum() < 50 or inside.sum() < 50:
        return Grain()
    wanted, now = local_sharpness(photo, ring), local_sharpness(patch, inside)
    if now < AIM * wanted:
        unit = noise_of(patch.shape, 0)
        return Grain(noise=_solved(lambda much: local_sharpness(patch + much * unit, inside), AIM * wanted, MOST_GRAIN))
    if now > AT_MOST * wanted:
        return Grain(
            blur=_solved(lambda much: -local_sharpness(blurred(patch, much), inside), -AT_MOST * wanted, MOST_BLUR)
        )
    return Grain()


def _solved(rising: Callable[[float], float], wanted: float, most: float) -> float:
    """Where a rising function reaches a value, between 0 and `most`, by halving."""
    low, high = 0.0, most
    for _ in range(8):
        middle = (low + high) / 2
        low, high = (middle, high) if rising(middle) < wanted else (low, middle)
    return (low + high) / 2


def blurred(picture: np.ndarray, much: float) -> np.ndarray:
    """Gaussian blur; much: its standard deviation in pixels."""
    return cv2.GaussianBlur(picture, (0, 0), much) if much > 0.05 else picture


def noise_of(shape: tuple[int, ...], seed: int) -> np.ndarray:
    """Normal noise (H, W), standard deviation 1, the same for the same seed."""
    return np.random.default_rng(seed).standard_normal(shape[:2], dtype=np.float32)
