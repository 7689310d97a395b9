"""The page "Your photo" as Streamlit runs it, without a browser: uploads, squares, and what becomes of a photo."""

import gc
import io
import logging
import sys
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import streamlit
from PIL import Image
from streamlit.testing.v1 import AppTest

from engine import images
from engine.corruptions import masks
from engine.photos import alignment, examples
from engine.restoration import photo_restoration
from pages.faces.state import FacesState
from pages.photo.source import camera_allowed
from tests.conftest import ROOT
from tests.pages.photo_page import open_page, run_code, state, upload


def test_the_example_is_there_before_any_photo() -> None:
    page = open_page()
    assert not page.exception and not page.error
    assert page.title[0].value == "Hide a part of :primary[your photo]. What comes back?"
    assert page.header[-1].value == "What to try"
    tasks = [text.value[:3] for text in page.markdown if text.value[1:3] == ". "]
    assert tasks == ["1. ", "2. ", "3. "]
    assert state(page).photo is None  # the example is nobody's
    assert len(state(page).squares) == 2


def test_the_code_of_the_example_runs_and_changes_what_is_hidden(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = open_page()
    monkeypatch.chdir(tmp_path)
    made = run_code(page)
    before, after = np.asarray(made["given"]), np.asarray(made["result"])
    changed = np.argwhere((before != after).any(2))
    square = state(page).squares[0]
    x, y = square.matrix() @ (64, 95, 1)  # the middle of the mouth
    assert len(changed) > 1000
    assert abs(changed.mean(0) - (y, x)).max() < 0.05 * square.side
    assert images.open_image(tmp_path / "restored.jpg").size == made["given"].size


@pytest.mark.parametrize("name", list(examples.EXAMPLES))
def test_every_example_is_looked_at_and_its_code_makes_it(
    name: str, choices: dict, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = open_page()
    page.button(key=f"example {'A mask' if name == 'A cat' else 'A cat'}").click().run()
    state(page).squares[0] = alignment.Framing((9.0, 9.0), 9.0, 0.0)  # of the photo before
    page.button(key=f"example {name}").click().run()
    assert choices["example"]["chosen"] == name
    assert not page.exception and not page.error
    assert state(page).squares[0].side > 100
    monkeypatch.chdir(tmp_path)
    assert run_code(page)["given"] == images.open_image(examples.EXAMPLES[name]())


def test_an_own_photo_takes_the_place_of_the_examples_until_it_is_forgotten(portrait: bytes, choices: dict) -> None:
    page = open_page()
    page.button(key="example A cat").click().run()
    assert page.query_params["example"] == "A cat"
    upload(page, portrait)
    assert "example A cat" not in [button.key for button in page.button]
    next(button for button in page.button if button.label == "Forget my photo").click().run()
    assert choices["example"]["chosen"] == "A cat" and state(page).photo is None


def test_the_code_of_an_upload_takes_a_path(portrait: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = upload(open_page(), portrait)
    assert not page.exception and not page.error
    assert state(page).photo.example == ""
    (tmp_path / "photo.jpg").write_bytes(portrait)
    monkeypatch.chdir(tmp_path)
    assert run_code(page)["result"].size == (900, 700)


def test_the_face_of_an_upload_is_framed(portrait: bytes) -> None:
    page = upload(open_page(), portrait)
    (square,) = state(page).squares
    assert abs(square.centre[0] - 300) < 15 and abs(square.centre[1] - 350) < 15 and abs(square.side - 300) < 25


def greyed(page: AppTest) -> bool:
    """Whether what the page shows is greyed out: it is not what the latest file gave."""
    return any("grayscale" in str(one.proto) for one in page.get("html"))


def test_a_bad_file_costs_one_sentence_and_the_photo_before_stays(portrait: bytes) -> None:
    page = upload(open_page(), portrait)
    photo = state(page).photo
    upload(page, b"not a picture", "me.png", "image/png")
    assert not page.exception
    assert len(page.error) == 1 and page.error[0].value.count(".") == 1
    assert state(page).photo is photo
    assert greyed(page)  # nothing below can be taken for what the new file gave
    page.file_uploader[0].set_value(None)
    page.run()
    assert not greyed(page)
    assert state(page).photo is photo and not page.error  # the box empties itself before it takes another
    upload(page, portrait)
    assert not page.error and state(page).photo is not photo


def test_the_photo_before_counts_again_with_one_tap(portrait: bytes) -> None:
    page = upload(open_page(), portrait)
    upload(page, b"not a picture", "me.png", "image/png")
    next(button for button in page.button if button.label == "Go on with the picture before").click().run()
    assert not page.exception and not page.error and state(page).photo is not None
    assert not greyed(page)


def test_faces_are_numbered_left_to_right_and_the_largest_is_in_front() -> None:
    """The portrait at the right is the larger one here."""
    wall = images.open_image(examples.two_portraits()).transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    buffer = io.BytesIO()
    wall.save(buffer, "png")
    page = upload(open_page(), buffer.getvalue(), "wall.png", "image/png")
    left, right = state(page).squares
    assert left.centre[0] < right.centre[0] and left.side < right.side
    assert page.session_state["photo face"] == 1


@pytest.mark.parametrize("colour", [(0, 0, 0), (255, 255, 255), (120, 90, 60)])
def test_without_a_face_the_middle_is_taken(colour: tuple[int, int, int]) -> None:
    buffer = io.BytesIO()
    Image.new("RGB", (640, 400), colour).save(buffer, "png")
    page = upload(open_page(), buffer.getvalue(), "plain.png", "image/png")
    assert not page.exception and not page.error
    assert any("No face was found" in info.value for info in page.info)
    assert state(page).squares == [alignment.Framing((320.0, 200.0), 400.0)]


def test_a_face_in_ffhq_framing_passes_unchanged() -> None:
    """A 128x128 picture is what the network knows already: no detector may move it."""
    content = (ROOT / "engine" / "data" / "gallery" / "astronaut.png").read_bytes()
    page = upload(open_page(), content, "face.png", "image/png")
    assert not page.exception and not page.info
    assert state(page).squares == [alignment.Framing((64.0, 64.0), 128.0)]


def test_one_of_several_faces_or_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = open_page()
    first, second = state(page).squares
    assert str(first) in page.code[-1].value and str(second) not in page.code[-1].value
    page.session_state["photo face"] = 1
    page.run()
    assert str(second) in page.code[-1].value and str(first) not in page.code[-1].value
    page.toggle[0].set_value(True).run()
    assert not page.exception
    monkeypatch.chdir(tmp_path)
    made = run_code(page)
    changed = (np.asarray(made["given"]) != np.asarray(made["result"])).any(2)
    for square in (first, second):
        x, y = square.matrix() @ (64, 95, 1)
        assert changed[int(y), int(x)]


def test_a_moved_square_is_what_is_cut_and_survives_a_visit_elsewhere() -> None:
    page = open_page()
    page.session_state["photo framer 0"] = {"framed": {"turn": 0, "centre": [400, 440], "side": 500, "angle": 5}}
    page.run()
    moved = alignment.Framing((400.0, 440.0), 500.0, 5.0)
    assert str(moved) in page.code[-1].value
    del page.session_state["photo framer 0"]  # as when the visitor leaves the page
    page.run()
    assert str(moved) in page.code[-1].value


def test_the_figures_are_those_of_the_hole_that_the_method_had() -> None:
    """A pixel or two wider than what was drawn, or the sum that the page makes of it would not come out."""
    page = open_page()
    squares = state(page).squares[:1]
    hidden = masks.box_mask([masks.FEATURES["mouth"]])
    holes = photo_restoration.restore_photo(images.open_image(examples.two_portraits()), squares, hidden).holes
    assert holes.sum() > hidden.sum()
    share = f" is {100 * holes.float().mean().item():.1f} % of the picture"
    assert any(share in caption.value for caption in page.caption)


def test_the_method_follows_from_faces_until_another_is_chosen() -> None:
    page = open_page({"FacesState": FacesState(method="telea")})
    assert page.selectbox(key="method of photo").value == "telea"
    page.selectbox(key="method of photo").set_value("face-unet").run()
    page.run()
    assert page.selectbox(key="method of photo").value == "face-unet"


def test_a_photo_sharper_than_the_hole_is_said_in_numbers(portrait: bytes) -> None:
    page = upload(open_page(), portrait)
    side = round(state(page).squares[0].side)
    assert any(f"128 × 128 pixels of detail at most, this square {side} × {side}" in one.value for one in page.caption)
    content = (ROOT / "engine" / "data" / "gallery" / "astronaut.png").read_bytes()
    upload(page, content, "face.png", "image/png")
    assert not any("of detail at most" in one.value for one in page.caption)


def test_a_feature_is_hidden_by_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    given: dict[str, Any] = {}

    def mount(data: dict[str, Any], key: str, on_took_change: Callable[[], None]) -> None:
        def tap(name: object) -> None:
            streamlit.session_state[key] = {"took": name}
            on_took_change()

        given.update(data)
        for name in (*data["words"], "<nonsense>", 7):
            streamlit.button("hide", key=f"hide {name}", on_click=tap, args=[name])

    monkeypatch.setattr("pages.components.hole_choice.hole_choice._mount", mount)
    page = open_page()
    assert given["chosen"] == "mouth"
    for name in ("nose", "<nonsense>", 7):
        page.button(key=f"hide {name}").click().run()
        assert not page.exception
        assert state(page).shapes == [{"box": list(masks.FEATURES["nose"])}] and given["chosen"] == "nose"
    page.button(key="hide clear").click().run()
    assert state(page).shapes == [] and given["chosen"] == "" and not page.exception


@pytest.mark.parametrize("shapes", [[], [{"box": [0, 0, 128, 128]}], "junk"])
def test_what_the_pad_may_send(shapes: object) -> None:
    page = open_page()
    page.session_state["photo pad 0"] = {"drawn": {"turn": 0, "shapes": shapes}}
    page.run()
    assert not page.exception and not page.error


def test_a_new_photo_replaces_the_old_and_what_was_drawn_on_it(portrait: bytes) -> None:
    page = upload(open_page(), portrait)
    before = weakref.ref(state(page).photo.picture)
    state(page).shapes = [{"box": [1, 2, 3, 4]}]
    upload(page, examples.two_portraits(), "group.jpg")
    assert len(state(page).squares) == 2
    assert state(page).shapes != [{"box": [1, 2, 3, 4]}]
    gc.collect()
    assert before() is None


def test_forgetting_leaves_nothing(portrait: bytes) -> None:
    page = upload(open_page(), portrait)
    before = weakref.ref(state(page).photo.picture)
    next(button for button in page.button if button.label == "Forget my photo").click().run()
    assert not page.exception
    assert state(page).photo is None
    assert len(state(page).squares) == 2  # the example again
    gc.collect()
    assert before() is None


def test_the_same_file_twice_is_one_photo(portrait: bytes) -> None:
    page = upload(open_page(), portrait)
    squares = list(state(page).squares)
    upload(page, portrait)
    assert not page.exception and not page.error
    assert state(page).squares == squares


def test_two_tabs_share_nothing(portrait: bytes) -> None:
    one, two = open_page(), open_page()
    upload(one, portrait)
    two.run()
    assert state(two).photo is None and len(state(two).squares) == 2
    upload(two, examples.two_portraits(), "group.jpg")
    one.run()
    assert len(state(one).squares) == 1 and not one.exception
    next(button for button in two.button if button.label == "Forget my photo").click().run()
    one.run()
    assert state(one).photo.example == "" and state(two).photo is None


written: list[str] | None = None  # files opened for writing, while a test listens


def listen(event: str, arguments: tuple) -> None:
    if written is not None and event == "open" and isinstance(arguments[1], str) and set(arguments[1]) & set("wax+"):
        written.append(str(arguments[0]))


sys.addaudithook(listen)  # for good, as hooks are; it does nothing unless `written` is a list


@contextmanager
def writes() -> Iterator[list[str]]:
    """The names of files that Python opens for writing meanwhile, its own compiled modules left out."""
    global written
    written = []
    try:
        yield written
    finally:
        written[:] = [name for name in written if "__pycache__" not in name]
        written = None


def test_a_photo_is_neither_written_nor_logged(
    portrait: bytes, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    page = open_page()
    with writes() as names:
        upload(page, portrait, "my-own-face.jpg")
    assert state(page).photo is not None and not names
    said = caplog.text + "".join(capfd.readouterr())
    assert "my-own-face" not in said and "SECRET-PLACE" not in said


@pytest.mark.parametrize(
    ("url", "allowed"),
    [
        ("https://example.org/photo", True),
        ("http://localhost:8501/photo", True),
        ("http://127.0.0.1:8501", True),
        ("http://[::1]:8501/photo", True),
        ("http://192.168.1.7:8501/photo", False),
        ("http://localhost.example.org", False),
        (None, True),
    ],
)
def test_where_browsers_lend_their_camera(url: str | None, allowed: bool) -> None:
    assert camera_allowed(url) is allowed
