"""For teachers, without a browser: what a class code shows, sheets in both languages, links that open prepared."""

from urllib.parse import parse_qsl, urlsplit

import pytest
from streamlit.testing.v1 import AppTest

from pages.lessons.class_code import encode
from pages.lessons.path import LESSONS
from pages.lessons.worksheet import answer_sheet, worksheet
from pages.parts import say as words
from tests.pages.opened_page import open_page

FOLDERS = {"": "faces", "latent": "codes"}


def type_code(page: AppTest, text: str) -> None:
    page.text_input(key="code to add").set_value(text).run()
    assert not page.exception


def test_the_page_has_a_row_for_every_lesson() -> None:
    page = open_page("lessons", **{"for": "teachers"})
    assert not page.exception and not page.error and not page.info
    assert len(page.expander) == len(LESSONS)
    assert len([text for text in page.markdown if "[exercise 1](" in text.value]) == len(LESSONS)


def test_codes_show_how_a_question_was_answered_and_a_wrong_one_is_found() -> None:
    page = open_page("lessons", **{"for": "teachers"})
    for answer in (1, 1, 2):
        type_code(page, encode([answer, *[None] * 7]).lower())
    assert page.session_state["class codes"] == [encode([answer, *[None] * 7]) for answer in (1, 1, 2)]
    good = encode([0] * 8)
    type_code(page, good[:4] + ("B" if good[4] != "B" else "C"))
    assert ["wrong letter" in error.value for error in page.error] == [True]
    assert len(page.session_state["class codes"]) == 3  # those before it are kept
    type_code(page, "hello there")
    assert ["five letters" in error.value for error in page.error] == [True]


@pytest.mark.parametrize("language", ["en", "zh-TW"])
@pytest.mark.parametrize("number", range(1, len(LESSONS) + 1))
def test_a_sheet_has_every_question_and_the_answer_sheet_their_answers(
    number: int, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(words, "language", lambda: language)
    asked, answered = worksheet(number), answer_sheet(number)
    steps = len(LESSONS[number - 1].steps)
    assert asked.count("<section>") == answered.count("<section>") == steps
    assert "class=right" not in asked and answered.count("class=right") == steps
    assert "{" not in asked.split("</style>")[1] and ":primary" not in answered


@pytest.mark.parametrize("address", sorted({link for lesson in LESSONS for link in lesson.exercises}))
def test_an_exercise_opens_prepared(address: str) -> None:
    parts = urlsplit(address)
    folder = parts.path.strip("/")
    page = open_page(FOLDERS.get(folder, folder), **dict(parse_qsl(parts.query)))
    assert not page.exception and not page.error and not page.info  # nothing in the address was refused
