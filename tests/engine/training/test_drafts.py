"""Drafts by the batch, against the exact ones and explicit algebra on pictures small enough for it."""

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor

from engine.corruptions import masks
from engine.networks import MirroredComponents
from engine.restoration import gappy_pca
from engine.restoration.poisson_blending import smooth_seam
from engine.training.drafts import Drafts, meet_the_edge, small_copies

ALIGNED = masks.box_mask([(8, 12, 12, 8)], 32)  # whole squares of four pixels
AWRY = masks.box_mask([(9, 13, 11, 6), (27, 2, 4, 9)], 32)


@pytest.fixture(scope="module")
def pictures() -> Tensor:
    """As faint as never to be clipped, and flat in squares of four pixels: a small copy tells all of them."""
    coarse = torch.rand(40, 3, 8, 8, generator=torch.Generator().manual_seed(0))
    return 0.45 + 0.1 * F.interpolate(coarse, scale_factor=4)


@pytest.fixture(scope="module")
def network(pictures: Tensor) -> MirroredComponents:
    network = MirroredComponents(code_size=12, shape=(3, 32, 32))
    network.fit(lambda: [(pictures, torch.ones(len(pictures)))])
    return network


@pytest.fixture(scope="module")
def drafts(network: MirroredComponents) -> Drafts:
    return Drafts(network, "cpu")


def test_where_a_small_copy_tells_all_the_draft_is_the_exact_one(
    drafts: Drafts, network: MirroredComponents, pictures: Tensor
) -> None:
    hidden = torch.cat([ALIGNED, ALIGNED.mT, torch.zeros_like(ALIGNED), torch.ones_like(ALIGNED)])
    found = drafts.of_holes(pictures[:4], hidden)
    expected = gappy_pca.fill(network, pictures[:4].masked_fill(hidden, 0), hidden)
    torch.testing.assert_close(found, torch.where(hidden, expected, pictures[:4]), atol=1e-5, rtol=1e-4)
    assert torch.equal(found[2], pictures[2]), "nothing is hidden"
    torch.testing.assert_close(found[3:], drafts.mean)


def test_a_hidden_pixel_is_not_read(drafts: Drafts, pictures: Tensor) -> None:
    hidden = AWRY.expand(4, -1, -1, -1)
    changed = torch.where(hidden, float("nan"), pictures[:4])
    assert torch.equal(drafts.of_holes(changed, hidden), drafts.of_holes(pictures[:4], hidden))


def test_drawn_drafts_have_the_posteriors_mean_and_covariance(
    drafts: Drafts, network: MirroredComponents, pictures: Tensor, generator: torch.Generator
) -> None:
    count, boldness = 5_000, 0.05
    hidden = ALIGNED.expand(count, -1, -1, -1)
    drawn = drafts.of_holes(pictures[:1].expand(count, -1, -1, -1), hidden, torch.full((count,), boldness), generator)
    mean = drafts.of_holes(pictures[:1], ALIGNED)
    axes = drafts.axes.double()
    seen = axes[:, (~ALIGNED).expand(-1, 3, -1, -1).flatten()]
    inverse = torch.linalg.inv(seen @ seen.T + (gappy_pca.RIDGE / network.variances.double()).diag())
    inside = axes[:, ALIGNED.expand(-1, 3, -1, -1).flatten()]
    expected = (boldness**2 * gappy_pca.RIDGE * inside.T @ inverse @ inside).diagonal()
    found = drawn.masked_select(hidden).view(count, -1).double()
    assert torch.allclose(found.var(0), expected, rtol=0.12)
    assert ((found.mean(0) - mean.masked_select(ALIGNED)).abs() < 4 * (expected / count).sqrt() + 1e-6).all()
    bold = drafts.of_holes(pictures[:2], ALIGNED.expand(2, -1, -1, -1), torch.tensor([0.0, 1.0]), generator)
    torch.testing.assert_close(bold[:1], mean)


def test_the_first_components_are_from_few_to_all(
    drafts: Drafts, network: MirroredComponents, pictures: Tensor, generator: torch.Generator
) -> None:
    many = pictures[:1].expand(300, -1, -1, -1)
    found = drafts.few_components(many, generator)
    codes = network.encode(pictures[:1])
    by_count = [network.decode(torch.where(torch.arange(12) < count, codes, 0)) for count in range(13)]
    nearest = torch.stack([(found - picture).abs().amax((1, 2, 3)) for picture in by_count])
    assert nearest.min(0).values.max() < 1e-4
    assert {1, 6, 12} <= set(nearest.argmin(0).tolist())


def test_copies_are_of_four_sizes(generator: torch.Generator) -> None:
    images = torch.rand(200, 3, 32, 32, generator=generator) * 0.2 + 0.4
    rough = small_copies(images, generator)
    sharpness = (rough[..., 1:] - rough[..., :-1]).square().mean((1, 2, 3))
    assert sharpness.max() > 5 * sharpness.min() > 0
    blocks = F.avg_pool2d(rough - images, 16).abs().amax((1, 2, 3))
    assert blocks.max() < 0.06, "the coarsest colours stay"


def test_nobody_is_as_various_as_the_components_say(drafts: Drafts, generator: torch.Generator) -> None:
    faces = drafts.nobody(2000, generator)
    spread = ((faces - drafts.mean).flatten(1) @ drafts.axes.T).std(0) / drafts.variances.sqrt()
    assert (spread > 0.6).all() and (spread < 1.0).all()


def test_colours_meet_at_the_edge_as_the_exact_solution_does(generator: torch.Generator) -> None:
    images = F.interpolate(torch.rand(3, 3, 6, 6, generator=generator), size=64, mode="bicubic").clamp(0.2, 0.8)
    rough = images + 0.15 * F.interpolate(torch.rand(3, 3, 3, 3, generator=generator), size=64, mode="bilinear")
    hidden = torch.cat([masks.box_mask([box], 64) for box in ((20, 22, 24, 18), (0, 30, 30, 20), (40, 4, 9, 30))])
    exact = smooth_seam(images, rough, hidden)
    found = meet_the_edge(images, rough, hidden)
    assert torch.equal(found.masked_select(~hidden), images.masked_select(~hidden))
    before, after = ((other - exact).masked_select(hidden).square().mean().sqrt() for other in (rough, found))
    assert after < 0.01 < 0.05 < before
    everything = torch.ones_like(hidden)
    torch.testing.assert_close(meet_the_edge(images, rough.clamp(0, 1), everything), rough.clamp(0, 1))
