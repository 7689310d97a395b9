"""The lessons in a real browser: walked by key and by touch, the face after every epoch, sheets that print."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from engine.training import article_runs
from pages.lessons.path import LESSONS, Place
from pages.lessons.worksheet import answer_sheet, worksheet
from pages.parts import say as words
from tests.browser.conftest import OpenPage, settled
from tests.browser.hands import drag

PATH = "/lessons?lesson=7&step=3"
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
    expect(page.locator(".lesson-end h2")).to_be_visible()


def test_the_path_is_walked_by_keyboard_and_a_question_is_checked(page: Page, open_page: OpenPage) -> None:
    open_page(page, "/lessons?lesson=4&step=2")
    expect_step(page, Place(4, 2))
    page.keyboard.press("ArrowRight")
    expect_step(page, Place(5, 1))
    assert "lesson=5" in page.url
    page.get_by_role("button", name="4", exact=True).last.click()
    expect(page.locator(".check")).to_contain_text("Right")
    page.keyboard.press("ArrowLeft")
    expect_step(page, Place(4, 2))


def test_the_path_is_walked_by_touch(phone: Page, open_page: OpenPage) -> None:
    open_page(phone, "/lessons?lesson=4&step=2")
    expect_step(phone, Place(4, 2))
    phone.locator(".lesson-end .after").tap()
    expect_step(phone, Place(5, 1))
    phone.locator(".path .folded").tap()
    phone.locator(".path").get_by_role("link", name="Noise").tap()
    expect_step(phone, Place(3, 1))
    assert phone.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
