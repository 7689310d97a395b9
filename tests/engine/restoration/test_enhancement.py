"""Faces from small copies: they agree with the copy, and many faces share one."""

import pytest
import torch

from engine.photos import gallery
from engine.problem import Problem
from engine.restoration import enhancement, gappy_pca

FACE = gallery.gallery()["grace-hopper"].image


def off(faces: torch.Tensor, copies: torch.Tensor) -> float:
    """Root mean square of what reducing a face misses, in 255ths."""
    return (enhancement.reduce(faces, copies.shape[-1]) - copies).square().mean().sqrt().item() * 255


@pytest.mark.parametrize("size", enhancement.SIZES)
def test_an_enhanced_face_reduces_to_its_copy(size: int) -> None:
    copies = enhancement.reduce(torch.cat([FACE, FACE.flip(3)]), size)
    enhanced = enhancement.enhance(copies)
    assert enhanced.shape == (2, 3, 128, 128)
    assert enhanced.min() >= 0 and enhanced.max() <= 1
    assert off(enhanced, copies) <= 1
    assert torch.equal(enhancement.enhance(copies), enhanced)


def test_two_different_faces_have_the_same_small_copy() -> None:
    copy = enhancement.reduce(FACE, 8)
    one, other = enhancement.others(copy, 2, 1.0, seed=1)
    assert (one - other).abs().mean() > 0.02
    assert off(one, copy) <= 1 and off(other, copy) <= 1
    assert torch.equal(next(enhancement.others(copy, 1, 1.0, seed=1)), one)


@pytest.mark.parametrize("kind", ["black", "white", "a chessboard of them"])
def test_a_copy_of_no_face_is_agreed_with(kind: str) -> None:
    board = (torch.arange(16).view(1, 1, 16, 1) + torch.arange(16)).remainder(2).float().expand(1, 3, 16, 16)
    copy = {"black": torch.zeros_like(board), "white": torch.ones_like(board)}.get(kind, board)
    enhanced = enhancement.enhance(copy)
    assert enhanced.isfinite().all() and off(enhanced, copy) <= 1


@pytest.mark.parametrize("size", [8, 16])
def test_the_posterior_given_a_copy_is_explicit_least_squares(size: int) -> None:
    """Every pixel of the copy as one equation of a tall system, in double precision."""
    ready, copy = gappy_pca.ready(), enhancement.reduce(FACE, size)
    axes = torch.eye(300) @ ready.columns.T
    odd = (torch.arange(300) >= ready.even).view(-1, 1)
    pictures = ready.network.whole(axes.masked_fill(odd, 0), axes.masked_fill(~odd, 0))
    factor = 128 // size
    rows = (enhancement.reduce(pictures, size) * factor).flatten(1).T.double()
    wanted = ((copy - enhancement.reduce(ready.mean, size)) * factor).flatten().double()
    held_back = (enhancement.RIDGE / ready.network.variances[ready.order].double()).sqrt().diag()
    tall, right = torch.cat([rows, held_back]), torch.cat([wanted, wanted.new_zeros(300)])
    expected = torch.linalg.lstsq(tall, right.view(-1, 1)).solution[:, 0]
    found = enhancement.posterior(copy)
    torch.testing.assert_close(found.means[0].double(), expected, atol=0.02, rtol=1e-2)
    covariance = torch.linalg.inv(tall.T @ tall) * enhancement.RIDGE
    factors = found.factors[0].double()
    torch.testing.assert_close(
        torch.cholesky_inverse(factors) * enhancement.RIDGE, covariance, atol=0.02 * covariance.max().item(), rtol=0.02
    )


def test_nothing_is_enlarged_that_is_no_small_copy() -> None:
    for size in (1, 24, 128):
        with pytest.raises(Problem, match=f"64, 32, 16, 8 pixels wide, not {size}"):
            enhancement.enhance(torch.rand(1, 3, size, size))
    with pytest.raises(Problem, match="64, 32, 16, 8 pixels wide, not 10"):
        enhancement.reduce(FACE, 10)
    with pytest.raises(Problem, match="answers can be drawn"):
        enhancement.others(torch.rand(1, 3, 8, 8), 0)
