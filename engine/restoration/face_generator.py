"""Faces of nobody: random principal components, painted; reduced, enlarged and painted once more.

Drawing codes from the normal distribution of the training faces is Sirovich and Kirby's face space (1987) read
backwards; what it draws is a face, and blurred. The painter makes one of it that could be there. Where the numbers say
little, at the edges, it leaves blotches: a copy of 16 pixels has none of them, and is painted again.
"""

import json

import torch
from torch import Tensor

from engine import files, images
from engine.photos.gallery import GALLERY
from engine.restoration import enhancement, gappy_pca
from engine.restoration.drafts import MODEL, paint

MIN_COMPONENTS, MAX_COMPONENTS = (
    40,
    150,
)  # components of a face: with fewer all look alike, with more come ghosts of hair and background
NEAREST, FARTHEST = 0.7, 0.9  # how far from the mean face: 1 is as far as the training faces are
SMALL = 16  # pixels of the copy between the two passes
# Of those that look like photographs at first glance, chosen by eye out of 800 and in this order: no face beside its
# like. None is close to a training face (`python -m engine benchmark gallery`). They hang in the gallery.
SEEDS = (
    110, 61, 766, 442, 217, 701, 451, 714, 564, 33, 46, 339, 541, 697, 68, 795, 467, 464, 724, 452, 303, 337, 519,
    582, 700, 59, 635, 557, 161, 171, 406, 596, 755, 731, 721, 590,
)  # fmt: skip


def random_code(seed: int) -> Tensor:
    """The principal components of a face that nobody has (1, D), the same for the same seed."""
    network, generator = gappy_pca.ready().network, torch.Generator().manual_seed(seed)
    far, many = torch.rand(2, generator=generator).tolist()
    code = torch.randn(1, network.code_size, generator=generator) * network.variances.sqrt()
    code[:, round(MIN_COMPONENTS * (MAX_COMPONENTS / MIN_COMPONENTS) ** many) :] = 0
    return code * (NEAREST + (FARTHEST - NEAREST) * far)


@torch.inference_mode()
def sketch(codes: Tensor) -> Tensor:
    """Codes (N, D) -> the mix of principal components (N, 3, 128, 128), clipped to [0, 1]."""
    ready = gappy_pca.ready()
    return ready.decode(codes[:, ready.order])


@torch.inference_mode()
def repaint(faces: Tensor) -> Tensor:
    """Faces (N, 3, 128, 128) reduced to `SMALL` pixels, enlarged and painted."""
    return paint(enhancement.enlarge(enhancement.reduce(faces, SMALL)))


def face(seed: int) -> Tensor:
    """The face of that seed (1, 3, 128, 128) in [0, 1]. Raises `Problem` where weights are missing or damaged."""
    return repaint(paint(sketch(random_code(seed))))


def write_gallery() -> list[str]:
    """Paint the faces of `SEEDS` into the gallery, after the photographs -> their names."""
    listed = GALLERY / "credits.json"
    credits = {
        name: words for name, words in files.parse_json(listed.read_text("utf-8")).items() if "nobody" not in name
    }
    names = [f"nobody-{seed}" for seed in SEEDS]
    for old in set(GALLERY.glob("nobody-*.png")) - {GALLERY / f"{name}.png" for name in names}:
        old.unlink()
    for name, seed in zip(names, SEEDS, strict=True):
        files.save(GALLERY / f"{name}.png", images.encode(face(seed), "png"))
        words = {"title": f"Nobody {seed}", "credit": f"nobody's face, painted by {MODEL} from seed {seed}"}
        credits[name] = {**words, "photograph": False}
    files.save(listed, (json.dumps(credits, indent=2, ensure_ascii=False) + "\n").encode())
    return names
