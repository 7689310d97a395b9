"""The framer's pure Python: whatever a browser sends becomes a framing the engine can cut. No browser here."""

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from engine.photos.alignment import Framing
from pages.components.framer.framer import MAX_SIDE, MIN_SIDE, clean_framing

SIZE = (400, 300)


def raw(x: object = 200, y: object = 100, side: object = 80, angle: object = 12.5) -> dict[str, object]:
    return {"centre": [x, y], "side": side, "angle": angle}


@pytest.mark.parametrize(
    ("sent", "clean"),
    [
        (raw(), Framing((200.0, 100.0), 80.0, 12.5)),
        (raw(x=-50, y=1e9), Framing((0.0, 300.0), 80.0, 12.5)),  # the centre stays on the photo
        (raw(side=0), Framing((200.0, 100.0), MIN_SIDE, 12.5)),
        (raw(side=-5), Framing((200.0, 100.0), MIN_SIDE, 12.5)),
        (raw(side=1e300), Framing((200.0, 100.0), MAX_SIDE * 400, 12.5)),
        (raw(angle=190), Framing((200.0, 100.0), 80.0, -170.0)),
        (raw(angle=180), Framing((200.0, 100.0), 80.0, -180.0)),
        (raw(angle=-540), Framing((200.0, 100.0), 80.0, -180.0)),
    ],
)
def test_a_square_is_held_on_the_photo(sent: object, clean: Framing) -> None:
    assert clean_framing(sent, SIZE) == clean


@pytest.mark.parametrize(
    "junk",
    [
        None,
        7,
        "square",
        [],
        {},
        {"side": 80, "angle": 0},
        {"centre": [1], "side": 80, "angle": 0},
        {"centre": {"x": 1, "y": 2}, "side": 80, "angle": 0},
        raw(x=None),
        raw(y="100"),
        raw(side=True),
        raw(side=math.nan),
        raw(angle=math.inf),
        raw(x=10**400),
    ],
)
def test_junk_is_no_square(junk: object) -> None:
    assert clean_framing(junk, SIZE) is None


numbers = st.one_of(st.floats(), st.integers(-(10**6), 10**6), st.none(), st.text(max_size=2))
pairs = st.lists(numbers, min_size=2, max_size=2)
squares = st.fixed_dictionaries({"centre": pairs, "side": numbers, "angle": numbers})


@given(squares, st.tuples(st.integers(8, 9000), st.integers(8, 9000)))
def test_a_clean_square_can_be_cut_and_stays_as_it_is(sent: object, size: tuple[int, int]) -> None:
    clean = clean_framing(sent, size)
    if clean is None:
        return
    assert 0 <= clean.centre[0] <= size[0] and 0 <= clean.centre[1] <= size[1]
    assert MIN_SIDE <= clean.side <= MAX_SIDE * max(size) and -180 <= clean.angle < 180
    again = {"centre": list(clean.centre), "side": clean.side, "angle": clean.angle}
    assert clean_framing(json.loads(json.dumps(again)), size) == clean


def framer_page(**state: object) -> AppTest:
    script = (
        "import streamlit as st\n"
        "from engine.photos.alignment import Framing\n"
        "from pages.components.framer.framer import framer\n"
        "squares = [Framing((50.0, 50.0), 40.0), Framing((150.0, 60.0), 30.0, 5.0)]\n"
        "chosen = st.session_state.get('face', 0)\n"
        "st.session_state.seen = framer('data:,', squares, size=(200, 100), found=squares[chosen], chosen=chosen,"
        " version=str(chosen), key='framer', on_choose=lambda number: st.session_state.update(face=number))\n"
    )
    page = AppTest.from_string(script)
    for key, value in state.items():
        page.session_state[key] = value
    return page.run()


def test_a_square_belongs_to_its_face() -> None:
    page = framer_page()
    assert not page.exception
    assert page.session_state["seen"] == Framing((50.0, 50.0), 40.0)  # before the browser has said anything

    page.session_state["framer"] = {"framed": {"turn": 0, "centre": [60, 55], "side": 44, "angle": 200}}
    assert page.run().session_state["seen"] == Framing((60.0, 55.0), 44.0, -160.0)

    page.session_state["face"] = 1  # another face: the old message is not about this one
    assert page.run().session_state["seen"] == Framing((150.0, 60.0), 30.0, 5.0)

    page.session_state["framer"] = {"framed": {"turn": 1, "centre": ["x", 55], "side": 44, "angle": 0}}
    assert page.run().session_state["seen"] == Framing((150.0, 60.0), 30.0, 5.0)  # junk: as if nothing was said
