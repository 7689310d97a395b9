"""The maps of the app: which codes they show, and the public files in `pages/static/` that a browser fetches once.

Codes of test faces are numbers the encoder returned; no photograph is shipped. What a face's point shows when hovered
is what the decoder makes of its code.
"""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import torch
from torch import Tensor

from engine import images, metrics
from engine.datasets import mnist
from engine.datasets.faces import FaceFiles
from engine.files import save
from engine.latent import codes as latent
from engine.models.weights import companion, keep_companion, shared
from engine.networks import Autoencoder

FOLDER = Path(__file__).parents[2] / "pages" / "static"
TILE = 48  # side of a decoded face in the atlas, in pixels
COLUMNS = 22  # tiles in a row of the atlas


@dataclass(frozen=True)
class Map:
    """A map as a page needs it."""

    points: Tensor  # (N, 2)
    extent: tuple[float, float, float, float]  # left, right, bottom, top
    projection: latent.Projection | None  # from codes to points; None where a code is a point


@lru_cache(maxsize=1)
def digit_map() -> Map:
    """The codes of the 10,000 test digits in `digit-map`."""
    network = shared("digit-map", Autoencoder)
    with torch.inference_mode():
        points = network.encode(mnist.test_half().images.float() / 255)
    return Map(points, latent.extent(points), None)


@lru_cache(maxsize=1)
def face_map() -> Map:
    """The codes of the FFHQ test faces in `face-autoencoder`, on their two principal components."""
    codes = face_codes()
    projection = latent.principal_components(codes)
    points = projection.project(codes)
    return Map(points, latent.extent(points), projection)


@lru_cache(maxsize=1)
def face_codes() -> Tensor:
    """The shipped codes of the test faces (N, 300)."""
    return companion("face-autoencoder", "codes", "codes of the test faces")["codes"]


@lru_cache(maxsize=1)
def face_errors() -> Tensor:
    """What the reconstruction of each intact test face leaves, mean squared error (N,), in the order of the codes."""
    return companion("face-autoencoder", "codes", "errors of the test faces")["errors"]


def place(model: str, pictures: Tensor) -> Tensor:
    """Where images lie on the map of their model -> (N, 2)."""
    with torch.inference_mode():
        codes = shared(model, Autoencoder).encode(pictures)
    projection = face_map().projection if model == "face-autoencoder" else None
    return projection.project(codes) if projection else codes


def write(files: FaceFiles) -> list[Path]:
    """Encode the test faces; write codes and errors, the point files of both maps and the atlas of decoded faces."""
    network = shared("face-autoencoder", Autoencoder)
    codes, errors = [], []
    with torch.inference_mode():
        for part in torch.arange(len(files)).split(128):
            pictures = files.batch(part).float() / 255
            codes.append(network.encode(pictures))
            errors.append(metrics.mse(network.decode(codes[-1]), pictures))
    state = {"codes": torch.cat(codes), "errors": torch.cat(errors)}
    of = "intact test faces, encoded by face-autoencoder; errors: what its reconstructions leave, MSE"
    keep_companion("face-autoencoder", "codes", state, {"faces": len(files), "of": of})
    for cache in (face_codes, face_errors, face_map):
        cache.cache_clear()
    content = {
        "digit-map.bin": latent.pack_points(digit_map().points, mnist.test_half().labels),
        "face-codes.bin": latent.pack_points(face_map().points),
        "face-codes.webp": images.encode(atlas(face_codes()), "webp"),
    }
    for name, part in content.items():
        save(FOLDER / name, part)
    return [FOLDER / name for name in content]


def atlas(codes: Tensor) -> Tensor:
    """What the decoder makes of each code (N, 300): one image of tiles, row by row, `COLUMNS` a row (1, 3, H, W)."""
    network = shared("face-autoencoder", Autoencoder)
    with torch.inference_mode():
        tiles = torch.cat([network.decode(part) for part in codes.split(128)])
    tiles = torch.nn.functional.interpolate(tiles, size=(TILE, TILE), mode="area")
    return images.tiled(tiles, COLUMNS)
