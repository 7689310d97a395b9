"""Gappy PCA: the mix of principal components that fits the visible pixels best.

Everson and Sirovich, "Karhunen-Loeve procedure for gappy data" (1995): the code is found by least squares from the
visible pixels alone. With few of them many codes fit, so each number is held back by `RIDGE` over its variance, which
makes the answer the most probable code under the normal distribution that PCA assumes. All codes that fit are then
normally distributed around it (Bishop, "Pattern Recognition and Machine Learning", 2006, section 2.3.3): other answers
are drawn from there.
"""

from dataclasses import dataclass
from functools import lru_cache

import torch
import torch.nn.functional as F
from torch import Tensor

from engine.models import weights
from engine.networks import MirroredComponents

MODEL = "face-pca"
# Fifty times the squared error that the axes leave of a pixel, since neighbours err alike; the best of 0.02 to 1 under
# boxes of 28x28 and 64x64 on 219 FFHQ training faces that a fit left out.
RIDGE = 0.3
BLOCK = 16  # side of the squares of pixels whose A A^T is kept


def ready() -> "Prepared":
    """The shipped components, prepared now rather than at the first picture."""
    return prepared(weights.shared(MODEL, MirroredComponents))


def fill(network: MirroredComponents, given: Tensor, hidden: Tensor, ridge: float = RIDGE) -> Tensor:
    """Images (N, 3, H, W), hidden bool (N, 1, H, W) -> the mix of any network's components that fits best
    (N, 3, H, W), clipped to [0, 1]; with all hidden, the mean face."""
    found = prepared(network)
    return found.decode(found.posterior(given, hidden, ridge).means)


def fit(network: MirroredComponents, given: Tensor, hidden: Tensor, ridge: float = RIDGE) -> Tensor:
    """The codes z (N, D) that minimise |visible (A^T z + mean - given)|^2 + ridge * sum(z^2 / variances)."""
    found = prepared(network)
    return found.posterior(given, hidden, ridge).means[:, found.order.argsort()]


@dataclass(frozen=True, eq=False)
class Posterior:
    """Which codes fit what is visible of N pictures: N(mean, ridge * (A V A^T + ridge / variances)^-1) each, V the
    visible pixels. The D numbers of a code are in the order of `Prepared`."""

    means: Tensor  # (N, D), the most probable codes
    factors: Tensor  # (N, D, D): L of A V A^T + ridge / variances = L L^T
    ridge: float

    def draw(self, count: int, boldness: float, generator: torch.Generator) -> Tensor:
        """Codes (N, count, D) with deviations `boldness` times as large; with 0 the mean itself."""
        n, size = self.means.shape
        noise = torch.randn(n, size, count, generator=generator)
        away = torch.linalg.solve_triangular(self.factors.mT, noise, upper=True).mT
        return self.means[:, None] + boldness * self.ridge**0.5 * away


@dataclass(frozen=True, eq=False)
class Prepared:
    """What all pictures have in common. The D axes here are the even ones, then the odd ones, and codes likewise."""

    network: MirroredComponents
    order: Tensor  # which axes of the network these are (D,)
    even: int  # how many are even
    axes: Tensor  # their halves (D, half)
    columns: Tensor  # the same, pixel by pixel (half, D)
    blocks: Tensor  # A A^T over each block of BLOCK x BLOCK pixels (blocks, D, D)
    products: Tensor  # A A^T over all pixels of a picture (D, D)
    mean: Tensor  # (1, 3, H, W)

    def posterior(self, given: Tensor, hidden: Tensor, ridge: float = RIDGE) -> Posterior:
        """The codes of least squares, and how sure they are.

        The normal equations hold A A^T over the visible pixels: summed over them, or over the hidden ones and taken
        from that over all pixels, whichever are fewer.
        """
        even, odd = self.network.halves(torch.where(hidden, 0, given - self.mean))
        aims = torch.cat([even @ self.axes[: self.even].T, odd @ self.axes[self.even :].T], 1)
        held_back = (ridge / self.network.variances[self.order]).diag()
        codes, factors = [], []
        for aim, hole in zip(aims, hidden[:, 0], strict=True):
            few_hidden = int(hole.sum()) * 2 < hole.numel()
            part = self.gram(hole if few_hidden else ~hole)
            products = self.products - part if few_hidden else part
            factors.append(torch.linalg.cholesky(products + held_back))
            codes.append(torch.cholesky_solve(aim.view(-1, 1), factors[-1])[:, 0])
        return Posterior(torch.stack(codes), torch.stack(factors), ridge)

    def gram(self, used: Tensor) -> Tensor:
        """A A^T over the pixels where `used` (H, W) -> (D, D).

        A block of which more than half is used counts as a whole, and what is not used of it is taken away again. The
        two sides lie over each other, the right one mirrored: there an odd axis has the other sign.
        """
        width, total = used.shape[1] // 2, torch.zeros_like(self.products)
        block = min(BLOCK, width)
        sides = torch.stack([used[:, :width], used[:, width:].flip(1)]).float()
        sides = sides.view(2, -1, block, width // block, block)
        whole = (sides.mean((2, 4), keepdim=True) > 0.5).float()
        rest, whole = (sides - whole).flatten(1).repeat(1, self.network.shape[0]), whole.flatten(1)
        here = rest.any(0).nonzero().flatten()
        left, right = rest[:, here, None]
        rows, even, odd = self.columns[here], slice(self.even), slice(self.even, len(total))
        for one, other, mirrored in ((even, even, 1), (odd, odd, 1), (even, odd, -1)):
            counts = whole[0] + mirrored * whole[1]
            some = counts.nonzero().flatten()
            total[one, other] = torch.tensordot(counts[some], self.blocks[some, one, other], 1)
            total[one, other] += (rows[:, one] * (left + mirrored * right)).T @ rows[:, other]
        total[odd, even] = total[even, odd].T
        return total / 2

    def decode(self, codes: Tensor) -> Tensor:
        """What `MirroredComponents.decode` makes of codes (N, D), without turning 8 bits into numbers again."""
        even = codes[:, : self.even] @ self.axes[: self.even] + self.network.mean
        return self.network.whole(even, codes[:, self.even :] @ self.axes[self.even :]).clamp(0, 1)

    def decode_where(self, codes: Tensor, wanted: Tensor) -> Tensor:
        """`decode` of codes (N, D) at the pixels that are `wanted`, bool (1, 1, H, W), and their mirror images alone;
        anything elsewhere."""
        either = (wanted | wanted.flip(3))[0, :, :, : self.network.shape[2] // 2]
        rows = either.expand(self.network.shape[0], -1, -1).flatten()
        columns = self.columns[rows]
        halves = codes.new_zeros(2, len(codes), len(rows))
        halves[0][:, rows] = codes[:, : self.even] @ columns[:, : self.even].T + self.network.mean[rows]
        halves[1][:, rows] = codes[:, self.even :] @ columns[:, self.even :].T
        return self.network.whole(halves[0], halves[1]).clamp(0, 1)


def edge_and_hole(hidden: Tensor) -> Tensor:
    """The hidden pixels, bool (N, 1, H, W), and the visible ones beside them."""
    return F.max_pool2d(hidden.float(), 3, 1, 1) > 0


@lru_cache(maxsize=1)
def prepared(network: MirroredComponents) -> Prepared:
    """For `face-pca` 75 MB and a third of a second, once."""
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
        axes,
        axes.T.contiguous(),
        parts.mT @ parts,
        axes @ axes.T * (odd.view(-1, 1) == odd),  # an even axis times an odd one is 0 over all pixels
        network.whole(network.mean.view(1, -1), torch.zeros(1, len(network.mean))),
    )
