"""The painter over its drafts: drawn answers come from the posterior, and bad numbers are one sentence."""

import math

import pytest
import torch
from torch import Tensor

from engine.corruptions import masks
from engine.models import weights
from engine.photos import gallery
from engine.problem import Problem
from engine.restoration import drafts, gappy_pca, unet_input
from engine.restoration.masked_images import MaskedImages, masked

FACE = gallery.gallery()["grace-hopper"].image
EYES = masks.box_mask([masks.FEATURES["both eyes"]])


@pytest.fixture(scope="module")
def eyes() -> MaskedImages:
    return masked(FACE, EYES)


def test_the_draft_is_gappy_pcas_mean_in_the_hole(eyes: MaskedImages) -> None:
    network = gappy_pca.ready().network
    wanted = gappy_pca.fill(network, eyes.given, EYES)
    torch.testing.assert_close(unet_input.draft(eyes), torch.where(EYES, wanted, FACE), atol=1e-5, rtol=0)


def test_an_answer_without_boldness_is_the_mean(eyes: MaskedImages) -> None:
    (answer,) = drafts.answers(eyes, 1, boldness=0)
    torch.testing.assert_close(answer, drafts.fill(eyes), atol=1e-5, rtol=0)


def test_answers_differ_in_the_hole_alone_and_repeat(eyes: MaskedImages) -> None:
    first = list(drafts.answers(eyes, 3, seed=5))
    again = list(drafts.answers(eyes, 2, seed=5))
    assert all(torch.equal(one, other) for one, other in zip(again, first, strict=False))
    other = next(drafts.answers(eyes, 1, seed=6))
    hole = EYES.expand(1, 3, -1, -1)
    for one, two in ((first[0], first[1]), (first[1], first[2]), (first[0], other)):
        assert torch.equal(one[~hole], FACE[~hole])
        assert (one - two)[hole].abs().mean() > 0.005
        assert one.isfinite().all() and one.min() >= 0 and one.max() <= 1


def test_bolder_drafts_lie_farther_from_the_mean(eyes: MaskedImages) -> None:
    mean = unet_input.draft(eyes)
    away = [(next(drafts.drawn(eyes, 1, bold, 3)) - mean).square().mean().sqrt().item() for bold in (0.2, 0.7, 1.5)]
    assert away[0] < away[1] < away[2]


def test_answers_come_one_after_another(eyes: MaskedImages, monkeypatch: pytest.MonkeyPatch) -> None:
    painted: list[int] = []
    monkeypatch.setattr(drafts, "paint", lambda draft, hidden: painted.append(len(draft)) or draft)
    answers = drafts.answers(eyes, 4)
    next(answers)
    assert painted == [1]


def test_a_hidden_pixel_reaches_no_draft(eyes: MaskedImages) -> None:
    answers = list(drafts.answers(eyes, 2, 1.0))
    for secret in (torch.rand(FACE.shape), torch.full_like(FACE, torch.nan)):
        again = masked(torch.where(EYES, secret, FACE), EYES)
        assert torch.equal(unet_input.draft(again), unet_input.draft(eyes))
        assert all(torch.equal(a, b) for a, b in zip(drafts.answers(again, 2, 1.0), answers, strict=True))


@pytest.mark.parametrize("count", [0, -1, 100])
def test_a_number_of_answers_that_nobody_can_look_at_is_one_sentence(count: int, eyes: MaskedImages) -> None:
    with pytest.raises(Problem, match=f"Between 1 and {drafts.MAX_ANSWERS} answers can be drawn, not {count}"):
        drafts.answers(eyes, count)


@pytest.mark.parametrize("boldness", [-0.1, 1.6, float("nan"), float("inf")])
def test_a_boldness_beyond_the_scale_is_one_sentence(boldness: float, eyes: MaskedImages) -> None:
    with pytest.raises(Problem, match="from 0 to 1.5 bold, not"):
        drafts.answers(eyes, 6, boldness)


def test_two_pictures_at_once_are_one_sentence() -> None:
    with pytest.raises(Problem, match="for one picture, not for 2"):
        next(drafts.answers(masked(FACE.expand(2, -1, -1, -1), EYES)))


@pytest.mark.parametrize("count", [2, 6, 8])
def test_the_gain_of_a_mean_of_honest_draws_is_the_law(count: int) -> None:
    """Truth and answers from one normal distribution at every pixel."""
    generator = torch.Generator().manual_seed(count)
    drawn = 0.5 + 0.1 * torch.randn(count + 1, 3, 128, 128, generator=generator)
    hidden = torch.ones(1, 1, 128, 128, dtype=torch.bool)
    assert drafts.gain_of_mean(drawn[None, 1:], drawn[:1], hidden) == pytest.approx(drafts.honest_gain(count), abs=0.05)


def test_the_gain_of_a_mean_is_of_the_hole_alone() -> None:
    answers = torch.stack([FACE[0] + 0.1, FACE[0] - 0.1 + 0.02 * EYES[0]])
    one = (0.1**2 + 0.08**2) / 2
    assert drafts.gain_of_mean(answers[None], FACE, EYES) == pytest.approx(10 * math.log10(one / 0.01**2), abs=0.01)
    assert drafts.honest_gain(1) == 0


def test_few_components_are_the_first_ones() -> None:
    network = gappy_pca.ready().network
    codes = network.encode(FACE)
    few = drafts.few_components(FACE, 20)
    assert torch.allclose(network.encode(few)[:, :20], codes[:, :20], atol=0.5)  # clipping bends them a little
    assert network.encode(few)[:, 20:].abs().max() < 0.1 * codes[:, 20:].abs().max()
    torch.testing.assert_close(drafts.few_components(FACE, 300), network(FACE), atol=1e-5, rtol=0)
    with pytest.raises(Problem, match="from 1 to 300 components, not 0"):
        drafts.few_components(FACE, 0)


def test_what_an_autoencoder_decodes_is_painted_whole() -> None:
    with torch.inference_mode():
        decoded = weights.shared("face-autoencoder")(FACE)

    def detail(picture: Tensor) -> float:
        return picture.diff(dim=3).square().mean().item()

    painted = drafts.paint(decoded)
    assert painted.shape == FACE.shape and detail(painted) > 2 * detail(decoded)
    assert torch.equal(drafts.paint(decoded), painted)


PLAIN = {
    "grey": torch.full((1, 3, 128, 128), 0.5),
    "black": torch.zeros(1, 3, 128, 128),
    "one colour": torch.tensor([0.9, 0.1, 0.2]).view(1, 3, 1, 1).expand(1, 3, 128, 128),
    "noise": torch.rand(1, 3, 128, 128, generator=torch.Generator().manual_seed(0)),
}
HOLES = {
    "everything": torch.ones(1, 1, 128, 128, dtype=torch.bool),
    "nothing": torch.zeros(1, 1, 128, 128, dtype=torch.bool),
    "a strip one pixel wide": masks.box_mask([(64, 0, 1, 128)]),
    "200 boxes": masks.box_mask([((37 * i) % 120, (53 * i) % 120, 3 + i % 9, 3 + i % 7) for i in range(200)]),
}


@pytest.mark.parametrize("hole", HOLES)
@pytest.mark.parametrize("picture", PLAIN)
def test_what_is_no_face_is_answered_all_the_same(picture: str, hole: str) -> None:
    given = masked(PLAIN[picture], HOLES[hole])
    for answer in (drafts.fill(given), *drafts.answers(given, 1, drafts.BOLDEST)):
        assert answer.isfinite().all() and answer.min() >= 0 and answer.max() <= 1
        visible = ~HOLES[hole].expand(1, 3, -1, -1)
        assert torch.equal(answer[visible], PLAIN[picture][visible])
