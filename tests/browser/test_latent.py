"""The latent page in a real browser: clicking, dragging, the lasso, zooming, and a finger."""

import re
import statistics

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.hands import at, drag, source, swipe, wait_for_another

MAP = ".map canvas"
DECODED = ".decoded img"
PATH = "/latent?exhibit=Map&map=Autoencoder"


SHEET_IS_THERE = """() => {
    const found = performance.getEntriesByType("resource").find(({name}) => name.includes("digit-map-grid.webp"));
    return found && Object.assign(new Image(), {src: found.name}).decode().then(() => true);
}"""


def test_a_click_on_empty_space_is_decoded(page: Page, open_page: OpenPage) -> None:
    open_page(page, PATH)
    before = source(page, DECODED)
    page.mouse.click(*at(page.locator(MAP).first, 0.06, 0.08))
    wait_for_another(page, before, DECODED)
    expect(page.get_by_text("here the decoder makes things up")).to_be_visible()
    in_the_last_zone = re.compile(r"left: (7[2-9]|[89]\d|100)(\.\d+)?%")
    expect(page.locator(".place .needle")).to_have_attribute("style", in_the_last_zone)
    expect(page.locator(".place .near li")).to_have_count(5)


def test_digits_stand_in_place_of_the_points(page: Page, open_page: OpenPage) -> None:
    open_page(page, PATH)
    content = "(canvas) => canvas.toDataURL()"
    plane = page.locator(MAP).first
    expect(page.locator(".map .names text:visible")).to_have_count(10)
    dots = plane.evaluate(content)
    page.locator(".st-key-drawn").get_by_text("Drawings", exact=True).click()
    page.wait_for_url(re.compile("drawn=pictures"))
    expect(page.locator(".map .names text")).to_have_count(0)  # they say it themselves
    page.wait_for_function(
        """(before) => {
            const find = (root) => root.querySelector(".map canvas")
                ?? [...root.querySelectorAll("*")].map((one) => one.shadowRoot && find(one.shadowRoot)).find(Boolean);
            return find(document).toDataURL() !== before;
        }""",
        arg=dots,
    )


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


def test_a_place_by_chance_is_drawn(page: Page, open_page: OpenPage) -> None:
    open_page(page, PATH)
    expect(page.locator(".map .legend button")).to_have_count(10)
    before = source(page, DECODED)
    page.get_by_role("button", name="A place by chance").click()
    wait_for_another(page, before, DECODED)
    expect(page).to_have_url(re.compile(r"[?&]at=-?[\d.]+(,|%2C)-?[\d.]+"))


def test_the_picture_follows_the_hand_before_the_server_answers(page: Page, open_page: OpenPage) -> None:
    """A sheet that came with the map shows about what the decoder draws there; the exact picture then takes its place,
    unless the hand has gone on."""
    open_page(page, PATH)
    page.wait_for_function(SHEET_IS_THERE)
    glimpse, before = page.locator(".decoded canvas"), source(page, DECODED)
    expect(glimpse).to_be_hidden()
    target = page.locator(MAP).first
    page.mouse.move(*at(target, 0.45, 0.5))
    seen = page.evaluate(
        """() => {
            const find = (root) => root.querySelector(".decoded")
                ?? [...root.querySelectorAll("*")].map((one) => one.shadowRoot && find(one.shadowRoot)).find(Boolean);
            const [canvas, image] = ["canvas", "img"].map((tag) => find(document).querySelector(tag));
            window.whenPressed = [];
            addEventListener("pointerdown", () => {
                const drawn = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
                window.whenPressed.push([!canvas.hidden, image.src, Math.max(...drawn.filter((_, i) => i % 4 < 3))]);
            }, {once: true});
            return image.src;
        }"""
    )
    page.mouse.down()
    page.mouse.up()
    covered, asked, brightest = page.evaluate("window.whenPressed[0]")
    assert covered and brightest > 100  # there is a digit on it, and it was there before any answer
    assert asked == seen
    wait_for_another(page, before, DECODED)
    expect(glimpse).to_be_hidden()


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
    """From a click on the map to about the picture on the screen, and to the exact one."""
    open_page(page, PATH)
    page.wait_for_timeout(2000)
    glimpses, times, target = [], [], page.locator(MAP).first
    for turn in range(25):
        before = source(page, DECODED)
        page.evaluate(
            """() => {
                performance.clearMarks();
                addEventListener("pointerdown", () => performance.mark("click"), {capture: true, once: true});
            }"""
        )
        page.mouse.click(*at(target, 0.3 + 0.016 * turn, 0.35 + 0.05 * (turn % 7)))
        wait_for_another(page, before, DECODED)
        page.wait_for_timeout(400)
        marks = page.evaluate("performance.getEntriesByType('mark').map((mark) => [mark.name, mark.startTime])")
        clicked = next(time for name, time in marks if name == "click")
        glimpses.append(min(time for name, time in marks if name == "decoded:glimpsed") - clicked)
        times.append(min(time for name, time in marks if name == "decoded:exact") - clicked)
    for name, found in (("about the picture", glimpses), ("the exact one", times)):
        median = statistics.median(found)
        print(f"\nclick on the map to {name} painted: median {median:.0f} ms, p95 {sorted(found)[23]:.0f} ms")
    assert statistics.median(glimpses) <= 50
    assert statistics.median(times) <= 120
