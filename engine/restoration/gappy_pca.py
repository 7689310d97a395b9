"""Gappy PCA: the mix of principal components that fits the visible pixels best.

Everson and Sirovich, "Karhunen-Loeve procedure for gappy data" (1995): the code is found by least squares from the
visible pixels alone. With few of them many codes fit, so each number is held back by `RIDGE` over its variance, which
makes the answer the most probable code under the normal distribution that PCA assumes.
"""

from dataclasses import dataclass
from functools import lru_cache

import torch
from torch import Tensor

from engine.models import weights
from engine.networks import MirroredComponents

MODEL = "face-pca"
# Fifty times the squared error that the axes leave of a pixel, since neighbours err alike; the best of 0.02 to 1 under
# boxes of 28x28 and 64x64 on 219 FFHQ training faces that a fit left out.
RIDGE = 0.3
BLOCK = 16  # side of the squares of pixels whose A A^T is kept


def restore(given: Tensor, hidden: Tensor) -> Tensor:
    """Images (N, 3, H, W), hidden bool (N, 1, H, W) -> the fitted mix (N, 3, H, W), clipped to [0, 1]."""
    return fill(weights.shared(MODEL, MirroredComponents), given, hidden)


def ready() -> None:
    """Prepare the shipped components now rather than at the first picture."""
    prepared(weights.shared(MODEL, MirroredComponents))


def fill(network: MirroredComponents, given: Tensor, hidden: Tensor, ridge: float = RIDGE) -> Tensor:
    """`restore` by the components of any network; with all hidden, the mean face."""
    ready = prepared(network)
    return ready.decode(ready.fit(given, hidden, ridge))


def fit(network: MirroredComponents, given: Tensor, hidden: Tensor, ridge: float = RIDGE) -> Tensor:
    """The codes z (N, D) that minimise |visible (A^T z + mean - given)|^2 + ridge * sum(z^2 / variances)."""
    ready = prepared(network)
    return ready.fit(given, hidden, ridge)[:, ready.order.argsort()]


@dataclass(frozen=True)
class Prepared:
    """What all pictures have in common. The D axes here are the even ones, then the odd ones, and codes likewise."""

    network: MirroredComponents
    order: Tensor  # which axes of the network these are (D,)
    even: int  # how many are even
    columns: Tensor  # their halves, pixel by pixel (half, D)
    blocks: Tensor  # A A^T over each block of BLOCK x BLOCK pixels (blocks, D * D)
    products: Tensor  # A A^T over all pixels of a picture (D, D)
    mean: Tensor  # (1, 3, H, W)

    def fit(self, given: Tensor, hidden: Tensor, ridge: float) -> Tensor:
        """The codes of least squares (N, D).

        The normal equations hold A A^T over the visible pixels: summed over them, or over the hidden ones and taken
        from that over all pixels, whichever are fewer.
        """
        even, odd = self.network.halves(torch.where(hidden, 0, given - self.mean))
        aims = torch.cat([even @ self.columns[:, : self.even], odd @ self.columns[:, self.even :]], 1)
        held_back = (ridge / self.network.variances[self.order]).diag()
        codes = []
        for aim, hole in zip(aims, hidden[:, 0], strict=True):
            few_hidden = int(hole.sum()) * 2 < hole.numel()
            part = self.gram(hole if few_hidden else ~hole)
            products = self.products - part if few_hidden else part
            factor = torch.linalg.cholesky(products + held_back)
            codes.append(torch.cholesky_solve(aim.view(-1, 1), factor)[:, 0])
        return torch.stack(codes)

    def gram(self, used: Tensor) -> Tensor:
        """A A^T over the pixels where `used` (H, W) -> (D, D): block by block where whole blocks are used."""
        width, total = used.shape[1] // 2, torch.zeros_like(self.products)
        block = min(BLOCK, width)
        for side, mirrored in ((used[:, :width], 1), (used[:, width:].flip(1), -1)):
            whole = side.reshape(-1, block, width // block, block).all(3).all(1)
            rest = side & ~whole.repeat_interleave(block, 0).repeat_interleave(block, 1)
            rows = self.columns[rest.expand(self.network.shape[0], -1, -1).flatten()]
            part = rows.T @ rows + (whole.flatten().float() @ self.blocks).view_as(total)
            part[: self.even, self.even :] *= mirrored
            part[self.even :, : self.even] *= mirrored
            total += part / 2
        return total

    def decode(self, codes: Tensor) -> Tensor:
        """What `MirroredComponents.decode` makes of them, without turning 8 bits into numbers again."""
        axes = self.columns.T
        even = codes[:, : self.even] @ axes[: self.even] + self.network.mean
        return self.network.whole(even, codes[:, self.even :] @ axes[self.even :]).clamp(0, 1)


@lru_cache(maxsize=1)
def prepared(network: MirroredComponents) -> Prepared:
    """For `face-pca` 45 MB and a third of a second, once."""
    order = network.odd.long().argsort(stable=True)
    axes, odd = network.axes()[order], network.odd[order]
    channels, _, width = network.shape
    block = min(BLOCK, width // 2)
    parts = axes.view(len(axes), channels, -1, block, width // 2 // block, block)
    parts = parts.permute(2, 4, 1, 3, 5, 0).flatten(2, 4).flatten(0, 1)  # blocks, pixels of a block, D
    return Prepared(
        network,
        order,
        int((~odd).sum()),
        axes.T.contiguous(),
        (parts.mT @ parts).flatten(1),
        axes @ axes.T * (odd.view(-1, 1) == odd),  # an even axis times an odd one is 0 over all pixels
        network.whole(network.mean.view(1, -1), torch.zeros(1, len(network.mean))),
    )
