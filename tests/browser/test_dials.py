"""The dials of a face in a real browser: the hand turns, the face follows, the address keeps it."""

import re
import statistics

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.hands import at, source, wait_for_another

FACE = ".dial-machine .face img"
PATH = "/codes?exhibit=Faces&smile=0.5"


def test_a_dial_turns_the_face_and_stays_in_the_address(page: Page, open_page: OpenPage) -> None:
    open_page(page, PATH)
    before = source(page, FACE)
    dial = page.get_by_role("slider", name="Glasses")
    dial.focus()
    for _ in range(8):
        dial.press("ArrowRight")
    wait_for_another(page, before, FACE)
    page.wait_for_url(re.compile(r"[?&]glasses=0\.\d"))
    expect(page.locator(".dial-machine .wires .on")).to_have_count(2)
    turned = source(page, FACE)
    page.get_by_role("button", name="All to zero").click()
    wait_for_another(page, turned, FACE)
    page.wait_for_url(lambda url: "glasses" not in url and "smile" not in url)


def test_an_end_of_a_dial_is_one_tap_away_and_marked_beyond_real_faces(page: Page, open_page: OpenPage) -> None:
    open_page(page, PATH)
    before = source(page, FACE)
    page.get_by_role("button", name="Hair: fair").click()
    wait_for_another(page, before, FACE)
    expect(page.get_by_text("beyond 95 % of real faces").first).to_be_visible()
    expect(page.locator(".dial-machine .along")).to_contain_text("What moves along: Hair")


def test_the_film_is_its_own_scrubber(page: Page, open_page: OpenPage) -> None:
    open_page(page, PATH)
    before = source(page, FACE)
    page.mouse.click(*at(page.locator(".dial-machine .strip"), 0.5, 0.5))
    wait_for_another(page, before, FACE)
    expect(page.get_by_text("Between two faces")).to_be_visible()
    page.wait_for_url(re.compile("walk=5"))


def test_another_nobody_has_a_seed(page: Page, open_page: OpenPage) -> None:
    open_page(page, PATH)
    before = source(page, FACE)
    page.get_by_role("button", name="Another nobody").click()
    wait_for_another(page, before, FACE)
    page.wait_for_url(re.compile(r"nobody=\d+"))


def test_on_a_phone_a_chip_chooses_the_dial(phone: Page, open_page: OpenPage) -> None:
    open_page(phone, PATH)
    expect(phone.get_by_role("slider", name="Smile")).to_be_visible()
    expect(phone.get_by_role("slider", name="Beard")).to_be_hidden()
    phone.locator(".dial-machine .pick button").nth(3).tap()
    expect(phone.get_by_role("slider", name="Beard")).to_be_visible()
    assert phone.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0


def test_any_number_alone_is_found_chosen_and_turned_by_keyboard(page: Page, open_page: OpenPage) -> None:
    open_page(page, "/codes?exhibit=Faces&smile=0")
    before, tile = source(page, FACE), page.locator(".dial-machine .tile")
    page.get_by_role("button", name="All to zero").focus()
    while not tile.evaluate("(node) => node.getRootNode().activeElement === node"):
        page.keyboard.press("Tab")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(page.locator(".dial-machine .moved")).to_contain_text("number 3")
    page.keyboard.press("ArrowDown")
    expect(tile.locator(".walked")).to_have_count(1)
    page.keyboard.press("Enter")  # and the slider of that number has the keyboard
    for _ in range(8):
        page.keyboard.press("ArrowRight")
    wait_for_another(page, before, FACE)
    page.wait_for_url(re.compile(r"number=18\b"))  # a row has 15
    page.wait_for_url(re.compile(r"much=0\.8"))


@pytest.mark.measure
@pytest.mark.timeout(300)
def test_the_face_follows_a_dragged_dial(page: Page, open_page: OpenPage) -> None:
    """From a movement of the hand to the face, decoded and on the screen."""
    open_page(page, PATH)
    page.wait_for_timeout(2000)
    dial, times = page.get_by_role("slider", name="Hair"), []
    page.mouse.move(*at(dial, 0.55, 0.5))
    page.mouse.down()
    for step in range(30):
        page.evaluate(
            """() => {
                performance.clearMarks();
                addEventListener("pointermove", () => performance.mark("moved"), {capture: true, once: true});
            }"""
        )
        page.mouse.move(*at(dial, 0.55 + 0.012 * (step + 1), 0.5))
        page.wait_for_function("() => performance.getEntriesByName('pictures:painted').length > 0")
        marks = page.evaluate("performance.getEntriesByType('mark').map(({name, startTime}) => [name, startTime])")
        found = {name: time for name, time in reversed(marks)}
        times.append(found["pictures:painted"] - found["moved"])
        page.wait_for_timeout(100)
    before = source(page, FACE)
    page.mouse.up()
    wait_for_another(page, before, FACE)  # finished
    median, last = statistics.median(times), sorted(times)[28]
    print(f"\na dial dragged to the face, decoded and painted: median {median:.0f} ms, p95 {last:.0f} ms")
    assert median <= 100
