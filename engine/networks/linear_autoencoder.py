"""Principal components as an autoencoder: the best that a linear code of its size can do, and nothing to train.

Hotelling (1933); Baldi and Hornik (1989): a linear autoencoder's lowest squared error is that of the principal components.
"""

from collections.abc import Sequence

import torch
from torch import Tensor

from engine.networks.autoencoder import Autoencoder


class LinearAutoencoder(Autoencoder):
    """Images (N, *shape) in [0, 1] -> coordinates along the principal axes (N, code_size) -> images, clipped to [0, 1].

    The first k numbers of a code are the best linear code of k numbers.
    """

    mean: Tensor  # (pixels,)
    axes: Tensor  # (code_size, pixels), orthonormal rows, the direction of largest variance first

    def __init__(self, code_size: int = 50, shape: Sequence[int] = (1, 28, 28)):
        super().__init__()
        self.code_size, self.shape = code_size, tuple(shape)
        pixels = torch.Size(shape).numel()
        self.register_buffer("mean", torch.zeros(pixels))
        self.register_buffer("axes", torch.eye(code_size, pixels))

    def encode(self, images: Tensor) -> Tensor:
        """z = A (x - mean)."""
        return (images.flatten(1) - self.mean) @ self.axes.T

    def decode(self, codes: Tensor) -> Tensor:
        """x' = A^T z + mean; takes fewer than `code_size` numbers too, and reads them as the first ones."""
        flat = codes @ self.axes[: codes.shape[1]] + self.mean
        return flat.clamp(0, 1).unflatten(1, self.shape)

    def forward(self, images: Tensor) -> Tensor:
        """The projection of the images on the axes, clipped."""
        return self.decode(self.encode(images))
