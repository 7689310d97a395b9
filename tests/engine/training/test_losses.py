"""The losses against torch's own."""

from collections.abc import Callable

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor
from torch.distributions import Normal, kl_divergence

from engine.training.losses import LOSSES, binary_cross_entropy, negative_evidence, offsets

TORCH: dict[str, Callable[[Tensor, Tensor], Tensor]] = {"mse": F.mse_loss, "bce": F.binary_cross_entropy}


@pytest.mark.parametrize("name", TORCH)
def test_value_and_gradient_equal_torchs_own(name: str, generator: torch.Generator) -> None:
    target = torch.rand(5, 3, 8, 8, generator=generator).round(decimals=1)  # with true blacks and whites
    guess = torch.rand(5, 3, 8, 8, generator=generator) * 0.98 + 0.01
    ours, theirs = guess.clone().requires_grad_(), guess.clone().requires_grad_()
    a, b = LOSSES[name](ours, target), TORCH[name](theirs, target)
    a.backward()
    b.backward()
    assert a.shape == ()
    assert torch.allclose(a, b, rtol=1e-5)
    assert ours.grad is not None and theirs.grad is not None
    assert torch.allclose(ours.grad, theirs.grad, rtol=1e-4, atol=1e-7)


@pytest.mark.parametrize("name", TORCH)
@pytest.mark.parametrize("guess", [0.0, 1.0])
def test_a_saturated_pixel_costs_a_finite_price(name: str, guess: float) -> None:
    reconstruction = torch.full((1, 1, 2, 2), guess, requires_grad=True)
    wrong = LOSSES[name](reconstruction, torch.full((1, 1, 2, 2), 1 - guess))
    wrong.backward()
    assert wrong.isfinite() and wrong > 0.9
    assert reconstruction.grad is not None and reconstruction.grad.isfinite().all()
    assert LOSSES[name](reconstruction, torch.full((1, 1, 2, 2), guess)) < 1e-5


def test_a_wrong_offset_costs_in_proportion() -> None:
    drawn = torch.zeros(1, 4)
    costs = [offsets((torch.full((1, 4), off), drawn), drawn).item() for off in (0.0, 0.05, 0.5, 1.0)]
    assert costs == pytest.approx([0, 0.0125, 0.45, 0.95])  # x^2 / 0.2 up to 0.1, then x - 0.05


def test_half_precision_does_not_lose_the_white_pixels() -> None:
    """bfloat16 rounds 0.999 to 1; the loss is taken in float32 all the same."""
    guess = torch.tensor([[0.9]], dtype=torch.bfloat16)
    loss = binary_cross_entropy(guess, torch.ones(1, 1))
    assert loss.dtype == torch.float32
    assert loss.item() == pytest.approx(-guess.float().log().item(), rel=1e-6)


def test_the_evidence_bound_equals_torchs_divergence(generator: torch.Generator) -> None:
    target, guess = (torch.rand(6, 1, 4, 4, generator=generator) for _ in range(2))
    means, log_variances = (torch.randn(6, 2, generator=generator) for _ in range(2))
    clouds = Normal(means, (log_variances / 2).exp())
    divergence = kl_divergence(clouds, Normal(torch.zeros(2), torch.ones(2))).sum(1).mean()  # nats a picture
    expected = F.binary_cross_entropy(guess, target) + divergence / 16
    assert torch.allclose(negative_evidence((guess, means, log_variances), target), expected, rtol=1e-5)
