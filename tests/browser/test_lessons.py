"""The lessons in a real browser: walked by key and by touch, the face after every epoch, sheets that print."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from engine.training import article_runs
from pages.lessons.path import LESSONS, PLACES, Place
from pages.lessons.worksheet import answer_sheet, worksheet
from pages.parts import say as words
from tests.browser.conftest import OpenPage, settled
from tests.browser.hands import drag

PATH = "/lessons?lesson=7&step=3"
# Texts of parts, headings, buttons and labels that are wider than the room they have, and hide the rest.
CUT = """() => [...document.querySelectorAll(".part *, h1, h2, button p, label p")]
    .filter((node) => node.children.length === 0 && node.textContent.trim() && node.clientWidth)
    .filter((node) => node.scrollWidth > node.clientWidth + 1 && getComputedStyle(node).overflowX !== "visible")
    .map((node) => node.textContent)"""
SLIDER, SAID, FRAMES = ".film input", ".film output", ".film canvas"


def wait_for_films(page: Page) -> None:
    """Until the sheets have come: a canvas then has the size of a frame."""
    frames, size = page.locator(FRAMES), str(article_runs.read_runs()["size"])
    for number in range(2, 5):  # after the original and what is given of it
        expect(frames.nth(number)).to_have_attribute("width", size, timeout=30_000)


def painted(frame: Locator) -> str:
    return frame.evaluate("canvas => canvas.toDataURL()")


def test_the_slider_moves_through_the_epochs(page: Page, open_page: OpenPage) -> None:
    open_page(page, PATH)
    wait_for_films(page)
    best, short = page.locator(FRAMES).nth(2), page.locator(FRAMES).nth(3)
    expect(page.locator(SAID)).to_have_text("epoch 50 of 50")
    end, short_end = painted(best), painted(short)
    drag(page, page.locator(SLIDER), (0.99, 0.5), (0.5, 0.5))
    assert painted(best) != end and painted(short) == short_end  # the shorter run stays at its last epoch
    page.keyboard.press("Home")
    expect(page.locator(SAID)).to_have_text("epoch 1 of 50")
    first = painted(best)
    assert first != end and painted(short) != short_end
    page.keyboard.press("ArrowRight")
    expect(page.locator(SAID)).to_have_text("epoch 2 of 50")
    assert painted(best) != first


def test_another_run_joins_where_the_slider_stands(page: Page, open_page: OpenPage) -> None:
    open_page(page, PATH)
    wait_for_films(page)
    page.locator(SLIDER).press("Home")
    before = page.locator(FRAMES).count()
    page.get_by_test_id("stButtonGroup").get_by_text("Adam 0.001, 15 epochs").click()
    expect(page.locator(FRAMES)).to_have_count(before + 1, timeout=15_000)
    expect(page.locator(SAID)).to_have_text("epoch 1 of 50")


def test_it_fits_a_phone(phone: Page, open_page: OpenPage) -> None:
    open_page(phone, PATH)
    wait_for_films(phone)
    assert phone.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0


@pytest.mark.parametrize("language", ["en", "zh-TW"])
def test_every_sheet_prints_on_one_page(page: Page, language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(words, "language", lambda: language)
    for number in range(1, len(LESSONS) + 1):
        for sheet in (worksheet, answer_sheet):
            page.set_content(sheet(number))
            printed = page.pdf(prefer_css_page_size=True)
            assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 1, f"{sheet.__name__} {number}"


def expect_step(page: Page, place: Place) -> None:
    claim = words.say(f"lesson.{place}.claim").replace(":primary[", "").replace("]", "")
    expect(page.get_by_role("heading", level=1)).to_have_text(claim, timeout=60_000)
    settled(page)
    expect(page.locator(".lesson-end h2")).to_have_text(re.compile(r".+"))
    expect(page.get_by_test_id("stAlertContentError")).to_have_count(0)


@pytest.fixture
def language(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Of the page, and of what it is compared with."""
    monkeypatch.setattr(words, "language", lambda: request.param)
    return request.param


def first_step(page: Page, open_page: OpenPage, language: str) -> None:
    open_page(page, f"/lessons?lesson=1&step=1&lang={language}")
    expect_step(page, PLACES[0])


def expect_right(page: Page, place: Place) -> None:
    right = words.say(f"lesson.{place}.check{place.here.answer + 1}")
    expect(page.locator(".lesson-end .check")).to_contain_text(re.split(r"[:：{]", right)[0])


@pytest.mark.parametrize("language", ["en", pytest.param("zh-TW", marks=pytest.mark.measure)], indirect=True)
def test_all_lessons_are_walked_by_keyboard(page: Page, open_page: OpenPage, language: str) -> None:
    """The right answer with Tab and Enter, the way on with an arrow; at the end the way back."""
    first_step(page, open_page, language)
    for place, after in zip(PLACES, [*PLACES[1:], None], strict=True):
        page.locator(".lesson-end .options button").first.focus()
        for _ in range(place.here.answer):
            page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect_right(page, place)
        page.keyboard.press("ArrowRight")
        if after:
            expect_step(page, after)
    page.keyboard.press("ArrowLeft")
    expect_step(page, PLACES[-2])
    expect(page.locator(".path a.done")).to_have_count(len(LESSONS))


@pytest.mark.parametrize("language", [pytest.param("en", marks=pytest.mark.measure), "zh-TW"], indirect=True)
def test_all_lessons_are_walked_by_touch(phone: Page, open_page: OpenPage, language: str) -> None:
    """Nothing is cut off, the page is no wider than the phone."""
    first_step(phone, open_page, language)
    for place, after in zip(PLACES, [*PLACES[1:], None], strict=True):
        phone.locator(".lesson-end .options button").nth(place.here.answer).tap()
        expect_right(phone, place)
        assert phone.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0, place
        assert not phone.evaluate(CUT), place
        if after:
            phone.locator(".lesson-end .after").tap()
            expect_step(phone, after)
    phone.locator(".path .folded").tap()
    phone.locator(".path a").nth(2).tap()
    expect_step(phone, Place(3, 1))


def test_stamps_are_played_one_by_one(page: Page, open_page: OpenPage) -> None:
    open_page(page, "/lessons?lesson=5&step=1")
    answer = page.locator(".grids section").last.locator(".cells i")
    whole = answer.all_text_contents()
    page.get_by_role("button", name="Stamp by stamp").click()
    expect(page.locator(".grids")).to_have_attribute("data-frame", re.compile("[1-7]"))
    assert answer.all_text_contents() != whole
    expect(page.locator(".grids")).to_have_attribute("data-frame", "")  # it has come to its end
    assert answer.all_text_contents() == whole
