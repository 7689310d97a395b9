"""The linear probe: its optimum against gradient zero, its accuracy against classes that are or are not separable."""

import torch
import torch.nn.functional as F

from engine.latent import linear_probe


def test_at_the_optimum_the_gradient_is_zero(generator: torch.Generator) -> None:
    codes = torch.randn(400, 5, generator=generator) * torch.tensor([1.0, 10.0, 0.1, 3.0, 1.0]) + 2
    labels = (codes[:, 0] + 0.1 * codes[:, 1] + torch.randn(400, generator=generator) > 2).long()
    weights, biases = linear_probe.fit(codes, labels, classes=2, decay=0.01)
    spread = codes.std(0)
    scaled = (weights * spread).requires_grad_()  # in units of standardised codes, where the decay lives
    offset = (biases + weights @ codes.mean(0)).requires_grad_()
    loss = F.cross_entropy((codes - codes.mean(0)) / spread @ scaled.T + offset, labels) + 0.01 * scaled.square().sum()
    loss.backward()
    assert scaled.grad is not None and offset.grad is not None
    assert scaled.grad.abs().max() < 1e-3 and offset.grad.abs().max() < 1e-3


def test_lines_separate_what_lines_can(generator: torch.Generator) -> None:
    labels = torch.randint(10, (500,), generator=generator)
    angle = labels * 2 * torch.pi / 10
    codes = 10 * torch.stack([angle.cos(), angle.sin()], dim=1) + 0.3 * torch.randn(500, 2, generator=generator)
    assert linear_probe.accuracy(codes, labels) == 1.0


def test_chance_where_the_code_says_nothing(generator: torch.Generator) -> None:
    codes, labels = torch.randn(2000, 4, generator=generator), torch.randint(10, (2000,), generator=generator)
    assert 0.05 < linear_probe.accuracy(codes, labels) < 0.15


def test_works_inside_inference_mode(generator: torch.Generator) -> None:
    with torch.inference_mode():
        codes = torch.randn(100, 3, generator=generator)
        assert 0 <= linear_probe.accuracy(codes, torch.arange(100) % 10) <= 1
