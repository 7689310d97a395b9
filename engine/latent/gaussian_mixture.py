"""A Gaussian mixture fitted to codes, to draw new ones from: the way to let a plain autoencoder generate.

Dempster, Laird and Rubin, "Maximum Likelihood from Incomplete Data via the EM Algorithm" (1977); for codes: Ghosh et
al., "From Variational to Deterministic Autoencoders" (2020), who call it ex-post density estimation.
"""

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from engine.problem import Problem


@dataclass(frozen=True)
class Mixture:
    """A sum of Gaussians, in double precision."""

    shares: Tensor  # (K,), adding up to 1
    means: Tensor  # (K, D)
    roots: Tensor  # (K, D, D), lower triangular: covariance = root @ root.T

    def sample(self, count: int, generator: torch.Generator) -> Tensor:
        """Draw codes -> float32 (count, D)."""
        picked = torch.multinomial(self.shares, count, replacement=True, generator=generator)
        noise = torch.randn(count, self.means.shape[1], 1, generator=generator, dtype=torch.float64)
        return (self.means[picked] + (self.roots[picked] @ noise).squeeze(-1)).float()

    def log_joint(self, codes: Tensor) -> Tensor:
        """Natural logarithm of share times density, each Gaussian at each of codes (N, D), double -> (N, K)."""
        columns = []
        for share, mean, root in zip(self.shares, self.means, self.roots, strict=True):
            white = torch.linalg.solve_triangular(root, (codes - mean).T, upper=False)
            height = root.diagonal().log().sum() + len(mean) / 2 * math.log(2 * math.pi)
            columns.append(share.log() - height - white.square().sum(0) / 2)
        return torch.stack(columns, dim=1)


def normal(size: int) -> Mixture:
    """N(0, 1) in `size` dimensions: the prior of a variational autoencoder."""
    one = torch.ones(1, dtype=torch.float64)
    return Mixture(one, torch.zeros(1, size, dtype=torch.float64), torch.eye(size, dtype=torch.float64)[None])


def fit(codes: Tensor, components: int = 1, *, generator: torch.Generator, steps: int = 100) -> Mixture:
    """The mixture of `components` Gaussians with full covariances that codes (N, D) make likely, by expectation and
    maximisation from means that k-means++ draws; stops when a step lifts the mean log density by less than 1e-3.

    Raises `Problem` for fewer codes than components or codes that are not finite.
    """
    codes = codes.double()
    if not 1 <= components <= len(codes) or not torch.isfinite(codes).all():
        raise Problem(
            "{components} Gaussians cannot be fitted to {codes} codes: give more (finite) codes.",
            components=components,
            codes=len(codes),
        )
    # a floor under every covariance, so that no Gaussian collapses on one code
    floor = 1e-4 * codes.var(0, correction=0).mean().clamp_min(1e-12)
    belonging = torch.nn.functional.one_hot(_first_groups(codes, components, generator), components).double()
    mixture, before = _maximise(codes, belonging, floor), -math.inf
    for _ in range(steps if components > 1 else 0):
        joint = mixture.log_joint(codes)
        total = joint.logsumexp(1, keepdim=True)
        mixture = _maximise(codes, (joint - total).exp(), floor)
        if total.mean().item() - before < 1e-3:
            break
        before = total.mean().item()
    return mixture


def _maximise(codes: Tensor, belonging: Tensor, floor: Tensor) -> Mixture:
    """The most likely shares, means and covariances, given how much each code belongs to each Gaussian (N, K)."""
    weight = belonging.sum(0).clamp_min(1e-9)
    means = belonging.T @ codes / weight.unsqueeze(1)
    roots = []
    for column, mean, amount in zip(belonging.T, means, weight, strict=True):
        away = codes - mean
        covariance = (away * column.unsqueeze(1)).T @ away / amount
        roots.append(torch.linalg.cholesky(covariance + floor * torch.eye(len(mean), dtype=codes.dtype)))
    return Mixture(weight / weight.sum(), means, torch.stack(roots))


def _first_groups(codes: Tensor, count: int, generator: torch.Generator) -> Tensor:
    """k-means++ (Arthur and Vassilvitskii, 2007): far codes are likelier to become a centre -> nearest centre (N,)."""
    first = torch.randint(len(codes), (1,), generator=generator)
    centres = codes[first]
    for _ in range(count - 1):
        squared = torch.cdist(codes, centres).min(1).values.square() + 1e-12
        centres = torch.cat([centres, codes[torch.multinomial(squared, 1, generator=generator)]])
    return torch.cdist(codes, centres).argmin(1)
