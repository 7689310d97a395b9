"""The maps a visitor can choose: whose codes lie on them, what decodes a place, where a new picture belongs, and how
far a place is from anything real.

`write_maps` is what `python -m engine data maps` runs: the public files in `pages/static/` that a browser fetches once.
Codes of test faces are numbers the encoder returned; no photograph is shipped. What a face's point shows when hovered
is what the decoder makes of its code.
"""

import importlib
import io
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from pathlib import Path

import torch
from PIL import Image
from torch import Tensor

from engine import files, images, metrics, networks
from engine.datasets import mnist
from engine.datasets.faces import FaceFiles
from engine.latent.codes import Extent, check_codes, extent, nearest, pack_points, principal_components
from engine.models import weights
from engine.networks import Autoencoder
from engine.problem import Problem

FOLDER = files.shipped("pages/static")
TILE = 48  # side of a decoded face in the atlas, in pixels
CELLS = 20  # of the sheet of what a decoder draws all over its map, a side
COLUMNS = 22  # tiles in a row of the atlas
FACES = "face-autoencoder"  # the model whose codes of the test faces ship
UMAP_OF = "digit-code-50"  # the model whose codes UMAP placed on a plane
BENCHMARK = weights.FOLDER / "benchmark-digits.json"
MEASURED = {  # map -> its row in the benchmark's table of codes
    "autoencoder": "digit-map",
    "vae": "digit-map-vae",
    "pca": "digit-pca, first two",
    "umap": "UMAP of digit-code-50",
}


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
        return self.share_closer(self.distance(codes))

    def share_closer(self, distances: Tensor) -> Tensor:
        """Distances to the nearest real code (M,) -> the share of real codes that lie closer to theirs (M,)."""
        return torch.searchsorted(self.own, distances.contiguous()) / len(self.own)

    @property
    def bounds(self) -> tuple[float, float]:
        """How far from its nearest neighbour 95 % of the real codes lie at most, and the loneliest of all."""
        return self.own[int(0.95 * (len(self.own) - 1))].item(), self.own[-1].item()

    def reach(self, frame: Extent) -> float:
        """How far from a real code a map of 2-D codes is still land: twice as far as 99 % of the real ones lie from
        their nearest, and at least a fiftieth of the map, or every lonely code would be an island of a dot."""
        left, right, _, _ = frame
        return max(2 * self.own[int(0.99 * (len(self.own) - 1))].item(), (right - left) / 50)


def measure_familiarity(codes: Tensor) -> Familiarity:
    """Measure real codes (N, D), N at least 2, against each other."""
    own = torch.cat([nearest(part, codes, 2)[0][:, 1] for part in codes.split(1000)])
    return Familiarity(codes, own.sort().values)


@dataclass(frozen=True)
class Map:
    """One map of codes in the plane."""

    name: str  # in addresses
    title: str
    model: str  # whose codes it shows
    file: str  # <file>.bin and, if it decodes, <file>-grid.webp in pages/static/
    points: Tensor  # (N, 2)
    labels: Tensor | None  # (N,), the classes; None for faces
    encoder: Callable[[Tensor], Tensor]  # images -> points (M, 2)
    decoder: Callable[[Tensor], Tensor] | None  # points (M, 2) -> images; None where nothing leads back

    @cached_property
    def extent(self) -> Extent:
        return extent(self.points)

    @property
    def decodes(self) -> bool:
        return self.decoder is not None

    @cached_property
    def familiarity(self) -> Familiarity:
        """Distances among the points; measured at the first question (a second for 10,000), then kept."""
        return measure_familiarity(self.points)

    def decode(self, points: Tensor) -> Tensor:
        """Points (M, 2) -> images (M, C, H, W); raises `Problem` where nothing decodes, or for no place."""
        if self.decoder is None:
            raise Problem(
                "{title} cannot decode: it places codes on a plane and knows no way back; choose another map.",
                title=self.title,
            )
        with torch.inference_mode():
            return self.decoder(check_codes(points))

    def place(self, pictures: Tensor) -> Tensor:
        """Images (M, C, H, W) -> where they lie on this map (M, 2)."""
        with torch.inference_mode():
            return self.encoder(pictures)


# ---------------------------------------------------------------- the five maps


@cache
def load_map(name: str) -> Map:
    """The map of that name, of `NAMES`; raises `Problem` for another."""
    if name not in _MAKERS:
        raise Problem("There is no map '{name}': choose one of {known}.", name=name, known=", ".join(_MAKERS))
    return _MAKERS[name](name)


def _map_of_digits(name: str, title: str, model: str) -> Map:
    """A map whose two numbers are the first two of the model's code."""
    network = weights.shared(model, Autoencoder)

    def encode(pictures: Tensor) -> Tensor:
        return network.encode(pictures)[:, :2]

    return Map(name, title, model, model, digit_codes(model)[:, :2], mnist.test_half().labels, encode, network.decode)


def _map_of_umap(name: str) -> Map:
    codes, points = digit_codes(UMAP_OF), umap_points()

    def encode(pictures: Tensor) -> Tensor:
        # UMAP says nothing of new pictures: where their nearest test digits lie
        return points[nearest(weights.shared(UMAP_OF, Autoencoder).encode(pictures), codes, 5)[1]].median(1).values

    return Map(name, "UMAP", UMAP_OF, "digit-umap", points, mnist.test_half().labels, encode, None)


def _map_of_faces(name: str) -> Map:
    """The codes of the FFHQ test faces, on their two principal components."""
    codes, network = face_codes(), weights.shared(FACES, Autoencoder)
    axes = principal_components(codes)
    return Map(
        name,
        "Face codes",
        FACES,
        "face-codes",
        axes.project(codes),
        None,
        lambda pictures: axes.project(network.encode(pictures)),
        lambda points: network.decode(axes.lift(points)),
    )


_MAKERS: dict[str, Callable[[str], Map]] = {
    "autoencoder": lambda name: _map_of_digits(name, "Autoencoder", "digit-map"),
    "vae": lambda name: _map_of_digits(name, "Variational autoencoder", "digit-map-vae"),
    "pca": lambda name: _map_of_digits(name, "Principal components", "digit-pca"),
    "umap": _map_of_umap,
    "faces": _map_of_faces,
}
NAMES = tuple(_MAKERS)


@lru_cache(maxsize=8)
def digit_codes(model: str) -> Tensor:
    """The codes of the 10,000 test digits (10000, D) in an autoencoder of digits."""
    return networks.in_parts(weights.shared(model, Autoencoder).encode, mnist.test_half().images.float() / 255)


@lru_cache(maxsize=1)
def umap_points() -> Tensor:
    """Where UMAP placed the 50-number codes of the test digits (10000, 2); made by `python -m engine data umap`."""
    return weights.companion(UMAP_OF, "umap", "UMAP coordinates")["points"]


@lru_cache(maxsize=1)
def face_codes() -> Tensor:
    """The shipped codes of the test faces (N, 300)."""
    return weights.companion(FACES, "codes", "codes of the test faces")["codes"]


@lru_cache(maxsize=1)
def face_errors() -> Tensor:
    """What the reconstruction of each intact test face leaves, mean squared error (N,), in the order of the codes."""
    return weights.companion(FACES, "codes", "errors of the test faces")["errors"]


@cache
def read_figures(name: str) -> dict[str, float]:
    """What `python -m engine benchmark digits` found of the two numbers of a map: mse (not of UMAP: no decoder),
    knn_accuracy and probe_accuracy; nothing for the faces, or where it was never run."""
    if name not in MEASURED or not BENCHMARK.exists():
        return {}
    (row,) = (row for row in files.parse_json(BENCHMARK.read_text())["codes"] if row["code"] == MEASURED[name])
    return {key: row[key] for key in ("mse", "knn_accuracy", "probe_accuracy") if key in row}


# ---------------------------------------------------------------- what is written once and shipped


def write_maps(faces: FaceFiles | None = None) -> list[Path]:
    """Write what a browser fetches for every map; where test faces are given, their codes and errors first."""
    if faces is not None:
        _write_face_codes(faces)
    sheet = images.tiled(mnist.test_half().images.float() / 255, 100)  # all digit maps share it, 100 a row
    content = {
        "digits.webp": _to_webp(images.to_picture(sheet), quality=50),
        "face-codes.webp": images.encode(draw_atlas(face_codes()), "webp"),
    }
    for one in map(load_map, _MAKERS):
        content[f"{one.file}.bin"] = pack_points(one.points, one.labels)
        if one.decodes:
            drawn = draw_manifold(one.decode, one.extent)
            content[f"{one.file}-grid.webp"] = _to_webp(images.to_picture(drawn), quality=75)
    for name, part in content.items():
        files.save(FOLDER / name, part)
    return [FOLDER / name for name in content]


def _write_face_codes(faces: FaceFiles) -> None:
    network = weights.shared(FACES, Autoencoder)
    codes, errors = [], []
    with torch.inference_mode():
        for part in torch.arange(len(faces)).split(128):
            pictures = faces.batch(part).float() / 255
            codes.append(network.encode(pictures))
            errors.append(metrics.mse(network.decode(codes[-1]), pictures))
    state = {"codes": torch.cat(codes), "errors": torch.cat(errors)}
    of = f"intact test faces, encoded by {FACES}; errors: what its reconstructions leave, MSE"
    weights.keep_companion(FACES, "codes", state, {"faces": len(faces), "of": of})
    for remembered in (face_codes, face_errors, load_map):
        remembered.cache_clear()


def draw_atlas(codes: Tensor) -> Tensor:
    """What the decoder makes of each code (N, 300): one image of tiles, row by row, `COLUMNS` a row (1, 3, H, W)."""
    tiles = networks.in_parts(weights.shared(FACES, Autoencoder).decode, codes, 128)
    return images.tiled(torch.nn.functional.interpolate(tiles, size=(TILE, TILE), mode="area"), COLUMNS)


def place_grid(frame: Extent, size: int) -> Tensor:
    """The middles of size x size cells of a map, row by row from the upper left (size * size, 2)."""
    left, right, bottom, top = frame
    steps = (torch.arange(size) + 0.5) / size
    y, x = torch.meshgrid(top + (bottom - top) * steps, left + (right - left) * steps, indexing="ij")
    return torch.stack([x.flatten(), y.flatten()], dim=1)


def draw_manifold(decode: Callable[[Tensor], Tensor], frame: Extent, size: int = CELLS) -> Tensor:
    """What the decoder makes of the middle of each of size x size cells of a map: one image of tiles (1, C, H, W)."""
    with torch.inference_mode():
        return images.tiled(decode(place_grid(frame, size)), size)


def _to_webp(picture: Image.Image, quality: int) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, "webp", quality=quality, method=6)
    return buffer.getvalue()


def compute_umap(codes: Tensor, seed: int = 0) -> Tensor:
    """Codes (N, D) -> points (N, 2), the same for the same seed: McInnes, Healy and Melville, "UMAP" (2018).

    Raises `Problem` where umap-learn is not installed: only `python -m engine data umap` needs it, never the app.
    """
    try:
        package = importlib.import_module("umap")
    except ImportError as error:
        raise Problem("UMAP is not installed: `pip install umap-learn`, in an environment of its own.") from error
    reducer = package.UMAP(n_neighbors=15, min_dist=0.1, random_state=seed, n_jobs=1)
    return torch.from_numpy(reducer.fit_transform(codes.numpy())).float()


def write_umap() -> Path:
    """Place the codes and write the coordinates beside the weights of the model they belong to."""
    described = {
        "of": f"the codes of the 10,000 test digits in {UMAP_OF}",
        "command": "python -m engine data umap",
        "settings": "umap-learn, n_neighbors=15, min_dist=0.1, random_state=0",
    }
    return weights.keep_companion(UMAP_OF, "umap", {"points": compute_umap(digit_codes(UMAP_OF))}, described)
