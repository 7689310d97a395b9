"""Denoisers that learnt nothing: median, total variation and non-local means, to compare the networks with.

Unlike the networks they are told how strong the noise is. They take and return grey images (N, 1, H, W) in [0, 1];
`strength` is Gaussian sigma, or for another noise the number that its slider shows, from 0 (leave it as it is) to 1.
"""

from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Tensor

# Units of strength; of those tried (0.2 to 2) the lowest mean error on 500 training digits at sigma 0.1, 0.2, 0.4, 0.6
# and 0.8. Noise clipped at black is brighter than the digit it lies on, which none of the three methods expects.
SPREAD, WEIGHT = 0.5, 0.3
AT_ONCE = 16  # images whose patches fit the cache of a CPU core


def median(images: Tensor, strength: float) -> Tensor:
    """The middle one of the 3x3 pixels around each, of 5x5 above a strength of 0.5."""
    if strength <= 0:
        return images
    half = 1 if strength <= 0.5 else 2
    around = F.pad(images, [half] * 4, mode="replicate").unfold(2, 2 * half + 1, 1).unfold(3, 2 * half + 1, 1)
    return around.flatten(-2).median(-1).values


def non_local_means(images: Tensor, strength: float, reach: int = 6) -> Tensor:
    """Each pixel becomes a mean of those up to `reach` rows and columns away, like 5x5 patches counting most.

    Buades, Coll and Morel, "A Non-Local Algorithm for Image Denoising" (2005): weight = exp(-d / h^2) for a mean
    squared difference d of two patches, with h = `SPREAD` * strength.
    """
    if strength <= 0:
        return images
    if len(images) > AT_ONCE:
        return torch.cat([non_local_means(part, strength, reach) for part in images.split(AT_ONCE)])
    height, width = images.shape[2:]
    wide = F.pad(images, [reach + 2] * 4, mode="reflect")  # 2: half a patch
    here = wide[..., None, reach : reach + height + 4, reach : reach + width + 4]  # (N, C, 1, height + 4, width + 4)
    # means of five rows and of five columns as matrix products: six times as fast on a CPU as pooling
    rows, columns = (torch.eye(length + 4).unfold(0, 5, 1).mean(-1).to(images) for length in (height, width))
    summed, total = torch.zeros_like(images), torch.zeros_like(images)
    for down in range(2 * reach + 1):
        # all places of one row at once: seven times as fast for one digit as one after the other
        there = wide[..., down : down + height + 4, :].unfold(-1, width + 4, 1).transpose(-2, -3)
        unlike = rows @ (here - there).square() @ columns.T
        weight = torch.exp(-unlike / (SPREAD * strength) ** 2)
        summed += (weight * there[..., 2:-2, 2:-2]).sum(2)
        total += weight.sum(2)
    return summed / total


def total_variation(images: Tensor, strength: float, steps: int = 60) -> Tensor:
    """The image u of smallest |u - image|^2 / (2 weight) + total variation, with weight = `WEIGHT` * strength.

    Rudin, Osher and Fatemi (1992), solved by Chambolle's projection (2004), as in scikit-image's
    `denoise_tv_chambolle`, but for all images at once and a fixed number of steps.
    """
    if strength <= 0:
        return images
    weight, pull = WEIGHT * strength, images.new_zeros(2, *images.shape)  # pull along rows and along columns
    smooth = images
    for _ in range(steps):
        across, down = _differences(smooth)
        length = (across.square() + down.square()).sqrt()
        # Chambolle's semi-implicit step: 0.25 is the largest that converges in two dimensions
        pull = (pull - 0.25 * torch.stack([across, down])) / (1 + 0.25 / weight * length)
        smooth = images - _divergence(pull)
    return smooth.clamp(0, 1)


METHODS: dict[str, Callable[[Tensor, float], Tensor]] = {
    "Median": median,
    "Total variation": total_variation,
    "Non-local means": non_local_means,
}


def _differences(images: Tensor) -> tuple[Tensor, Tensor]:
    """From each pixel to its right and its lower neighbour; 0 at the far edge."""
    across, down = torch.zeros_like(images), torch.zeros_like(images)
    across[..., :-1] = images[..., 1:] - images[..., :-1]
    down[..., :-1, :] = images[..., 1:, :] - images[..., :-1, :]
    return across, down


def _divergence(pull: Tensor) -> Tensor:
    """Minus the adjoint of `_differences`, for a pull (2, N, 1, H, W)."""
    across, down = pull
    total = -across - down
    total[..., 1:] += across[..., :-1]
    total[..., 1:, :] += down[..., :-1, :]
    return -total
