"""Distance to the nearest real code, against brute force; how far land reaches, and the grid of decoded places."""

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


def test_land_reaches_twice_as_far_as_nearly_all_codes_lie_from_their_nearest() -> None:
    codes = torch.tensor([[float(x), 0.0] for x in range(100)] + [[200.0, 0.0]])  # one apart, and one alone
    known = maps.measure_familiarity(codes)
    assert known.reach((0.0, 10.0, 0.0, 10.0)) == pytest.approx(2)
    assert known.reach((0.0, 200.0, 0.0, 200.0)) == pytest.approx(4)


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


def test_the_bounds_are_quantiles_of_a_look_at_all_pairs() -> None:
    codes = torch.randn(201, 2, generator=torch.Generator().manual_seed(3))
    apart = torch.cdist(codes.double(), codes.double()).fill_diagonal_(float("inf")).min(1).values.sort().values
    usual, loneliest = maps.measure_familiarity(codes).bounds
    assert abs(usual - apart[190]) < 1e-5 and abs(loneliest - apart[200]) < 1e-5
