"""The gappy fit against explicit least squares, the axes against a full eigendecomposition, 8 bits against floats."""

from collections.abc import Iterator

import pytest
import torch
from torch import Tensor

from engine import metrics
from engine.corruptions import masks
from engine.models import weights
from engine.networks import MirroredComponents
from engine.photos import gallery
from engine.restoration import gappy_pca

SHAPE = (3, 16, 16)
PIXELS = 3 * 16 * 16


@pytest.fixture
def images(generator: torch.Generator) -> Tensor:
    """120 smooth pictures of very unequal variance along their directions."""
    coarse = torch.rand(120, 3, 3, 4, generator=generator)
    return torch.nn.functional.interpolate(coarse, size=SHAPE[1:], mode="bicubic").clamp(0, 1)


@pytest.fixture
def fitted(images: Tensor) -> MirroredComponents:
    network = MirroredComponents(20, SHAPE).eval()
    network.fit(lambda: in_batches(images, torch.ones(len(images))))
    return network


def in_batches(images: Tensor, shares: Tensor) -> Iterator[tuple[Tensor, Tensor]]:
    return zip(images.split(50), shares.split(50), strict=True)


def whole_axes(network: MirroredComponents) -> Tensor:
    """The axes as pictures, one a row (code_size, pixels)."""
    odd, axes = network.odd.view(-1, 1), network.axes()
    return network.whole(axes.masked_fill(odd, 0), axes.masked_fill(~odd, 0)).flatten(1)


def mean_picture(network: MirroredComponents) -> Tensor:
    return network.whole(network.mean.view(1, -1), torch.zeros(1, PIXELS // 2)).flatten()


def test_a_picture_is_its_even_and_its_odd_half(images: Tensor) -> None:
    network = MirroredComponents(20, SHAPE)
    even, odd = network.halves(images)
    assert torch.allclose(network.whole(even, odd), images, atol=1e-6)
    assert torch.allclose(even.square().sum(1) + odd.square().sum(1), images.square().flatten(1).sum(1), rtol=1e-5)
    mirrored_even, mirrored_odd = network.halves(images.flip(3))
    assert torch.equal(mirrored_even, even) and torch.equal(mirrored_odd, -odd)


def test_the_axes_are_the_principal_components_of_pictures_and_mirror_images(images: Tensor) -> None:
    """Weighted, against the eigenvectors of the whole covariance in double precision."""
    shares = torch.linspace(0.2, 2, len(images))
    network = MirroredComponents(20, SHAPE)
    network.fit(lambda: in_batches(images, shares))
    both = torch.cat([images, images.flip(3)]).flatten(1).double()
    share = torch.cat([shares, shares]).double() / (2 * shares.sum())
    mean = share @ both
    covariance = (both - mean).T @ ((both - mean) * share.view(-1, 1))
    values, vectors = torch.linalg.eigh(covariance)
    values, vectors = values.flip(0)[:20], vectors.flip(1)[:, :20].T
    assert torch.allclose(mean_picture(network), mean.float(), atol=1e-5)
    assert torch.allclose(network.variances, values.float(), rtol=1e-3)
    agreement = (whole_axes(network).double() * vectors).sum(1).abs()
    assert agreement.min() > 0.99  # 1 but for the rounding to 8 bits


def test_the_same_pictures_give_the_same_axes(images: Tensor, fitted: MirroredComponents) -> None:
    again = MirroredComponents(20, SHAPE)
    again.fit(lambda: in_batches(images, torch.ones(len(images))))
    for key, value in fitted.state_dict().items():
        assert torch.equal(value, again.state_dict()[key]), key


@pytest.mark.parametrize("ridge", [1e-3, 0.3])
@pytest.mark.parametrize("share", [0.0, 0.3, 0.8, 1.0])
def test_the_fit_is_explicit_least_squares(
    share: float, ridge: float, images: Tensor, fitted: MirroredComponents, generator: torch.Generator
) -> None:
    """Visible equations and ridge written out as one tall system, for few and for many hidden pixels."""
    hidden = torch.rand(3, 1, 16, 16, generator=generator) < share
    given = masks.hide(images[:3], hidden)
    codes = gappy_pca.fit(fitted, given, hidden, ridge)
    axes, mean = whole_axes(fitted).double(), mean_picture(fitted).double()
    for picture, hole, code in zip(given, hidden, codes, strict=True):
        seen = ~hole.expand(3, -1, -1).flatten()
        tall = torch.cat([axes.T[seen], (ridge / fitted.variances.double()).sqrt().diag()])
        right = torch.cat([(picture.flatten().double() - mean)[seen], torch.zeros(20, dtype=torch.double)])
        expected = torch.linalg.lstsq(tall, right.view(-1, 1)).solution[:, 0]
        assert torch.allclose(code.double(), expected, atol=2e-3 * expected.abs().max().item() + 1e-6)


def conditional(network: MirroredComponents, picture: Tensor, hole: Tensor, ridge: float) -> tuple[Tensor, Tensor]:
    """Mean (D,) and covariance (D, D) of a code given what is visible of a picture (3, H, W), in double precision.

    By the blocks of one joint normal distribution, of codes N(0, variances) and of pixels whose noise has variance
    `ridge` (Bishop, equations 2.81 and 2.82): a matrix as large as what is visible is inverted, none of codes.
    """
    axes, seen = whole_axes(network).double(), ~hole.expand(3, -1, -1).flatten()
    prior, visible = network.variances.double().diag(), axes[:, seen]
    gain = prior @ visible @ torch.linalg.inv(visible.T @ prior @ visible + ridge * torch.eye(int(seen.sum())).double())
    away = (picture.flatten() - mean_picture(network)).double()[seen]
    return gain @ away, prior - gain @ visible.T @ prior


@pytest.mark.parametrize("share", [0.3, 0.8])
def test_drawn_codes_and_holes_have_the_covariance_of_explicit_algebra(
    share: float, images: Tensor, fitted: MirroredComponents, generator: torch.Generator
) -> None:
    ridge, boldness = 0.3, 0.8
    hidden = torch.rand(1, 1, 16, 16, generator=generator) < share
    given = masks.hide(images[:1], hidden)
    ready = gappy_pca.prepared(fitted)
    posterior = ready.posterior(given, hidden, ridge)
    drawn = posterior.draw(60_000, boldness, generator)[0][:, ready.order.argsort()].double()
    mean, covariance = conditional(fitted, given[0], hidden[0], ridge)
    covariance = boldness**2 * covariance
    axes = whole_axes(fitted).double()[:, hidden[0].expand(3, -1, -1).flatten()]
    for found, middle, expected in (
        (drawn, mean, covariance),
        (drawn @ axes, mean @ axes, axes.T @ covariance @ axes),  # the hidden pixels
    ):
        deviation = expected.diagonal().sqrt()
        assert ((found.mean(0) - middle).abs() < 0.03 * deviation + 1e-4).all()
        assert ((found.T.cov() - expected).abs() < 0.03 * deviation.outer(deviation)).all()


def test_a_draw_is_the_mean_where_nothing_is_left_open(
    images: Tensor, fitted: MirroredComponents, generator: torch.Generator
) -> None:
    """Everything visible and no noise, or no boldness; with nothing visible a draw is as wide as faces are."""
    ready, nothing = gappy_pca.prepared(fitted), torch.zeros(1, 1, 16, 16, dtype=torch.bool)
    certain = ready.posterior(images[:1], nothing, ridge=1e-8)
    deviations = fitted.variances[ready.order].sqrt()
    assert ((certain.draw(200, 1.0, generator) - certain.means[:, None]).abs() < 1e-2 * deviations).all()
    assert torch.allclose(certain.means[:, ready.order.argsort()], fitted.encode(images[:1]), atol=2e-2)
    unsure = ready.posterior(torch.zeros_like(images[:1]), ~nothing)
    assert torch.equal(unsure.draw(3, 0.0, generator), unsure.means[:, None].expand(-1, 3, -1))
    assert torch.allclose(unsure.draw(20_000, 1.0, generator)[0].std(0), deviations, rtol=0.03)


def test_with_nothing_visible_it_answers_the_mean(images: Tensor, fitted: MirroredComponents) -> None:
    filled = gappy_pca.fill(fitted, torch.zeros_like(images[:2]), torch.ones(2, 1, 16, 16, dtype=torch.bool))
    assert torch.allclose(filled[0].flatten(), mean_picture(fitted).clamp(0, 1), atol=1e-5)


def test_eight_bits_lose_nothing(images: Tensor, fitted: MirroredComponents, monkeypatch: pytest.MonkeyPatch) -> None:
    """The error in the holes is that of the axes before rounding, within 0.02 dB; what is rounded is kept here."""
    exact: list[Tensor] = []
    keep = MirroredComponents.keep

    def watched(self: MirroredComponents, axes: Tensor, odd: Tensor, variances: Tensor) -> None:
        keep(self, axes, odd, variances)
        sign = (axes * self.levels).sum(1, keepdim=True).sign()
        exact.append(axes * sign)

    monkeypatch.setattr(MirroredComponents, "keep", watched)
    network = MirroredComponents(20, SHAPE).eval()
    network.fit(lambda: in_batches(images, torch.ones(len(images))))
    hidden = masks.random_boxes(120, 16, side=(5, 5), generator=torch.Generator().manual_seed(0))
    given = masks.hide(images, hidden)
    rounded = metrics.psnr(metrics.hole_mse(gappy_pca.fill(network, given, hidden), images, hidden).mean())
    gappy_pca.prepared.cache_clear()
    monkeypatch.setattr(network, "axes", lambda: exact[0])
    floating = metrics.psnr(metrics.hole_mse(gappy_pca.fill(network, given, hidden), images, hidden).mean())
    gappy_pca.prepared.cache_clear()
    assert rounded.item() == pytest.approx(floating.item(), abs=0.02)
    assert rounded != floating


def test_the_shipped_axes_are_orthonormal_and_sorted() -> None:
    network = weights.of_kind(weights.load("face-pca"), MirroredComponents)
    products = gappy_pca.prepared(network).products
    assert torch.allclose(products, torch.eye(network.code_size), atol=2e-3)
    assert (network.variances[:-1] >= network.variances[1:]).all() and network.variances.min() > 0
    assert 50 < network.odd.sum() < 250
    assert (weights.folder("face-pca") / "model.safetensors").stat().st_size <= 7_500_000
    face = gallery.gallery()["astronaut"].image
    assert metrics.mse(network(face), face).item() < 0.02
