"""How typical is a face? By its code and by how it is rebuilt, each judged from both sides.

A reconstruction error alone calls a flat colour the most typical face of all, for nothing is rebuilt better. Here a
picture has seven figures: how far its code lies from the training faces' mean in five groups of directions
(Mahalanobis, 1936), how badly it is rebuilt, and how much its code is one of a face whose parts are in place. How far
these seven lie from those of training faces is the score; too little is as strange as too much, save of the last.
`python -m engine data typical --data FACES` makes what is shipped; `benchmark typical` says what it is worth.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import torch
from torch import Tensor
from tqdm import tqdm

from engine import metrics
from engine.datasets.faces import FaceFiles
from engine.latent import linear_probe, maps
from engine.latent.anomaly import share_below
from engine.latent.disorder import disordered
from engine.models import weights
from engine.networks import Autoencoder, in_parts

MODEL = maps.FACES
# Directions from the one in which faces vary most: what faces share, hair and light, features, details, the finest.
GROUPS = ((0, 10), (10, 30), (30, 80), (80, 160), (160, 300))
LEAST_ERROR = 1e-7  # below what eight bits can say: a flat colour may be rebuilt to the last digit
FAR = 25.0  # squared deviations beyond which a number says no more about disorder
DECAY = 1e-2  # of the probe for order: it is to rest on many numbers
SHRINKAGE = 0.05  # of the seven figures' correlations, so that no rare combination decides alone
LIMIT = 0.982  # of the training faces that were kept aside; the network has seen them, so others lie a little farther


@dataclass(frozen=True)
class Faces:
    """What the training faces are like."""

    mean: Tensor  # (300,), of their codes
    axes: Tensor  # (300, 300), principal directions, a row each
    deviations: Tensor  # (300,), along them
    probe: Tensor  # (600,), how much each number and its square speak for order
    bias: Tensor  # (1,)
    orderly: Tensor  # (1,), the median of the training faces' order
    centre: Tensor  # (7,), means of their figures
    whitening: Tensor  # (7, 7): figures less their means, times its transpose, are uncorrelated, with variance 1
    limit: Tensor  # (1,), the score above which a picture is called unusual


@dataclass(frozen=True)
class Judgement:
    """How typical a picture is of faces."""

    score: float  # 0 is the most typical
    share: float  # of the test faces that are more typical, 0 to 1
    unusual: bool
    distance: float  # of the code, 1 is as far as training faces are on the average
    error: float  # mean squared error of the reconstruction
    order: float  # above 0: the code of a face with its parts in place, below 0: of one in disorder
    reconstruction: Tensor  # (1, 3, 128, 128)


@lru_cache(maxsize=1)
def faces() -> Faces:
    """As it was measured of training faces. Raises `Problem` where it is missing or damaged."""
    return Faces(**weights.companion(MODEL, "typical", "figures of typical faces"))


def judge(face: Tensor) -> Judgement:
    """One intact image (1, 3, 128, 128) in FFHQ framing."""
    codes, errors, reconstruction = _seen(face)
    known, whitened = faces(), _whitened(codes)
    score = scores(codes, errors)
    return Judgement(
        score.item(),
        share_below(score, usual()),
        score.item() > known.limit.item(),
        whitened.square().mean().sqrt().item(),
        errors.item(),
        (_probed(whitened) @ known.probe + known.bias).item(),
        reconstruction,
    )


def scores_of(pictures: Tensor) -> Tensor:
    """Images (N, 3, 128, 128) -> how unlike a face each is (N,)."""
    return torch.cat([scores(*_seen(part)[:2]) for part in pictures.split(64)])


def scores(codes: Tensor, errors: Tensor) -> Tensor:
    """Codes (N, 300) and reconstruction errors (N,) -> (N,)."""
    known = faces()
    return _score(figures(codes, errors, known), known.centre, known.whitening)


@lru_cache(maxsize=1)
def usual() -> Tensor:
    """The scores of the 438 test faces (438,), in ascending order; no network was trained on them, nor this rule."""
    return scores(maps.face_codes(), maps.face_errors()).sort().values


def histogram(bins: int = 30) -> tuple[Tensor, Tensor]:
    """The test faces' scores for a plot -> edges (bins + 1,) and counts (bins,); the last bin takes the rest."""
    most = 1.5 * max(faces().limit.item(), usual()[int(0.95 * len(usual()))].item())
    return torch.linspace(0, most, bins + 1), torch.histc(usual().clamp(max=most), bins, 0.0, most)


def figures(codes: Tensor, errors: Tensor, known: Faces) -> Tensor:
    """The seven of each picture (N, 7), logarithms but for the last."""
    whitened = _whitened(codes, known)
    order = (_probed(whitened) @ known.probe + known.bias).minimum(known.orderly)
    far = [whitened[:, first:last].square().mean(1).clamp_min(1e-6).log() for first, last in GROUPS]
    return torch.stack([*far, errors.clamp_min(LEAST_ERROR).log(), order], 1)


def _whitened(codes: Tensor, known: Faces | None = None) -> Tensor:
    known = known or faces()
    return (codes - known.mean) @ known.axes.T / known.deviations


def _probed(whitened: Tensor) -> Tensor:
    """What the probe for order sees of whitened codes (N, 300) -> (N, 600)."""
    return torch.cat([whitened, whitened.square().clamp(max=FAR)], 1)


def _score(figures: Tensor, centre: Tensor, whitening: Tensor) -> Tensor:
    return ((figures - centre) @ whitening.T).square().sum(1).sqrt()


def _seen(pictures: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Codes, errors and reconstructions of images (N, 3, 128, 128)."""
    network = weights.shared(MODEL, Autoencoder)
    codes = in_parts(network.encode, pictures)
    reconstruction = in_parts(network.decode, codes)
    return codes, metrics.mse(reconstruction, pictures), reconstruction


# ---------------------------------------------------------------- how it is measured


def measure(codes: Tensor, errors: Tensor, in_disorder: Tensor) -> Faces:
    """What training faces are like, from their codes (N, 300) and errors (N,), and from codes of faces in disorder
    (M, 300). Every second face is kept aside: the figures' means, correlations and the limit are taken on these."""
    kept = torch.arange(len(codes)) % 2 == 1
    fitted = codes[~kept]
    mean = fitted.mean(0)
    _, spread, axes = torch.linalg.svd((fitted - mean).double(), full_matrices=False)
    deviations = (spread / len(fitted) ** 0.5).float()
    blank = torch.zeros(1)
    known = Faces(mean, axes.float(), deviations, torch.zeros(2 * len(mean)), blank, blank, blank, blank, blank)
    seen = _probed(_whitened(torch.cat([fitted, in_disorder]), known))
    labels = torch.cat([torch.ones(len(fitted)), torch.zeros(len(in_disorder))]).long()
    slopes, biases = linear_probe.fit(seen, labels, classes=2, decay=DECAY)
    probe, bias = slopes[1] - slopes[0], (biases[1] - biases[0]).reshape(1)
    orderly = (_probed(_whitened(codes[kept], known)) @ probe + bias).median().reshape(1)
    known = Faces(mean, axes.float(), deviations, probe, bias, orderly, blank, blank, blank)
    of_faces = figures(codes[kept], errors[kept], known).double()
    centre, width = of_faces.mean(0), of_faces.std(0)
    count = len(centre)
    related = torch.cov(((of_faces - centre) / width).T) * (1 - SHRINKAGE) + SHRINKAGE * torch.eye(count)
    whitening = torch.linalg.inv(torch.linalg.cholesky(related)) / width
    limit = _score(of_faces, centre, whitening).quantile(LIMIT).reshape(1)
    return Faces(mean, axes.float(), deviations, probe, bias, orderly, centre.float(), whitening.float(), limit.float())


def write(files: FaceFiles, seed: int = 0) -> str:
    """Look at training faces, as they are and in disorder, and lay what they are like beside the weights."""
    generator, seen = torch.Generator().manual_seed(seed), []
    encode = weights.shared(MODEL, Autoencoder).encode
    for part in tqdm(torch.arange(len(files)).split(128), desc="looking at faces", unit="batch", leave=False):
        pictures = files.batch(part).float() / 255
        codes, errors, _ = _seen(pictures)
        seen.append((codes, errors, in_parts(encode, disordered(pictures[::2], generator))))
    made = measure(*(torch.cat(parts) for parts in zip(*seen, strict=True)))
    described: Mapping[str, Any] = {
        "of": f"the codes and reconstructions of {len(files)} training faces ({files.sources}) by {MODEL}",
        "command": "python -m engine data typical --data FACES",
        "limit": f"{LIMIT:.1%} of those kept aside lie below it",
        "seed": seed,
    }
    for remembered in (faces, usual):
        remembered.cache_clear()
    return str(weights.keep_companion(MODEL, "typical", vars(made), dict(described)))
