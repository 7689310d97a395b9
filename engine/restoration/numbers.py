"""The 300 numbers that a method knows a face by, in deviations, and which of them a hole moved."""

from dataclasses import dataclass
from functools import lru_cache

import torch
from torch import Tensor

from engine.corruptions.masks import check_mask, hide
from engine.latent import maps
from engine.latent.codes import Projection, principal_components
from engine.models import weights
from engine.networks import Autoencoder
from engine.restoration import drafts, gappy_pca, latent_search
from engine.restoration.masked_images import ENCODER, MaskedImages, Memory
from engine.restoration.methods import known_method

MOVED = 0.3  # deviations; less is not seen in the decoded face


@dataclass(frozen=True)
class CodeNumbers:
    """What the machine shows between picture and answer."""

    values: Tensor  # (300,) in deviations from the mean of the faces that the numbers were learnt from
    moved: Tensor  # bool (300,): `MOVED` or more away from the same face's with nothing hidden

    @property
    def count(self) -> int:
        """How many the hole moved."""
        return int(self.moved.sum())


def has_numbers(method: str) -> bool:
    """Whether a method passes through 300 numbers at all; raises `Problem` for one that there is not."""
    return gappy_pca.MODEL in known_method(method).models or method in (ENCODER, "latent-search")


def code_numbers(
    method: str,
    face: Tensor,
    hidden: Tensor,
    answer: Tensor | None = None,
    intact: Tensor | None = None,
    memory: Memory | None = None,
) -> CodeNumbers | None:
    """Of one face (1, 3, 128, 128) and its mask, bool (1, 1, 128, 128); None for a method that has none.

    The draft's weights for whatever begins with it (painter, U-Net, gappy PCA); the code for the autoencoder. A latent
    search needs its `answer` (1, 3, 128, 128), which is encoded again. `intact`: `deviations` of this face with nothing
    hidden, where they are known. Raises `Problem` where the weights are missing or the mask does not fit.
    """
    check_mask(face, hidden)
    if not has_numbers(method):
        return None
    if intact is None:
        intact = deviations(method, face, torch.zeros_like(hidden))
    values = deviations(method, hide(face, hidden), hidden, answer, memory)
    return CodeNumbers(values, (values - intact).abs() >= MOVED)


@torch.inference_mode()
def drawn_numbers(masked: MaskedImages, seed: int, intact: Tensor, boldness: float = drafts.BOLDNESS) -> CodeNumbers:
    """The draft's weights of the first of the painter's `drafts.answers` with that seed, to one picture and its hole.

    intact: `deviations` of the face with nothing hidden, by gappy PCA; boldness: that of the answer.
    """
    codes = masked.posterior.draw(1, boldness, torch.Generator().manual_seed(seed))[:, 0]
    values = _of_components(codes)
    return CodeNumbers(values, (values - intact).abs() >= MOVED)


def _of_components(codes: Tensor) -> Tensor:
    """Codes (1, 300) in the order of gappy PCA -> deviations (300,) in the order of its network."""
    ready = gappy_pca.ready()
    return (codes / ready.network.variances[ready.order].sqrt())[0, ready.order.argsort()]


@torch.inference_mode()
def deviations(
    method: str, given: Tensor, hidden: Tensor, answer: Tensor | None = None, memory: Memory | None = None
) -> Tensor:
    """The numbers (300,) that a method makes of `given` (1, 3, 128, 128), over their deviations; memory: where what
    other methods found of it is kept."""
    if gappy_pca.MODEL in known_method(method).models:
        return _of_components((memory or Memory(1)).masked(given, hidden).posterior.means)
    if method == "latent-search" and answer is None and hidden.any():
        answer = latent_search.restore(given, hidden)
    mean, spread = _known_codes()
    if answer is None:
        code = (memory or Memory(1)).masked(given, hidden).codes
    else:
        code = weights.shared(ENCODER, Autoencoder).encode(answer)
    return ((code - mean) / spread)[0]


@lru_cache(maxsize=1)
def _known_codes() -> tuple[Tensor, Tensor]:
    """Mean and standard deviation of the test faces' codes, (300,) each."""
    codes = maps.face_codes()
    return codes.mean(0), codes.std(0)


def place(values: Tensor) -> tuple[float, float]:
    """Where a code, in `deviations` (300,) of the autoencoder, lies on the map of faces."""
    mean, spread = _known_codes()
    x, y = _axes().project((values * spread + mean).unsqueeze(0))[0].tolist()
    return x, y


@lru_cache(maxsize=1)
def _axes() -> Projection:
    """Those of the map of faces."""
    return principal_components(maps.face_codes())
