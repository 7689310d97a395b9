"""Equalised learning rates: the same function before and after, and a modulated convolution written out."""

import torch
from torch import nn

from engine.networks.equalised import Convolution, Dense, Modulated, activate, equalise, fold


def test_a_modulated_convolution_is_the_formula_of_stylegan2(generator: torch.Generator) -> None:
    layer = Modulated(4, 5, 6)
    nn.init.normal_(layer.bias, generator=generator)
    features, style = torch.randn(3, 4, 8, 8, generator=generator), torch.randn(3, 6, generator=generator)
    found = layer(features, style)
    for picture, look, answer in zip(features, style, found, strict=True):
        strengths = layer.strengths.weight @ look + layer.strengths.bias
        kernel = layer.weight * strengths.view(1, 4, 1, 1)
        kernel = kernel / (kernel.square().sum((1, 2, 3), keepdim=True) + 1e-8).sqrt()
        wanted = nn.functional.conv2d(picture[None], kernel, layer.bias, padding=1)[0]
        torch.testing.assert_close(answer, wanted, atol=1e-5, rtol=1e-5)


def test_a_new_layer_keeps_the_variance(generator: torch.Generator) -> None:
    features, style = torch.randn(8, 64, 16, 16, generator=generator), torch.randn(8, 64, generator=generator)
    for answer in (Convolution(64, 256)(features), Modulated(64, 256, 64)(features, style), Dense(64, 4096)(style)):
        assert 0.8 < answer.std() < 1.2
        assert 0.8 < activate(answer).square().mean().sqrt() < 1.2


def test_equalised_weights_have_unit_variance_and_the_same_function(generator: torch.Generator) -> None:
    layer = Modulated(48, 64, 32)
    features, style = torch.randn(2, 48, 8, 8, generator=generator), torch.randn(2, 32, generator=generator)
    folded, answer = layer.weight.std().item(), layer(features, style)
    assert equalise(layer) is layer
    assert 0.95 < layer.weight.std() < 1.05
    assert 0.9 < layer.strengths.weight.std() < 1.1
    torch.testing.assert_close(layer(features, style), answer, atol=1e-5, rtol=1e-5)
    equalise(layer)  # twice is once
    torch.testing.assert_close(layer(features, style), answer, atol=1e-5, rtol=1e-5)
    fold(layer)
    assert abs(layer.weight.std().item() - folded) < 1e-6
    torch.testing.assert_close(layer(features, style), answer, atol=1e-5, rtol=1e-5)


def test_an_equalised_layer_takes_the_same_step_as_any_other() -> None:
    """Adam moves every number by the rate: by how much a layer's answer moves must not depend on its inputs' number."""
    moved = []
    for before in (4, 400):
        layer = Dense(before, 1)
        equalise(layer)
        adam, features = torch.optim.Adam(layer.parameters(), 0.01), torch.ones(1, before)
        start = layer(features)
        layer(features).sum().backward()
        adam.step()
        moved.append((layer(features) - start).abs().item() / before**0.5)
    assert abs(moved[0] - moved[1]) < 0.005
