"""Shapes, code sizes, weight limits, and the slides' network written out as algebra."""

from typing import Any

import pytest
import torch
from torch import Tensor, nn

from engine import networks
from engine.models import weights
from engine.models.recipes import RECIPES
from engine.networks import Autoencoder
from engine.problem import Problem
from engine.restoration import unet_input

MB = 1_000_000
WITH_A_CODE = [name for name in RECIPES if isinstance(networks.build(RECIPES[name].architecture, {}), Autoencoder)]


def made(name: str) -> nn.Module:
    """A recipe's network with weights that are not those of its start: batch normalisation has seen something."""
    torch.manual_seed(0)
    network = networks.build(RECIPES[name].architecture, RECIPES[name].options)
    for module in network.modules():
        if isinstance(module, nn.BatchNorm1d | nn.BatchNorm2d):
            nn.init.uniform_(module.running_mean, -0.5, 0.5)  # type: ignore[arg-type]
            nn.init.uniform_(module.running_var, 0.5, 2)  # type: ignore[arg-type]
    return network.eval()


def pictures(name: str, count: int, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """(what the network is given, what it should return)."""
    shape = (3, 128, 128) if RECIPES[name].data == "faces" else (1, 28, 28)
    target = torch.rand(count, *shape, generator=generator)
    return unet_input.shown(target, RECIPES[name].corruption, RECIPES[name].refines, generator), target


@pytest.mark.parametrize("name", RECIPES)
def test_a_picture_becomes_a_picture(name: str, generator: torch.Generator) -> None:
    network, (given, target) = made(name), pictures(name, 3, generator)
    with torch.inference_mode():
        out = network(given)
        alone = torch.cat([network(given[i : i + 1]) for i in range(3)])
    assert out.shape == target.shape
    assert out.isfinite().all() and out.min() >= 0 and out.max() <= 1
    # On noise, the last digit of where a framer looks is the fourth of what it sees.
    assert torch.allclose(alone, out, atol=1e-3), "in eval mode a picture must not depend on its batch"


@pytest.mark.parametrize("name", WITH_A_CODE)
def test_an_autoencoder_decodes_what_it_encodes(name: str, generator: torch.Generator) -> None:
    network, (given, target) = made(name), pictures(name, 2, generator)
    assert isinstance(network, Autoencoder)
    with torch.inference_mode():
        codes = network.encode(given)
        reconstruction = network.decode(codes)
        assert codes.shape == (2, network.code_size)
        assert reconstruction.shape == target.shape
        if RECIPES[name].options.get("unpool") != "switches":  # whose positions go around the code
            assert torch.equal(reconstruction, network(given))


@pytest.mark.parametrize(
    ("name", "size"), [("face-autoencoder", 300), ("digit-denoiser", 50), ("digit-map", 2), ("digit-map-vae", 2)]
)
def test_code_sizes(name: str, size: int) -> None:
    network = made(name)
    assert isinstance(network, Autoencoder)
    assert network.code_size == size


def test_the_face_autoencoder_fits_twelve_megabytes() -> None:
    assert len(weights.pack(made("face-autoencoder").state_dict())) <= 12 * MB


def test_parameters_are_counted() -> None:
    assert networks.count_parameters(made("digit-denoiser")) == 784 * 50 + 50 + 50 * 784 + 784


def test_the_slides_autoencoder_is_two_lines_of_algebra(generator: torch.Generator) -> None:
    """z = f(Wx), x' = g(Vz), f a ReLU and g a sigmoid (biases among the weights)."""
    network = made("digit-denoiser")
    assert isinstance(network, Autoencoder)
    w, b, v, c = (parameter.detach() for parameter in network.parameters())
    assert w.shape == (50, 784) and v.shape == (784, 50)
    images = torch.rand(7, 1, 28, 28, generator=generator)
    z = torch.relu(images.flatten(1) @ w.T + b)
    x = 1 / (1 + torch.exp(-(z @ v.T + c)))
    with torch.inference_mode():
        assert torch.allclose(network.encode(images), z, atol=1e-6)
        assert torch.allclose(network(images), x.view(7, 1, 28, 28), atol=1e-6)


def test_the_code_of_the_map_may_lie_anywhere() -> None:
    """A ReLU at the end of the encoder would squeeze the map into one quarter."""
    network = made("digit-map")
    assert isinstance(network, Autoencoder)
    codes = network.encode(torch.rand(500, 1, 28, 28))
    assert isinstance(network.encoder[-1], nn.Linear)
    assert (codes[:, 0].std() > 0).item() and (codes[:, 1].std() > 0).item()


def test_every_pixel_can_reach_the_code_and_every_number_the_picture(generator: torch.Generator) -> None:
    network = made("face-autoencoder")
    assert isinstance(network, Autoencoder)
    images = torch.rand(1, 3, 128, 128, generator=generator, requires_grad=True)
    codes = network.encode(images)
    codes.sum().backward()
    assert images.grad is not None and (images.grad != 0).all(1).float().mean() > 0.99
    code = codes.detach().requires_grad_()
    network.decode(code).sum().backward()
    assert code.grad is not None and (code.grad != 0).all()


@pytest.mark.parametrize(
    ("architecture", "options"),
    [
        ("nothing", {}),
        ("dense-autoencoder", {"depth": 3}),
        ("dense-autoencoder", {"sizes": []}),
        ("dense-autoencoder", {"sizes": [-4]}),
        ("dense-autoencoder", {"sizes": "fifty"}),
        ("face-autoencoder", {"channels": [1, 2, 3]}),
        ("face-autoencoder", {"code_size": None}),
    ],
)
def test_a_network_that_cannot_be_built_is_one_sentence(architecture: str, options: dict[str, Any]) -> None:
    with pytest.raises(Problem, match=architecture) as caught:
        networks.build(architecture, options)
    assert "\n" not in str(caught.value)
