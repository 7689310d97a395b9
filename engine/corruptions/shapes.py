"""Black shapes on a square picture, as the box pad draws them and a session file keeps them: checked, never trusted."""

import itertools
import math
from typing import Any, TypedDict

MAX_SHAPES = 200  # shapes on one picture; boxpad.js says so to the visitor at the same number
MAX_POINTS = 400  # in one brush stroke
MAX_POINTS_IN_ALL = 20_000  # points of all strokes: as much as a page can follow
MAX_BOXES = 8192  # in one area: more than a 128x128 chessboard needs


class Box(TypedDict):
    """A rectangle: [x, y, width, height] in whole picture pixels, inside the picture, never empty."""

    box: list[int]


class Line(TypedDict):
    """What a round brush of `width` pixels passed over: [[x, y], ...] to half a pixel, at least one point."""

    width: float
    points: list[list[float]]


class Stroke(TypedDict):
    """A brush stroke."""

    stroke: Line


class Erasure(TypedDict):
    """An eraser's stroke: what it passed over is shown again, of all that lies under it."""

    erase: Line


class Area(TypedDict):
    """Any set of pixels, as boxes that are one shape: a mask from a file."""

    boxes: list[list[int]]


Shape = Box | Stroke | Erasure | Area  # back to front: an erasure takes from those before it


def clean_shapes(raw: object, size: int = 128) -> list[Shape]:
    """Whatever a browser may send, as valid shapes: clamped to the picture, never empty, at most `MAX_SHAPES`.

    A width or height below zero is a box drawn the other way round. What is not a shape, has no finite
    numbers or covers no pixel is left out. Clean shapes come back unchanged.
    """
    if not isinstance(raw, list):
        return []
    clean = [shape for one in raw if (shape := _clean_shape(one, size)) is not None][:MAX_SHAPES]
    points = itertools.accumulate(len(line["points"]) if (line := line_of(shape)) else 0 for shape in clean)
    return [shape for shape, so_far in zip(clean, points, strict=True) if so_far <= MAX_POINTS_IN_ALL]


def line_of(shape: Shape) -> Line | None:
    """What a brush or an eraser passed over; None for boxes."""
    if "stroke" in shape:
        return shape["stroke"]
    if "erase" in shape:
        return shape["erase"]
    return None


def _clean_shape(raw: object, size: int) -> Shape | None:
    if not isinstance(raw, dict):
        return None
    if (box := _clean_box(raw.get("box"), size)) is not None:
        return {"box": box}
    if isinstance(listed := raw.get("boxes"), list):
        boxes = [box for one in listed[:MAX_BOXES] if (box := _clean_box(one, size)) is not None]
        return {"boxes": boxes} if boxes else None
    if (line := _clean_line(raw.get("stroke"), size)) is not None:
        return {"stroke": line}
    line = _clean_line(raw.get("erase"), size)
    return None if line is None else {"erase": line}


def _clean_line(raw: Any, size: int) -> Line | None:
    if not isinstance(raw, dict) or not isinstance(raw.get("points"), list):
        return None
    width = _numbers([raw.get("width")], 1)
    pairs = [pair for point in raw["points"] if (pair := _numbers(point, 2)) is not None][:MAX_POINTS]
    if width is None or width[0] <= 0 or not pairs:
        return None
    points = [[_whole(2 * value, 2 * size) / 2 for value in pair] for pair in pairs]
    return {"width": min(max(width[0], 1.0), float(size)), "points": points}


def _clean_box(raw: object, size: int) -> list[int] | None:
    if (numbers := _numbers(raw, 4)) is None:
        return None
    x, y, width, height = numbers
    left, right = sorted(_whole(edge, size) for edge in (x, x + width))
    top, bottom = sorted(_whole(edge, size) for edge in (y, y + height))
    return [left, top, right - left, bottom - top] if right > left and bottom > top else None


def _numbers(raw: object, count: int) -> list[float] | None:
    """`raw` as that many finite floats, or None."""
    if not isinstance(raw, list | tuple) or len(raw) != count:
        return None
    try:
        numbers = [math.nan if isinstance(value, bool | str) else float(value) for value in raw]
    except (TypeError, ValueError, OverflowError):
        return None
    return numbers if all(map(math.isfinite, numbers)) else None


def _whole(value: float, most: int) -> int:
    return math.floor(min(max(value, 0.0), float(most)) + 0.5)
