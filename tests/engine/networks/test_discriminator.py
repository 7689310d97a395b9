"""The discriminator: one score a picture, which knows the place of the hole and how alike its neighbours are."""

import pytest
import torch

from engine.networks.discriminator import Discriminator, variety
from engine.networks.equalised import equalise, fold


@pytest.fixture
def small() -> Discriminator:
    torch.manual_seed(0)
    return Discriminator((4, 6, 8), size=32)


def test_one_score_a_picture_the_same_equalised(small: Discriminator, generator: torch.Generator) -> None:
    pictures = torch.rand(8, 3, 32, 32, generator=generator)
    hidden = torch.rand(8, 1, 32, 32, generator=generator) > 0.5
    scores = small(pictures, hidden)
    assert scores.shape == (8, 1)
    torch.testing.assert_close(equalise(small)(pictures, hidden), scores, atol=1e-5, rtol=1e-4)
    torch.testing.assert_close(fold(small)(pictures, hidden.float()), scores, atol=1e-5, rtol=1e-4)
    assert not torch.allclose(small(pictures, ~hidden), scores, atol=1e-4)


def test_variety_is_the_mean_deviation_of_a_group(generator: torch.Generator) -> None:
    features = torch.randn(8, 5, 2, 2, generator=generator)
    found = variety(features)
    assert found.shape == (8, 8, 2, 2)
    for start in (0, 4):
        wanted = features[start : start + 4].std(0, unbiased=False).mean()
        torch.testing.assert_close(found[start : start + 4], wanted.expand(4, 8, 2, 2))
    torch.testing.assert_close(variety(features[:3])[0, 0, 0, 0], features[:3].std(0, unbiased=False).mean())
    assert variety(features[:1].expand(4, -1, -1, -1)).max() < 1e-3


def test_the_penalty_on_its_slope_reaches_its_weights(small: Discriminator, generator: torch.Generator) -> None:
    pictures = torch.rand(4, 3, 32, 32, generator=generator, requires_grad=True)
    (slope,) = torch.autograd.grad(small(pictures, torch.ones(4, 1, 32, 32)).sum(), pictures, create_graph=True)
    slope.square().sum().backward()
    assert small.enter.weight.grad is not None
    assert small.enter.weight.grad.abs().sum() > 0


def test_a_size_that_does_not_halve_so_often_is_refused() -> None:
    with pytest.raises(ValueError, match="size that 8 divides"):
        Discriminator((4, 6, 8), size=20)
