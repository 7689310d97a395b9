"""Lightness of the skin: against known greys, and thirds in their order."""

import pytest
import torch

from engine.evaluation import skin_lightness


def test_groups_are_thirds_from_dark_to_light(generator: torch.Generator) -> None:
    shades = torch.rand(10, 1, 1, 1, generator=generator).expand(-1, 3, 128, 128)
    thirds = skin_lightness.thirds(shades)
    assert torch.equal(torch.cat(thirds), shades[:, 0, 0, 0].argsort())
    assert [len(third) for third in thirds] == [4, 3, 3]


@pytest.mark.parametrize("count", [1, 2, 3, 4, 5, 7])
def test_few_faces_are_told_apart_as_evenly_as_can_be(count: int) -> None:
    sizes = [len(group) for group in skin_lightness.thirds(torch.rand(count, 3, 128, 128))]
    assert sum(sizes) == count and len(sizes) == min(count, 3) and max(sizes) - min(sizes) <= 1
