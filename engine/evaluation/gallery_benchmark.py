"""Does the gallery show faces of nobody, or training faces again?

How far each painted face of the gallery lies from the nearest training face, by the autoencoder's code, beside the same
of test faces, which nobody trained on. `python -m engine benchmark gallery` prints both as a histogram and writes them
to weights/benchmark-gallery.json.
"""

import json
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import torch
from torch import Tensor
from tqdm import tqdm

from engine import files, tables
from engine.datasets.faces import FaceFiles
from engine.evaluation import model_benchmark
from engine.latent import codes
from engine.models import weights
from engine.networks import Autoencoder, in_parts
from engine.photos import gallery

MODEL = "face-autoencoder"
FILE = weights.FOLDER / "benchmark-gallery.json"
CLOSE = 0.05  # no face of the gallery may lie nearer than this share of the test faces does
BINS = 12  # of the histogram


def painted() -> dict[str, Tensor]:
    """The faces of the gallery that a network painted, (1, 3, 128, 128) each, by name."""
    return {face.name: face.image for face in gallery.gallery().values() if not face.photograph}


def encoded(faces: FaceFiles) -> Tensor:
    """The code of every face (N, 300)."""
    network, found = weights.shared(MODEL, Autoencoder), []
    for part in tqdm(torch.arange(len(faces)).split(128), desc="encoding faces", unit="batch", leave=False):
        found.append(in_parts(network.encode, faces.batch(part).float() / 255))
    return torch.cat(found)


def measure(faces: Mapping[str, Tensor], training: Tensor, test: Tensor) -> dict[str, Any]:
    """Distances of faces (1, 3, 128, 128) by name, and of test codes (N, 300), to the nearest of training codes
    (M, 300); `limit` is the `CLOSE` quantile of the test faces' distances."""
    own = in_parts(weights.shared(MODEL, Autoencoder).encode, torch.cat(list(faces.values())))
    distances = codes.nearest(own, training)[0][:, 0]
    of_test = torch.cat([codes.nearest(part, training)[0][:, 0] for part in test.split(64)])
    return {
        "training_faces": len(training),
        "test_faces": len(test),
        "limit": of_test.quantile(CLOSE).item(),
        "gallery": {name: round(value, 2) for name, value in zip(faces, distances.tolist(), strict=True)},
        "test": [round(value, 2) for value in of_test.sort().values.tolist()],
    }


def write(training: FaceFiles, test: FaceFiles, command: str) -> str:
    """Measure the gallery, write the JSON, return the Markdown."""
    found = model_benchmark.header(command, 0) | measure(painted(), encoded(training), encoded(test))
    files.save(FILE, (json.dumps(found) + "\n").encode())
    return markdown(found)


def markdown(found: Mapping[str, Any]) -> str:
    """Both histograms side by side, as counts, and what they mean."""
    gallery_distances, test = torch.tensor(list(found["gallery"].values())), torch.tensor(found["test"])
    low, high = torch.cat([gallery_distances, test]).aminmax()
    edges = torch.linspace(low.floor().item(), high.ceil().item(), BINS + 1)
    counts = [torch.histogram(values, edges).hist.int().tolist() for values in (gallery_distances, test)]
    names = [f"{low:.0f} to {high:.0f}" for low, high in pairwise(edges.tolist())]
    columns = ("distance to the nearest training face", "painted faces of the gallery", "test faces")
    return "\n".join(
        [
            tables.markdown(columns, list(zip(names, *counts, strict=True))),
            "",
            f"{len(gallery_distances)} painted faces, {found['test_faces']} test faces, the nearest of"
            f" {found['training_faces']:,} training faces by the code of `{MODEL}`. Nearer than"
            f" {found['limit']:.2f} lie 5 % of the test faces; the nearest painted face lies at"
            f" {gallery_distances.min():.2f}. Training faces that cannot be passed on (CelebA, All-Age-Faces) could"
            f" not be searched. {found['hardware']}; {found['date']}.",
        ]
    )
