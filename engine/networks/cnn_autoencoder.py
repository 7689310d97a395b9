"""The slides' "Auto-Encoder for CNN": one convolutional encoder, three ways back up from the pooled picture."""

from typing import Literal

from torch import Tensor, nn

import engine.networks.unpooling as unpooling
from engine.networks.autoencoder import Autoencoder

Positions = tuple[Tensor, Tensor]  # where the maxima stood, see `unpooling`: (N, 8, 14, 14) and (N, 16, 7, 7)


class CnnAutoencoder(Autoencoder):
    """Digit (N, 1, 28, 28) in [0, 1] -> code (N, code_size) -> digit.

    unpool="switches"    un-pooling puts each value where the encoder's maximum stood. These positions travel from the
                         encoder to the decoder *beside* the code, two bits a cell: 4,704 bits against the code's 50
                         numbers. The reconstruction looks so good because it was told the outline.
    unpool="repeat"      un-pooling gives each value to all four pixels of its cell; all there is travels in the code.
    unpool="transposed"  no un-pooling: a transposed convolution ("deconvolution") doubles height and width.
    """

    def __init__(self, unpool: Literal["switches", "repeat", "transposed"] = "repeat", code_size: int = 50):
        super().__init__()
        if unpool not in ("switches", "repeat", "transposed"):
            raise TypeError(f"unpool is '{unpool}', not switches, repeat or transposed")
        self.unpool = unpool
        self.code_size = code_size
        self.first = nn.Sequential(nn.Conv2d(1, 8, 3, padding=1), nn.ReLU())  # 1x28x28 -> 8x28x28, pooled 8x14x14
        self.second = nn.Sequential(nn.Conv2d(8, 16, 3, padding=1), nn.ReLU())  # -> 16x14x14, pooled 16x7x7
        self.squeeze = nn.Sequential(nn.Flatten(), nn.Linear(16 * 7 * 7, code_size))  # -> 784 -> 50

        self.unsqueeze = nn.Sequential(
            nn.Linear(code_size, 16 * 7 * 7), nn.ReLU(), nn.Unflatten(1, (16, 7, 7))
        )  # 50 -> 784 -> 16x7x7
        if unpool == "transposed":
            self.third = nn.Sequential(nn.ConvTranspose2d(16, 8, 4, stride=2, padding=1), nn.ReLU())  # -> 8x14x14
            self.fourth = nn.Sequential(nn.ConvTranspose2d(8, 1, 4, stride=2, padding=1), nn.Sigmoid())  # -> 1x28x28
        else:
            self.third = nn.Sequential(nn.Conv2d(16, 8, 3, padding=1), nn.ReLU())  # un-pooled 16x14x14 -> 8x14x14
            self.fourth = nn.Sequential(nn.Conv2d(8, 1, 3, padding=1), nn.Sigmoid())  # un-pooled 8x28x28 -> 1x28x28

    def encode_with_positions(self, images: Tensor) -> tuple[Tensor, Positions]:
        """Images (N, 1, 28, 28) -> codes (N, code_size), and where the maxima of both poolings stood."""
        pooled, where_first = unpooling.max_pool(self.first(images))
        pooled, where_second = unpooling.max_pool(self.second(pooled))
        return self.squeeze(pooled), (where_first, where_second)

    def encode(self, images: Tensor) -> Tensor:
        """Images (N, 1, 28, 28) -> codes (N, code_size) alone."""
        return self.encode_with_positions(images)[0]

    def decode(self, codes: Tensor, positions: Positions | None = None) -> Tensor:
        """Codes -> images (N, 1, 28, 28).

        Only "switches" looks at the positions; without any, as for a code that no picture stands behind, each value
        goes to the upper left of its cell.
        """
        values = self.unsqueeze(codes)
        if self.unpool == "transposed":
            return self.fourth(self.third(values))
        if self.unpool == "repeat":
            return self.fourth(unpooling.repeat(self.third(unpooling.repeat(values))))
        where_first, where_second = positions or (None, None)
        return self.fourth(unpooling.unpool(self.third(unpooling.unpool(values, where_second)), where_first))

    def forward(self, images: Tensor) -> Tensor:
        """The reconstruction; with "switches" the positions go around the code."""
        return self.decode(*self.encode_with_positions(images))
