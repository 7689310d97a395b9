"""The network that knows FFHQ's frame: its geometry is the alignment's, and nothing but the face can help it."""

import math

import numpy as np
import torch
from torch import Tensor

from engine import images
from engine.networks import Framer
from engine.networks.face_framing import FARTHEST, INNER, LOOKED_AT, SIZE, look
from engine.photos import alignment, gallery
from engine.photos.alignment import Framing

FACE = gallery.gallery()["astronaut"].image
OFFSETS = [(0.0, 0, 0, 0), (1, -1, 0, 0), (0, 0, 1, 0), (0, 0, 0, 1), (0.8, 0.5, -0.9, -0.7)]


def offsets(*numbers: float) -> Tensor:
    return torch.tensor([numbers], dtype=torch.float32)


def difference(one: Tensor, other: Tensor) -> float:
    """Mean difference, away from the edge."""
    return (one - other)[..., 16:-16, 16:-16].abs().mean().item()


def test_a_look_shows_what_the_alignment_would_cut() -> None:
    picture, whole = images.to_picture(FACE), Framing((64, 64), 128)
    for numbers in OFFSETS:
        right, down, zoom, turn = np.array(numbers) * FARTHEST
        square = whole.moved(right, down).turned(turn).zoomed(math.exp(-zoom))
        cut, seen = images.to_tensor(alignment.crop(picture, square)), look(FACE, offsets(*numbers), SIZE)
        assert difference(seen, cut) < 0.012  # the alignment averages where it shrinks
        if any(numbers):
            assert difference(seen, FACE) > 0.03


def test_the_inverse_look_brings_back() -> None:
    for numbers in OFFSETS:
        askew = look(FACE, offsets(*numbers), SIZE)
        assert difference(look(askew, offsets(*numbers), SIZE, inverse=True), FACE) < 0.02


def test_the_edge_of_a_training_face_betrays_nothing() -> None:
    """A picture that is black but for its outermost pixels, seen from every corner of the range."""
    edge = torch.ones(1, 1, SIZE, SIZE)
    edge[..., 1:-1, 1:-1] = 0
    for numbers in torch.cartesian_prod(*4 * [torch.tensor([-1.0, 0, 1])]):
        assert (look(edge, numbers[None], LOOKED_AT, INNER) > 0).sum() <= 8  # of 4,096: a corner


def test_training_draws_by_torchs_seed_and_stays_in_the_range() -> None:
    torch.manual_seed(0)
    network = Framer(channels=4, hidden=8).train()
    seen = []
    for _ in range(2):
        torch.manual_seed(7)
        guessed, drawn = network(FACE.expand(6, -1, -1, -1))
        assert guessed.shape == drawn.shape == (6, 4) and drawn.abs().max() <= 1 and drawn.std() > 0.2
        seen.append(drawn)
    assert torch.equal(*seen)
