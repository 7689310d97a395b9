"""How far from anything it has seen? The distance of a code to the nearest real one, and a veil over a map."""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from engine import images
from engine.latent.codes import nearest

Extent = tuple[float, float, float, float]  # left, right, bottom, top
Decoder = Callable[[Tensor], Tensor]  # points (N, 2) -> images


@dataclass(frozen=True)
class Familiarity:
    """Codes, and how far each lies from the nearest *other* one: the measure of what is far."""

    codes: Tensor  # (N, D)
    own: Tensor  # (N,), sorted

    def distance(self, codes: Tensor) -> Tensor:
        """Codes (M, D) -> distance to the nearest real code (M,), in units of the codes."""
        return torch.cat([nearest(part, self.codes)[0][:, 0] for part in codes.split(1000)])

    def strangeness(self, codes: Tensor) -> Tensor:
        """Codes (M, D) -> the share of real codes that lie closer to their nearest neighbour than this one does (M,).

        0.5 is as close as usual; 1 is farther out than any real code from its neighbour.
        """
        return torch.searchsorted(self.own, self.distance(codes)) / len(self.own)

    def veil(self, extent: Extent, size: int = 160) -> Tensor:
        """How opaque the veil is at each place of a map of 2-D codes (1, 1, size, size), its upper row the top.

        0 as near to a real code as 95 % of the real ones are to their nearest, 0.85 from five times that distance on.
        """
        usual = self.own[int(0.95 * (len(self.own) - 1))]
        away = self.distance(grid(extent, size)) / usual.clamp_min(1e-12)
        return 0.85 * ((away - 1) / 4).clamp(0, 1).view(1, 1, size, size)


def familiarity(codes: Tensor) -> Familiarity:
    """Measure real codes (N, D), N at least 2, against each other."""
    own = torch.cat([nearest(part, codes, 2)[0][:, 1] for part in codes.split(1000)])
    return Familiarity(codes, own.sort().values)


def grid(extent: Extent, size: int) -> Tensor:
    """The middles of size x size cells of a map, row by row from the upper left (size * size, 2)."""
    left, right, bottom, top = extent
    steps = (torch.arange(size) + 0.5) / size
    y, x = torch.meshgrid(top + (bottom - top) * steps, left + (right - left) * steps, indexing="ij")
    return torch.stack([x.flatten(), y.flatten()], dim=1)


def manifold(decode: Decoder, extent: Extent, size: int = 20) -> Tensor:
    """What the decoder makes of the middle of each of size x size cells of a map: one image of tiles (1, C, H, W)."""
    with torch.inference_mode():
        return images.tiled(decode(grid(extent, size)), size)
