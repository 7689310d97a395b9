"""Lightness of the skin: against known greys, and thirds in their order."""

import pytest
import torch

from engine.evaluation import skin_lightness


def test_groups_are_thirds_from_dark_to_light(generator: torch.Generator) -> None:
    shades = torch.rand(10, 1, 1, 1, generator=generator).expand(-1, 3, 128, 128)
    thirds = skin_lightness.thirds(shades)
    assert torch.equal(torch.cat(thirds), shades[:, 0, 0, 0].argsort()) and [len(third) for third in thirds] == [
        4,
        4,
        2,
    ]
    grey = torch.full((1, 3, 128, 128), 119 / 255)  # CIE L* 50 is sRGB 119
    assert skin_lightness.lightness(grey).item() == pytest.approx(50, abs=0.2)
    assert skin_lightness.lightness(torch.ones(1, 3, 128, 128)).item() == pytest.approx(100)
    assert skin_lightness.lightness(torch.zeros(1, 3, 128, 128)).item() == pytest.approx(0)
