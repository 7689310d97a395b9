"""The framer: a photo with the oriented square on it that the network will see, to be moved, turned and zoomed."""

import math
from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

from engine.photos import alignment
from engine.photos.alignment import Framing
from pages.components.frontend import frontend, nothing, turn
from pages.parts.say import sayings

MIN_SIDE = 8.0  # photo pixels: a smaller square holds no face
MAX_SIDE = 2.0  # times the photo's longer side: what lies beyond the edge is mirrored

_mount = frontend("framer", "square")


def framer(
    image_url: str,
    squares: Sequence[Framing],
    *,
    size: tuple[int, int],
    found: Framing,
    version: str,
    key: str,
    chosen: int = 0,
    on_choose: Callable[[int], None] | None = None,
    label: str = "Photo. Move the square over a face.",
) -> Framing:
    """Show a photo with its squares, numbered where there are several; return the chosen one as the visitor has set it.

    image_url: a data or media URL of the photo, which may be reduced: 640 pixels are enough.
    squares: one for each face, in photo pixels. Only the chosen one moves, from what is given here whenever
        `version` changes (another photo, another face); in between the browser owns it. Keep what is returned
        and pass it again: a framer that comes back after a visit to another page shows what it is given.
    size: width and height of the photo, the unit of all squares, whatever the size of the preview.
    found: what the reset button goes back to.
    on_choose: called with the number of another square that was tapped, before the page runs again.
    label: what a screen reader calls the framer.
    """
    count = turn(key, version)
    framed = st.session_state.get(key, {}).get("framed")
    current = squares[chosen]
    if isinstance(framed, dict) and framed.get("turn") == count:
        current = clean_framing(framed, size) or current

    def choose() -> None:
        number = st.session_state.get(key, {}).get("chosen")
        if on_choose and isinstance(number, int) and 0 <= number < len(squares):
            on_choose(number)

    data = {
        "image": image_url,
        "size": list(size),
        "square": _plain(current),
        "found": _plain(found),
        "others": [_plain(square) for square in squares],
        "chosen": chosen,
        "least": MIN_SIDE,
        "most": MAX_SIDE * max(size),
        "crop": alignment.SIZE,
        "turn": count,
        "label": label,
        "words": sayings("framer"),
    }
    _mount(data=data, key=key, on_framed_change=nothing, on_chosen_change=choose)
    return current


def clean_framing(raw: object, size: tuple[int, int]) -> Framing | None:
    """Whatever a browser may send, as a framing whose centre lies on the photo; None where numbers are missing.

    The side is held between `MIN_SIDE` photo pixels and `MAX_SIDE` times the photo's longer side, the angle in
    [-180, 180). A clean framing comes back unchanged.
    """
    if not isinstance(raw, dict):
        return None
    centre = raw.get("centre")
    if not isinstance(centre, list | tuple) or len(centre) != 2:
        return None
    x, y, side, angle = (_number(value) for value in (*centre, raw.get("side"), raw.get("angle")))
    if x is None or y is None or side is None or angle is None:
        return None
    width, height = size
    return Framing(
        (min(max(x, 0.0), float(width)), min(max(y, 0.0), float(height))),
        min(max(side, MIN_SIDE), MAX_SIDE * max(size)),
        angle if -180 <= angle < 180 else (angle + 180) % 360 - 180,
    )


def _number(raw: object) -> float | None:
    """`raw` as a finite float, or None."""
    if not isinstance(raw, int | float) or isinstance(raw, bool):
        return None
    try:
        return float(raw) if math.isfinite(raw) else None
    except OverflowError:  # a whole number of four hundred digits
        return None


def _plain(framing: Framing) -> dict[str, Any]:
    return {"centre": list(framing.centre), "side": framing.side, "angle": framing.angle}
