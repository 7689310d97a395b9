"""The painter as it runs on the pages: the same function as `painter.Painter`, in half the time on a CPU.

What differs is arithmetic only: leaky ReLUs' gains lie in the weights, all styles come from one matrix product,
enlarging and the 3x3 convolution after it are one transposed 4x4 convolution (four products a pixel instead of nine),
colours are mixed by a matrix instead of a 1x1 convolution, channels lie side by side in memory, and once the code is
known only what the hole's pixels depend on is painted.
"""

import math
from collections.abc import Iterator

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from engine.networks.equalised import KEEP, SLOPE, TINY, Convolution, Dense, Modulated
from engine.networks.layout import MASK, PICTURE
from engine.networks.painter import Painter, double

Window = tuple[slice, ...]  # rows and columns
FAR = 6  # pixels beyond the hole that the last step at half the width and all at full width look at


def enlarging(kernel: Tensor) -> Tensor:
    """A 3x3 kernel (O, I, 3, 3) used after enlarging by nearest neighbour -> the transposed one, stride 2, as the
    matrix (I, 4 * 4 * O) that `spread` is given the products of.

    Along one axis, a pixel of two that were one sees (a, b + c) or (a + b, c) of its neighbour and itself; read from
    the small picture, that pixel is spread by c, b + c, a + b, a.
    """
    for axis in (2, 3):
        first, middle, last = kernel.unbind(axis)
        kernel = torch.stack([last, middle + last, first + middle, first], axis)
    return kernel.permute(1, 2, 3, 0).flatten(1)


def spread(products: Tensor) -> Tensor:
    """What 4x4 pixels of twice the size get of each pixel (N, H, W, 4 * 4 * O), summed up -> (N, O, 2H, 2W).

    A convolution transposed, at the cost of its matrix product: oneDNN's takes twice as long for few pixels.
    """
    n, height, width, _ = products.shape
    parts = products.view(n, height, width, 2, 2, 2, 2, -1).permute(0, 3, 5, 1, 4, 2, 6, 7)
    total = products.new_zeros(n, height + 1, 2, width + 1, 2, parts.shape[-1])
    for down in (0, 1):
        for right in (0, 1):
            total[:, down : down + height, :, right : right + width] += parts[:, down, right]
    return total.flatten(1, 2).flatten(2, 3)[:, 1:-1, 1:-1].permute(0, 3, 1, 2)


class Plain(nn.Module):
    """A convolution, and its leaky ReLU unless told otherwise."""

    def __init__(self, layer: Convolution, activated: bool = True):
        super().__init__()
        gain = KEEP if activated else 1.0
        self.weight, self.bias = _fixed(layer.weight * layer.gain * gain), _fixed(layer.bias * gain)
        self.stride, self.padding, self.activated = layer.stride, layer.padding, activated

    def forward(self, features: Tensor) -> Tensor:
        mixed = F.conv2d(features, self.weight, self.bias, self.stride, self.padding)
        return F.leaky_relu_(mixed, SLOPE) if self.activated else mixed


class Styled(nn.Module):
    """A modulated 3x3 convolution and its leaky ReLU, given the strengths of its input channels; may enlarge first."""

    def __init__(self, layer: Modulated, enlarges: bool = False, gain: float = 1.0):
        """`gain`: what the strengths that come in hold too much, and the answer keeps."""
        super().__init__()
        weight = layer.weight * layer.gain
        self.enlarges = enlarges
        self.weight = _fixed(enlarging(weight) if enlarges else weight)
        self.squares = _fixed(weight.square().sum((2, 3)).T / (KEEP * gain) ** 2)
        self.bias = _fixed(layer.bias.view(1, -1, 1, 1) * KEEP)

    def forward(self, features: Tensor, strengths: Tensor) -> Tensor:
        even = torch.rsqrt(strengths.square() @ self.squares + TINY / KEEP**2)
        features = features * strengths[:, :, None, None]
        if self.enlarges:
            mixed = spread(features.permute(0, 2, 3, 1) @ self.weight)
        else:
            mixed = F.conv2d(features, self.weight, padding=1)
        return F.leaky_relu_(torch.addcmul(self.bias, mixed, even[:, :, None, None]), SLOPE)


class Colour(nn.Module):
    """A modulated 1x1 convolution to three colours, given the strengths of its input channels."""

    def __init__(self, layer: Modulated):
        super().__init__()
        self.weight, self.bias = _fixed((layer.weight * layer.gain)[:, :, 0, 0].T), _fixed(layer.bias)

    def forward(self, features: Tensor, strengths: Tensor) -> Tensor:
        pixels = features.permute(0, 2, 3, 1).flatten(1, 2)
        mixed = torch.baddbmm(self.bias, pixels, self.weight * strengths[:, :, None])
        return mixed.unflatten(1, features.shape[2:]).permute(0, 3, 1, 2)


class FastPainter(nn.Module):
    """What `Painter` maps, (N, 4, H, W) -> (N, 3, H, W), as `Painter.eval()` does."""

    @torch.no_grad()
    def __init__(self, painter: Painter):
        super().__init__()
        joined = math.sqrt(0.5)  # what `Painter` multiplies the sum of skip and enlarged features with
        self.enter = Plain(painter.enter)
        self.look = nn.ModuleList(Plain(layer) for layer in _convolutions(painter.look))
        self.down = nn.ModuleList(Plain(layer) for layer in _convolutions(painter.down))
        self.unfold = Plain(painter.unfold, activated=False)
        code = painter.code
        self.code = _linear(code.weight * code.gain * KEEP, code.bias * KEEP)
        self.begin = Styled(painter.begin)
        self.up = nn.ModuleList(Styled(layer, enlarges=True) for layer in _modulated(painter.up))
        self.paint = nn.ModuleList(Styled(layer, gain=joined) for layer in _modulated(painter.paint))
        self.refine = nn.ModuleList(Styled(layer) for layer in _modulated(painter.refine))
        self.colour = nn.ModuleList(Colour(layer) for layer in _modulated(painter.colour))
        self.last = Colour(painter.last)
        weights, biases = [], []
        for group in (painter.begin, painter.up, painter.paint, painter.refine, painter.colour, painter.last):
            for layer in _modulated(group):
                strengths: Dense = layer.strengths
                gain = joined if group is painter.paint else 1.0
                weights.append(strengths.weight * strengths.gain * gain)
                biases.append(strengths.bias * gain)
        self.sizes = [len(bias) for bias in biases]
        self.strengths = _linear(torch.cat(weights), torch.cat(biases))
        self.eval().to(memory_format=torch.channels_last)  # pyright: ignore[reportCallIssue]

    def forward(self, seen: Tensor) -> Tensor:
        """The painted picture."""
        draft, hidden = seen[:, PICTURE], seen[:, MASK]
        centred = torch.cat([draft * 2 - 1, hidden], 1)
        features = F.pixel_unshuffle(torch.cat([centred, centred.flip(3)], 1), 2)
        features = self.enter(features.contiguous(memory_format=torch.channels_last))
        skips = []
        for depth, look in enumerate(self.look):
            features = look(features)
            skips.append(features)
            if depth < len(self.down):
                features = self.down[depth](features)

        code = F.leaky_relu(self.code(features.flatten(1)), SLOPE)
        begin, *rest = self.strengths(code).split(self.sizes, 1)
        steps = len(self.up)
        up, paint, refine, (*colour, last) = (
            rest[:steps],
            rest[steps : 2 * steps],
            rest[2 * steps : 2 * steps + len(self.refine)],
            rest[2 * steps + len(self.refine) :],
        )
        features = self.begin(features, begin)
        change = self.colour[-1](features, colour[-1])
        window = window_around(hidden)
        here = (..., *window)
        seen_by = [tuple(slice(side.start // 4, side.stop // 4) for side in window)]  # each of `up`, the last one first
        for skip in skips[2:]:
            seen_by.append(looked_at(seen_by[-1], skip))
        there = tuple(slice(0, length) for length in features.shape[2:])  # what `features` hold of all
        for depth in reversed(range(steps)):
            part = (..., *within(there, seen_by[depth]))
            there = tuple(slice(2 * side.start, 2 * side.stop) for side in seen_by[depth])
            features = self.up[depth](features[part], up[depth]) + skips[depth][(..., *there)]
            features = self.paint[depth](features, paint[depth])
            change = double(change[part]) + self.colour[depth](features, colour[depth])

        features = torch.cat([F.pixel_shuffle(self.unfold(features), 2), centred[here]], 1)
        features = features.contiguous(memory_format=torch.channels_last)
        for layer, strengths in zip(self.refine, refine, strict=True):
            features = layer(features, strengths)
        change = double(change) + self.last(features, last)
        painted = draft.clone()
        painted[here] = torch.where(hidden[here] > 0, (draft[here] + change / 2).clamp(0, 1), draft[here])
        return painted


def window_around(hidden: Tensor) -> Window:
    """Where the holes of all pictures (N, 1, H, W) lie and what is painted with them, its edges on every fourth pixel;
    all of it where nothing is hidden."""
    edges = []
    for used, length in ((hidden.amax((0, 1, 3)), hidden.shape[2]), (hidden.amax((0, 1, 2)), hidden.shape[3])):
        places = used.nonzero()
        first, last = (int(places[0]), int(places[-1]) + 1) if len(places) else (0, length)
        edges.append(slice(max(first - FAR, 0) // 4 * 4, min(-(-(last + FAR) // 4) * 4, length)))
    return tuple(edges)


def looked_at(window: Window, features: Tensor) -> Window:
    """What of features (N, C, H, W) is looked at by enlarging them and a 3x3 convolution, to be right in a window of
    twice their size."""
    sides = zip(window, features.shape[2:], strict=True)
    return tuple(slice(max(side.start // 2 - 1, 0), min(-(-side.stop // 2) + 1, length)) for side, length in sides)


def within(window: Window, part: Window) -> Window:
    """Where a part of a picture lies in what a window holds of it."""
    return tuple(slice(b.start - a.start, b.stop - a.start) for a, b in zip(window, part, strict=True))


def _fixed(values: Tensor) -> nn.Parameter:
    return nn.Parameter(values.detach().clone(), requires_grad=False)


def _linear(weight: Tensor, bias: Tensor) -> nn.Linear:
    """That weight and bias as a layer."""
    layer = nn.Linear(weight.shape[1], weight.shape[0])
    layer.weight, layer.bias = _fixed(weight), _fixed(bias)
    return layer


def _convolutions(group: nn.Module) -> Iterator[Convolution]:
    """The convolutions in it, in their order."""
    return (layer for layer in group.modules() if isinstance(layer, Convolution))


def _modulated(group: nn.Module) -> Iterator[Modulated]:
    """The modulated convolutions in it, or the one that it is, in their order."""
    return (layer for layer in group.modules() if isinstance(layer, Modulated))
