"""Black shapes on a square picture, as the box pad draws them and a session file keeps them: checked, never trusted."""

import math
from typing import Any, TypedDict

# What one picture may hold. The pad stops at the same numbers and says so, so that nothing is lost on the way.
MAX_SHAPES = 200  # shapes
MAX_POINTS = 400  # in one brush stroke
MAX_POINTS_IN_ALL = 6000  # points of all strokes: as much as a page can follow in 0.1 s
MAX_BOXES = 8192  # of all areas: as much as a 128x128 chessboard needs
LOOKED_AT = 10 * MAX_SHAPES  # entries of what a browser sends, in which no more than `MAX_SHAPES` can be shapes


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
    numbers or covers no pixel is left out, and so is all from that shape on with which there would be more points or
    boxes than a page can follow: their number is judged before any is looked at. Clean shapes come back unchanged.
    """
    if not isinstance(raw, list):
        return []
    clean: list[Shape] = []
    points = boxes = 0
    for one in raw[:LOOKED_AT]:
        if not isinstance(one, dict):
            continue
        points += _listed(one.get("stroke"), "points", MAX_POINTS) + _listed(one.get("erase"), "points", MAX_POINTS)
        boxes += _listed(one, "boxes", MAX_BOXES)
        if len(clean) == MAX_SHAPES or points > MAX_POINTS_IN_ALL or boxes > MAX_BOXES:
            break
        if (shape := _clean_shape(one, size)) is not None:
            clean.append(shape)
    return clean


def _listed(raw: object, name: str, most: int) -> int:
    """How many entries of a list will be looked at."""
    listed = raw.get(name) if isinstance(raw, dict) else None
    return min(len(listed), most) if isinstance(listed, list) else 0


def line_of(shape: Shape) -> Line | None:
    """What a brush or an eraser passed over; None for boxes."""
    if "stroke" in shape:
        return shape["stroke"]
    if "erase" in shape:
        return shape["erase"]
    return None


def _clean_shape(raw: dict[str, Any], size: int) -> Shape | None:
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
    pairs = [pair for point in raw["points"][:MAX_POINTS] if (pair := _numbers(point, 2)) is not None]
    if width is None or width[0] <= 0 or not pairs:
        return None
    points = [[_whole(2 * value, 2 * size) / 2 for value in pair] for pair in pairs]
    return {"width": min(max(width[0], 1.0), float(size)), "points": points}


def _clean_box(raw: object, size: int) -> list[int] | None:
    if (numbers := _numbers(raw, 4)) is None:
        return None
    x, y, width, height = numbers
    left, right, top, bottom = _whole(x, size), _whole(x + width, size), _whole(y, size), _whole(y + height, size)
    if left == right or top == bottom:
        return None
    return [min(left, right), min(top, bottom), abs(right - left), abs(bottom - top)]


def _numbers(raw: object, count: int) -> list[float] | None:
    """`raw` as that many finite floats, or None."""
    if not isinstance(raw, list | tuple) or len(raw) != count:
        return None
    numbers = []
    for value in raw:
        if type(value) is not int and type(value) is not float:  # a bool is an int, a text may be a number
            return None
        try:
            numbers.append(float(value))
        except OverflowError:
            return None
        if not math.isfinite(numbers[-1]):
            return None
    return numbers


def _whole(value: float, most: int) -> int:
    return 0 if value < 0 else most if value > most else int(value + 0.5)
