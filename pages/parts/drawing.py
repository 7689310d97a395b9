"""What is hidden on the faces page: drawn by hand, by the name of a part, or at random; kept for the session."""

from collections.abc import Callable, Iterable

import streamlit as st
import torch

from engine.corruptions import masks
from engine.corruptions.masks import Box
from engine.corruptions.shapes import Shape

HOLES: dict[str, Box] = masks.FEATURES | {"centre": (32, 32, 64, 64), "left half": (0, 0, 64, 128)}
FIRST: list[Shape] = [{"box": list(HOLES["both eyes"])}]  # something to see before the first touch
DRAWN, SEED, TURN, USED = "drawn", "drawn seed", "drawing turn", "seeds used"  # in the session state


def drawn() -> list[Shape]:
    """The shapes on whichever face is there; kept while the visitor looks at other faces and pages."""
    return st.session_state.get(DRAWN, FIRST)


def seed() -> int | None:
    """The seed of the random box, where the shapes are it."""
    return st.session_state.get(SEED)


def keep(shapes: list[Shape], drawn_seed: int | None) -> None:
    """Remember what the visitor has drawn; a seed only if its box is what lies there."""
    known = drawn_seed is not None and shapes == [{"box": list(random_box(drawn_seed))}]
    st.session_state[DRAWN], st.session_state[SEED] = shapes, drawn_seed if known else None
    if known and drawn_seed == next_seed():
        st.session_state[USED] = drawn_seed


def draw(shapes: list[Shape], drawn_seed: int | None = None) -> None:
    """Replace what lies on the face, in a callback; drawn_seed: that of the random box, where it is one."""
    keep(shapes, drawn_seed)
    st.session_state[TURN] = st.session_state.get(TURN, 0) + 1


def version() -> str:
    """Changes when the page, not the hand, has drawn."""
    return str(st.session_state.get(TURN, 0))


def next_seed() -> int:
    """The seed of the next random box; it counts up, so that a box can be named."""
    return st.session_state.get(USED, 0) + 1


def random_box(number: int) -> Box:
    """The article's corruption: one 28x28 box anywhere, from that seed."""
    return masks.box_around(masks.random_boxes(1, generator=torch.Generator().manual_seed(number)))


def draw_for_visitor(names: Iterable[str], key: str, on_tap: Callable[[str], None]) -> None:
    """A pill a name, called when it is tapped; it springs back, for it is a button and no state."""

    def tap() -> None:
        name, st.session_state[key] = st.session_state[key], None
        if name:
            on_tap(name)

    st.pills(
        "Hide the", names, format_func=str.capitalize, wrap=True, key=key, on_change=tap, label_visibility="collapsed"
    )
