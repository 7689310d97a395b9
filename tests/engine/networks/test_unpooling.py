"""Un-pooling against the slides' worked example and torch's own; what the positions leak."""

import pytest
import torch
from torch import nn

from engine.networks import CnnAutoencoder, unpooling

# The slides' example: a 4x4 picture, its maxima, and the two ways back.
PICTURE = torch.tensor([[125, 20, 2, 30], [10, 12, 0, 60], [1, 185, 224, 2], [5, 15, 5, 105]]).float()
POOLED = torch.tensor([[125, 60], [185, 224]]).float()
REMEMBERED = torch.tensor([[125, 0, 0, 0], [0, 0, 0, 60], [0, 185, 224, 0], [0, 0, 0, 0]]).float()
REPEATED = torch.tensor([[125, 125, 60, 60]] * 2 + [[185, 185, 224, 224]] * 2).float()


def test_the_slides_example() -> None:
    values, positions = unpooling.max_pool(PICTURE.view(1, 1, 4, 4))
    assert torch.equal(values[0, 0], POOLED)
    assert torch.equal(unpooling.unpool(values, positions)[0, 0], REMEMBERED)
    assert torch.equal(unpooling.repeat(values)[0, 0], REPEATED)


def test_without_positions_each_value_goes_to_the_upper_left() -> None:
    expected = torch.tensor([[125, 0, 60, 0], [0, 0, 0, 0], [185, 0, 224, 0], [0, 0, 0, 0]]).float()
    assert torch.equal(unpooling.unpool(POOLED.view(1, 1, 2, 2))[0, 0], expected)


def test_as_torch_does_it(generator: torch.Generator) -> None:
    images = torch.rand(3, 5, 14, 28, generator=generator)
    values, positions = unpooling.max_pool(images)
    expected, indices = nn.MaxPool2d(2, return_indices=True)(images)
    assert torch.equal(values, expected)
    assert torch.equal(unpooling.unpool(values, positions), nn.MaxUnpool2d(2)(expected, indices))
    assert torch.equal(unpooling.unpool(values), nn.MaxUnpool2d(2)(values, unpooling.upper_left(values)))


def test_unpooling_keeps_the_maxima_and_nothing_else(generator: torch.Generator) -> None:
    images = torch.rand(2, 3, 6, 8, generator=generator)
    back = unpooling.unpool(*unpooling.max_pool(images))
    kept = back != 0
    assert torch.equal(back[kept], images[kept])
    assert kept.sum() == kept.numel() / 4
    assert torch.equal(unpooling.max_pool(back)[0], unpooling.max_pool(images)[0])


@pytest.mark.parametrize("unpool", ["switches", "repeat", "transposed"])
def test_three_decoders_over_one_encoder(unpool: str, generator: torch.Generator) -> None:
    network = CnnAutoencoder(unpool).eval()  # type: ignore[arg-type]
    images = torch.rand(4, 1, 28, 28, generator=generator)
    codes, positions = network.encode_with_positions(images)
    assert codes.shape == (4, 50)
    assert torch.equal(network.encode(images), codes)
    assert torch.equal(network(images), network.decode(codes, positions))
    assert network(images).shape == images.shape
    assert [p.shape[1:] for p in positions] == [(8, 14, 14), (16, 7, 7)]
    # the positions travel beside the code: only the network that remembers them answers to them
    strange = network.encode_with_positions(images.flip(0))[1]
    same = torch.equal(network.decode(codes, strange), network.decode(codes, positions))
    assert same == (unpool != "switches")
