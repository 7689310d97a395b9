"""Faces that nobody owns: eighty random numbers, mixed by principal components, finished by a painting network.

Drawing codes from the normal distribution of the training faces is Sirovich and Kirby's face space (1987) read
backwards; what it draws is a face, and blurred. A network that a critic has taught (engine/adversarial.py) then paints
it over, as the decoder of a VAE/GAN is taught (Larsen et al., "Autoencoding beyond pixels using a learned similarity
metric", 2016): the numbers say which face, the critic asks for its detail.
"""

import json

import torch
from torch import Tensor

from engine import files, images
from engine.models import weights
from engine.networks import face_unet
from engine.networks.mirrored_pca import MirroredComponents
from engine.photos.gallery import GALLERY
from engine.restoration import gappy_pca

MODEL = "face-generator"
NUMBERS = 80  # of the code; more of them draw more ghosts of hair and background than faces
# Of those that look like people, chosen by eye: they hang in the gallery.
SEEDS = (5, 9, 19, 24, 26, 29, 38, 40, 42, 46, 49, 58, 60, 64, 70, 84, 81, 85, 91, 93, 97, 105, 0, 20)
SPREAD = 0.75  # of random codes: 1 is that of the training faces, 0 the mean face


def components() -> MirroredComponents:
    """The shipped principal components; raises `Problem` where they are missing or damaged."""
    return weights.shared(gappy_pca.MODEL, MirroredComponents)


@torch.no_grad()
def codes(faces: Tensor) -> Tensor:
    """Faces (N, 3, 128, 128) in [0, 1] -> what is kept of them (N, `NUMBERS`)."""
    return components().encode(faces.cpu())[:, :NUMBERS]


def deviations() -> Tensor:
    """Standard deviation of each number over the training faces (`NUMBERS`,)."""
    return components().variances[:NUMBERS].sqrt()


def random_codes(count: int, generator: torch.Generator, spread: float = SPREAD) -> Tensor:
    """Codes (count, `NUMBERS`) from the normal distribution of the training faces', `spread` times as wide."""
    return torch.randn(count, NUMBERS, generator=generator) * deviations() * spread


@torch.no_grad()
def sketch(codes: Tensor) -> Tensor:
    """Codes (N, `NUMBERS`) -> the mix of as many principal components (N, 3, 128, 128), clipped to [0, 1]."""
    network = components()
    rest = torch.zeros(len(codes), network.code_size - NUMBERS)
    return network.decode(torch.cat([codes.cpu(), rest], dim=1))


def shown(codes: Tensor) -> Tensor:
    """What the painting network is shown of codes (N, 10, 128, 128): the sketch, with everything hidden."""
    rough = sketch(codes)
    hidden = torch.cat([torch.zeros_like(rough), torch.ones_like(rough[:, :1])], dim=1)
    return face_unet.inputs(rough, hidden)


@torch.no_grad()
def paint(codes: Tensor) -> Tensor:
    """Codes (N, `NUMBERS`) -> faces (N, 3, 128, 128) in [0, 1]. Raises `Problem` where weights are missing."""
    return weights.shared(MODEL)(shown(codes))


def faces(count: int, seed: int = 0, spread: float = SPREAD) -> Tensor:
    """Random faces (count, 3, 128, 128) in [0, 1], the same for the same seed."""
    return paint(random_codes(count, torch.Generator().manual_seed(seed), spread))


def write_gallery() -> list[str]:
    """Paint the faces of `SEEDS` into the gallery, after the photographs -> their names."""
    listed = GALLERY / "credits.json"
    credits = {name: words for name, words in json.loads(listed.read_text("utf-8")).items() if "nobody" not in name}
    names = [f"nobody-{seed}" for seed in SEEDS]
    for old in set(GALLERY.glob("nobody-*.png")) - {GALLERY / f"{name}.png" for name in names}:
        old.unlink()
    for name, seed in zip(names, SEEDS, strict=True):
        files.save(GALLERY / f"{name}.png", images.encode(faces(1, seed), "png"))
        words = {"title": f"Nobody {seed}", "credit": f"nobody's face, painted by {MODEL} from seed {seed}"}
        credits[name] = {**words, "photograph": False}
    files.save(listed, (json.dumps(credits, indent=2, ensure_ascii=False) + "\n").encode())
    return names
