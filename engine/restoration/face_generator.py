"""Faces of nobody: random principal components, painted; reduced, enlarged and painted once more.

Drawing codes from the normal distribution of the training faces is Sirovich and Kirby's face space (1987) read
backwards; what it draws is a face, and blurred. The painter makes one of it that could be there. Where the numbers say
little, at the edges, it leaves blotches. Nobody stands anywhere: in a copy of 16 pixels the background is made even, as
in a studio, and that copy is painted once more.
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
LIKE = 0.09  # rms difference of colours up to which a pixel beside the head is taken for hair
HEAD, HAIR = (0.32, 0.42, 0.10), (0.45, 0.50, 0.08)  # ellipses: radii and softness, over the side of the picture
TILT = 0.5  # how much of a background's slope from side to side is kept
# Of those that look like photographs at first glance, chosen by eye out of 480 and in this order: no face beside its
# like. None is close to a training face (`python -m engine benchmark gallery`). They hang in the gallery.
SEEDS = (
    262, 464, 57, 309, 476, 457, 443, 303, 348, 46, 352, 442, 293, 333, 353, 217, 105, 250, 183, 451, 90, 384, 155, 342,
    59, 43, 467, 319, 241, 398, 104, 329, 200, 463, 71, 47,
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
    """Faces (N, 3, 128, 128) reduced to `SMALL` pixels, their background made even, enlarged and painted."""
    return paint(enhancement.enlarge(even_background(enhancement.reduce(faces, SMALL))))


def even_background(copies: Tensor) -> Tensor:
    """Small copies of faces in FFHQ framing (N, 3, S, S), what lies around the person made a plane of its mean colour.

    A head and shoulders are taken to be where that framing puts them; beside them hair is what has the colour of the
    top of the head.
    """
    side = copies.shape[-1]
    place = (torch.arange(side) + 0.5) / side
    across, down = place.view(1, -1), place.view(-1, 1)
    head, around = (_ellipse(across - 0.5, down - middle, *radii) for middle, radii in ((0.48, HEAD), (0.5, HAIR)))
    shoulders = _within(across - 0.5, 0.3 + 2.2 * (down - 0.86), 0.1) * ((down - 0.85) / 0.06).clamp(0, 1)
    falling = _within(across - 0.5, 0.42, 0.08) * ((down - 0.5) / 0.1).clamp(0, 1)  # long hair, from the ears down
    crown = copies[:, :, side // 16 : side // 4, side * 3 // 8 : side * 5 // 8].mean((2, 3), keepdim=True)
    alike = (-(copies - crown).square().mean(1, keepdim=True) / (2 * LIKE**2)).exp()
    surely, perhaps = torch.maximum(head, shoulders), torch.maximum(around, falling)
    person = torch.maximum(surely, perhaps * alike)

    beyond = (1 - torch.maximum(surely, perhaps)) * (down < 0.8)  # clothes are no background
    plane = (copies * beyond).sum((2, 3), keepdim=True) / beyond.sum()
    away = copies - plane
    for along in (across - 0.5, down - 0.5):
        slope = (away * beyond * along).sum((2, 3), keepdim=True) / (beyond * along.square()).sum()
        plane = plane + TILT * slope * along
    return person * copies + (1 - person) * plane.clamp(0, 1)


def _within(distance: Tensor, half: Tensor | float, soft: float) -> Tensor:
    """1 within half a width, 0 beyond, and a slope between that is `soft` wide."""
    return ((half - distance.abs()) / soft + 0.5).clamp(0, 1)


def _ellipse(across: Tensor, down: Tensor, width: float, height: float, soft: float) -> Tensor:
    """1 inside an ellipse of those radii, 0 beyond, and a slope between that is `soft` wide."""
    return ((1 - ((across / width).square() + (down / height).square()).sqrt()) * width / soft + 0.5).clamp(0, 1)


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
