"""The digits page in a real browser."""

import base64
import io
import re

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import OpenPage, settled
from tests.browser.hands import at, drag, source, swipe, wait_for_another

GIVEN, RESTORED = ".digit-machine .given img", ".digit-machine .answer img"
KINDS = ".st-key-noise .choices img"
METHODS = ".digit-machine .methods button"


def canvas(page: Page) -> Locator:
    """The drawing canvas, wherever the package puts it."""
    return page.locator("canvas.upper-canvas").first


def draw_a_seven(page: Page) -> None:
    drag(page, canvas(page), (0.25, 0.25), (0.75, 0.25), (0.45, 0.85))


def test_a_drawn_digit_is_denoised_and_kept(page: Page, open_page: OpenPage) -> None:
    open_page(page, "/digits?source=Draw+it")
    expect(page.get_by_text("Draw a digit on the black square")).to_be_visible()
    draw_a_seven(page)
    expect(page.locator(METHODS)).to_have_count(7)
    before = source(page, RESTORED)
    drag(page, canvas(page), (0.35, 0.55), (0.65, 0.55))
    after = wait_for_another(page, before, RESTORED)
    page.get_by_role("link", name="Models").click()
    expect(page.get_by_role("heading", name="What is in the box")).to_be_visible()
    page.get_by_role("link", name="Digits").click()
    expect(page.locator(METHODS)).to_have_count(7)
    assert source(page, RESTORED) == after


def test_a_finger_draws_what_a_mouse_draws(page: Page, phone: Page, open_page: OpenPage) -> None:
    """The canvas lies on whole pixels of every screen: a mouse tells no others, a finger does.

    This stroke's centre of mass lies between two rows: a pixel beside, and the digit would be laid one row lower.
    """
    stroke = [(0.3, 0.2), (0.7, 0.2), (0.45, 0.85)]
    digits = []
    for screen, hand in ((page, drag), (phone, swipe)):
        open_page(screen, "/digits?source=Draw+it&strength=0")
        frame = canvas(screen).bounding_box()
        assert frame and frame["x"] == round(frame["x"]) and frame["y"] == round(frame["y"])
        hand(screen, canvas(screen), *stroke)
        expect(screen.locator(METHODS)).to_have_count(7)
        content = base64.b64decode(source(screen, GIVEN).split(",")[1])
        digits.append(np.asarray(Image.open(io.BytesIO(content)).convert("L"), dtype=float))
    mouse, finger = digits
    assert mouse.mean() > 15
    assert abs(mouse - finger).mean() < 4  # of 255; one row beside it would be 11.6


def test_noise_and_digit_change_the_pictures(page: Page, open_page: OpenPage) -> None:
    open_page(page, "/digits?digit=18")
    before = source(page, RESTORED)
    specks = page.get_by_role("button", name="Salt, pepper")
    specks.click()
    salted = wait_for_another(page, before, RESTORED)
    expect(specks).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="A 4", exact=True).click()
    wait_for_another(page, salted, RESTORED)
    expect(page.get_by_text(re.compile("Test digit .*, a 4"))).to_be_visible()
    settled(page)
    assert "noise=Salt+and+pepper" in page.url and "digit=" in page.url


def test_every_kind_of_noise_shows_this_digit_under_it(page: Page, open_page: OpenPage) -> None:
    open_page(page, "/digits?digit=18&strength=0.6")
    expect(page.locator(KINDS)).to_have_count(7)
    shown = [page.locator(KINDS).nth(i).get_attribute("src") for i in range(7)]
    assert len(set(shown)) == 7
    assert shown[0] == source(page, GIVEN)  # what is chosen stands large


def test_a_drawn_digit_survives_a_reload_and_is_forgotten_with_one_tap(page: Page, open_page: OpenPage) -> None:
    open_page(page, "/digits?source=Draw+it")
    draw_a_seven(page)
    expect(page.locator(METHODS)).to_have_count(7)
    settled(page)
    before = source(page, GIVEN)
    page.wait_for_function("sessionStorage.getItem('drawing canvas')")
    page.reload()
    expect(page.locator(METHODS)).to_have_count(7)
    expect(page.locator(GIVEN)).to_have_attribute("src", before)
    page.get_by_role("button", name="Forget my drawing").click()
    expect(page.get_by_text("Draw a digit on the black square")).to_be_visible()
    page.wait_for_function("!sessionStorage.getItem('drawing canvas')")
    page.reload()
    expect(page.get_by_text("Draw a digit on the black square")).to_be_visible()
    settled(page)
    expect(page.locator(METHODS)).to_have_count(0)


def test_a_number_that_there_is_not_gets_its_sentence(page: Page, open_page: OpenPage) -> None:
    open_page(page, "/digits?digit=18")
    page.get_by_text("Digit and noise by their numbers").click()
    field = page.locator(".st-key-digit input")
    field.fill("99999")
    field.press("Enter")
    expect(page.get_by_text("There is no test digit 99999")).to_be_visible()
    expect(page.get_by_text("Test digit 18,")).to_be_visible()


def test_a_tap_makes_a_method_large_and_the_noise_steps_aside(page: Page, open_page: OpenPage) -> None:
    open_page(page, "/digits?digit=18")
    expect(page.get_by_text("the noise moved", exact=False)).to_be_visible()
    noisy, before = source(page, GIVEN), source(page, RESTORED)
    net = page.locator(METHODS).nth(1)
    net.click()
    wait_for_another(page, before, RESTORED)
    expect(net).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_text("not used: it looks at the pixels")).to_be_visible()
    page.get_by_role("button", name="Hold to see").focus()
    page.keyboard.down("Enter")
    wait_for_another(page, noisy, GIVEN)
    page.keyboard.up("Enter")
    expect(page.locator(GIVEN)).to_have_attribute("src", noisy)


def test_the_doors_lead_on(page: Page, open_page: OpenPage) -> None:
    open_page(page, "/digits?digit=18")
    before = source(page, RESTORED)
    page.get_by_role("link", name="Taught without noise").click()
    wait_for_another(page, before, RESTORED)
    expect(page.get_by_role("button", name="Autoencoder:")).to_have_attribute("aria-pressed", "true")
    page.get_by_role("link", name="Draw a letter").click()
    expect(page.get_by_text("Draw a digit on the black square")).to_be_visible()
    expect(canvas(page)).to_be_visible()
    draw_a_seven(page)
    page.get_by_role("link", name="Train it yourself").click()
    page.wait_for_url(re.compile(r"lessons.*lesson=9"))


def test_the_noise_lies_over_the_canvas_and_steps_aside_while_the_pen_is_down(page: Page, open_page: OpenPage) -> None:
    open_page(page, "/digits?source=Draw+it")
    draw_a_seven(page)
    expect(page.locator(METHODS)).to_have_count(7)
    paper, given = canvas(page), page.locator(".digit-machine .given").first
    expect(given).to_have_css("opacity", "1")
    boxes = [box for box in (paper.bounding_box(), given.bounding_box()) if box]
    assert all(abs(boxes[0][side] - boxes[1][side]) <= 1 for side in ("x", "y", "width", "height"))
    before = source(page, RESTORED)
    page.mouse.move(*at(paper, 0.3, 0.5))
    expect(page.locator(".dc-toolbar")).to_be_hidden()  # it would lie over the kinds of noise
    page.mouse.down()
    page.mouse.move(*at(paper, 0.7, 0.6), steps=6)
    expect(given).to_have_css("opacity", "0")
    page.mouse.up()
    crossed = wait_for_another(page, before, RESTORED)
    expect(given).to_have_css("opacity", "1")
    page.get_by_role("button", name="Take back the last stroke").click()
    wait_for_another(page, crossed, RESTORED)
    assert source(page, RESTORED) == before


def test_noise_and_answer_share_a_phones_screen_with_the_canvas(phone: Page, open_page: OpenPage) -> None:
    open_page(phone, "/digits?source=Draw+it")
    swipe(phone, canvas(phone), (0.3, 0.2), (0.7, 0.2), (0.45, 0.85))
    expect(phone.locator(METHODS)).to_have_count(7)
    phone.evaluate("document.querySelector('[data-testid=stMain]').scrollTo(0, 0)")
    height = phone.viewport_size["height"] if phone.viewport_size else 0
    for seen in (GIVEN, RESTORED, "canvas.upper-canvas"):
        box = phone.locator(seen).first.bounding_box()
        assert box and box["y"] >= 0 and box["y"] + box["height"] <= height - 50, seen  # the tabs lie at the lower edge


@pytest.mark.parametrize(
    "query", ["digit=99999", "strength=-1", "strength=nan", "source=%3Cscript%3E", "noise=none", "seed=-4", "show=x"]
)
def test_nonsense_in_the_address_is_ignored(page: Page, open_page: OpenPage, query: str) -> None:
    open_page(page, f"/digits?{query}")
    expect(page.locator(METHODS)).to_have_count(7)


@pytest.mark.parametrize(
    ("path", "choice"),
    [
        ("/latent?exhibit=Strangers&stranger=My+drawing", ""),
        ("/lessons?lesson=1&step=2", "My own"),
        ("/lessons?lesson=3&step=2", ""),
    ],
)
def test_a_digit_is_drawn_on_other_pages_too(page: Page, open_page: OpenPage, path: str, choice: str) -> None:
    open_page(page, path)
    if choice:
        page.get_by_role("radio", name=choice).click()
    forget = page.get_by_role("button", name="Forget my drawing")
    expect(forget).to_be_disabled()
    expect(canvas(page)).to_have_css("width", "280px")
    draw_a_seven(page)
    expect(forget).to_be_enabled()
    expect(page.locator("canvas.lower-canvas").first).to_be_visible()
