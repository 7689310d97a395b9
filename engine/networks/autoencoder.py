"""What every autoencoder here is: an encoder and a decoder, two stacks of layers that can be read top to bottom."""

from torch import Tensor, nn


class Autoencoder(nn.Module):
    """z = encode(x), x' = decode(z); a subclass fills in the two stacks."""

    encoder: nn.Sequential
    decoder: nn.Sequential
    code_size: int

    def encode(self, images: Tensor) -> Tensor:
        """Images (N, C, H, W) in [0, 1] -> codes (N, code_size)."""
        return self.encoder(images)

    def decode(self, codes: Tensor) -> Tensor:
        """Codes (N, code_size) -> images (N, C, H, W) in [0, 1]."""
        return self.decoder(codes)

    def forward(self, images: Tensor) -> Tensor:
        """The reconstruction."""
        return self.decode(self.encode(images))
