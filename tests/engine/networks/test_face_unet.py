"""The U-Net and what it is shown: the given picture stays, the hole is filled, nothing hidden gets through."""

import pytest
import torch

from engine import networks
from engine.corruptions import masks, named
from engine.networks import layout
from engine.networks.face_unet import FaceUNet, double
from engine.restoration import gappy_pca, poisson_blending, unet_input
from engine.restoration.masked_images import MaskedImages

GENERATOR = torch.Generator().manual_seed(0)
FACES = torch.rand(4, 3, 128, 128, generator=GENERATOR)
HIDDEN = masks.random_boxes(4, count=(1, 3), side=(10, 50), generator=GENERATOR)
GIVEN = torch.cat([masks.hide(FACES, HIDDEN), HIDDEN.float()], dim=1)


def seen(given: torch.Tensor) -> torch.Tensor:
    """What a U-Net is shown of given pictures and masks (N, 4, 128, 128)."""
    return unet_input.for_unet(MaskedImages(given[:, layout.PICTURE], given[:, layout.MASK] > 0))


def trained() -> FaceUNet:
    """One whose last layer does something, as after training."""
    torch.manual_seed(0)
    network = FaceUNet().eval()
    for parameter in network.unfold.parameters():
        torch.nn.init.normal_(parameter, std=0.05)
    return network


def test_the_given_picture_comes_back_untouched_around_the_hole() -> None:
    filled = trained()(seen(GIVEN))
    visible = ~HIDDEN.expand_as(FACES)
    assert torch.equal(filled[visible], FACES[visible])
    assert filled.min() >= 0 and filled.max() <= 1


def test_training_begins_at_the_draft() -> None:
    shown = seen(GIVEN)
    assert torch.equal(FaceUNet().eval()(shown), shown[:, :3])


def test_the_draft_is_gappy_pca_moved_to_meet_the_edge() -> None:
    given, hole = GIVEN[:, :3], HIDDEN.expand_as(FACES)
    filled = gappy_pca.fill(gappy_pca.ready().network, given, HIDDEN)
    moved = poisson_blending.smooth_seam(given, filled, HIDDEN)
    draft = unet_input.smoothed_draft(MaskedImages(given, HIDDEN))
    torch.testing.assert_close(draft[hole], moved[hole], atol=1e-5, rtol=0)


@pytest.mark.parametrize("share", [0, 1])
def test_nothing_or_everything_hidden_gives_a_picture(share: int) -> None:
    mask = torch.full((4, 1, 128, 128), float(share))
    shown = seen(torch.cat([FACES * (1 - mask), mask], dim=1))
    assert torch.isfinite(shown).all() and shown.min() >= 0 and shown.max() <= 1
    if not share:
        assert torch.equal(shown[:, :3], FACES)


def test_what_is_shown_is_draft_mask_and_mirror() -> None:
    shown = seen(GIVEN)
    visible = ~HIDDEN.expand_as(FACES)
    assert torch.equal(shown[:, :3][visible], FACES[visible])
    assert torch.equal(shown[:, 3:4], HIDDEN.float())
    assert torch.equal(shown[:, 4:8], GIVEN.flip(3))


def test_what_is_shown_ends_with_the_place_of_every_pixel() -> None:
    down, right = seen(GIVEN)[2, 8:]
    assert (down[0] == 0.5 / 128).all() and (down[127] == 127.5 / 128).all()
    assert torch.equal(right, down.T)


def test_visitors_holes_are_boxes_and_strokes_with_their_mask() -> None:
    images = torch.rand(48, 3, 128, 128, generator=torch.Generator().manual_seed(2)).clamp_min(0.01)
    given = named.CORRUPTIONS["visitor holes"](images, torch.Generator().manual_seed(3))
    hidden = given[:, 3:] > 0
    assert torch.equal(given[:, :3], masks.hide(images, hidden))
    share = hidden.float().mean((1, 2, 3))
    assert (share > 0).all() and (share < 0.7).all() and share.std() > 0.05


def test_the_same_picture_elsewhere_is_another_one() -> None:
    """The network is told the place and can use it."""
    network = trained()
    for parameter in network.position.parameters():
        torch.nn.init.normal_(parameter)
    shown = seen(GIVEN)
    elsewhere = torch.cat([shown[:, :8], 1 - shown[:, 8:]], dim=1)
    assert not torch.allclose(network(shown), network(elsewhere))


def test_four_neighbours_begin_alike_where_pictures_are_doubled() -> None:
    doubled = double(6, 4)(torch.rand(2, 6, 8, 8))
    assert doubled.shape == (2, 4, 16, 16)
    assert torch.equal(doubled, doubled[:, :, ::2, ::2].repeat_interleave(2, 2).repeat_interleave(2, 3))


def test_any_multiple_of_sixteen_fits() -> None:
    network = networks.build("face-unet", {})
    assert network.train()(torch.rand(2, 10, 64, 96)).shape == (2, 3, 64, 96)
