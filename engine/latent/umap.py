"""UMAP of the 50-number codes of the test digits: coordinates that ship, made once by `python -m engine.umap`.

McInnes, Healy and Melville (2018). The package `umap-learn` is needed for this command only, not by the app.
"""

import importlib
import sys
from pathlib import Path

import torch
from torch import Tensor

from engine.latent import views
from engine.models import weights
from engine.problem import Problem


def coordinates(codes: Tensor, seed: int = 0) -> Tensor:
    """Codes (N, D) -> points (N, 2), the same for the same seed; raises `Problem` where umap-learn is not installed."""
    try:
        package = importlib.import_module("umap")
    except ImportError as error:
        raise Problem("UMAP is not installed: `pip install umap-learn`, in an environment of its own.") from error
    reducer = package.UMAP(n_neighbors=15, min_dist=0.1, random_state=seed, n_jobs=1)
    return torch.from_numpy(reducer.fit_transform(codes.numpy())).float()


def write() -> Path:
    """Place the codes and write the coordinates beside the weights of the model they belong to."""
    points = coordinates(views.digit_codes(views.UMAP_OF))
    described = {
        "of": f"the codes of the 10,000 test digits in {views.UMAP_OF}",
        "command": "python -m engine.umap",
        "settings": "umap-learn, n_neighbors=15, min_dist=0.1, random_state=0",
    }
    return weights.keep_companion(views.UMAP_OF, "umap", {"points": points}, described)


if __name__ == "__main__":
    try:
        print(write())
    except Problem as problem:
        sys.exit(f"engine: {problem}")
