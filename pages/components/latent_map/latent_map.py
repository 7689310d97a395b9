"""The latent map: a scatter of codes in the plane, with markers, a pick and a lasso."""

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

import streamlit as st

from engine.latent import maps
from pages.components.frontend import frontend, nothing
from pages.parts.say import sayings

Extent = tuple[float, float, float, float]  # left, right, bottom, top in the units of the codes
MAX_CORNERS = 200  # of a lasso

_SCRIPTS = ("view", "points", "tiles", "coast", "ground", "markers", "legend", "card")
_mount = frontend("latent_map", *_SCRIPTS, styles=["pickable"])


@dataclass(frozen=True)
class Marker:
    """A labelled ring on the map."""

    x: float
    y: float
    label: str
    kind: Literal["clean", "noisy", "point"] = "clean"  # "point" is the pick: it follows the hand
    url: str = ""  # a small picture beside the label


@dataclass(frozen=True)
class Sprite:
    """One image of square tiles, row by row in the order of the points: the pictures behind them."""

    url: str
    columns: int  # tiles in a row
    size: int  # of a tile in pixels


FACES = Sprite("app/static/face-codes.webp", maps.COLUMNS, maps.TILE)  # the test faces as the decoder draws them
DIGITS = Sprite("app/static/digits.webp", 100, 28)  # MNIST's test half


@dataclass(frozen=True)
class Scatter:
    """Up to some ten thousand codes in the plane, and what is drawn with them.

    points: the address of a file that the browser fetches once, so that a rerun sends the markers only. With static
        serving it is "app/static/<name>.bin", right from every page. Little-endian: uint32 n, then n times (float32 x,
        float32 y), then n times uint8 class (0 where there are none); 4 + 9 n bytes.
    """

    points: str
    extent: Extent  # what the whole map shows, on one scale for both axes
    label: str = "Map of the codes: each point is one picture."  # what a screen reader calls the map
    classes: Sequence[str] | None = None  # names by class number, with a legend; None: one colour
    markers: Sequence[Marker] = ()  # on top, gliding to a new place; one outside the view waits at its edge
    path: bool = False  # join the markers in their order with arrows
    sprite: Sprite | None = None  # a point under the pointer shows its number, its class and its tile
    drawn: Literal["dots", "pictures", "nothing"] = "dots"  # of the points; pictures: their tiles, as many as have room
    background: str | None = None  # an image under the points, filling the extent
    reach: float = 0.0  # so far from a point there is land, in data units, then uncharted sea; 0: no sea is drawn
    uncharted: str = ""  # what is written on the sea
    pickable: bool = False  # a click, a drag or the arrow keys move the marker of kind "point"; else a drag pans
    start: tuple[float, float] | None = None  # where the cross-hair of a pickable map stands before the first pick
    hint: str = ""  # said on a pickable map until something is picked
    lasso: bool = False  # a button lets the next drag draw round points
    height: int = 460  # in screen pixels; on a narrower screen the map is as high as wide


def latent_map(scatter: Scatter, *, key: str) -> dict[str, Any] | None:
    """Show the map; return what `picked_on` does.

    Where it is pickable, the marker of kind "point" stands at the pick, and the hand is ahead of the script: one that
    comes back at an earlier pick is not believed.
    """
    answer = picked_on(key, scatter.extent)
    place = (answer or {}).get("pick", scatter.start)
    markers = [marker for marker in scatter.markers if math.isfinite(marker.x + marker.y)]
    if scatter.pickable and place is not None:
        markers.append(Marker(place[0], place[1], "", "point"))
    data = asdict(replace(scatter, markers=markers)) | {"corners": MAX_CORNERS, "picked": "pick" in (answer or {})}
    data["words"] = sayings("map.keys")
    _mount(data=data, key=key, on_answer_change=nothing)
    return answer


def picked_on(key: str, extent: Extent) -> dict[str, Any] | None:
    """What the visitor did on the map of that key, known before it is shown; None while nothing.

    Of a pickable map {"pick": (x, y)}, inside the extent; of a map with a lasso {"lasso": [(x, y), ...]}; and
    {"off": [class number, ...]} where classes were switched off.
    """
    return clean_answer(st.session_state.get(key, {}).get("answer"), extent)


def clean_answer(raw: object, extent: Extent) -> dict[str, Any] | None:
    """Whatever a browser may send, as `picked_on` has it, or None.

    The pick is clamped to the extent; a lasso has 3 to `MAX_CORNERS` corners and is otherwise left out; so is what is
    no class number, 0 to 255.
    """
    if not isinstance(raw, dict):
        return None
    left, right, bottom, top = extent
    answer: dict[str, Any] = {}
    if (pick := _point(raw.get("pick"))) is not None:
        answer["pick"] = (min(max(pick[0], left), right), min(max(pick[1], bottom), top))
    corners = raw.get("lasso")
    if isinstance(corners, list):
        lasso = [point for corner in corners[:MAX_CORNERS] if (point := _point(corner)) is not None]
        if len(lasso) >= 3:
            answer["lasso"] = lasso
    if isinstance(off := raw.get("off"), list):
        answer["off"] = sorted({k for k in off[:256] if type(k) is int and 0 <= k <= 255})
    return answer or None


def _point(raw: object) -> tuple[float, float] | None:
    """`raw` as two finite floats, or None."""
    if not isinstance(raw, list | tuple) or len(raw) != 2:
        return None
    if not all(isinstance(value, int | float) and not isinstance(value, bool) for value in raw):
        return None
    try:
        x, y = float(raw[0]), float(raw[1])
    except OverflowError:  # a whole number of four hundred digits
        return None
    return (x, y) if math.isfinite(x) and math.isfinite(y) else None
