"""Ways between codes: straight ones, and the shortest through neighbours against a matrix of all of them."""

import pytest
import torch

from engine.latent import interpolation
from engine.problem import Problem


def test_straight_has_both_ends_and_equal_steps() -> None:
    start, end = torch.tensor([0.0, 1.0, 2.0]), torch.tensor([4.0, 1.0, -2.0])
    steps = interpolation.straight(start, end, 5)
    assert torch.equal(steps[0], start) and torch.equal(steps[-1], end)
    assert torch.allclose(steps.diff(dim=0), torch.tensor([1.0, 0.0, -1.0]).expand(4, -1))


def test_crossfade_is_the_mean_in_the_middle(generator: torch.Generator) -> None:
    one, other = torch.rand(2, 1, 1, 28, 28, generator=generator)
    faded = interpolation.crossfade(one, other, 3)
    assert torch.equal(faded[:1], one) and torch.equal(faded[2:], other)
    assert torch.allclose(faded[1:2], (one + other) / 2)


def test_path_is_the_shortest(generator: torch.Generator) -> None:
    codes = torch.rand(60, 2, generator=generator)
    graph = interpolation.graph(codes, neighbours=4)
    # Floyd and Warshall's algorithm on the same edges
    table = torch.full((60, 60), float("inf")).fill_diagonal_(0)
    for one, edges in enumerate(graph.edges):
        for other, distance in edges:
            table[one, other] = min(float(table[one, other]), distance)
    for middle in range(60):
        table = torch.minimum(table, table[:, middle : middle + 1] + table[middle])
    for start, end in [(0, 59), (5, 17), (33, 2), (8, 8)]:
        path = graph.path(start, end)
        length = sum((codes[a] - codes[b]).norm() for a, b in zip(path[:-1], path[1:], strict=True))
        assert path[0] == start and path[-1] == end
        assert float(length) == pytest.approx(float(table[start, end]), rel=1e-5, abs=1e-6)


def test_path_goes_around_the_gap() -> None:
    angle = torch.linspace(0.2, 2 * torch.pi - 0.2, 100)  # a ring that is open at the right
    codes = torch.stack([angle.cos(), angle.sin()], dim=1)
    path = interpolation.graph(codes, neighbours=2).path(0, 99)
    assert len(path) > 40
    assert (codes[path].norm(dim=1) - 1).abs().max() < 1e-5


def test_islands_are_joined_by_the_shortest_bridge() -> None:
    codes = torch.tensor([[0.0, 0], [1, 0], [2, 0], [50, 0], [51, 0], [52, 0], [50, 80], [51, 80], [52, 80]])
    graph = interpolation.graph(codes, neighbours=2)
    assert {2, 3} <= set(graph.path(0, 8)) and {4, 7} & set(graph.path(1, 7))
    assert all(graph.path(0, end) for end in range(9))


def test_along_has_equal_steps_and_both_ends() -> None:
    codes = torch.tensor([[0.0, 0], [3, 0], [3, 1], [9, 9]])
    steps = interpolation.along(codes, [0, 1, 2], 9)  # a way of length 4
    assert torch.equal(steps[0], codes[0]) and torch.allclose(steps[-1], codes[2])
    assert torch.allclose(steps[6], torch.tensor([3.0, 0.0])) and torch.allclose(steps[7], torch.tensor([3.0, 0.5]))
    assert torch.allclose(steps[:7].diff(dim=0).norm(dim=1), torch.tensor(0.5))


def test_a_path_of_one_code_stands_still() -> None:
    codes = torch.tensor([[1.0, 2.0], [3.0, 4.0]])
    assert torch.equal(interpolation.along(codes, [1], 4), codes[1].expand(4, -1))
    assert torch.equal(interpolation.along(codes, [1, 1], 4), codes[1].expand(4, -1))


@pytest.mark.parametrize("ends", [(0, 7), (-1, 2), (7, 0)])
def test_a_code_that_is_not_there(ends: tuple[int, int]) -> None:
    graph = interpolation.graph(torch.eye(3))
    with pytest.raises(Problem, match="none of the codes"):
        graph.path(*ends)
