"""What is hidden on each face: drawn by hand, by the name of a feature, or at random; kept for the session."""

from collections.abc import Callable, Iterable

import streamlit as st
import torch

from engine.corruptions import masks
from engine.corruptions.shapes import Shape
from pages.components.box_pad.box_pad import box_pad

FIRST: list[Shape] = [{"box": [50, 76, 28, 28]}]  # over the mouth: something to see before the first touch
RANDOM = "random 28×28 box"  # the article's corruption


def drawn_on(face: str) -> list[Shape]:
    """The shapes on a face; kept while the visitor looks at other pages."""
    return st.session_state.setdefault("drawings", {}).get(face, FIRST)


def draw(face: str, shapes: list[Shape], seed: int | None = None) -> None:
    """Replace what lies on a face, in a callback; seed: that of the random box, where it is one."""
    drawn_on(face)
    st.session_state["drawings"][face] = shapes
    st.session_state["drawing turn"] = st.session_state.get("drawing turn", 0) + 1
    st.session_state["random box"] = (seed, shapes)


def seed_of(shapes: list[Shape]) -> int | None:
    """The seed of the random box, where these shapes are it."""
    seed, box = st.session_state.get("random box", (None, None))
    return seed if shapes == box else None


def drawing_pad(face: str, picture: str) -> list[Shape]:
    """The pad with what draws for the visitor, and the shapes on it; picture: its URL."""
    shapes = box_pad(
        picture,
        drawn_on(face),
        version=f"{face} {st.session_state.get('drawing turn', 0)}",
        key=f"pad {face}",
        label="Face. Drag to hide a part of it.",
    )
    st.session_state["drawings"][face] = shapes
    draw_for_visitor([*masks.FEATURES, RANDOM], "hide", lambda name: _draw(face, name))
    if (seed := seed_of(shapes)) is not None:
        st.caption(f"Random box: seed {seed}")
    return shapes


def draw_for_visitor(names: Iterable[str], key: str, on_tap: Callable[[str], None]) -> None:
    """A pill a name, called when it is tapped; it springs back, for it is a button and no state."""

    def tap() -> None:
        name, st.session_state[key] = st.session_state[key], None
        if name:
            on_tap(name)

    st.pills(
        "Hide the", names, format_func=str.capitalize, wrap=True, key=key, on_change=tap, label_visibility="collapsed"
    )


def _draw(face: str, name: str) -> None:
    """A box over a feature, or the article's at random, whose seed counts up, so that it can be named."""
    if name in masks.FEATURES:
        return draw(face, [{"box": list(masks.FEATURES[name])}])
    seed = st.session_state["seeds used"] = st.session_state.get("seeds used", 0) + 1
    hidden = masks.random_boxes(1, generator=torch.Generator().manual_seed(seed))
    draw(face, [{"box": list(masks.box_around(hidden))}], seed)
