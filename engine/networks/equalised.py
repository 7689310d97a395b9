"""Layers whose weights all learn at the same pace: kept at unit variance, and scaled each time they are used.

Karras et al., "Progressive Growing of GANs" (2018), the equalised learning rate: Adam moves every number by about the
same step, whatever its size, so a layer of many inputs, whose weights must be small, would learn faster than one of
few. A layer here has a `gain` by which its weight is multiplied in use. `equalise` divides the gain out of the weights
before training; `fold` multiplies it back in, so that what ships are plain weights. Neither changes what is painted.
"""

import math

import torch
import torch.nn.functional as F
from torch import Tensor, nn

SLOPE = 0.2  # of the leaky ReLU below zero
KEEP = math.sqrt(2)  # after a leaky ReLU, brings the variance back to about what it was
TINY = 1e-8  # keeps a root away from zero


def activate(features: Tensor) -> Tensor:
    """A leaky ReLU that leaves the variance as it is."""
    return F.leaky_relu(features, SLOPE) * KEEP


class Equalised(nn.Module):
    """What the three kinds of layers share: weight (out, in, ...), bias (out,) and the weight's gain."""

    def __init__(self, *shape: int, bias: float = 0.0):
        super().__init__()
        self.usual = math.prod(shape[1:]) ** -0.5  # what brings a weight of unit variance to He's initialisation
        self.gain = 1.0  # 1: folded
        self.weight = nn.Parameter(torch.randn(shape) * self.usual)
        self.bias = nn.Parameter(torch.full(shape[:1], bias))

    def scale(self, gain: float) -> None:
        """Give the layer another gain; what it computes stays."""
        with torch.no_grad():
            self.weight.mul_(self.gain / gain)
        self.gain = gain

    def values(self, like: Tensor) -> tuple[Tensor, Tensor]:
        """Weight and bias as they are used, in the precision of `like`."""
        return (self.weight * self.gain).to(like.dtype), self.bias.to(like.dtype)


class Dense(Equalised):
    """(N, before) -> (N, after)."""

    def __init__(self, before: int, after: int, bias: float = 0.0):
        super().__init__(after, before, bias=bias)

    def forward(self, features: Tensor) -> Tensor:
        """W x + b."""
        return F.linear(features, *self.values(features))


class Convolution(Equalised):
    """(N, before, H, W) -> (N, after, H / stride, W / stride)."""

    def __init__(self, before: int, after: int, kernel: int = 3, stride: int = 1):
        super().__init__(after, before, kernel, kernel)
        self.stride, self.padding = stride, kernel // 2

    def forward(self, features: Tensor) -> Tensor:
        """W * x + b."""
        return F.conv2d(features, *self.values(features), self.stride, self.padding)


class Modulated(Equalised):
    """A convolution whose input channels a style scales: (N, before, H, W), (N, style) -> (N, after, H, W).

    Karras et al., "Analyzing and Improving the Image Quality of StyleGAN" (2020), equations 1 and 3: with input of unit
    variance the scaled kernel would change the variance of the output, so this is divided out again (`even`).
    """

    def __init__(self, before: int, after: int, style: int, kernel: int = 3, even: bool = True):
        super().__init__(after, before, kernel, kernel)
        self.strengths = Dense(style, before, bias=1.0)
        self.even, self.padding = even, kernel // 2

    def forward(self, features: Tensor, style: Tensor) -> Tensor:
        """W' * x + b with W'_oi = s_i W_oi, over the root of its squares' sum."""
        with torch.autocast(features.device.type, enabled=False):  # squares summed need more than bfloat16
            strengths, (weight, bias) = self.strengths(style.float()), self.values(style.float())
            squares = strengths.square() @ weight.square().sum((2, 3)).T + TINY
        mixed = F.conv2d(_each(strengths, features) * features, weight.to(features.dtype), padding=self.padding)
        if self.even:
            mixed = mixed * _each(squares.rsqrt(), mixed)
        return mixed + bias.to(mixed.dtype).view(1, -1, 1, 1)


def _each(numbers: Tensor, features: Tensor) -> Tensor:
    """One number a channel (N, C), to be multiplied with features (N, C, H, W)."""
    return numbers.to(features.dtype)[:, :, None, None]


def equalise(network: nn.Module) -> nn.Module:
    """Set a network's layers, in place, to learn at the same pace -> the network."""
    for layer in network.modules():
        if isinstance(layer, Equalised):
            layer.scale(layer.usual)
    return network


def fold(network: nn.Module) -> nn.Module:
    """Multiply every gain into its weight, in place: the way back from `equalise`, before shipping -> the network."""
    for layer in network.modules():
        if isinstance(layer, Equalised):
            layer.scale(1.0)
    return network
