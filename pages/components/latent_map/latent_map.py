"""The latent map: a scatter of codes in the plane, with markers, a pick and a lasso."""

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

import streamlit as st

from pages.components.frontend import frontend, nothing

Extent = tuple[float, float, float, float]  # left, right, bottom, top in the units of the codes
MOST_CORNERS = 200  # of a lasso

_mount = frontend("latent_map", *(f"latent_map/{part}" for part in ("view", "points", "markers", "legend")))


@dataclass(frozen=True)
class Marker:
    """A labelled ring on the map."""

    x: float
    y: float
    label: str
    kind: Literal["clean", "noisy", "point"] = "clean"  # "point" is the pick: it follows the hand
    url: str = ""  # a small picture beside the label


def latent_map(
    points_url: str,
    *,
    extent: Extent,
    key: str,
    classes: Sequence[str] | None = None,
    markers: Sequence[Marker] = (),
    path: bool = False,
    show: Sequence[int] | None = None,
    sprite_url: str | None = None,
    sprite_columns: int = 100,
    sprite_size: int = 28,
    background_url: str | None = None,
    veil_url: str | None = None,
    pickable: bool = False,
    lasso: bool = False,
    height: int = 460,
    label: str = "Map of the codes: each point is one picture.",
) -> dict[str, Any] | None:
    """Show up to some ten thousand codes; return what was picked, or None while nothing is.

    points_url: the browser fetches it once, so a rerun sends the markers only. With static serving it is
        "app/static/<name>.bin", right from every page. Little-endian: uint32 n, then n times (float32 x,
        float32 y), then n times uint8 class (0 where there are none); 4 + 9 n bytes.
    extent: what the whole map shows, on one scale for both axes.
    classes: names by class number, coloured with a legend that can leave one class alone; None: one colour.
    markers: drawn on top, gliding to a new place; one outside the view waits at its edge and says so.
    path: join the markers in their order with arrows.
    show: the class numbers to draw, None for all.
    sprite_url, sprite_columns, sprite_size: one image of n square tiles of `sprite_size` pixels, row by row
        in the order of the points; a point under the pointer shows its number, class and tile.
    background_url, veil_url: images laid under and over the points, filling the extent.
    pickable: a click, a drag or the arrow keys move the marker of kind "point" (one appears where there is
        none), and the answer holds {"pick": (x, y)}, inside the extent; the hand is ahead of the script, so
        a marker that comes back at an earlier pick is not believed. Otherwise a drag moves the map.
    lasso: a button lets the next drag draw round points; the answer holds {"lasso": [(x, y), ...]}.
    height: in screen pixels; on a narrower screen the map is as high as wide.
    label: what a screen reader calls the map.
    """
    data = {
        "points": points_url,
        "extent": list(extent),
        "classes": None if classes is None else list(classes),
        "markers": [asdict(marker) for marker in markers if math.isfinite(marker.x + marker.y)],
        "path": path,
        "show": None if show is None else list(show),
        "sprite": sprite_url,
        "columns": sprite_columns,
        "tile": sprite_size,
        "background": background_url,
        "veil": veil_url,
        "pickable": pickable,
        "lasso": lasso,
        "height": height,
        "label": label,
    }
    _mount(data=data, key=key, on_answer_change=nothing)
    return clean_answer(st.session_state.get(key, {}).get("answer"), extent)


def clean_answer(raw: object, extent: Extent) -> dict[str, Any] | None:
    """Whatever a browser may send, as {"pick": (x, y)} and/or {"lasso": [(x, y), ...]}, or None.

    The pick is clamped to the extent; a lasso has 3 to `MOST_CORNERS` corners and is otherwise left out.
    """
    if not isinstance(raw, dict):
        return None
    left, right, bottom, top = extent
    answer: dict[str, Any] = {}
    if (pick := _point(raw.get("pick"))) is not None:
        answer["pick"] = (min(max(pick[0], left), right), min(max(pick[1], bottom), top))
    corners = raw.get("lasso")
    if isinstance(corners, list):
        lasso = [point for corner in corners[:MOST_CORNERS] if (point := _point(corner)) is not None]
        if len(lasso) >= 3:
            answer["lasso"] = lasso
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
