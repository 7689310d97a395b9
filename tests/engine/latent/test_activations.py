"""Activations: the layers' own answers, in their order, and pictures that lose none of their numbers."""

import pytest
import torch

from engine.datasets import mnist
from engine.latent import activations
from engine.models import weights
from engine.networks import Autoencoder
from engine.photos import gallery

SHAPES = {
    "digit-autoencoder": ["50", "1×28×28"],
    "digit-code-50": ["512", "256", "50", "256", "512", "1×28×28"],
    "face-autoencoder": [
        *("32×64×64", "64×32×32", "128×16×16", "128×8×8", "300"),
        *("128×8×8", "128×16×16", "64×32×32", "32×64×64", "3×128×128"),
    ],
}


def given(model: str) -> torch.Tensor:
    if model.startswith("face"):
        return next(iter(gallery.gallery().values())).image
    return mnist.test_half().images[18:19].float() / 255


@pytest.mark.parametrize("model", SHAPES)
def test_the_layers_are_those_of_the_network(model: str) -> None:
    network, image = weights.shared(model, Autoencoder), given(model)
    found = activations.layers(network, image)
    assert [layer.name for layer in found] == SHAPES[model]
    with torch.inference_mode():
        assert torch.equal(found[-1].answer, network(image))
        code = next(layer for layer in found if layer.is_code)
        assert torch.equal(code.answer, network.encode(image))


@pytest.mark.parametrize("model", SHAPES)
def test_a_layer_is_a_square_picture_that_keeps_its_numbers(model: str) -> None:
    for layer in activations.layers(weights.shared(model, Autoencoder), given(model)):
        picture = activations.as_picture(layer)
        assert picture.shape[2] == picture.shape[3] and picture.min() >= 0 and picture.max() <= 1
        if len(layer.shape) == 1:
            cells = picture.flatten()[: layer.shape[0]]
            most = layer.answer.abs().max()
            assert torch.allclose((cells - 0.5) * 2 * most, layer.answer[0], atol=1e-4)
        elif layer.shape[0] > 3:
            side = layer.shape[1]
            first = (picture[0, 0, :side, :side] - 0.5) * 2 * layer.answer[0, 0].abs().max()
            assert torch.allclose(first, layer.answer[0, 0], atol=1e-4)
