"""The page "Your photo" as Streamlit runs it, without a browser: uploads, squares, and what becomes of a photo."""

import gc
import io
import logging
import sys
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image
from streamlit.testing.v1 import AppTest

from engine import images
from engine.corruptions import masks
from engine.photos import alignment, examples
from engine.restoration import drafts, enhancement, photo_restoration
from pages.photo.source import camera_allowed
from tests.conftest import ROOT


def open_page(**query: str) -> AppTest:
    page = AppTest.from_file(str(ROOT / "pages" / "photo" / "page.py"), default_timeout=60)
    for key, value in query.items():
        page.query_params[key] = value
    return page.run()


def state(page: AppTest) -> Any:
    """What the page remembers of its visitor, a `PhotoState`."""
    return page.session_state["PhotoState"]


def upload(page: AppTest, content: bytes, name: str = "me.jpg", mime: str = "image/jpeg") -> AppTest:
    page.file_uploader[0].set_value((name, content, mime))
    return page.run()


@pytest.fixture(scope="module")
def portrait() -> bytes:
    """A JPEG of its own with one face in it, upright and 300 pixels wide, and with a secret in its metadata."""
    picture = Image.new("RGB", (900, 700), (90, 120, 140))
    face = images.open_image(ROOT / "engine" / "data" / "gallery" / "astronaut.png")
    picture.paste(face.resize((300, 300)), (150, 200))
    exif = Image.Exif()
    exif[0x010E] = "SECRET-PLACE"  # ImageDescription
    buffer = io.BytesIO()
    picture.save(buffer, "jpeg", quality=95, exif=exif)
    return buffer.getvalue()


def test_the_example_is_there_before_any_photo() -> None:
    page = open_page()
    assert not page.exception and not page.error
    assert page.title[0].value == "Your own photo"
    assert page.header[-1].value == "What to try"
    assert page.markdown[-1].value.count("\n") == 2  # three tasks
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
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = open_page()
    page.button_group(key="example").set_value("A mask" if name == "A cat" else "A cat").run()
    state(page).squares[0] = alignment.Framing((9.0, 9.0), 9.0, 0.0)  # of the photo before
    page.button_group(key="example").set_value(name).run()
    assert not page.exception and not page.error
    assert state(page).squares[0].side > 100
    monkeypatch.chdir(tmp_path)
    assert run_code(page)["given"] == images.open_image(examples.EXAMPLES[name]())


def test_an_own_photo_takes_the_place_of_the_examples_until_it_is_forgotten(portrait: bytes) -> None:
    page = open_page()
    page.button_group(key="example").set_value("A cat").run()
    upload(page, portrait)
    assert "example" not in [group.key for group in page.button_group]
    next(button for button in page.button if button.label == "Forget my photo").click().run()
    assert page.button_group(key="example").value == "A cat" and state(page).photo is None


def test_the_code_of_an_upload_takes_a_path(portrait: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = upload(open_page(), portrait)
    assert not page.exception and not page.error
    assert state(page).photo.example == ""
    (tmp_path / "photo.jpg").write_bytes(portrait)
    monkeypatch.chdir(tmp_path)
    assert run_code(page)["result"].size == (900, 700)


def run_code(page: AppTest) -> dict[str, Any]:
    variables: dict[str, Any] = {}
    exec(page.code[-1].value, variables)
    return variables


def test_the_face_of_an_upload_is_framed(portrait: bytes) -> None:
    page = upload(open_page(), portrait)
    (square,) = state(page).squares
    assert abs(square.centre[0] - 300) < 15 and abs(square.centre[1] - 350) < 15 and abs(square.side - 300) < 25


def test_a_bad_file_costs_one_sentence_and_the_photo_before_stays(portrait: bytes) -> None:
    page = upload(open_page(), portrait)
    photo = state(page).photo
    upload(page, b"not a picture", "me.png", "image/png")
    assert not page.exception
    assert len(page.error) == 1 and page.error[0].value.count(".") == 1
    assert state(page).photo is photo
    page.file_uploader[0].set_value(None)
    page.run()
    assert state(page).photo is photo and not page.error  # the box empties itself before it takes another
    upload(page, portrait)
    assert not page.error and state(page).photo is not photo


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
    assert any(f"The hole is {holes.float().mean().item():.1%} of" in caption.value for caption in page.caption)


def test_a_feature_is_hidden_by_its_name() -> None:
    page = open_page()
    page.button_group(key="photo feature").set_value("nose").run()
    assert not page.exception
    assert state(page).shapes == [{"box": list(masks.FEATURES["nose"])}]
    page.button_group(key="photo feature").set_value("nose").run()  # the pill has sprung back, and does it again
    assert not page.exception


def test_another_answer_is_painted_for_the_same_hole_and_is_in_the_address(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = open_page()
    first = state(page).restored.found[0]
    next(button for button in page.button if button.label == "Another answer").click().run()
    another = state(page).restored.found[1]
    assert not torch.equal(first.patches, another.patches) and torch.equal(first.holes, another.holes)
    assert page.query_params["answer"] == "1"
    monkeypatch.chdir(tmp_path)
    made = run_code(page)
    assert made["result"] == another.lay_on(made["given"])


def test_a_bolder_answer_is_another_one_also_from_the_first() -> None:
    page = open_page()
    page.slider(key="bold").set_value(1.4).run()
    assert page.number_input(key="answer").value == 1  # the first answer is not drawn: nothing would have changed
    assert any("beyond what the hole bears it smears" in caption.value for caption in page.caption)
    bold = state(page).restored.found[1]
    page.slider(key="bold").set_value(0.2).run()
    assert not torch.equal(state(page).restored.found[1].patches, bold.patches)


def test_six_answers_and_the_law_of_their_mean() -> None:
    page = open_page(six="true", answer="8")
    assert list(state(page).restored.found) == [8, 7, 9, 10, 11, 12]  # the one in the photo first
    faces = torch.cat([state(page).restored.found[number].faces.composite for number in range(7, 13)])
    hole = state(page).restored.found[8].holes
    photo = images.open_image(examples.two_portraits())
    gain = drafts.gain_of_mean(faces, photo_restoration.crop_squares(photo, state(page).squares[:1]), hole)
    said = next(
        text.value for text in page.markdown if "Their **mean**" in text.value or "their **mean**" in text.value
    )
    assert f"{gain:.1f} dB nearer" in said and "= 2.3 dB" in said


def test_six_answers_to_nothing_hidden_are_none() -> None:
    page = open_page(six="true")
    page.session_state["photo pad 0"] = {"drawn": {"turn": 0, "shapes": []}}
    page.run()
    assert not page.exception and not page.error and list(state(page).restored.found) == [0]


def test_only_the_painter_has_several_answers() -> None:
    page = open_page(method_of_photo="Telea", answer="3")
    page.selectbox(key="method of photo").set_value("telea").run()
    assert not page.exception and list(state(page).restored.found) == [0]
    assert "answer" not in [number.key for number in page.number_input]


@pytest.mark.parametrize(
    "query",
    [
        {"bold": "1.6", "answer": "-1", "task": "Sing", "copy": "24 px", "components": "301"},
        {"bold": "-0.1", "answer": "x", "components": "0"},
        {"bold": "nan", "answer": "10000"},
    ],
)
def test_an_address_that_asks_for_what_there_is_not_gets_a_sentence(query: dict[str, str]) -> None:
    page = open_page(**query)
    assert not page.exception and not page.error
    for key, value in query.items():
        assert sum(f"asks for {key} = “{value}”" in info.value for info in page.info) == 1
    assert len(page.info) == len(query)


@pytest.mark.parametrize("size", [64, 16])
def test_a_face_from_few_pixels_agrees_with_its_copy(size: int) -> None:
    page = open_page(task="From 16 pixels", copy=f"{size} px")
    assert not page.exception and not page.error
    found = state(page).enhanced.found
    assert list(found) == [0, *range(1, 7)]
    photo = images.open_image(examples.two_portraits())
    copy = enhancement.reduce(photo_restoration.crop_squares(photo, state(page).squares[:1]), size)
    apart = enhancement.disagreement(torch.cat(list(found.values())), copy.expand(7, -1, -1, -1)) * 255
    assert apart.max() <= 1
    each = (128 // size) ** 2
    said = next(text.value for text in page.markdown if "are invented" in text.value)
    assert f"**{each - 1} pixels in {each} are invented.**" in said and f"within {apart[0]:.1f} of 255" in said
    assert len({face.numpy().tobytes() for face in found.values()}) == 7


def test_the_code_of_a_tiny_copy_runs() -> None:
    made = run_code(open_page(task="From 16 pixels", copy="8 px", answer="2"))
    assert enhancement.disagreement(made["answer"], made["copy"]).item() <= 1 / 255
    made = run_code(open_page(task="From 16 pixels", copy="Few numbers", components="20"))
    assert made["answer"].shape == (1, 3, 128, 128)


@pytest.mark.parametrize("size", [(1, 300), (12, 9)])
def test_a_strip_and_a_stamp_are_answered_or_refused_in_a_sentence(size: tuple[int, int]) -> None:
    buffer = io.BytesIO()
    Image.new("RGB", size, (120, 90, 60)).save(buffer, "png")
    page = upload(open_page(), buffer.getvalue(), "strip.png", "image/png")
    for task in ("From 16 pixels", "Hide a part"):
        page.button_group(key="task").set_value(task).run()
        assert not page.exception
        assert len(page.error) == 1 or any("No face was found" in info.value for info in page.info)


def test_a_photo_that_goes_takes_what_was_found_of_it_along(portrait: bytes) -> None:
    page = upload(open_page(six="true"), portrait)
    before = [weakref.ref(one) for one in state(page).restored.found.values()]
    memory = weakref.ref(state(page).memory)
    assert len(before) == 7 and len(state(page).memory.kept) == 1  # solved once for all of them
    next(button for button in page.button if button.label == "Forget my photo").click().run()
    gc.collect()
    assert memory() is None and not any(one() for one in before)


@pytest.mark.parametrize("noted", [True, False])
def test_a_file_says_what_was_painted_unless_it_must_not(noted: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    made: dict[str, Any] = {}
    monkeypatch.setattr("streamlit.download_button", lambda label, data, *rest, **named: made.update({label: data}))
    page = open_page()
    page.checkbox(key="photo note").set_value(noted).run()
    with Image.open(io.BytesIO(made["PNG"]())) as picture:
        assert ("painted by face-painter: invented" in picture.info.get("Description", "")) == noted
    with Image.open(io.BytesIO(made["JPEG"]())) as picture:
        assert (b"compositeWithTrainedAlgorithmicMedia" in picture.info.get("xmp", b"")) == noted


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
