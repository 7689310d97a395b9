"""Ways from one picture to another: straight between two codes, along a path of real neighbours, or pixel by pixel."""

import heapq
from dataclasses import dataclass

import torch
from torch import Tensor

from engine.latent.codes import nearest
from engine.problem import Problem


def straight(start: Tensor, end: Tensor, steps: int) -> Tensor:
    """Codes (D,) and (D,) -> `steps` codes at equal distances from one to the other, both among them (steps, D)."""
    return torch.lerp(start, end, torch.linspace(0, 1, steps).unsqueeze(1))


def crossfade(start: Tensor, end: Tensor, steps: int) -> Tensor:
    """Images (1, C, H, W) twice -> `steps` images that fade from one to the other, pixel by pixel: no network."""
    return torch.lerp(start, end, torch.linspace(0, 1, steps).view(-1, 1, 1, 1))


@dataclass(frozen=True)
class Graph:
    """Codes joined to their nearest neighbours: each code's edges as (other code, distance)."""

    edges: list[list[tuple[int, float]]]

    def path(self, start: int, end: int) -> list[int]:
        """The numbers of the codes on the shortest way, both ends among them (Dijkstra, 1959)."""
        if not (0 <= start < len(self.edges) and 0 <= end < len(self.edges)):
            raise Problem("One end of the path is none of the codes: choose two points of the map.")
        best, came_from, queue = {start: 0.0}, {start: start}, [(0.0, start)]
        while queue:
            length, here = heapq.heappop(queue)
            if here == end:
                break
            if length > best[here]:
                continue
            for other, distance in self.edges[here]:
                if length + distance < best.get(other, float("inf")):
                    best[other], came_from[other] = length + distance, here
                    heapq.heappush(queue, (length + distance, other))
        path = [end]
        while path[-1] != start:
            path.append(came_from[path[-1]])
        return path[::-1]


def graph(codes: Tensor, neighbours: int = 8) -> Graph:
    """Join each of codes (N, D) to its nearest ones, and each island to the rest by its shortest bridge, so that a path
    leads from any code to any other.

    As in Isomap (Tenenbaum, de Silva and Langford, 2000), where the shortest path through neighbours stands for the
    distance along the sheet on which the data lies.
    """
    count = min(neighbours + 1, len(codes))  # a code is its own nearest neighbour
    exact = codes.double()  # so that the fast way, |a|^2 + |b|^2 - 2ab, tells close codes apart
    near = [torch.cdist(part, exact).topk(count, largest=False) for part in exact.split(1000)]
    distances, others = (torch.cat(parts) for parts in zip(*near, strict=True))
    edges: list[list[tuple[int, float]]] = [[] for _ in codes]

    def join(one: int, other: int, distance: float) -> None:
        edges[one].append((other, distance))
        edges[other].append((one, distance))

    for one, (row, far) in enumerate(zip(others.tolist(), distances.tolist(), strict=True)):
        for other, distance in zip(row, far, strict=True):
            if other != one:
                join(one, other, distance)
    while len(island := _reachable(edges, 0)) < len(codes):
        reached = torch.zeros(len(codes), dtype=torch.bool)
        reached[island] = True
        inside, outside = reached.nonzero().flatten(), (~reached).nonzero().flatten()
        # the smaller side asks the larger one
        few, many = sorted((inside, outside), key=len)
        distance, found = nearest(codes[few], codes[many])
        asked = int(distance.argmin())
        join(int(few[asked]), int(many[found[asked]]), float(distance[asked]))
    return Graph(edges)


def _reachable(edges: list[list[tuple[int, float]]], start: int) -> list[int]:
    seen, waiting = {start}, [start]
    while waiting:
        for other, _ in edges[waiting.pop()]:
            if other not in seen:
                seen.add(other)
                waiting.append(other)
    return list(seen)


def along(codes: Tensor, path: list[int], steps: int) -> Tensor:
    """The line through the codes (N, D) of a path, cut into `steps` codes at equal distances (steps, D)."""
    corners = codes[path]
    if len(corners) == 1:
        return corners.expand(steps, -1)
    lengths = (corners[1:] - corners[:-1]).norm(dim=1)
    reached = torch.cat([lengths.new_zeros(1), lengths.cumsum(0)])
    wanted = torch.linspace(0, 1, steps) * reached[-1]
    leg = (torch.searchsorted(reached, wanted, right=True) - 1).clamp(0, len(lengths) - 1)
    share = ((wanted - reached[leg]) / lengths[leg].clamp_min(1e-12)).clamp(0, 1)
    return torch.lerp(corners[leg], corners[leg + 1], share.unsqueeze(1))
