"""The maps a visitor can choose: whose codes lie on them, what decodes a place, and where a new picture belongs.

The files a browser fetches for them are written by `python -m engine data maps` into `pages/static/`.
"""

import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from pathlib import Path

import torch
from PIL import Image
from torch import Tensor

from engine import files, images, networks
from engine.datasets import mnist
from engine.latent import codes as latent
from engine.latent import maps
from engine.latent.veil import Extent, Familiarity, familiarity, manifold
from engine.models import weights
from engine.networks import Autoencoder
from engine.problem import Problem

UMAP_OF = "digit-code-50"  # the model whose codes UMAP placed on a plane
FARTHEST = 1e4  # a code beyond it makes no picture, only overflow


@dataclass(frozen=True)
class View:
    """One map of codes in the plane."""

    name: str  # in addresses
    title: str
    model: str  # whose codes it shows
    file: str  # <file>.bin, <file>-veil.webp and, if it decodes, <file>-grid.webp in pages/static/
    points: Tensor  # (N, 2)
    labels: Tensor | None  # (N,), the classes; None for faces
    encoder: Callable[[Tensor], Tensor]  # images -> points (M, 2)
    decoder: Callable[[Tensor], Tensor] | None  # points (M, 2) -> images; None where nothing leads back

    @property
    def extent(self) -> Extent:
        return latent.extent(self.points)

    @property
    def decodes(self) -> bool:
        return self.decoder is not None

    @cached_property
    def familiarity(self) -> Familiarity:
        """Distances among the points; measured at the first question (a second for 10,000), then kept."""
        return familiarity(self.points)

    def decode(self, points: Tensor) -> Tensor:
        """Points (M, 2) -> images (M, C, H, W); raises `Problem` where nothing decodes, or for no place."""
        if self.decoder is None:
            raise Problem(
                f"{self.title} cannot decode: it places codes on a plane and knows no way back; choose another map."
            )
        with torch.inference_mode():
            return self.decoder(checked(points))

    def place(self, pictures: Tensor) -> Tensor:
        """Images (M, C, H, W) -> where they lie on this map (M, 2)."""
        with torch.inference_mode():
            return self.encoder(pictures)


def checked(codes: Tensor) -> Tensor:
    """Codes (N, D) that a decoder can be given; raises `Problem` for NaN, infinite or gigantic numbers."""
    if not torch.isfinite(codes).all():
        raise Problem("A code holds a number that is missing or infinite: give finite numbers.")
    if (codes.abs() > FARTHEST).any():
        raise Problem(f"A code holds a number beyond {FARTHEST:,.0f}, where no picture lies: choose a nearer place.")
    return codes


@cache
def view(name: str) -> View:
    """The map of that name, of `NAMES`; raises `Problem` for another."""
    if name not in _MAKERS:
        raise Problem(f"There is no map '{name}': choose one of {', '.join(_MAKERS)}.")
    return _MAKERS[name](name)


def _of_digits(name: str, title: str, model: str) -> View:
    """A map whose two numbers are the first two of the model's code."""
    network = weights.shared(model, Autoencoder)

    def encode(pictures: Tensor) -> Tensor:
        return network.encode(pictures)[:, :2]

    return View(name, title, model, model, digit_codes(model)[:, :2], mnist.test_half().labels, encode, network.decode)


def _umap(name: str) -> View:
    codes, points = digit_codes(UMAP_OF), umap_points()

    def place(pictures: Tensor) -> Tensor:
        # UMAP says nothing of new pictures: where their nearest test digits lie
        return (
            points[latent.nearest(weights.shared(UMAP_OF, Autoencoder).encode(pictures), codes, 5)[1]].median(1).values
        )

    return View(name, "UMAP", UMAP_OF, "digit-umap", points, mnist.test_half().labels, place, None)


def _faces(name: str) -> View:
    found, network = maps.face_map(), weights.shared("face-autoencoder", Autoencoder)
    projection = found.projection
    if projection is None:
        raise Problem("The map of the faces has no axes: `git checkout -- weights` brings its files back.")
    return View(
        name,
        "Face codes",
        "face-autoencoder",
        "face-codes",
        found.points,
        None,
        lambda pictures: projection.project(network.encode(pictures)),
        lambda points: network.decode(projection.lift(points)),
    )


_MAKERS: dict[str, Callable[[str], View]] = {
    "autoencoder": lambda name: _of_digits(name, "Autoencoder", "digit-map"),
    "vae": lambda name: _of_digits(name, "Variational autoencoder", "digit-map-vae"),
    "pca": lambda name: _of_digits(name, "Principal components", "digit-pca"),
    "umap": _umap,
    "faces": _faces,
}
NAMES = tuple(_MAKERS)


MEASURED = {  # map -> its row in the benchmark's table of codes
    "autoencoder": "digit-map",
    "vae": "digit-map-vae",
    "pca": "digit-pca, first two",
    "umap": "UMAP of digit-code-50",
}
BENCHMARK = weights.FOLDER / "benchmark-digits.json"


@cache
def figures(name: str) -> dict[str, float]:
    """What `python -m engine benchmark digits` found of the two numbers of a map: mse (not of UMAP: no decoder),
    knn_accuracy and probe_accuracy; nothing for the faces, or where it was never run."""
    if name not in MEASURED or not BENCHMARK.exists():
        return {}
    (row,) = (row for row in json.loads(BENCHMARK.read_text())["codes"] if row["code"] == MEASURED[name])
    return {key: row[key] for key in ("mse", "knn_accuracy", "probe_accuracy") if key in row}


@lru_cache(maxsize=8)
def digit_codes(model: str) -> Tensor:
    """The codes of the 10,000 test digits (10000, D) in an autoencoder of digits."""
    return networks.in_parts(weights.shared(model, Autoencoder).encode, mnist.test_half().images.float() / 255)


@lru_cache(maxsize=1)
def umap_points() -> Tensor:
    """Where UMAP placed the 50-number codes of the test digits (10000, 2); made by `python -m engine.umap`."""
    return weights.companion(UMAP_OF, "umap", "UMAP coordinates")["points"]


def write(names: tuple[str, ...] = NAMES) -> list[Path]:
    """Write the files of these maps, and the sheet of test digits that all digit maps share (100 a row)."""
    sheet = images.tiled(mnist.test_half().images.float() / 255, 100)
    content: dict[str, bytes] = {"digits.webp": _webp(images.to_picture(sheet), quality=50)}
    for name in names:
        one = view(name)
        content[f"{one.file}.bin"] = latent.pack_points(one.points, one.labels)
        alpha = images.to_picture(one.familiarity.veil(one.extent))
        veil = Image.new("RGBA", alpha.size, (128, 128, 128, 0))  # grey: seen on a light page and on a dark one
        veil.putalpha(alpha)
        content[f"{one.file}-veil.webp"] = _webp(veil, quality=60)
        if one.decodes:
            content[f"{one.file}-grid.webp"] = _webp(images.to_picture(manifold(one.decode, one.extent)), quality=75)
    for name, part in content.items():
        files.save(maps.FOLDER / name, part)
    return [maps.FOLDER / name for name in content]


def _webp(picture: Image.Image, quality: int) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, "webp", quality=quality, method=6)
    return buffer.getvalue()
