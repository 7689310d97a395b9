"""The box pad: a picture to draw black shapes on, with mouse, finger, pen or keyboard."""

import math
from collections.abc import Sequence
from typing import Any, TypedDict

import streamlit as st

from pages.parts.frontend import frontend, nothing, turn

MOST = 200  # shapes on one pad; boxpad.js says so to the visitor at the same number
MOST_POINTS = 400  # in one brush stroke


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


Shape = Box | Stroke

_mount = frontend("boxpad", "shapes")


def box_pad(
    image_url: str,
    shapes: Sequence[Shape],
    *,
    version: str,
    key: str,
    size: int = 128,
    tools: tuple[str, ...] = ("box",),
    disabled: bool = False,
    live: bool = False,
    label: str = "Picture. Drag to hide a part of it.",
) -> list[Shape]:
    """Show a square picture and return the black shapes that lie on it, back to front.

    image_url: a data or media URL; the browser enlarges the picture, so send it at its own `size`.
    shapes: what lies on the picture when the pad appears, and again whenever `version` changes (another
        picture, or a button that draws for the visitor); undo is then forgotten. In between the browser owns
        the shapes and these are not looked at. Keep what is returned and pass it again: a pad that comes back
        after a visit to another page shows what it is given.
    size: width and height of the picture in pixels, the unit of all shapes.
    tools: "box", "brush" or both; with both the pad shows a switch and the brush's width.
    live: report while a shape is dragged too (about eleven times a second), not only when it is let go.
    label: what a screen reader calls the pad.
    """
    count = turn(key, version)
    drawn = st.session_state.get(key, {}).get("drawn")
    if isinstance(drawn, dict) and drawn.get("turn") == count:
        current = clean_shapes(drawn.get("shapes"), size)
    else:
        current = clean_shapes(list(shapes), size)
    data = {
        "image": image_url,
        "shapes": current,
        "turn": count,
        "size": size,
        "tools": list(tools),
        "disabled": disabled,
        "live": live,
        "label": label,
    }
    _mount(data=data, key=key, on_drawn_change=nothing)
    return current


def clean_shapes(raw: object, size: int = 128) -> list[Shape]:
    """Whatever a browser may send, as valid shapes: clamped to the picture, never empty, at most `MOST`.

    A width or height below zero is a box drawn the other way round. What is not a shape, has no finite
    numbers or covers no pixel is left out. Clean shapes come back unchanged.
    """
    if not isinstance(raw, list):
        return []
    clean = (_clean_shape(shape, size) for shape in raw)
    return [shape for shape in clean if shape is not None][:MOST]


def _clean_shape(raw: object, size: int) -> Shape | None:
    if not isinstance(raw, dict):
        return None
    if (box := _numbers(raw.get("box"), 4)) is not None:
        x, y, width, height = box
        left, right = sorted(_whole(edge, size) for edge in (x, x + width))
        top, bottom = sorted(_whole(edge, size) for edge in (y, y + height))
        return {"box": [left, top, right - left, bottom - top]} if right > left and bottom > top else None
    stroke: Any = raw.get("stroke")
    if not isinstance(stroke, dict) or not isinstance(stroke.get("points"), list):
        return None
    width = _numbers([stroke.get("width")], 1)
    pairs = [pair for point in stroke["points"] if (pair := _numbers(point, 2)) is not None][:MOST_POINTS]
    if width is None or width[0] <= 0 or not pairs:
        return None
    points = [[_whole(2 * value, 2 * size) / 2 for value in pair] for pair in pairs]
    return {"stroke": {"width": min(max(width[0], 1.0), float(size)), "points": points}}


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
