"""The nearest known face: does a network remember faces, or the idea of one?

Of faces that the autoencoder was trained on, the one whose visible part is closest, painted by the decoder from its
code; their photographs are not shipped.
"""

from dataclasses import dataclass
from functools import lru_cache

import torch
import torch.nn.functional as F
from torch import Tensor
from tqdm import tqdm

from engine.datasets.faces import FaceFiles
from engine.models import weights
from engine.networks import Autoencoder, in_parts

MODEL = "face-autoencoder"
COUNT = 1500  # known faces that are shipped, 0.9 MB
SMALL = 32  # side of the pictures that are compared


@dataclass(frozen=True)
class Known:
    """The faces to compare with."""

    codes: Tensor  # (M, 300)
    pictures: Tensor  # decoded and averaged to SMALL x SMALL (M, 3, SMALL, SMALL)
    squares: Tensor  # of these, over their colours (M, SMALL * SMALL)


@lru_cache(maxsize=1)
def known() -> Known:
    """The shipped codes, decoded: two or three seconds, once. Raises `Problem` if they are missing or damaged."""
    found, decode = codes(), weights.shared(MODEL, Autoencoder).decode
    pictures = in_parts(lambda part: F.adaptive_avg_pool2d(decode(part), SMALL), found, 100)
    return Known(found, pictures, pictures.square().sum(1).flatten(1))


def codes() -> Tensor:
    """The shipped codes of FFHQ training faces (M, 300). Raises `Problem` if they are missing or damaged."""
    return weights.companion(MODEL, "known", "codes of the known faces")["codes"]


def restore(given: Tensor, hidden: Tensor) -> Tensor:
    """Images (N, 3, H, W) with a black hole, hidden bool (N, 1, H, W) -> the nearest known face of each."""
    return torch.cat([decoded(number) for number in nearest(given, hidden).tolist()])


@lru_cache(maxsize=32)  # strokes on one face often have the same neighbour
def decoded(number: int) -> Tensor:
    """The known face of that number (1, 3, H, W)."""
    with torch.inference_mode():
        return weights.shared(MODEL, Autoencoder).decode(known().codes[number : number + 1])


def nearest(given: Tensor, hidden: Tensor) -> Tensor:
    """Which known face is closest -> (N,): squared differences of small squares' visible means, each counted by how
    much of it is visible. The first one where nothing is."""
    faces = known()
    visible = F.adaptive_avg_pool2d((~hidden).float(), SMALL)  # (N, 1, SMALL, SMALL)
    summed = F.adaptive_avg_pool2d(given, SMALL)  # a square's visible mean times its visible share
    # share * (mean - known)^2, but for share * mean^2, which is the same for all known faces
    distances = visible.flatten(1) @ faces.squares.T - 2 * summed.flatten(1) @ faces.pictures.flatten(1).T
    return distances.argmin(1)


def write(files: FaceFiles, count: int = COUNT) -> str:
    """Encode `count` faces, evenly spread over the files, and lay their codes beside the weights -> the file."""
    network, found = weights.shared(MODEL, Autoencoder), []
    picked = torch.linspace(0, len(files) - 1, min(count, len(files))).round().long()
    with torch.inference_mode():
        for part in tqdm(picked.split(100), unit="batch", leave=False):
            found.append(network.encode(files.batch(part).float() / 255))
    described = {"faces": len(picked), "of": f"training faces ({files.sources}), encoded by {MODEL}"}
    known.cache_clear()
    decoded.cache_clear()
    return str(weights.keep_companion(MODEL, "known", {"codes": torch.cat(found)}, described))
