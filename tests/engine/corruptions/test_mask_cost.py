"""A lawful mask never stalls a server: what it costs is bounded, and what would cost more is left out before work."""

import time
from typing import Any

import numpy as np
import pytest
import torch

from engine.corruptions import masks, shapes
from engine.corruptions.shapes import MAX_BOXES, MAX_POINTS, MAX_POINTS_IN_ALL, MAX_SHAPES, clean_shapes

ZIGZAG = [[128.0 * (step % 2), 128.0 - 128.0 * (step % 2)] for step in range(MAX_POINTS)]
CHESS = [[x, y, 1, 1] for y in range(128) for x in range(y % 2, 128, 2)]
HEAVY: dict[str, list[Any]] = {
    "wide zigzags": [{"stroke": {"width": 128.0, "points": ZIGZAG}}] * 50,
    "thin zigzags": [{"stroke": {"width": 1.0, "points": ZIGZAG}}] * 50,
    "brush and eraser by turns": [
        {kind: {"width": 9.0, "points": ZIGZAG[:100]}} for kind in ("stroke", "erase")
    ] * 100,
    "areas": [{"boxes": CHESS}] * 20,
    "areas of nothing": [{"boxes": [3] * MAX_BOXES}] * 100_000,
    "strokes of nothing": [{"stroke": {"width": 3, "points": [None] * 20_000}}] * 1000,
    "no shapes": [1] * 1_000_000,
}  # fmt: skip


@pytest.mark.parametrize("name", HEAVY)
def test_what_is_looked_at_has_an_end(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Counted, for seconds differ from machine to machine: numbers read, boxes laid, and rows that segments meet."""
    counted = {"numbers": 0, "boxes": 0, "rows": 0}
    numbers, box_mask, runs = shapes._numbers, masks.box_mask, masks._runs

    def count_numbers(raw: object, count: int) -> list[float] | None:
        counted["numbers"] += 1
        return numbers(raw, count)

    def count_boxes(boxes: list[masks.Box], size: int = 128) -> torch.Tensor:
        counted["boxes"] += len(boxes)
        return box_mask(boxes, size)

    def count_rows(start: np.ndarray, end: np.ndarray, radius: np.ndarray, y: np.ndarray) -> tuple:
        counted["rows"] += len(start) * len(y)
        return runs(start, end, radius, y)

    monkeypatch.setattr(shapes, "_numbers", count_numbers)
    monkeypatch.setattr(masks, "box_mask", count_boxes)
    monkeypatch.setattr(masks, "_runs", count_rows)
    clean = clean_shapes(HEAVY[name])
    masks.shape_mask(clean)
    assert len(clean) <= MAX_SHAPES
    assert counted["numbers"] <= MAX_POINTS_IN_ALL + MAX_BOXES + 3 * shapes.LOOKED_AT
    assert counted["boxes"] <= MAX_BOXES + MAX_SHAPES
    assert counted["rows"] <= 128 * MAX_POINTS_IN_ALL


@pytest.mark.measure
@pytest.mark.parametrize("name", HEAVY)
def test_a_mask_costs_a_tenth_of_a_second_at_most(name: str) -> None:
    best = float("inf")
    for _ in range(3):
        began = time.process_time()
        masks.shape_mask(clean_shapes(HEAVY[name]))
        best = min(best, time.process_time() - began)
    print(f"\n{name}: {best:.3f} CPU s")
    assert best <= 0.1


def test_beyond_the_limit_the_first_shapes_stay() -> None:
    stroke = {"stroke": {"width": 3.0, "points": ZIGZAG}}
    assert len(clean_shapes([stroke] * 100)) == MAX_POINTS_IN_ALL // MAX_POINTS
    area = {"boxes": CHESS[: MAX_BOXES // 2]}
    assert clean_shapes([area, area, area, {"box": [0, 0, 5, 5]}]) == [area, area]


@pytest.mark.parametrize("width", [1.0, 2.0, 5.0, 10.0, 40.0, 7.3])
def test_a_stroke_is_what_the_distance_to_its_line_says(width: float) -> None:
    """Upright, level and slanted segments, edges on pixels' centres among them, against the distance to each."""
    draw = np.random.default_rng(int(10 * width))
    for number in range(40):
        points = draw.integers(0, 129, (draw.integers(1, 6), 2)) / 2
        if number % 3 == 0:
            points[:, number % 2] = points[0, number % 2]
        ends = points[1:] if len(points) > 1 else points
        starts = points[: len(ends)]
        away = np.full((64, 64), np.inf)
        for start, end in zip(starts, ends, strict=True):
            squared = masks.squared_distance(torch.from_numpy(start[None]), torch.from_numpy(end[None]), 64)[0].numpy()
            away = np.minimum(away, np.sqrt(squared))
        hidden = masks.stroke_mask([(width, points.tolist())], 64)[0, 0].numpy()
        clear = abs(away - width / 2) > 1e-3
        assert np.array_equal(hidden[clear], (away <= width / 2)[clear])
        exact = (points == points[0]).all(0).any()  # along a row or a column, where edges fall on centres exactly
        assert not exact or hidden[away <= width / 2].all()
