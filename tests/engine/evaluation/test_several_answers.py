"""The gain of the mean of several answers: that of a sampler known to be honest, and of ones known not to be."""

import pytest
import torch
from torch import Tensor

from engine import metrics
from engine.corruptions import masks
from engine.evaluation import several_answers
from engine.photos import gallery
from engine.restoration import drafts
from engine.restoration.masked_images import masked


@pytest.mark.parametrize("count", [2, 8])
def test_an_honest_sampler_gains_what_the_law_says(count: int, generator: torch.Generator) -> None:
    """Photograph and answers are drawn alike, around a mean that nobody knows."""
    mean = torch.rand(6, 1, 3, 64, 64, generator=generator)
    drawn = mean + 0.1 * torch.randn(6, count + 1, 3, 64, 64, generator=generator)
    hidden = masks.box_mask([(8, 8, 40, 40)], 64).expand(6, -1, -1, -1)
    found = drafts.gain_of_mean(drawn[:, 1:], drawn[:, 0], hidden)
    assert found == pytest.approx(drafts.honest_gain(count), abs=0.1)


def test_the_law_for_eight_is_two_and_a_half_decibels() -> None:
    assert drafts.honest_gain(8) == pytest.approx(2.4988, abs=1e-4)  # 10 log10(16 / 9)
    assert drafts.honest_gain(1) == 0


def test_answers_that_are_all_alike_gain_nothing(generator: torch.Generator) -> None:
    images = torch.rand(3, 3, 16, 16, generator=generator)
    alike = torch.rand(3, 1, 3, 16, 16, generator=generator).expand(-1, 8, -1, -1, -1)
    hidden = torch.ones(3, 1, 16, 16, dtype=torch.bool)
    assert drafts.gain_of_mean(alike, images, hidden) == pytest.approx(0, abs=1e-5)


def test_the_painters_gain_is_of_the_answers_that_a_visitor_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(several_answers, "COUNT", 2)
    faces = list(gallery.gallery().values())[:2]
    images, hidden = torch.cat([face.image for face in faces]), masks.box_mask([masks.FEATURES["mouth"]])
    hidden = hidden.expand(2, -1, -1, -1)
    answers: list[Tensor] = []
    for seed in (5, 6):
        question = masked(images[seed - 5 : seed - 4], hidden[:1])
        answers.append(torch.cat(list(drafts.answers(question, 2, several_answers.BOLDNESS, seed))))
    single = sum(metrics.hole_mse(torch.stack(answers)[:, number], images, hidden).mean() for number in (0, 1)) / 2
    mean = metrics.hole_mse(torch.stack(answers).mean(1), images, hidden).mean()
    expected = 10 * torch.log10(torch.as_tensor(single / mean)).item()
    assert several_answers.painters_gain(images, hidden, seed=5) == pytest.approx(expected, abs=1e-4)
    assert expected > 0
