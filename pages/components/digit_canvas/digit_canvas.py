"""The drawing canvas: a digit by hand, white on black as in MNIST (streamlit-drawable-canvas)."""

import numpy as np
import streamlit as st

SIDE = 280  # screen pixels: ten times MNIST's 28, and narrow enough for a phone
BRUSH = 22  # width of the stroke in canvas pixels: about as thick as MNIST's digits are after centring


def digit_canvas(key: str) -> np.ndarray | None:
    """Show the canvas and a button that clears it; return the drawing, or None while it is empty.

    The drawing is uint8 (280, 280), from 0, black paper, to 255, white ink.

    The package forgets a drawing when the visitor goes to another page. So the session keeps it under
    `{key}.kept` as (json_data, drawing), and it is given back when the canvas appears again; while the canvas
    is on the page, what it was given stays the same, for a new `initial_drawing` would cut a stroke short.
    """
    from streamlit_drawable_canvas import st_canvas  # imported here: it fails outside a running app

    kept, given = f"{key}.kept", f"{key}.given"
    if kept not in st.session_state:
        st.session_state[kept] = (None, None)
    turn = st.session_state.get(f"{key}.turn", 0)
    mounted = f"{key}.{turn}"
    if mounted not in st.session_state or given not in st.session_state:  # the canvas appears
        st.session_state[given] = st.session_state[kept][0]
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
    drawing = st.session_state[kept][1]
    empty = drawing is None or not drawing.any()
    # The package's own toolbar shows under a mouse only; a finger needs this one.
    st.button("Clear", key=f"{key}.clear", disabled=empty, on_click=_clear, args=[key])
    return None if empty else drawing


def grey(picture: np.ndarray) -> np.ndarray:
    """uint8 (H, W): the brightness of RGBA uint8 (H, W, 4) on black paper."""
    brightest = picture[..., :3].max(axis=-1).astype(np.uint16)
    return (brightest * picture[..., 3] // 255).astype(np.uint8)


def _clear(key: str) -> None:
    """A new canvas in the place of the old one, which cannot be emptied from here."""
    st.session_state[f"{key}.kept"] = (None, None)
    st.session_state[f"{key}.turn"] = st.session_state.get(f"{key}.turn", 0) + 1
