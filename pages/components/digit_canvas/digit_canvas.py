"""The drawing canvas: a digit by hand, white on black as in MNIST (streamlit-drawable-canvas).

The package draws a toolbar over whatever stands above its canvas, and it knows one size. So what keeps the drawing in
the browser (keeper.js) also lays a sheet of styles into the package's shadow root (dress.js): the canvas is as wide as
its place, the toolbar is gone, and its undo is a button of ours.
"""

import base64
import json
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages.components.frontend import frontend
from pages.parts.say import say

SIDE = 280  # screen pixels: ten times MNIST's 28, and narrow enough for a phone
BRUSH = 22  # width of the stroke in canvas pixels: about as thick as MNIST's digits are after centring
LONGEST = 500_000  # letters of a drawing that a browser may bring back

_mount = frontend("digit_canvas", "dress")  # what keeps the drawing in the browser


def digit_canvas(key: str, place: DeltaGenerator, tools: DeltaGenerator) -> np.ndarray | None:
    """Show the canvas in `place`, and in `tools` buttons that undo a stroke and forget all; return the drawing, or None
    while it is empty. While the pen is down, and a moment longer, the page's root has the attribute `data-pen`.

    The drawing is uint8 (280, 280), from 0, black paper, to 255, white ink.

    The package forgets a drawing when the visitor goes to another page. So the session keeps it under
    `{key}.kept` as (json_data, drawing), and it is given back when the canvas appears again; while the canvas
    is on the page, what it was given stays the same, for a new `initial_drawing` would cut a stroke short.
    A reload begins a new session, and the drawing comes back out of the visitor's own browser (sessionStorage).
    """
    from streamlit_drawable_canvas import st_canvas  # imported here: it fails outside a running app

    kept, given = f"{key}.kept", f"{key}.given"
    if kept not in st.session_state:
        st.session_state[kept] = (None, None)
    mounted = f"{key}.{st.session_state.get(f'{key}.turn', 0)}"
    if mounted not in st.session_state or given not in st.session_state:  # the canvas appears
        st.session_state[given] = st.session_state[kept][0]
    with place:
        st.html(Path(__file__).with_name("pen.css"))
        result = st_canvas(
            stroke_width=BRUSH,
            stroke_color="#ffffff",
            background_color="#000000",
            width=SIDE,
            height=SIDE,
            drawing_mode="freedraw",
            initial_drawing=st.session_state[given],
            return_image_data=True,
            key=mounted,
        )
    picture = result.image_data
    if picture is not None:  # None until the browser has reported: then the drawing is the one kept
        st.session_state[kept] = (result.json_data, grey(picture))
    lines, drawing = st.session_state[kept]
    empty = drawing is None or not drawing.any()

    def found() -> None:
        if empty and (brought := read(st.session_state.get(f"{key}.memory", {}).get("found"))):
            _lay(key, *brought)

    text = "" if empty or drawing is None else written(lines, drawing)
    with tools:
        data = {"drawing": text, "place": f"drawing {key}", "undo": say("digits.undo")}
        _mount(data=data, key=f"{key}.memory", on_found_change=found)
        st.button(
            say("digits.forget"),
            key=f"{key}.clear",
            icon=":material/delete:",
            disabled=empty,
            on_click=_lay,
            args=[key, None, None],
        )
    return None if empty else drawing


def canvas_alone(key: str) -> np.ndarray | None:
    """`digit_canvas` where a page has no place of its own for it: at its own size, its buttons below."""
    return digit_canvas(key, st.container(key="pen"), st.container(horizontal=True))


def grey(picture: np.ndarray) -> np.ndarray:
    """uint8 (H, W): the brightness of RGBA uint8 (H, W, 4) on black paper."""
    brightest = picture[..., :3].max(axis=-1).astype(np.uint16)
    return (brightest * picture[..., 3] // 255).astype(np.uint8)


def written(lines: dict[str, Any] | None, drawing: np.ndarray) -> str:
    """A drawing as text for the browser to keep: its strokes as the package tells them, and its ink."""
    ink = base64.b64encode(zlib.compress(drawing.tobytes())).decode()
    return json.dumps({"lines": lines, "ink": ink})


def read(text: object) -> tuple[dict[str, Any], np.ndarray] | None:
    """What `written` has written; None for whatever else a browser may bring. Of the lines only strokes stay."""
    if not isinstance(text, str) or len(text) > LONGEST:
        return None
    try:
        told = json.loads(text)
        lines, unpack = told["lines"], zlib.decompressobj()
        ink = unpack.decompress(base64.b64decode(told["ink"], validate=True), SIDE * SIDE + 1)
        paths = [one for one in lines["objects"] if one["type"] == "Path"]
        drawing = np.frombuffer(ink, np.uint8).reshape(SIDE, SIDE)
    except (ValueError, TypeError, KeyError, RecursionError, zlib.error):
        return None
    return {**lines, "objects": paths}, drawing


def _lay(key: str, lines: dict[str, Any] | None, drawing: np.ndarray | None) -> None:
    """A new canvas with that drawing in the place of the old one, which cannot be changed from here."""
    st.session_state[f"{key}.kept"] = (lines, drawing)
    st.session_state[f"{key}.turn"] = st.session_state.get(f"{key}.turn", 0) + 1
