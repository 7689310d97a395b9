"""How real do filled holes look? Two figures from VGG features, which stand beside the errors that a blur wins.

The perceptual distance compares each filled hole with what was there; the kernel distance compares all of them, as a
set, with all photographs, so that an answer may be another than the true one as long as it could be true.
"""

from collections.abc import Mapping

import torch
from torch import Tensor
from tqdm import tqdm

from engine.networks.vgg_features import VggFeatures

MARGIN, STEP = 8, 16  # pixels round the hole that a crop shows; its sides are multiples of STEP
FIGURES = ("perceptual_distance", "kernel_distance", "kernel_distance_error")


def measure_perception(
    painted: Mapping[str, Tensor], images: Tensor, hidden: Tensor, network: VggFeatures
) -> dict[str, dict[str, float]]:
    """Composites (N, 3, H, W) by name, of the same images under the same hidden (N, 1, H, W) -> `FIGURES` of each.

    Both are taken on a crop around each hole.
    """
    apart: dict[str, list[Tensor]] = {name: [] for name in painted}
    seen: dict[str, list[Tensor]] = {name: [] for name in painted}
    photographs = []
    with torch.inference_mode():
        for number in tqdm(range(len(images)), desc="looking", unit="face", leave=False):
            rows, columns = crop_around(hidden[number])
            crops = [images[number], *(composites[number] for composites in painted.values())]
            blocks = network.activations(torch.stack([crop[:, rows, columns] for crop in crops]))
            for name, distance in zip(painted, distances_to_first(blocks), strict=True):
                apart[name].append(distance)
            described = blocks[-1].mean((2, 3))
            photographs.append(described[0])
            for name, vector in zip(painted, described[1:], strict=True):
                seen[name].append(vector)
    found = {}
    for name in painted:
        distance, error = kernel_distance(torch.stack(seen[name]), torch.stack(photographs))
        figures = (torch.stack(apart[name]).double().mean().item(), distance, error)
        found[name] = dict(zip(FIGURES, figures, strict=True))
    return found


def distances_to_first(blocks: list[Tensor]) -> Tensor:
    """`VggFeatures.distance` of all pictures but the first to the first, from their activations -> (N - 1,)."""
    unit = [torch.nn.functional.normalize(block, dim=1, eps=1e-6) for block in blocks]
    return torch.stack([(block[1:] - block[:1]).square().sum(1).mean((1, 2)) for block in unit]).sum(0)


def crop_around(hidden: Tensor) -> tuple[slice, slice]:
    """Rows and columns around a hole, bool (1, H, W), a margin wide; the whole picture where nothing is hidden."""
    sides = []
    for axis, length in ((2, hidden.shape[1]), (1, hidden.shape[2])):
        places = hidden.any(axis).flatten().nonzero().flatten()
        if not len(places):
            return slice(0, hidden.shape[1]), slice(0, hidden.shape[2])
        first, last = int(places[0]) - MARGIN, int(places[-1]) + 1 + MARGIN
        side = min(-(-(last - first) // STEP) * STEP, length)
        start = min(max(first, 0), length - side)
        sides.append(slice(start, start + side))
    return sides[0], sides[1]


def kernel_distance(painted: Tensor, photographs: Tensor) -> tuple[float, float]:
    """1000 times the squared maximum mean discrepancy of features (N, D) from those of photographs of the same faces
    (N, D), and its standard error: 0 is what another set of photographs has, on average.

    Gretton et al., "A Kernel Two-Sample Test" (2012): the U-statistic over pairs of different faces, so that no answer
    is compared with its own photograph. The kernel is KID's (Binkowski et al., 2018), (x y / D + 1)^3; features are in
    units of the photographs' root mean square. Another network sees, so no published KID compares.
    """
    x, y = painted.double(), photographs.double()
    scale = y.square().mean().sqrt()

    def kernel(one: Tensor, other: Tensor) -> Tensor:
        return ((one / scale) @ (other / scale).T / one.shape[1] + 1) ** 3

    across = kernel(x, y)
    pairs = (kernel(x, x) + kernel(y, y) - across - across.T).fill_diagonal_(0)
    each = pairs.sum(1) / (len(x) - 1)
    return 1000 * each.mean().item(), 1000 * 2 * each.std().item() / len(x) ** 0.5
