"""What the painter makes on the page "Your photo": other answers, six of them, and faces from few pixels."""

import gc
import io
import weakref
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from PIL import Image

from engine import images
from engine.photos import examples
from engine.restoration import drafts, enhancement, photo_restoration
from tests.pages import opened_page
from tests.pages.photo_page import open_page, run_code, state, upload


def test_another_answer_is_painted_for_the_same_hole_and_is_in_the_address(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = open_page()
    first = state(page).restored.found[0]
    next(button for button in page.button if button.label == "Six others").click().run()
    another = state(page).restored.found[6]
    assert not torch.equal(first.patches, another.patches) and torch.equal(first.holes, another.holes)
    assert page.query_params["answer"] == "6"
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
    assert list(state(page).restored.found) == [8, 6, 7, 9, 10, 11]  # the one in the photo first
    faces = torch.cat([state(page).restored.found[number].faces.composite for number in range(6, 12)])
    hole = state(page).restored.found[8].holes
    photo = images.open_image(examples.two_portraits())
    gain = drafts.gain_of_mean(faces[None], photo_restoration.crop_squares(photo, state(page).squares[:1]), hole)
    said = next(
        text.value for text in page.markdown if "Their **mean**" in text.value or "Their **mean**" in text.value
    )
    assert f"{gain:.1f} dB nearer to the photo" in said and "= 2.3 dB" in said


def test_six_answers_are_there_unasked() -> None:
    page = opened_page.open_page("photo")
    assert list(state(page).restored.found) == [0, 1, 2, 3, 4, 5]
    said = next(text.value for text in page.markdown if "Their **mean**" in text.value)
    assert "1 + 1/5" in said  # the first is not drawn, and the law speaks of drawn ones


def test_the_last_six_are_followed_by_the_first() -> None:
    page = open_page(answer="9999", six="true")
    assert not page.exception and list(state(page).restored.found) == [9999, 9996, 9997, 9998]
    next(button for button in page.button if button.label == "Six others").click().run()
    assert page.number_input(key="answer").value == 0


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
def test_a_face_from_few_pixels_agrees_with_its_copy(size: int, small: dict[str, Any]) -> None:
    page = open_page(task="From 16 pixels", copy=f"{size} px")
    assert not page.exception and not page.error
    found = state(page).enhanced.found
    assert list(found) == [0, *range(1, 6)]
    photo = images.open_image(examples.two_portraits())
    copy = enhancement.reduce(photo_restoration.crop_squares(photo, state(page).squares[:1]), size)
    apart = enhancement.disagreement(torch.cat(list(found.values())), copy.expand(6, -1, -1, -1)) * 255
    assert apart.max() <= 1
    each, told = (128 // size) ** 2, small["copy"]["told"]
    assert told["share"] == f"{each - 1} pixels in {each} are invented."
    assert f"within {apart[0]:.1f} of 255" in told["why"]
    assert any(f"all to within {apart.max():.1f} of 255" in caption.value for caption in page.caption)
    assert small["copy"]["pictures"][2]["note"] == "Answer 1 of 6"
    assert len({face.numpy().tobytes() for face in found.values()}) == 6


def test_a_size_is_a_card_with_its_copy_and_an_answer(small: dict[str, Any]) -> None:
    page = open_page(task="From 16 pixels")
    sizes = small["sizes"]
    assert sizes["chosen"] == "16 px"
    assert [(card["title"], card["says"], len(card["pictures"])) for card in sizes["copies"]] == [
        *(
            ("64 × 64", "1 pixel in 4", 2),
            ("32 × 32", "1 in 16", 2),
            ("16 × 16", "1 in 64", 2),
            ("8 × 8", "1 in 256", 2),
        ),
        ("Few numbers", "", 0),
    ]
    cards = {card["name"]: card["pictures"] for card in sizes["copies"]}
    page.button(key="size 8 px").click().run()
    assert page.query_params["copy"] == "8 px" and small["sizes"]["chosen"] == "8 px"
    assert small["copy"]["pictures"][2]["url"] == cards["8 px"][1]  # painted once
    for nonsense in ("<nonsense>", 8, None):
        page.button(key=f"size {nonsense}").click().run()
        assert not page.exception and small["sizes"]["chosen"] == "8 px"
    page.button(key="size Few numbers").click().run()
    assert not page.exception and small["copy"]["told"]["share"] == "40 numbers stand for 49,152."


def test_a_size_leads_from_the_hole_to_few_pixels(small: dict[str, Any]) -> None:
    page = open_page()
    assert small["sizes"]["chosen"] == "" and "copy" not in small
    page.button(key="size 8 px").click().run()
    assert not page.exception and page.segmented_control(key="task").value == "From 16 pixels"
    assert small["copy"]["told"]["share"] == "255 pixels in 256 are invented."


def test_the_other_face_is_made_tiny_by_a_tap(small: dict[str, Any]) -> None:
    page = open_page(task="From 16 pixels")
    assert small["copy"]["faces"] == ["Face 1", "Face 2"] and small["copy"]["chosen"] == 0
    first = small["copy"]["photo"]
    for nonsense in (2, -1, True, "one", None):
        page.button(key=f"face {nonsense}").click().run()
        assert not page.exception and small["copy"]["chosen"] == 0
    page.button(key="face 1").click().run()
    assert small["copy"]["chosen"] == 1 and small["copy"]["photo"] != first


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
    assert len(before) == 6 and len(state(page).memory.kept) == 1  # solved once for all of them
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


def test_a_face_cut_by_the_edge_gets_its_sentence_with_both_tasks() -> None:
    for task in ("Hide a part", "From 16 pixels"):
        page = open_page(task=task)
        assert not any("reaches beyond the photo" in caption.value for caption in page.caption)
        square = state(page).squares[0]
        state(page).squares[0] = replace(square, centre=(square.side / 4, square.centre[1]))
        page.run()
        assert not page.exception and not page.error
        assert any("reaches beyond the photo" in caption.value for caption in page.caption)
