"""The law of a mean: its error is the average error less the spread, whichever answers are chosen."""

import pytest
import torch

from engine.restoration.mean_of_answers import MeanOfAnswers, subsets


@pytest.fixture
def answers(generator: torch.Generator) -> MeanOfAnswers:
    hidden = torch.zeros(1, 1, 8, 8, dtype=torch.bool)
    hidden[..., 2:6, 2:6] = True
    return MeanOfAnswers(
        torch.rand(5, 3, 8, 8, generator=generator), torch.rand(1, 3, 8, 8, generator=generator), hidden
    )


def test_the_law_holds_for_every_choice(answers: MeanOfAnswers) -> None:
    for chosen in subsets(5)[1:]:
        law = answers.law(chosen)
        assert law.error == pytest.approx(law.average - law.spread, abs=1e-6)
        assert (law.spread == pytest.approx(0, abs=1e-9)) == (len(chosen) == 1)


def test_the_error_is_that_of_the_hole_alone(answers: MeanOfAnswers) -> None:
    mean = answers.answers[[0, 3]].mean(0)
    expected = (mean - answers.original[0])[:, 2:6, 2:6].square().mean().item()
    assert answers.law([0, 3]).error == pytest.approx(expected, rel=1e-5)
    assert answers.place([0, 3])[0] == pytest.approx(-10 * torch.tensor(expected).log10().item(), rel=1e-5)


def test_choices_are_numbered_by_their_bits() -> None:
    assert subsets(3) == [[], [0], [1], [0, 1], [2], [0, 2], [1, 2], [0, 1, 2]]
