"""Drafts for many pictures at once, on the device where they lie: what gappy PCA makes of holes, and rougher ones.

`restoration.gappy_pca` solves one visitor's picture exactly; training asks for thousands a second. Here the normal
equations are set up from a small copy of the picture, in squares of `SQUARE` pixels, and those of a batch are one
matrix product.
"""

from functools import lru_cache
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from engine.models import weights
from engine.networks import MirroredComponents
from engine.restoration import gappy_pca

SQUARE = 4
AT_ONCE = 128  # squares whose products are computed together
SWEEPS = 12  # over each size of the picture, for colours that meet the hole's edge
REDUCTIONS = (2, 4, 8, 16)  # of a 128x128 face, to 64, 32, 16 and 8 pixels
GRAIN = 0.04  # most noise on an enlarged copy
NOBODY = (20.0, 160.0), (0.6, 1.0)  # components of a face of nobody, and their deviations over those of training faces


class Drafts:
    """Principal components in a device's memory: 185 MB of products for the 300 of `face-pca`."""

    def __init__(self, network: MirroredComponents, device: torch.device | str):
        halves, odd = network.axes(), network.odd.view(-1, 1)
        axes = network.whole(halves.masked_fill(odd, 0), halves.masked_fill(~odd, 0))  # (D, 3, H, W)
        small = reduced(axes)  # (D, 3, h, w)
        self.upper = torch.triu_indices(len(axes), len(axes))
        squares = small.flatten(2).permute(2, 0, 1)  # (h * w, D, 3)
        products = [(part @ part.mT)[:, self.upper[0], self.upper[1]] for part in squares.split(AT_ONCE)]
        self.products = torch.cat(products).to(device)  # a a^T of each square, (h * w, D (D + 1) / 2)
        self.axes, self.small = axes.flatten(1).to(device), small.flatten(1).to(device)
        self.mean = network.whole(network.mean.view(1, -1), torch.zeros(1, len(network.mean))).to(device)
        self.variances = network.variances.to(device)
        unpacked = torch.zeros(len(axes), len(axes), dtype=torch.long)
        unpacked[self.upper[0], self.upper[1]] = torch.arange(self.upper.shape[1])
        self.unpacked = torch.maximum(unpacked, unpacked.T).to(device)  # where in `products` each pair stands

    @torch.no_grad()
    def codes(
        self, images: Tensor, hidden: Tensor, boldness: Tensor | None = None, generator: torch.Generator | None = None
    ) -> Tensor:
        """Images (N, 3, H, W) and what is hidden of them, bool (N, 1, H, W) -> the posterior's means (N, D), or codes
        drawn from it with deviations `boldness` (N,) times as large. A hidden pixel is not read.

        A square that is partly hidden is told by its visible pixels, and counts by their share.
        """
        visible = F.avg_pool2d((~hidden).float(), SQUARE)
        away = reduced((images - self.mean).masked_fill(hidden, 0))
        equations = (visible.flatten(1) @ self.products)[:, self.unpacked] + (gappy_pca.RIDGE / self.variances).diag()
        factors, _ = torch.linalg.cholesky_ex(equations)  # the ridge keeps them positive; to check is to wait for a GPU
        codes = torch.cholesky_solve((away.flatten(1) @ self.small.T)[..., None], factors)
        if boldness is not None:
            noise = torch.randn(codes.shape, generator=generator, device=codes.device)
            drawn = torch.linalg.solve_triangular(factors.mT, noise, upper=True)
            codes = codes + boldness.view(-1, 1, 1) * gappy_pca.RIDGE**0.5 * drawn
        return codes[..., 0]

    def of_holes(self, images: Tensor, hidden: Tensor, *drawn: Any) -> Tensor:
        """Images (N, 3, H, W), their hidden parts drafted by `codes`, which takes what is `drawn`."""
        return torch.where(hidden, self.decode(self.codes(images, hidden, *drawn)), images)

    def decode(self, codes: Tensor) -> Tensor:
        """Codes (N, D) -> images (N, 3, H, W), clipped to [0, 1]."""
        return ((codes @ self.axes).unflatten(1, self.mean.shape[1:]) + self.mean).clamp(0, 1)

    @torch.no_grad()
    def few_components(self, images: Tensor, generator: torch.Generator) -> Tensor:
        """Images (N, 3, H, W) by their first components, from a sixtieth of them to all."""
        share = torch.rand(len(images), 1, generator=generator, device=images.device)
        most = len(self.axes)
        kept = torch.arange(most, device=images.device) < most * 60 ** (share - 1)
        return self.decode((images - self.mean).flatten(1) @ self.axes.T * kept)

    @torch.no_grad()
    def nobody(self, count: int, generator: torch.Generator) -> Tensor:
        """Faces of nobody (count, 3, H, W): random numbers for the first few components."""
        (least, most), (narrow, wide) = NOBODY
        device = self.axes.device
        shares = torch.rand(2, count, 1, generator=generator, device=device)
        kept = torch.arange(len(self.axes), device=device) < least * (most / least) ** shares[0]
        codes = torch.randn(count, len(self.axes), generator=generator, device=device) * self.variances.sqrt()
        return self.decode(codes * (narrow + (wide - narrow) * shares[1]) * kept)


@lru_cache(maxsize=1)
def shipped(device: torch.device) -> Drafts:
    """Those of the shipped components; raises `Problem` where they are missing or damaged."""
    return Drafts(weights.shared(gappy_pca.MODEL, MirroredComponents), device)


def reduced(images: Tensor) -> Tensor:
    """The mean of each square, times its side: a turn of the pixels that keeps lengths, without what is finer."""
    return F.avg_pool2d(images, SQUARE) * SQUARE


@torch.no_grad()
def small_copies(images: Tensor, generator: torch.Generator) -> Tensor:
    """Images (N, 3, H, W) reduced by one of `REDUCTIONS` each, enlarged again, with some grain."""
    pick = torch.randint(len(REDUCTIONS), (len(images), 1, 1, 1), generator=generator, device=images.device)
    rough = images
    for number, times in enumerate(REDUCTIONS):
        copy = F.interpolate(
            F.avg_pool2d(images, times), scale_factor=float(times), mode="bilinear", align_corners=False
        )
        rough = torch.where(pick == number, copy, rough)
    strength = GRAIN * torch.rand(len(images), 1, 1, 1, generator=generator, device=images.device)
    grain = torch.randn(images.shape, generator=generator, device=images.device)
    return (rough + strength * grain).clamp(0, 1)


@torch.no_grad()
def meet_the_edge(images: Tensor, rough: Tensor, hidden: Tensor) -> Tensor:
    """A draft (N, 3, H, W) whose colours meet the visible picture at the hole's edge, as `poisson_blending` does it.

    Laplace's equation is solved from coarse to fine, `SWEEPS` times over each size, for all pictures at once.
    """
    sizes = [((images - rough).masked_fill(hidden, 0), (~hidden).float())]
    while sizes[-1][0].shape[-1] % 2 == 0 and sizes[-1][0].shape[-1] > 4:
        values, seen = sizes[-1]
        share = F.avg_pool2d(seen, 2)
        sizes.append((F.avg_pool2d(values * seen, 2) / share.clamp_min(1e-6), (share > 0).float()))
    found = torch.zeros_like(sizes[-1][0])
    for values, seen in reversed(sizes):
        if found.shape != values.shape:
            found = F.interpolate(found, scale_factor=2.0, mode="bilinear", align_corners=False)
        for _ in range(SWEEPS):
            found = torch.where(seen > 0, values, found)
            found = F.avg_pool2d(F.pad(found, (1, 1, 1, 1), mode="replicate"), 3, 1)
        found = torch.where(seen > 0, values, found)
    found = found * (~hidden).flatten(1).any(1).view(-1, 1, 1, 1)
    return torch.where(hidden, (rough + found).clamp(0, 1), images)
