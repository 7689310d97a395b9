"""The box pad: a picture to draw black shapes on, with mouse, finger, pen or keyboard."""

from collections.abc import Sequence

import streamlit as st

from engine.corruptions import shapes as engine_shapes
from engine.corruptions.shapes import Shape, clean_shapes
from pages.components.frontend import frontend, nothing, turn
from pages.parts.say import sayings

SIZE = 128  # width and height of the picture in pixels, the unit of all shapes

_mount = frontend("box_pad", "../hold", "shapes", "lens", "pad", styles=["pad"])


def box_pad(
    image_url: str,
    shapes: Sequence[Shape],
    *,
    version: str,
    key: str,
    label: str = "Picture. Drag to hide a part of it.",
) -> list[Shape]:
    """Show a square picture and return the black shapes that lie on it, back to front.

    image_url: a data or media URL; the browser enlarges the picture, so send it at its own `SIZE`.
    shapes: what lies on the picture when the pad appears, and again whenever `version` changes (another
        picture, or a button that draws for the visitor, which undo takes back). In between the browser owns
        the shapes and these are not looked at. Keep what is returned and pass it again: a pad that comes back
        after a visit to another page shows what it is given.
    label: what a screen reader calls the pad.
    """
    count = turn(key, version)
    drawn = st.session_state.get(key, {}).get("drawn")
    if isinstance(drawn, dict) and drawn.get("turn") == count:
        current = clean_shapes(drawn.get("shapes"), SIZE)
    else:
        current = clean_shapes(list(shapes), SIZE)
    data = {
        "image": image_url,
        "shapes": current,
        "turn": count,
        "size": SIZE,
        "most": engine_shapes.MAX_SHAPES,  # shapes
        "points": engine_shapes.MAX_POINTS,  # in one stroke
        "pointsInAll": engine_shapes.MAX_POINTS_IN_ALL,
        "label": label,
        "words": sayings("pad"),
    }
    _mount(data=data, key=key, on_drawn_change=nothing)
    return current
