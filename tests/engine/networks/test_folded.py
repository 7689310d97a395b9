"""The form in which shipped networks run against the one in which they were trained."""

import pytest
import torch
from torch import nn

from engine.models import weights
from engine.networks import Autoencoder
from engine.networks.face_autoencoder import FaceAutoencoder
from engine.networks.face_unet import FaceUNet
from engine.networks.folded import folded


def strange(network: nn.Module, generator: torch.Generator) -> nn.Module:
    """With statistics and gains as no layer begins with them."""
    for layer in network.modules():
        if isinstance(layer, nn.BatchNorm2d):
            assert layer.running_mean is not None and layer.running_var is not None
            for values in (layer.running_mean, layer.bias.data):
                values.copy_(torch.randn(layer.num_features, generator=generator))
            for values in (layer.running_var, layer.weight.data):
                values.copy_(0.5 + torch.rand(layer.num_features, generator=generator))
    return network.eval()


@torch.inference_mode()
@pytest.mark.parametrize(("kind", "shape"), [(FaceAutoencoder, (2, 3, 128, 128)), (FaceUNet, (2, 10, 128, 128))])
def test_the_function_is_the_same_without_batch_normalisation(
    kind: type[nn.Module], shape: tuple[int, ...], generator: torch.Generator
) -> None:
    network, given = strange(kind(), generator), torch.rand(shape, generator=generator)
    wanted = network(given)
    fast = folded(network)
    assert not any(isinstance(layer, nn.BatchNorm2d) for layer in fast.modules())
    torch.testing.assert_close(fast(given), wanted, atol=1e-5, rtol=1e-5)


def test_a_network_first_asked_for_by_a_page_can_be_searched_through() -> None:
    weights.loaded.cache_clear()
    with torch.inference_mode():
        network = weights.shared("face-autoencoder", Autoencoder)
    codes = torch.zeros(1, 300, requires_grad=True)
    network.decode(codes).sum().backward()
    assert codes.grad is not None and codes.grad.abs().max() > 0


@torch.inference_mode()
def test_what_is_shipped_answers_as_it_was_trained(generator: torch.Generator) -> None:
    given = torch.rand(1, 3, 128, 128, generator=generator)
    torch.testing.assert_close(
        weights.shared("face-autoencoder")(given), weights.load("face-autoencoder")(given), atol=1e-5, rtol=1e-5
    )
