"""The parts' pure Python: whatever a browser sends becomes something the engine can use. No browser here."""

import json
import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from engine.corruptions.shapes import MAX_BOXES, MAX_POINTS, MAX_SHAPES, clean_shapes
from pages.components.digit_canvas.digit_canvas import grey
from pages.components.latent_map.latent_map import MAX_CORNERS, clean_answer

EXTENT = (-2.0, 3.0, -1.0, 1.0)


def boxes(raw: object, size: int = 128) -> list[list[int]]:
    return [shape["box"] for shape in clean_shapes(raw, size) if "box" in shape]


@pytest.mark.parametrize(
    ("box", "clean"),
    [
        ([40, 40, 28, 28], [40, 40, 28, 28]),
        ([68, 68, -28, -28], [40, 40, 28, 28]),  # drawn from right to left and upwards
        ([120, -10, 28, 28], [120, 0, 8, 18]),  # over the edge: what lies inside remains
        ([-50, -50, 1000, 1000], [0, 0, 128, 128]),
        ([10.4, 10.6, 20.2, 20.2], [10, 11, 21, 20]),  # edges to the nearest pixel
        ([-1e308, 0, 1.5e308, 5], [0, 0, 128, 5]),
    ],
)
def test_a_box_is_turned_and_clamped(box: list[float], clean: list[int]) -> None:
    assert boxes([{"box": box}]) == [clean]


@pytest.mark.parametrize(
    "junk",
    [
        None,
        7,
        "box",
        {},
        {"box": [0, 0, 5, 5]},  # a shape alone, not a list
        [None, 3, "x", [], {}],
        [{"box": None}],
        [{"box": [1, 2, 3]}],
        [{"box": [1, 2, 3, "4"]}],
        [{"box": [1, 2, 3, True]}],
        [{"box": [0, 0, math.nan, 5]}],
        [{"box": [0, 0, math.inf, 5]}],
        [{"box": [0, 0, 10**400, 5]}],
        [{"box": [30, 30, 0, 0]}],
        [{"box": [30, 30, 0, 9]}],
        [{"box": [200, 200, 28, 28]}],  # outside
        [{"box": [-40, 5, 28, 28]}],
        [{"stroke": None}],
        [{"stroke": {"width": 5}}],
        [{"stroke": {"width": 5, "points": []}}],
        [{"stroke": {"width": 0, "points": [[1, 1]]}}],
        [{"stroke": {"width": math.nan, "points": [[1, 1]]}}],
        [{"stroke": {"width": 5, "points": [[1], None, [math.nan, 1]]}}],
        [{"erase": {"width": 5, "points": []}}],
        [{"boxes": None}],
        [{"boxes": []}],
        [{"boxes": [[0, 0, 0, 5], "x", None]}],
    ],
)
def test_junk_hides_nothing(junk: object) -> None:
    assert clean_shapes(junk) == []


def test_a_stroke_is_clamped_and_rounded_to_half_pixels() -> None:
    raw = {"stroke": {"width": 1000, "points": [[-3, 10.26], [1, 2, 3], [500, 20.2]]}}
    clean = {"width": 64.0, "points": [[0.0, 10.5], [64.0, 20.0]]}
    assert clean_shapes([raw], 64) == [{"stroke": clean}]
    assert clean_shapes([{"erase": raw["stroke"]}], 64) == [{"erase": clean}]


def test_the_first_shapes_stay_when_there_are_too_many() -> None:
    raw = [{"box": [0, 0, 0, 0]}] + [{"box": [i % 100, 0, 5, 5]} for i in range(MAX_SHAPES + 50)]
    clean = boxes(raw)
    assert len(clean) == MAX_SHAPES == 200
    assert clean[:2] == [[0, 0, 5, 5], [1, 0, 5, 5]]  # the empty one did not count


def test_an_endless_stroke_is_cut() -> None:
    clean = clean_shapes([{"stroke": {"width": 3, "points": [[1, 1]] * 10_000}}])
    assert len(clean[0]["stroke"]["points"]) == MAX_POINTS  # type: ignore[typeddict-item]


def test_an_area_keeps_what_lies_in_the_picture_and_has_an_end() -> None:
    assert clean_shapes([{"boxes": [[120, 0, 28, 5], [0, 0, 0, 0], [3, 3, 1, 1]]}]) == [
        {"boxes": [[120, 0, 8, 5], [3, 3, 1, 1]]}
    ]
    many = clean_shapes([{"boxes": [[0, 0, 1, 1]] * 10_000}])
    assert len(many[0]["boxes"]) == MAX_BOXES  # type: ignore[typeddict-item]


numbers = st.one_of(st.floats(), st.integers(-300, 300), st.none(), st.text(max_size=2))
raw_boxes = st.fixed_dictionaries({"box": st.lists(numbers, max_size=5)})
raw_areas = st.fixed_dictionaries({"boxes": st.lists(st.lists(numbers, max_size=5), max_size=4)})
raw_strokes = st.fixed_dictionaries(
    {"stroke": st.fixed_dictionaries({"width": numbers, "points": st.lists(st.lists(numbers, max_size=3))})}
)


@given(st.lists(st.one_of(raw_boxes, raw_areas, raw_strokes, numbers), max_size=20), st.integers(1, 256))
def test_clean_shapes_lie_in_the_picture_and_stay_as_they_are(raw: list[object], size: int) -> None:
    clean = clean_shapes(raw, size)
    for shape in clean:
        for box in [shape["box"]] if "box" in shape else shape.get("boxes", []):
            x, y, width, height = box
            assert all(type(value) is int for value in box)
            assert width > 0 and height > 0 and x >= 0 and y >= 0
            assert x + width <= size and y + height <= size
        if "stroke" in shape:
            assert 1 <= shape["stroke"]["width"] <= size
            assert shape["stroke"]["points"]
            assert all(0 <= value <= size for point in shape["stroke"]["points"] for value in point)
    assert clean_shapes(json.loads(json.dumps(clean)), size) == clean


def test_a_pick_is_kept_inside_the_map() -> None:
    assert clean_answer({"pick": [1e6, -0.5]}, EXTENT) == {"pick": (3.0, -0.5)}
    assert clean_answer({"pick": [0, 1]}, EXTENT) == {"pick": (0.0, 1.0)}


def test_a_lasso_needs_three_corners_and_has_an_end() -> None:
    corners = [[0, 0], [1, 0], [1, 1], [math.nan, 0], "x"]
    assert clean_answer({"lasso": corners}, EXTENT) == {"lasso": [(0.0, 0.0), (1.0, 0.0), (1.0, 1.0)]}
    assert clean_answer({"lasso": corners[:2], "pick": [0, 0]}, EXTENT) == {"pick": (0.0, 0.0)}
    many = clean_answer({"lasso": [[0.1 * i, 0] for i in range(5000)]}, EXTENT)
    assert many is not None and len(many["lasso"]) == MAX_CORNERS


@pytest.mark.parametrize(
    "junk",
    [
        None,
        [],
        "x",
        {},
        {"pick": None},
        {"pick": [1]},
        {"pick": [math.nan, 1]},
        {"pick": [10**400, 1]},
        {"pick": ["1", 2]},
        {"lasso": [[1, 10**400], [0, 0], [1, 1]]},
    ],
)
def test_junk_picks_nothing(junk: object) -> None:
    assert clean_answer(junk, EXTENT) is None


@pytest.mark.parametrize(("sent", "at"), [(None, (0.5, 0.25)), ({"pick": [2, 9]}, (2.0, 1.0))])
def test_a_cross_hair_is_there_before_the_first_pick_and_at_it_afterwards(
    sent: object, at: tuple[float, float], monkeypatch: pytest.MonkeyPatch
) -> None:
    mounted: list[dict[str, Any]] = []
    monkeypatch.setattr("pages.components.latent_map.latent_map._mount", lambda data, **rest: mounted.append(data))
    page = AppTest.from_string(
        "from pages.components.latent_map.latent_map import Scatter, latent_map\n"
        "extent = (-2.0, 3.0, -1.0, 1.0)\n"
        "latent_map(Scatter('points.bin', extent, pickable=True, start=(0.5, 0.25), hint='Tap'), key='map')\n"
    )
    page.session_state["map"] = {"answer": sent}
    assert not page.run().exception
    (marker,) = mounted[-1]["markers"]
    assert (marker["kind"], marker["x"], marker["y"]) == ("point", *at)
    assert mounted[-1]["picked"] == (sent is not None)


def test_ink_is_brightness_on_black_paper() -> None:
    pixels = [[255, 255, 255, 255], [255, 255, 255, 51], [255, 255, 255, 0], [0, 0, 0, 255]]
    ink = grey(np.array([pixels], np.uint8))
    assert ink.dtype == np.uint8
    assert ink.tolist() == [[255, 51, 0, 0]]


def pad_page(version: str) -> AppTest:
    script = (
        "import streamlit as st\n"
        "from pages.components.box_pad.box_pad import box_pad\n"
        "version = st.session_state.get('version', 'a')\n"
        "start = [{'box': [1, 2, 3, 4]}] if version == 'a' else []\n"
        "st.session_state.seen = box_pad('data:,', start, version=version, key='pad')\n"
    )
    page = AppTest.from_string(script, default_timeout=60)
    page.session_state["version"] = version
    return page.run()


def test_a_drawing_belongs_to_its_picture() -> None:
    page = pad_page("a")
    assert not page.exception
    assert page.session_state["seen"] == [{"box": [1, 2, 3, 4]}]  # before the browser has said anything

    page.session_state["pad"] = {"drawn": {"turn": 0, "shapes": [{"box": [9, 9, -4, 200]}]}}
    assert page.run().session_state["seen"] == [{"box": [5, 9, 4, 119]}]

    page.session_state["version"] = "b"  # another picture: the old drawing is not its own
    assert page.run().session_state["seen"] == []

    page.session_state["version"] = "a"  # back again: the page decides what lies on it, not an old message
    assert page.run().session_state["seen"] == [{"box": [1, 2, 3, 4]}]
