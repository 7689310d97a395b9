"""Distance to the nearest real code, against brute force; the veil and the grid of decoded places."""

import pytest
import torch

from engine.latent import maps
from engine.latent.codes import extent


def codes_of(generator: torch.Generator, count: int = 300) -> torch.Tensor:
    return torch.randn(count, 2, generator=generator)


def test_distance_is_that_to_the_nearest_code(generator: torch.Generator) -> None:
    codes, asked = codes_of(generator), 3 * torch.randn(40, 2, generator=generator)
    expected = (asked[:, None] - codes).norm(dim=2).min(1).values
    assert torch.allclose(maps.measure_familiarity(codes).distance(asked), expected, atol=1e-6)


def test_a_real_code_is_not_strange_and_a_far_one_is(generator: torch.Generator) -> None:
    codes = codes_of(generator)
    known = maps.measure_familiarity(codes)
    assert known.distance(codes).max() == 0 and known.strangeness(codes).max() == 0
    assert known.strangeness(torch.tensor([[50.0, -50.0]])).item() == 1
    # the median code lies as far from its neighbour as half of them do
    own = (codes[:, None] - codes).norm(dim=2).fill_diagonal_(9).min(1).values
    assert torch.allclose(known.own, own.sort().values, atol=1e-6)


def test_the_veil_lies_where_no_code_is() -> None:
    spots = maps.place_grid((-1.0, 1.0, -1.0, 1.0), 40)
    codes = spots[spots[:, 0] < 0]  # the left half is full
    opacity = maps.measure_familiarity(codes).veil((-1.0, 1.0, -1.0, 1.0), 40)
    assert opacity.shape == (1, 1, 40, 40)
    assert opacity[..., :20].max() == 0
    assert opacity[..., 30:].min() == pytest.approx(0.85)
    assert (opacity[0, 0].diff(dim=1) >= 0).all()


def test_grid_starts_at_the_upper_left() -> None:
    places = maps.place_grid((0.0, 4.0, 10.0, 14.0), 4)
    assert places[0].tolist() == [0.5, 13.5]
    assert places[1].tolist() == [1.5, 13.5]
    assert places[-1].tolist() == [3.5, 10.5]


def test_manifold_puts_each_tile_in_its_place() -> None:
    frame = extent(torch.tensor([[0.0, 0.0], [1.0, 1.0]]))

    def decode(points: torch.Tensor) -> torch.Tensor:
        return points[:, 0].view(-1, 1, 1, 1).expand(-1, 1, 2, 3)  # a tile says how far right it belongs

    sheet = maps.draw_manifold(decode, frame, 5)
    assert sheet.shape == (1, 1, 10, 15)
    assert torch.equal(sheet[0, 0, 0, ::3], maps.place_grid(frame, 5)[:5, 0])
    assert torch.equal(sheet[0, 0, 0], sheet[0, 0, 9])
