"""Faces from small copies: they agree with the copy, and many faces share one."""

import pytest
import torch

from engine.models import weights
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


def test_what_is_missing_is_added_back() -> None:
    """Irani and Peleg's rounds written out with matrices, on pale faces that nothing clips."""
    size = 32
    copies = 0.4 + 0.2 * enhancement.reduce(torch.cat([FACE, FACE.flip(2)]), size)
    shrink = torch.eye(size).repeat_interleave(4, 1) / 4  # the mean of each four pixels of a line
    place = ((torch.arange(128) + 0.5) / 4 - 0.5).clamp(0, size - 1)
    grow = (1 - (place.view(-1, 1) - torch.arange(size)).abs()).clamp(0)  # linear between the pixels of a line
    start = wanted = torch.full((2, 3, 128, 128), 0.5)
    rounds = 0
    while (missing := copies - shrink @ wanted @ shrink.T).square().mean((1, 2, 3)).max().sqrt() > 0.5 / 255:
        wanted, rounds = wanted + grow @ missing @ grow.T, rounds + 1
    assert 1 < rounds <= 8
    found = enhancement.agree(start, copies)
    torch.testing.assert_close(found, wanted, atol=1e-5, rtol=0)
    assert off(found, copies) <= 0.5
    assert enhancement.disagreement(found, copies).max().item() * 255 == pytest.approx(off(found, copies), rel=0.5)


def test_a_decoded_face_is_finished() -> None:
    """Details come, and what a copy of 32 pixels shows of the face stays within a few levels."""
    with torch.inference_mode():
        decoded = weights.shared("face-autoencoder")(torch.cat([FACE, FACE.flip(3)]))
    finished = enhancement.finish(decoded)
    detail = [picture.diff(dim=3).square().mean().item() for picture in (decoded, finished)]
    assert finished.shape == decoded.shape and detail[1] > 2 * detail[0]
    assert off(finished, enhancement.reduce(decoded, 32)) < 15
    torch.testing.assert_close(finished[:1], enhancement.finish(decoded[:1]), atol=1e-4, rtol=0)


def test_a_face_that_agrees_is_left_as_it_is() -> None:
    assert torch.equal(enhancement.agree(FACE, enhancement.reduce(FACE, 16)), FACE)


@pytest.mark.parametrize(("size", "invented"), [(64, (3, 4)), (32, (15, 16)), (16, (63, 64)), (8, (255, 256))])
def test_how_much_is_invented(size: int, invented: tuple[int, int]) -> None:
    assert enhancement.invented(size) == invented


def test_blocks_reduce_to_their_copy() -> None:
    copy = torch.rand(1, 3, 16, 16, generator=torch.Generator().manual_seed(0))
    torch.testing.assert_close(enhancement.reduce(enhancement.blocks(copy), 16), copy)


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
