"""An oriented square in a photo, and what lies in it.

*Photo pixels* are continuous: pixel (column i, row j) covers [i, i+1) x [j, j+1), (0, 0) is the top left corner.
"""

import math
from dataclasses import dataclass, replace

import cv2
import numpy as np
from PIL import Image

SIZE = 128  # side of the crop that the networks know


@dataclass(frozen=True)
class Framing:
    """An oriented square in the photo: what the network will see."""

    centre: tuple[float, float]  # x, y in photo pixels
    side: float  # photo pixels
    angle: float = 0.0  # degrees, clockwise as seen: 90 = the crop's top points to the photo's right

    def matrix(self, size: int = SIZE) -> np.ndarray:
        """(2, 3) affine map from crop pixels (continuous, 0..size) to photo pixels."""
        scale = self.side / size
        cos, sin = scale * math.cos(math.radians(self.angle)), scale * math.sin(math.radians(self.angle))
        x, y = self.centre
        half = size / 2
        return np.array([[cos, -sin, x - half * (cos - sin)], [sin, cos, y - half * (sin + cos)]])

    def corners(self) -> list[tuple[float, float]]:
        """Top left, top right, bottom right, bottom left of the crop, in photo pixels."""
        square = np.array([[0, 0, 1], [1, 0, 1], [1, 1, 1], [0, 1, 1]])
        return [(float(x), float(y)) for x, y in square @ self.matrix(1).T]

    def moved(self, right: float, down: float) -> "Framing":
        """Shifted by fractions of its side, along its own axes (right and down as the crop is seen)."""
        x, y = self.matrix(1) @ (0.5 + right, 0.5 + down, 1)
        return replace(self, centre=(float(x), float(y)))

    def turned(self, degrees: float) -> "Framing":
        """Turned clockwise about its centre; the angle stays in [-180, 180)."""
        return replace(self, angle=(self.angle + degrees + 180) % 360 - 180)

    def zoomed(self, factor: float) -> "Framing":
        """factor > 1: closer, so a smaller square about the same centre. The side stays at least 8 photo pixels."""
        return replace(self, side=max(8.0, self.side / factor))


def crop(picture: Image.Image, framing: Framing, size: int = SIZE) -> Image.Image:
    """The framed square as an upright size x size RGB picture.

    Shrinking averages areas, enlarging interpolates linearly; beyond the photo's edge it is mirrored, as in FFHQ.
    A framing that lies on the pixel grid at scale 1 returns those very pixels.
    """
    # First by a whole factor, which leaves at least two pixels a crop pixel, and only round about the square: the
    # memory stays small even for 32 megapixels.
    factor = max(1, int(framing.side / size / 2))
    corners = np.array(framing.corners())
    low = np.clip(np.floor(corners.min(0)) - 2 * factor, 0, np.array(picture.size) - 1)
    high = np.clip(np.ceil(corners.max(0)) + 2 * factor, low + 1, picture.size)
    low -= low % factor
    box = (int(low[0]), int(low[1]), int(high[0]), int(high[1]))
    region = np.asarray(picture.crop(box) if factor == 1 else picture.reduce(factor, box))
    # Then the turn, with at least one sample a pixel, and the mean of the samples.
    samples = max(1, math.ceil(round(framing.side / size / factor, 6))) * size
    matrix = (framing.matrix(samples) - [[0, 0, low[0]], [0, 0, low[1]]]) / factor
    turned = cv2.warpAffine(
        region,
        pixel_centres(matrix),
        (samples, samples),
        flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_REFLECT_101,
    )
    return Image.fromarray(cv2.resize(turned, (size, size), interpolation=cv2.INTER_AREA))


def pixel_centres(matrix: np.ndarray) -> np.ndarray:
    """An affine map of continuous coordinates as OpenCV wants it: between indices of pixel centres."""
    shifted = matrix.copy()
    shifted[:, 2] += matrix[:, :2] @ (0.5, 0.5) - 0.5
    return shifted
