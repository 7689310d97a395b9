"""The latent page in a real browser: clicking, dragging, the lasso, zooming, and a finger."""

import statistics

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.hands import at, drag, source, swipe, wait_for_another

MAP = ".map canvas"
DECODED = ".gallery .row img[alt='Decoded place']"
PATH = "/latent?exhibit=Map&map=Autoencoder"


def test_a_click_on_empty_space_is_decoded(page: Page, open_page: OpenPage) -> None:
    open_page(page, PATH)
    before = source(page, DECODED)
    page.mouse.click(*at(page.locator(MAP).first, 0.3, 0.1))
    wait_for_another(page, before, DECODED)
    expect(page.get_by_text("here the decoder makes things up")).to_be_visible()


def test_a_drag_decodes_along_the_way(page: Page, open_page: OpenPage) -> None:
    open_page(page, PATH)
    before = source(page, DECODED)
    target = page.locator(MAP).first
    page.mouse.move(*at(target, 0.4, 0.5))
    page.mouse.down()
    page.mouse.move(*at(target, 0.6, 0.6), steps=8)
    midway = wait_for_another(page, before, DECODED)
    page.mouse.move(*at(target, 0.62, 0.85), steps=8)
    page.mouse.up()
    wait_for_another(page, midway, DECODED)


def test_the_keyboard_moves_the_place(page: Page, open_page: OpenPage) -> None:
    open_page(page, PATH)
    before = source(page, DECODED)
    page.mouse.click(*at(page.locator(MAP).first, 0.5, 0.5))
    clicked = wait_for_another(page, before, DECODED)
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    wait_for_another(page, clicked, DECODED)


def test_a_lasso_tells_its_digits(page: Page, open_page: OpenPage) -> None:
    open_page(page, PATH)
    page.get_by_role("button", name="Draw around points").click()
    drag(page, page.locator(MAP).first, (0.35, 0.3), (0.65, 0.3), (0.65, 0.7), (0.35, 0.7), (0.35, 0.32))
    expect(page.get_by_text("codes in the lasso")).to_be_visible()
    expect(page.get_by_text("Their mean")).to_be_visible()


def test_an_empty_lasso_says_so(page: Page, open_page: OpenPage) -> None:
    open_page(page, PATH)
    page.get_by_role("button", name="Draw around points").click()
    drag(page, page.locator(MAP).first, (0.13, 0.92), (0.18, 0.92), (0.18, 0.96), (0.13, 0.96))
    expect(page.get_by_text("The lasso holds no point")).to_be_visible()


def test_zooming_keeps_the_place(page: Page, open_page: OpenPage) -> None:
    open_page(page, PATH)
    before = source(page, DECODED)
    page.mouse.click(*at(page.locator(MAP).first, 0.5, 0.4))
    clicked = wait_for_another(page, before, DECODED)
    page.get_by_role("button", name="Zoom in").click()
    page.wait_for_timeout(500)
    assert source(page, DECODED) == clicked


def test_a_map_that_cannot_decode_says_so(page: Page, open_page: OpenPage) -> None:
    open_page(page, "/latent?exhibit=Map&map=UMAP")
    expect(page.get_by_text("UMAP cannot decode")).to_be_visible()


@pytest.mark.parametrize("query", ["map=<script>", "exhibit=nonsense", "from=-3&exhibit=Walk"])
def test_nonsense_in_the_address_is_ignored(page: Page, open_page: OpenPage, query: str) -> None:
    open_page(page, f"/latent?{query}")
    expect(page.get_by_text("Show the code")).to_be_visible()


def test_a_finger_decodes_on_a_phone(phone: Page, open_page: OpenPage) -> None:
    open_page(phone, PATH)
    before = source(phone, DECODED)
    swipe(phone, phone.locator(MAP).first, (0.4, 0.4), (0.7, 0.6))
    wait_for_another(phone, before, DECODED)
    assert phone.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0


@pytest.mark.measure
@pytest.mark.timeout(300)
def test_click_to_painted(page: Page, open_page: OpenPage) -> None:
    """From a click on the map to the decoded picture on the screen."""
    open_page(page, PATH)
    page.wait_for_timeout(2000)
    times, target = [], page.locator(MAP).first
    for turn in range(25):
        before = source(page, DECODED)
        page.evaluate(
            """() => {
                performance.clearMarks();
                addEventListener("pointerup", () => performance.mark("click"), {capture: true, once: true});
            }"""
        )
        page.mouse.click(*at(target, 0.3 + 0.016 * turn, 0.35 + 0.05 * (turn % 7)))
        wait_for_another(page, before, DECODED)
        page.wait_for_timeout(400)
        marks = page.evaluate("performance.getEntriesByType('mark').map((mark) => [mark.name, mark.startTime])")
        clicked = next(time for name, time in marks if name == "click")
        times.append(min(time for name, time in marks if name == "pictures:painted") - clicked)
    median = statistics.median(times)
    print(f"\nclick to decoded picture painted: median {median:.0f} ms, p95 {sorted(times)[23]:.0f} ms")
    assert median <= 120
