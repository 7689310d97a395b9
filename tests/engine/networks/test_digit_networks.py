"""The networks of the digits, and their shipped weights against the figures of the literature and of each other."""

import math

import pytest
import torch
from torch import Tensor

from engine import metrics
from engine.corruptions import noise
from engine.datasets import mnist
from engine.models import weights
from engine.networks import Autoencoder, Colouriser, ConvDenoiser, LinearAutoencoder, VariationalAutoencoder, in_parts
from engine.training import losses


def test_half(count: int = 1000) -> Tensor:
    return mnist.test_half().images[:: 10_000 // count].float() / 255


test_half.__test__ = False  # type: ignore[attr-defined]


# ---------------------------------------------------------------- architectures


def test_the_divergence_is_torchs(generator: torch.Generator) -> None:
    means, log_variances = torch.randn(2, 30, 2, generator=generator)
    picture = torch.rand(30, 1, 28, 28, generator=generator)
    loss = losses.negative_evidence((picture, means, log_variances), picture)
    clouds = torch.distributions.Normal(means, (log_variances / 2).exp())
    divergence = torch.distributions.kl_divergence(clouds, torch.distributions.Normal(0.0, 1.0)).sum(1).mean()
    expected = losses.binary_cross_entropy(picture, picture) + divergence / 784
    assert loss.item() == pytest.approx(expected.item(), rel=1e-5)


def test_a_variational_network_draws_while_training_and_not_after() -> None:
    network, images = VariationalAutoencoder(), test_half(10)
    torch.manual_seed(0)
    first, means, log_variances = network.train()(images)
    second = network(images)[0]
    assert not torch.equal(first, second)
    assert means.shape == log_variances.shape == (10, 2)
    network.eval()
    assert torch.equal(network(images), network.decode(network.encode(images)))


def test_principal_components_are_those_of_torch() -> None:
    images, network = test_half(), LinearAutoencoder(10)
    network.fit(images.split(300))
    flat = images.flatten(1).double()
    axes = torch.linalg.svd(flat - flat.mean(0), full_matrices=False).Vh[:10].float()
    assert torch.allclose((axes * network.axes).sum(1).abs(), torch.ones(10), atol=1e-4)
    assert torch.allclose(network.mean, flat.mean(0).float(), atol=1e-6)
    assert torch.allclose(network.axes @ network.axes.T, torch.eye(10), atol=1e-5)


def test_fewer_numbers_are_the_first_ones() -> None:
    network = LinearAutoencoder(6)
    network.fit([test_half(200)])
    codes = network.encode(test_half(20))
    cut = torch.cat([codes[:, :2], torch.zeros(20, 4)], dim=1)
    assert torch.allclose(network.decode(codes[:, :2]), network.decode(cut), atol=1e-6)


def test_the_denoiser_keeps_the_shape(generator: torch.Generator) -> None:
    out = ConvDenoiser(8).eval()(torch.rand(3, 1, 28, 28, generator=generator))
    assert out.shape == (3, 1, 28, 28) and out.min() >= 0 and out.max() <= 1


def test_the_colouriser_keeps_the_grey(generator: torch.Generator) -> None:
    """A grey far from black and white cannot be clipped, so the luminance of the answer is the given one."""
    given = 0.4 + 0.2 * torch.rand(2, 1, 128, 128, generator=generator)
    network = Colouriser(8).eval()
    torch.nn.init.normal_(network.colour.bias, 0, 0.1, generator=generator)  # type: ignore[arg-type]
    coloured = network(given)
    assert coloured.shape == (2, 3, 128, 128)
    assert (coloured - given).abs().max() > 0.01
    assert torch.allclose(noise.grey(coloured), given, atol=1e-4)


# ---------------------------------------------------------------- shipped weights


def test_thirty_principal_components_leave_hintons_error() -> None:
    """13.87 squared error a picture: Hinton and Salakhutdinov, Science 2006, for PCA on the test digits."""
    network, images = weights.shared("digit-pca"), mnist.test_half().images.float() / 255
    assert isinstance(network, LinearAutoencoder)
    flat = network.encode(images)[:, :30] @ network.axes[:30] + network.mean  # not clipped, as theirs was not
    assert (flat - images.flatten(1)).square().sum(1).mean().item() == pytest.approx(13.87, abs=0.01)


def test_half_precision_axes_lose_nothing() -> None:
    network, images = weights.shared("digit-pca"), test_half()
    assert isinstance(network, LinearAutoencoder)
    exact = torch.linalg.qr(network.axes.T.double()).Q.T  # orthonormal again
    own = (images.flatten(1) - network.mean).double()
    best = own - own @ exact.T @ exact
    found = own - own @ network.axes.T.double() @ network.axes.double()
    assert found.square().mean().item() == pytest.approx(best.square().mean().item(), rel=1e-3)


def test_the_deep_code_beats_the_linear_one_of_its_size() -> None:
    images = test_half()
    deep, linear = (metrics.mse(weights.shared(name)(images), images).mean() for name in ("digit-code-50", "digit-pca"))
    assert deep < 0.6 * linear


@pytest.mark.parametrize("sigma", [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8])
def test_the_convolutional_denoiser_beats_the_dense_one(sigma: float) -> None:
    images = test_half()
    noisy = noise.gaussian_noise(images, sigma, torch.Generator().manual_seed(0))
    conv, dense = (
        metrics.ssim(in_parts(weights.shared(name), noisy), images).mean().item()
        for name in ("digit-denoiser-conv", "digit-denoiser")
    )
    assert conv > dense + 0.01


def test_remembered_positions_leak_the_picture() -> None:
    """The figures are the cards', which tests/engine/models/test_weights.py measures again on all test digits."""
    figures = {kind: weights.config(f"digit-cnn-{kind}")["figures"] for kind in ("switches", "repeat", "transposed")}
    foreign = {kind: found["mse_code_of_another_digit"] for kind, found in figures.items()}
    # with a stranger's code and its own positions the picture is still its own; elsewhere it is the stranger's
    assert foreign["switches"] < 0.5 * foreign["repeat"]
    assert foreign["switches"] < 0.5 * foreign["transposed"]
    # and without them the code alone is worth little
    assert figures["switches"]["mse_without_positions"] > 3 * figures["switches"]["mse"]
    for kind in ("repeat", "transposed"):
        assert figures[kind]["mse_without_positions"] == pytest.approx(figures[kind]["mse"])


def test_the_variational_map_has_its_codes_around_the_middle() -> None:
    network = weights.shared("digit-map-vae", Autoencoder)
    codes = network.encode(test_half())
    assert codes.mean(0).abs().max() < 0.5
    assert codes.std(0).min() > 0.5 and codes.std(0).max() < 1.5
    assert math.isfinite(codes.sum().item())
