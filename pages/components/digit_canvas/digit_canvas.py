"""The drawing canvas: a digit by hand, white on black as in MNIST, with mouse, finger or pen."""

import numpy as np
import streamlit as st

from engine.corruptions import masks, shapes
from pages.components.frontend import frontend, nothing

SIDE = 280  # canvas pixels: ten times MNIST's 28, and narrow enough for a phone
BRUSH = 22  # width of the stroke in canvas pixels: about as thick as MNIST's digits are after centring

_mount = frontend("digit_canvas")


def digit_canvas(key: str) -> np.ndarray | None:
    """Show the canvas with its buttons; return the drawing, or None while it is empty.

    The drawing is uint8 (280, 280), 0, black paper, or 255, white ink. Its strokes stay in the session under
    `{key}.kept`: the canvas shows them again when the visitor comes back from another page.
    """
    kept = f"{key}.kept"
    drawn = st.session_state.get(key, {}).get("drawn")
    if drawn is not None:  # None until the visitor has drawn on this canvas: then the drawing is the one kept
        st.session_state[kept] = [shape for shape in shapes.clean_shapes(drawn, SIDE) if "stroke" in shape]
    strokes = st.session_state.setdefault(kept, [])
    data = {
        "shapes": strokes,
        "size": SIDE,
        "brush": BRUSH,
        "most": shapes.MOST,  # strokes
        "points": shapes.MOST_POINTS,  # in one stroke
        "label": "Black square: draw a digit with mouse, finger or pen.",
    }
    _mount(data=data, key=key, on_drawn_change=nothing)
    if not strokes:
        return None
    return masks.shape_mask(strokes, SIDE)[0, 0].numpy().astype(np.uint8) * 255
