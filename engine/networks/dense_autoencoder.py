"""The slides' digit autoencoders: 784-50-784, and a deep one down to two numbers for the map."""

from collections.abc import Sequence

from torch import nn

from engine.networks.autoencoder import Autoencoder


class DenseAutoencoder(Autoencoder):
    """Fully connected: 784 -> sizes[0] -> ... -> sizes[-1] -> ... -> sizes[0] -> 784.

    sizes=(50,) is the slides' 784-50-784 (z = f(Wx), x' = g(Vz)): a ReLU code, a sigmoid picture.
    With more sizes the code is linear, so that it can lie anywhere on the map, and every layer between is
    followed by batch normalisation, without which a two-number code is slow to unfold.
    """

    def __init__(self, sizes: Sequence[int] = (50,), side: int = 28):
        super().__init__()
        self.side = side
        self.code_size = sizes[-1]
        widths = [side * side, *sizes]  # 784, ..., code
        deep = len(sizes) > 1

        self.encoder = nn.Sequential(nn.Flatten())  # 1x28x28 -> 784
        for i in range(len(sizes)):
            self.encoder.append(nn.Linear(widths[i], widths[i + 1]))
            if i < len(sizes) - 1:
                self.encoder.extend([nn.BatchNorm1d(widths[i + 1]), nn.ReLU()])
            elif not deep:
                self.encoder.append(nn.ReLU())

        self.decoder = nn.Sequential()
        for i in reversed(range(len(sizes))):
            self.decoder.append(nn.Linear(widths[i + 1], widths[i]))
            if i > 0:
                self.decoder.extend([nn.BatchNorm1d(widths[i]), nn.ReLU()])
        self.decoder.extend([nn.Sigmoid(), nn.Unflatten(1, (1, side, side))])  # 784 -> 1x28x28
