"""Principal components as an autoencoder: the best that a linear code of its size can do, and nothing to train.

Hotelling (1933). Baldi and Hornik (1989): no linear autoencoder has a lower squared error.
"""

from collections.abc import Iterable, Sequence

import torch
from torch import Tensor, nn

from engine.networks.autoencoder import Autoencoder


class LinearAutoencoder(Autoencoder):
    """Images (N, *shape) in [0, 1] -> coordinates along the principal axes (N, code_size) -> images, clipped to [0, 1].

    The first k numbers of a code are the best linear code of k numbers.
    """

    def __init__(self, code_size: int = 50, shape: Sequence[int] = (1, 28, 28)):
        super().__init__()
        self.code_size, self.shape = code_size, tuple(shape)
        pixels = torch.Size(shape).numel()
        self.mean = nn.Parameter(torch.zeros(pixels), requires_grad=False)
        # orthonormal rows, the direction of largest variance first
        self.axes = nn.Parameter(torch.eye(code_size, pixels), requires_grad=False)

    def fit(self, batches: Iterable[Tensor]) -> None:
        """Set the mean and the axes from images (n, *shape) in [0, 1], batch by batch.

        By the covariance of the pixels, in double precision: for small pictures only, 784 pixels make 784x784 numbers.
        """
        pixels = len(self.mean)
        count, summed = 0, torch.zeros(pixels, dtype=torch.float64)
        products = torch.zeros(pixels, pixels, dtype=torch.float64)
        for images in batches:
            flat = images.flatten(1).double().cpu()
            count, summed, products = count + len(flat), summed + flat.sum(0), products + flat.T @ flat
        mean = summed / count
        axes = torch.linalg.eigh(products / count - mean.outer(mean)).eigenvectors.T.flip(0)[: self.code_size]
        largest = axes.gather(1, axes.abs().argmax(1, keepdim=True))
        self.mean.copy_(mean)
        self.axes.copy_(axes * largest.sign())  # the sign of an axis is free: the same data gives the same axes

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
