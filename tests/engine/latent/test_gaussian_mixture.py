"""The Gaussian mixture against torch's distributions and against the codes it was drawn from."""

import math

import pytest
import torch

from engine.latent import gaussian_mixture
from engine.problem import Problem


def three_heaps(count: int, generator: torch.Generator) -> torch.Tensor:
    """Codes of three Gaussians with shares 0.5, 0.3 and 0.2."""
    middles = torch.tensor([[0.0, 0.0], [10.0, 0.0], [0.0, 12.0]])
    spreads = torch.tensor([[1.0, 0.3], [0.5, 0.5], [2.0, 1.0]])
    picked = torch.multinomial(torch.tensor([0.5, 0.3, 0.2]), count, replacement=True, generator=generator)
    return middles[picked] + spreads[picked] * torch.randn(count, 2, generator=generator)


def log_density(mixture: gaussian_mixture.Mixture, codes: torch.Tensor) -> torch.Tensor:
    return mixture.log_joint(codes.double()).logsumexp(1)


def test_one_gaussian_is_mean_and_covariance(generator: torch.Generator) -> None:
    codes = torch.randn(2000, 3, generator=generator) @ torch.tensor([[2.0, 0, 0], [1, 1, 0], [0, 0.5, 0.2]]) + 5
    found = gaussian_mixture.fit(codes, generator=generator)
    assert torch.allclose(found.means[0], codes.double().mean(0))
    covariance = found.roots[0] @ found.roots[0].T
    assert torch.allclose(covariance, torch.cov(codes.T.double(), correction=0), rtol=1e-2, atol=1e-3)


def test_density_is_that_of_torch(generator: torch.Generator) -> None:
    found = gaussian_mixture.fit(three_heaps(500, generator), 3, generator=generator)
    codes = 5 * torch.randn(50, 2, generator=generator)
    components = torch.distributions.MultivariateNormal(found.means, scale_tril=found.roots)
    mixture = torch.distributions.MixtureSameFamily(torch.distributions.Categorical(found.shares), components)
    assert torch.allclose(log_density(found, codes), mixture.log_prob(codes.double()))


def test_finds_the_heaps_again(generator: torch.Generator) -> None:
    found = gaussian_mixture.fit(three_heaps(6000, generator), 3, generator=generator)
    order = found.shares.argsort(descending=True)
    assert found.shares[order].tolist() == pytest.approx([0.5, 0.3, 0.2], abs=0.03)
    middles = torch.tensor([[0.0, 0.0], [10.0, 0.0], [0.0, 12.0]]).double()
    assert torch.allclose(found.means[order], middles, atol=0.15)
    drawn = found.sample(4000, generator)
    assert drawn.dtype == torch.float32
    # what is drawn is as likely as what it was fitted to
    held = three_heaps(4000, generator)
    assert log_density(found, drawn).mean().item() == pytest.approx(log_density(found, held).mean().item(), abs=0.1)


def test_more_gaussians_fit_heaps_better(generator: torch.Generator) -> None:
    codes = three_heaps(1000, generator)
    one, three = (log_density(gaussian_mixture.fit(codes, k, generator=generator), codes).mean() for k in (1, 3))
    assert three > one + 0.5


def test_same_seed_same_codes() -> None:
    codes = three_heaps(500, torch.Generator().manual_seed(3))
    drawn = []
    for _ in range(2):
        generator = torch.Generator().manual_seed(7)
        drawn.append(gaussian_mixture.fit(codes, 4, generator=generator).sample(20, generator))
    assert torch.equal(*drawn)


def test_the_prior() -> None:
    assert log_density(gaussian_mixture.normal(2), torch.zeros(1, 2)).item() == pytest.approx(-math.log(2 * math.pi))


def test_codes_that_are_all_alike_do_not_break_it(generator: torch.Generator) -> None:
    assert torch.isfinite(gaussian_mixture.fit(torch.ones(10, 3), 2, generator=generator).sample(5, generator)).all()


@pytest.mark.parametrize("codes", [torch.zeros(2, 3), torch.full((10, 3), math.nan), torch.full((10, 3), math.inf)])
def test_too_few_or_no_numbers(codes: torch.Tensor, generator: torch.Generator) -> None:
    with pytest.raises(Problem, match="cannot be fitted"):
        gaussian_mixture.fit(codes, 3, generator=generator)
