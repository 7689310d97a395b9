"""What an address carries: every mask comes back as it was, and a damaged one costs a sentence."""

import zlib
from functools import partial

import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as draw
from streamlit.testing.v1 import AppTest

from engine.corruptions import masks
from engine.corruptions.shapes import MAX_POINTS, Shape, clean_shapes
from engine.problem import Problem
from pages.parts import address
from pages.parts.address import LONGEST, VERSION, _word, shapes_of, text_of
from tests.pages.opened_page import open_page

edges = draw.integers(0, 128)
halves = draw.integers(0, 256).map(lambda number: number / 2)
boxes = draw.tuples(edges, edges, edges, edges).map(list)
lines = draw.fixed_dictionaries(
    {
        "width": draw.integers(1, 128).map(float) | draw.floats(1, 128),
        "points": draw.lists(draw.tuples(halves, halves).map(list), min_size=1, max_size=30),
    }
)
raw = draw.one_of(
    draw.fixed_dictionaries({"box": boxes}),
    draw.fixed_dictionaries({"stroke": lines}),
    draw.fixed_dictionaries({"erase": lines}),
    draw.fixed_dictionaries({"boxes": draw.lists(boxes, min_size=1, max_size=20)}),
)
drawings = draw.lists(raw, max_size=8).map(clean_shapes)
quick = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@quick
@given(drawings)
def test_every_drawing_comes_back(shapes: list[Shape]) -> None:
    text = text_of(shapes)
    assert len(text) <= LONGEST and text.replace("-", "").replace("_", "").isalnum()
    back = shapes_of(text)
    assert back == shapes or torch.equal(masks.shape_mask(back), masks.shape_mask(shapes))


def test_what_a_hand_draws_comes_back_shape_by_shape() -> None:
    shapes: list[Shape] = [
        {"box": [30, 44, 68, 26]},
        {"stroke": {"width": 12.0, "points": [[10.0, 10.5], [64.0, 64.0], [127.5, 3.0]]}},
        {"erase": {"width": 7.25, "points": [[128.0, 0.0], [0.0, 128.0]]}},
        {"boxes": [[0, 0, 128, 1], [5, 9, 3, 3]]},
    ]
    assert shapes_of(text_of(shapes)) == shapes
    assert len(text_of(shapes[:1])) < 25
    assert shapes_of(text_of([])) == []


def test_a_mask_too_long_to_tell_stroke_by_stroke_keeps_every_pixel() -> None:
    generator = torch.Generator().manual_seed(0)
    points = (torch.rand(MAX_POINTS, 2, generator=generator) * 256).round().div(2).tolist()
    shapes: list[Shape] = [{"stroke": {"width": 3.0, "points": points[at::8] * 4}} for at in range(8)]
    noise = torch.rand(1, 1, 128, 128, generator=generator) > 0.5
    dots = [[x, y, 1, 1] for _, _, y, x in noise.nonzero().tolist()][:8000]
    for drawn in (shapes, [*shapes, {"boxes": dots}]):
        text = text_of(drawn)
        assert len(text) <= LONGEST
        assert torch.equal(masks.shape_mask(shapes_of(text)), masks.shape_mask(drawn))


@quick
@given(drawings, draw.data())
def test_a_damaged_mask_is_refused_and_never_becomes_another(shapes: list[Shape], data: draw.DataObject) -> None:
    text = text_of(shapes)
    at = data.draw(draw.integers(0, len(text) - 1))
    other = data.draw(draw.sampled_from("Aa0z-_9").filter(lambda letter: letter != text[at]))
    for damaged in (text[:at] + other + text[at + 1 :], text[:at], text + other, text[:at] + text[at + 1 :]):
        if damaged == text:
            continue
        try:
            assert shapes_of(damaged) == shapes  # a few bits at the end of what zlib has packed carry nothing
        except Problem as problem:
            assert str(problem).count(".") == 1


@pytest.mark.parametrize(
    "content",
    [
        bytes([9]),  # no such kind
        bytes([0, 1, 2, 3]),  # a box cut off
        bytes([0, 200, 0, 50, 50]),  # beyond the edge
        bytes([0, 5, 5, 0, 9]),  # empty
        bytes([1, 12, 3, 0, 1, 5]),  # fewer points than it says
        bytes([5, 7, 0]) + bytes(8),  # a precise box
        bytes([4, 1, 2]),  # too few pixels
        bytes(150_000),
    ],
)
def test_bytes_that_are_no_shapes_are_refused(content: bytes) -> None:
    with pytest.raises(Problem):
        shapes_of(_word(content))


@pytest.mark.parametrize(
    "text",
    ["", "1", "2" + text_of([])[1:], "junk", "1" + "A" * 9000, "<script>", "１eNo", text_of([]) + "=", "1é"],
)
def test_what_is_no_mask_is_refused(text: str) -> None:
    with pytest.raises(Problem):
        shapes_of(text)


def test_a_bomb_is_refused() -> None:
    import base64

    bomb = base64.urlsafe_b64encode(zlib.compress(bytes(4_000_000), 9)).rstrip(b"=").decode()
    with pytest.raises(Problem):
        shapes_of(VERSION + bomb)


SCRIPT = """
import streamlit as st
from pages.parts import address

found = address.shapes_in_address()
st.json({"found": found, "map": address.brought("at")})
asked = address.exercise()
st.markdown(f"{sorted(asked.hide)} {asked.locked} {asked.original}")
address.write(at="1,2", mask=address.text_of([{"box": [1, 2, 3, 4]}]), gone="")
"""


def test_an_opened_mask_is_brought_once_and_what_the_page_writes_is_not() -> None:
    page = AppTest.from_string(SCRIPT)
    page.query_params["mask"] = text_of([{"box": [5, 6, 7, 8]}])
    page.query_params["gone"] = "x"
    page.run()
    assert '"box"' in page.json[0].value and "5" in page.json[0].value
    assert page.query_params["mask"] == text_of([{"box": [1, 2, 3, 4]}])
    assert page.query_params["at"] == "1,2" and "gone" not in page.query_params
    page.run()
    assert '"found":null' in page.json[0].value.replace(" ", "") and '"map":null' in page.json[0].value.replace(" ", "")
    page.query_params["mask"] = text_of([])  # another link, or Back
    page.run()
    assert '"found":[]' in page.json[0].value.replace(" ", "")


def test_an_address_that_comes_late_undoes_no_stroke(monkeypatch: pytest.MonkeyPatch) -> None:
    page = AppTest.from_string(SCRIPT).run()
    older = text_of([{"box": [9, 9, 9, 9]}])
    page.query_params["mask"] = older  # what the browser says before it has heard of the last stroke
    monkeypatch.setattr(address, "runs_a_fragment", lambda: True)
    page.run()
    assert '"found":null' in page.json[0].value.replace(" ", "")
    assert page.query_params["mask"] == text_of([{"box": [1, 2, 3, 4]}])
    monkeypatch.undo()
    page.query_params["mask"] = older  # Back runs the whole page
    page.run()
    assert "9" in page.json[0].value


def test_a_damaged_mask_is_said_and_the_page_stands() -> None:
    page = AppTest.from_string(SCRIPT)
    page.query_params["mask"] = text_of([{"box": [5, 6, 7, 8]}])[:-2]
    page.run()
    assert not page.exception and len(page.info) == 1 and "damaged" in page.info[0].value


def test_an_exercise_is_read_and_nonsense_in_it_ignored() -> None:
    page = AppTest.from_string(SCRIPT)
    page.query_params["hide"] = "seed,noise <script> a.b"
    page.query_params["lock"], page.query_params["original"] = "1", "0"
    page.run()
    assert [text.value for text in page.markdown] == ["['noise', 'seed'] True False"]


codes_page = partial(open_page, "codes")


def test_a_link_opens_the_same_place_of_the_map() -> None:
    page = codes_page(exhibit="Map", map="Autoencoder", at="1.5,-2.25")
    assert not page.exception and not page.info
    assert "[[1.500, -2.250]]" in page.code[-1].value


@pytest.mark.parametrize("at", ["1e9,0", "nan,nan", "1", "a,b", "1,2,3", ""])
def test_a_place_that_is_none_is_said_in_one_sentence(at: str) -> None:
    page = codes_page(exhibit="Map", map="Autoencoder", at=at)
    assert not page.exception and not page.error
    assert len(page.info) == 1 and "no place on this map" in page.info[0].value
