"""The article's face autoencoder: convolutions, dense to a 300-number code, transposed convolutions, sigmoid.

Eman Ijaz, "Face Image Reconstruction using Autoencoders in Keras" (Geek Culture, 2021). The article gives the kinds
of layers, the 128x128 picture and the code of 300; channels, batch normalisation and LeakyReLU are ours.
"""

from collections.abc import Sequence

from torch import nn

from engine.networks.autoencoder import Autoencoder


def halve(before: int, after: int) -> nn.Sequential:
    """One step of the encoder: half the height and width."""
    return nn.Sequential(nn.Conv2d(before, after, 4, stride=2, padding=1), nn.BatchNorm2d(after), nn.LeakyReLU(0.2))


def double(before: int, after: int) -> nn.Sequential:
    """One step of the decoder: twice the height and width. A 4x4 kernel with stride 2 covers every pixel evenly,
    so there is no checkerboard (Odena et al., "Deconvolution and Checkerboard Artifacts", 2016)."""
    return nn.Sequential(
        nn.ConvTranspose2d(before, after, 4, stride=2, padding=1), nn.BatchNorm2d(after), nn.LeakyReLU(0.2)
    )


class FaceAutoencoder(Autoencoder):
    """Face (N, 3, 128, 128) in [0, 1] -> code (N, 300) -> face (N, 3, 128, 128) in [0, 1]; shapes are for size=128."""

    def __init__(self, channels: Sequence[int] = (16, 32, 64, 128), code_size: int = 300, size: int = 128):
        super().__init__()
        if size % 16:
            raise ValueError(f"four halvings need a size that 16 divides, not {size}")
        a, b, c, d = channels
        side = size // 16  # 8
        self.code_size = code_size
        self.encoder = nn.Sequential(
            halve(3, a),  # 3x128x128 -> 16x64x64
            halve(a, b),  # -> 32x32x32
            halve(b, c),  # -> 64x16x16
            halve(c, d),  # -> 128x8x8
            nn.Flatten(),  # -> 8192
            nn.Linear(d * side * side, code_size),  # -> 300
        )
        self.decoder = nn.Sequential(
            nn.Linear(code_size, d * side * side),  # 300 -> 8192
            nn.Unflatten(1, (d, side, side)),  # -> 128x8x8
            double(d, c),  # -> 64x16x16
            double(c, b),  # -> 32x32x32
            double(b, a),  # -> 16x64x64
            nn.ConvTranspose2d(a, 3, 4, stride=2, padding=1),  # -> 3x128x128
            nn.Sigmoid(),
        )
