"""A variational autoencoder: every digit becomes a small cloud on the map, and the clouds must fill it without gaps.

Kingma and Welling, "Auto-Encoding Variational Bayes" (2014). The article's conclusion announces it: a plain
autoencoder generates poorly because nothing was ever decoded between its codes.
"""

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from engine.networks.autoencoder import Autoencoder


class VariationalAutoencoder(Autoencoder):
    """Digit (N, 1, 28, 28) in [0, 1] -> mean and spread of a cloud of codes -> digit.

    `encode` gives the means, `decode` takes any code. While training, `forward` draws a code from each cloud and
    returns all that the loss needs: (reconstruction, means, log variances); afterwards the reconstruction of the mean.
    """

    def __init__(self, sizes: Sequence[int] = (512, 256, 128, 2), side: int = 28):
        super().__init__()
        self.code_size = sizes[-1]
        widths = [side * side, *sizes[:-1]]  # 784, 512, 256, 128

        self.encoder = nn.Sequential(nn.Flatten())  # 1x28x28 -> 784
        for before, after in zip(widths[:-1], widths[1:], strict=True):
            self.encoder.extend([nn.Linear(before, after), nn.BatchNorm1d(after), nn.ReLU()])  # -> ... -> 128
        self.encoder.append(nn.Linear(widths[-1], 2 * self.code_size))  # -> 2 means, 2 log variances

        self.decoder = nn.Sequential()
        before = self.code_size
        for after in reversed(widths[1:]):
            self.decoder.extend([nn.Linear(before, after), nn.BatchNorm1d(after), nn.ReLU()])  # 2 -> 128 -> ... -> 512
            before = after
        self.decoder.extend([nn.Linear(before, side * side), nn.Sigmoid(), nn.Unflatten(1, (1, side, side))])

    def spread(self, images: Tensor) -> tuple[Tensor, Tensor]:
        """Images -> means and log variances of their clouds, both (N, code_size)."""
        means, log_variances = self.encoder(images).chunk(2, dim=1)
        return means, log_variances

    def encode(self, images: Tensor) -> Tensor:
        """Images (N, 1, 28, 28) -> the middles of their clouds (N, code_size)."""
        return self.spread(images)[0]

    def forward(self, images: Tensor) -> Tensor | tuple[Tensor, Tensor, Tensor]:
        """The reconstruction; while training, (reconstruction of a drawn code, means, log variances)."""
        means, log_variances = self.spread(images)
        if not self.training:
            return self.decode(means)
        # z = mean + spread * noise lets the gradient through to both (the paper's reparameterisation).
        # The noise follows torch's own seed, which training sets: a generator cannot ride through a CUDA graph and DDP.
        codes = means + (log_variances / 2).exp() * torch.randn_like(means)
        return self.decode(codes), means, log_variances
