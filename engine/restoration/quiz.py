"""A game: which of three pictures of one face is the original, and which two were painted into the hole?"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from engine.corruptions import masks
from engine.datasets.faces import SIZE
from engine.photos.gallery import GalleryFace
from engine.problem import Problem
from engine.restoration.methods import restore

LETTERS = ("A", "B", "C")
# The most convincing first; those whose weights are missing are passed over, and the last two need none.
METHODS = ("face-painter", "face-unet", "gappy-pca", "face-autoencoder", "navier-stokes", "telea")
HOLES: dict[str, masks.Box] = {
    "eyes": masks.FEATURES["both eyes"],
    "mouth": masks.FEATURES["mouth"],
    "nose": masks.FEATURES["nose"],
    "half": (0, 0, SIZE // 2, SIZE),  # as seen, at the left; of a mirrored face the other one
}
ROUNDS = 5  # of a game


@dataclass(frozen=True, eq=False)
class Round:
    """One question. `pictures` differ inside the hole only, and come from floats alike."""

    face: str  # name in the gallery
    credit: str  # what has to be said of its photograph
    hole: str  # which of `HOLES`
    given: Tensor  # (1, 3, 128, 128) with a black hole
    hidden: Tensor  # bool (1, 1, 128, 128)
    pictures: Tensor  # (3, 3, 128, 128) in the order shown
    methods: tuple[str, ...]  # what made each of them; empty for the original

    @property
    def truth(self) -> int:
        """The number of the original among the pictures."""
        return self.methods.index("")


def candidates(faces: Iterable[GalleryFace], shown: str = "") -> list[GalleryFace]:
    """The photographs, without the one that is `shown` elsewhere while there is another.

    A generated face is a mix of the very components that gappy PCA and the U-Nets' drafts mix: no fair question.
    """
    photographs = [face for face in faces if face.photograph]
    return [face for face in photographs if face.name != shown] or photographs


def draw_round(
    faces: Sequence[GalleryFace], seed: int, played: Collection[str] = (), methods: Iterable[str] = METHODS
) -> Round:
    """A face that is not among the `played`, while there is one, perhaps mirrored, one of `HOLES` and a random order,
    all drawn from `seed`.

    Raises `Problem` where there is no face, or fewer than two of the methods can answer.
    """
    if not faces:
        raise Problem("There is no photograph to play with: put the folder engine/data/gallery back in its place.")
    generator = torch.Generator().manual_seed(seed)
    others = [face for face in faces if face.name not in played] or list(faces)
    face = others[_draw(len(others), generator)]
    image = face.image.flip(-1) if _draw(2, generator) else face.image
    hole = list(HOLES)[_draw(len(HOLES), generator)]
    hidden = masks.box_mask([HOLES[hole]])
    painted = _paint(image, hidden, methods)
    names, pictures = ["", *painted], [image, *painted.values()]
    order = torch.randperm(len(names), generator=generator).tolist()
    return Round(
        face.name,
        face.credit,
        hole,
        masks.hide(image, hidden),
        hidden,
        torch.cat([pictures[number] for number in order]),
        tuple(names[number] for number in order),
    )


def _paint(image: Tensor, hidden: Tensor, methods: Iterable[str]) -> dict[str, Tensor]:
    """The composites, without a seam, of the first two methods that can answer."""
    painted: dict[str, Tensor] = {}
    for method in methods:
        try:
            painted[method] = restore(image, hidden, method, seamless=True).composite
        except Problem:  # its weights are missing: the next one plays
            continue
        if len(painted) == len(LETTERS) - 1:
            return painted
    raise Problem("There are no two methods to play with: put the folder weights/ back in its place.")


def _draw(count: int, generator: torch.Generator) -> int:
    return int(torch.randint(count, (1,), generator=generator))
