"""How far each step goes: rates that rise and fall, an average that forgets its start."""

from dataclasses import replace

import pytest
import torch
from torch import nn

from engine.models.recipes import RECIPES
from engine.training import schedule

DIGITS = RECIPES["digit-denoiser"]


def test_the_learning_rate_rises_and_falls() -> None:
    recipe = replace(DIGITS, learning_rate=0.01)
    rates = [schedule.learning_rate(recipe, step, 200) for step in range(200)]
    assert rates[:20] == pytest.approx([0.01 * (step + 1) / 20 for step in range(20)])
    assert max(rates) == rates[20] == pytest.approx(0.01)
    assert all(later < earlier for earlier, later in zip(rates[20:], rates[21:], strict=False))
    assert rates[110] == pytest.approx(0.005, rel=0.01)  # half-way down the cosine
    assert 0 < rates[-1] < 0.01 / 500
    steady = replace(recipe, schedule="constant")
    assert {schedule.learning_rate(steady, step, 200) for step in range(200)} == {0.01}


@pytest.mark.parametrize("steps", [1, 2, 9])
def test_a_very_short_run_has_a_learning_rate_too(steps: int) -> None:
    assert all(0 < schedule.learning_rate(DIGITS, step, steps) <= DIGITS.learning_rate for step in range(steps))


def test_the_average_forgets_the_start_and_remembers_long(generator: torch.Generator) -> None:
    network, averaged = nn.BatchNorm1d(3), nn.BatchNorm1d(3)
    expected = averaged.weight.detach().double().clone()
    for step in range(300):
        new = torch.randn(3, generator=generator)
        network.weight.data.copy_(new)
        network.num_batches_tracked = torch.tensor(step)
        schedule.average(averaged, network, 0.9, step)
        decay = min(0.9, (1 + step) / (10 + step))
        expected = decay * expected + (1 - decay) * new.double()
        assert torch.allclose(averaged.weight.detach().double(), expected, atol=1e-5)
    assert averaged.num_batches_tracked == 299  # a count is copied, not averaged
    schedule.average(averaged, network, 0.0, 300)
    assert torch.equal(averaged.weight, network.weight)
