"""What networks are shown: moved, mirrored, hidden and drafted by the batch, the same for the same seed."""

from dataclasses import replace
from pathlib import Path

import pytest
import torch
from torch import Tensor

from engine.datasets.faces import FaceFiles
from engine.models.recipes import RECIPES
from engine.networks import MirroredComponents
from engine.restoration import unet_input
from engine.training import batches
from engine.training.drafts import Drafts
from tests.engine.training.test_adversarial import SMALL

N = 240


@pytest.fixture(scope="module")
def components() -> Drafts:
    network = MirroredComponents(code_size=12, shape=(3, 32, 32))
    pictures = torch.rand(60, 3, 32, 32, generator=torch.Generator().manual_seed(0))
    network.fit(lambda: [(pictures, torch.ones(60))])
    return Drafts(network, "cpu")


@pytest.fixture
def images(generator: torch.Generator) -> Tensor:
    return torch.rand(N, 3, 32, 32, generator=generator)


def test_a_picture_moves_by_whole_pixels_and_is_mirrored_beyond_the_edge(images: Tensor) -> None:
    offsets = torch.tensor([[[2], [-3]], [[0], [1]]])  # down 2 and up 3; right 0 and 1
    one, other = batches.moved(images[:2], offsets)
    assert torch.equal(one[:, 2:], images[0, :, :-2]) and torch.equal(one[:, :2], images[0, :, 1:3].flip(1))
    assert torch.equal(other[:, :-3, 1:], images[1, :, 3:, :-1])
    assert torch.equal(other[:, :-3, 0], images[1, :, 3:, 1])


def test_jitter_changes_a_little(generator: torch.Generator) -> None:
    found = batches.jittered(torch.full((N, 3, 16, 16), 0.5), generator)
    assert (found.std((2, 3)) < 1e-6).all() and 0.015 < found.std() < 0.05
    assert (found - 0.5).abs().max() <= 0.5 * batches.GAIN + batches.SHIFT + 1e-6


def test_a_painter_sees_the_picture_around_its_draft(components: Drafts, images: Tensor) -> None:
    recipe = replace(SMALL, whole=0.0, drawn=0.0)
    batch = batches.over_drafts(images, recipe, components, torch.Generator().manual_seed(1))
    hidden = batch.given[:, 3:] > 0
    assert torch.equal(batch.given[:, :3].masked_select(~hidden), images.masked_select(~hidden))
    assert torch.equal(batch.given[:, :3], components.of_holes(images, hidden))
    area = hidden.float().mean((1, 2, 3))
    assert area.min() > 0 and area.max() < 0.8
    assert torch.equal(batch.target, images) and torch.equal(batch.colours, images)
    order = area.argsort()
    assert (batch.likeness[order].diff() <= 0).all(), "the more is hidden, the less likeness counts"
    again = batches.over_drafts(images, recipe, components, torch.Generator().manual_seed(1))
    assert torch.equal(again.given, batch.given)


def test_a_share_is_wholly_hidden_over_every_kind_of_draft(components: Drafts, images: Tensor) -> None:
    batch = batches.over_drafts(images, replace(SMALL, whole=0.5), components, torch.Generator().manual_seed(1))
    whole = batch.given[:, 3].flatten(1).all(1)
    assert 0.4 < whole.float().mean() < 0.6
    rough, likeness, colours = batch.given[whole, :3], batch.likeness[whole], batch.colour_likeness[whole]
    mean = torch.isclose(rough, components.mean, atol=1e-5).flatten(1).all(1)
    nobody = torch.isclose(colours, torch.tensor(0.3))
    like = likeness == 0.5  # few components, or a small copy
    assert (mean.int() + nobody.int() + like.int() == 1).all()
    for kind, share in ((mean, 0.12), (nobody, 0.18), (like, 0.7)):
        assert abs(kind.float().mean() - share) < 0.12
    assert torch.equal(batch.colours[whole][nobody], rough[nobody]), "nobody's colours are the draft's"
    assert (likeness[nobody] == 0).all() and (likeness[mean] == 0).all() and (colours[mean] == 0).all()


def test_a_bold_draft_counts_for_less(components: Drafts, images: Tensor) -> None:
    plain, bold = (
        batches.over_drafts(
            images, replace(SMALL, whole=0.0, drawn=drawn), components, torch.Generator().manual_seed(1)
        )
        for drawn in (0.0, 1.0)
    )
    hidden = bold.given[:, 3:] > 0
    moved = (bold.given[:, :3] - components.of_holes(images, hidden)).square().mean((1, 2, 3)).sqrt()
    area = hidden.float().mean((1, 2, 3))
    boldness = 1 - bold.likeness / ((1 - area).square() / (area + 0.05))
    assert 0 <= boldness.min() < 0.05 and 0.95 < boldness.max() <= 1
    assert torch.corrcoef(torch.stack([boldness, moved / area.sqrt()]))[0, 1] > 0.5
    assert plain.likeness.mean() > 1.5 * bold.likeness.mean()


def test_a_unet_learns_from_nearly_what_it_will_be_shown(shared_data: Path) -> None:
    """From a quarter of the resolution, and with an edge that is met approximately: 32 dB from the exact draft."""
    faces = FaceFiles([shared_data / "faces" / "test.tar"], "ffhq_").batch(torch.arange(6)).float() / 255
    recipe = RECIPES["face-unet"]
    ours = batches.shown(faces, recipe, torch.Generator().manual_seed(3))
    exact = unet_input.shown(faces, recipe.corruption, recipe.refines, torch.Generator().manual_seed(3))
    assert torch.equal(ours[:, 3:], exact[:, 3:])
    hidden = ours[:, 3:4] > 0
    error = (ours[:, :3] - exact[:, :3]).masked_select(hidden).square().mean()
    assert torch.equal(ours[:, :3].masked_select(~hidden), exact[:, :3].masked_select(~hidden))
    assert error < 10**-3.2
