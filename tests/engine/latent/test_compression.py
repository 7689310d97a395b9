"""Bytes against error: codes against least squares, files against their own length."""

import pytest
import torch

from engine.datasets import mnist
from engine.latent import compression
from engine.networks import LinearAutoencoder
from engine.problem import Problem


def pictures(count: int = 200) -> torch.Tensor:
    return mnist.test_half().images[:count].float() / 255


def fitted(size: int = 20) -> LinearAutoencoder:
    network = LinearAutoencoder(size)
    network.fit([pictures(1000)])
    return network


def test_all_numbers_kept_lose_only_the_rounding() -> None:
    network, given = fitted(), pictures()
    codes = network.encode(pictures(1000))
    (kept,) = compression.by_code("PCA", network, given, codes, [20])
    whole = (network(given) - given).square().mean().item()
    assert kept.bytes == 20
    assert kept.error.mean().item() == pytest.approx(whole, rel=0.02)


def test_more_numbers_fewer_errors() -> None:
    network, given = fitted(), pictures()
    kept = compression.by_code("PCA", network, given, network.encode(pictures(1000)), [1, 2, 5, 10, 20])
    errors = [one.error.mean().item() for one in kept]
    assert errors == sorted(errors, reverse=True)
    # k principal components, rounded, against the same k unrounded
    few = network.decode(network.encode(given)[:, :5])
    assert errors[2] == pytest.approx((few - given).square().mean().item(), rel=0.03)


def test_a_code_becomes_bytes_and_comes_back(generator: torch.Generator) -> None:
    codes = torch.randn(500, 8, generator=generator) @ torch.randn(8, 8, generator=generator)
    coder = compression.coder(codes)
    kept = coder.squeeze(codes, 8)
    assert kept.dtype == torch.uint8 and kept.shape == (500, 8)
    step = (coder.high - coder.low) / 255
    inside = coder.projection.project(codes)
    inside = ((inside >= coder.low) & (inside <= coder.high)).all(1)
    assert inside.float().mean() > 0.95
    away = coder.projection.project(coder.unsqueeze(kept) - codes + coder.projection.mean).abs()
    assert (away[inside] <= step / 2 * 1.01 + 1e-5).all()


@pytest.mark.parametrize("kind", ["jpeg", "webp"])
def test_files_grow_with_quality_and_lose_less(kind: compression.images.Kind) -> None:
    few, many = compression.by_file(kind, pictures(20), [5, 95])
    assert few.bytes < many.bytes and few.error.mean() > many.error.mean()
    assert few.reconstruction.shape == (20, 1, 28, 28) and few.method == kind.upper()


def test_colour_files(generator: torch.Generator) -> None:
    (kept,) = compression.by_file("webp", torch.rand(2, 3, 16, 16, generator=generator), [90])
    assert kept.reconstruction.shape == (2, 3, 16, 16)


@pytest.mark.parametrize("keep", [0, 21, -3])
def test_numbers_that_the_code_has_not(keep: int) -> None:
    network = fitted()
    with pytest.raises(Problem, match="keep 1 to 20"):
        compression.by_code("PCA", network, pictures(2), network.encode(pictures()), [keep])
