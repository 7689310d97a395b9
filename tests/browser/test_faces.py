"""The faces page in a real browser: drawing, undoing, coming back."""

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from engine import images
from engine.photos import gallery
from tests.browser.conftest import OpenPage
from tests.browser.hands import PAD, at, drag, source, swipe, wait_for_another
from tests.browser.server import Server

BOXES = ".pad .shapes rect"
TILE = ".machine .method[data-method=telea]"
DESKS = ({"width": 1280, "height": 900}, {"width": 1366, "height": 768})
PHONES = ({"width": 390, "height": 844}, {"width": 360, "height": 640})


def test_a_box_drawn_with_the_mouse_changes_the_reconstruction(page: Page, open_page: OpenPage) -> None:
    open_page(page, "/")
    before, pad = source(page), page.locator(PAD)
    drag(page, pad, (0.25, 0.3), (0.45, 0.45))
    first = wait_for_another(page, before)
    expect(page.locator(BOXES)).to_have_count(2)
    drag(page, pad, (0.75, 0.9), (0.6, 0.7))  # from right to left and upwards
    wait_for_another(page, first)
    expect(page.locator(BOXES)).to_have_count(3)


def test_a_box_drawn_beyond_the_edge_ends_at_the_edge(page: Page, open_page: OpenPage) -> None:
    open_page(page, "/")
    before = source(page)
    drag(page, page.locator(PAD), (0.8, 0.8), (1.3, 1.2))
    wait_for_another(page, before)
    box = page.locator(BOXES).last
    right = float(box.get_attribute("x") or 0) + float(box.get_attribute("width") or 0)
    assert right == 128


def test_undo_brings_back_the_picture_before(page: Page, open_page: OpenPage) -> None:
    open_page(page, "/")
    before = source(page)
    drag(page, page.locator(PAD), (0.25, 0.3), (0.45, 0.45))
    after = wait_for_another(page, before)
    page.get_by_role("button", name="Undo").click()
    assert wait_for_another(page, after) == before
    page.get_by_role("button", name="Redo").click()
    assert wait_for_another(page, before) == after


def test_a_click_on_the_picture_draws_nothing(page: Page, open_page: OpenPage) -> None:
    open_page(page, "/")
    page.locator(PAD).click(position={"x": 20, "y": 20})
    page.wait_for_timeout(500)
    expect(page.locator(BOXES)).to_have_count(1)


def test_clearing_gives_the_face_back_and_loses_nothing(page: Page, open_page: OpenPage) -> None:
    open_page(page, "/")
    before = source(page)
    page.get_by_role("button", name="Clear").click()
    assert wait_for_another(page, before) == "given"
    expect(page.locator(".machine .how")).to_contain_text("a ring: changed by what you hide")
    page.get_by_role("button", name="Undo").click()
    assert wait_for_another(page, "given") == before


def test_the_keyboard_draws_and_moves_a_box(page: Page, open_page: OpenPage) -> None:
    open_page(page, "/")
    before, pad = source(page), page.locator(PAD)
    pad.focus()
    page.keyboard.press("Enter")
    added = wait_for_another(page, before)
    page.keyboard.press("ArrowLeft")
    moved = wait_for_another(page, added)
    page.keyboard.press("Delete")
    assert wait_for_another(page, moved) == before


def test_a_random_box_is_the_articles(page: Page, open_page: OpenPage) -> None:
    open_page(page, "/")
    before = source(page)
    page.get_by_role("button", name="Random").click()
    wait_for_another(page, before)
    expect(page.get_by_text("Random box: seed 1")).to_be_visible()
    box = page.locator(BOXES)
    assert (box.get_attribute("width"), box.get_attribute("height")) == ("28", "28")


def test_drawings_and_choices_survive_a_visit_to_another_page(page: Page, open_page: OpenPage) -> None:
    open_page(page, "/?face=Grace+Hopper")
    before = source(page)
    drag(page, page.locator(PAD), (0.25, 0.3), (0.45, 0.45))
    after = wait_for_another(page, before)
    page.get_by_role("link", name="Digits").click()
    expect(page.get_by_role("heading", name="How much noise")).to_be_visible()
    page.get_by_role("link", name="Faces").click()
    expect(page.locator(BOXES)).to_have_count(2)
    assert source(page) == after
    expect(page.get_by_text("Grace Hopper, computer scientist")).to_be_attached()
    expect(page).to_have_url(re.compile("face=Grace"))


def test_a_finger_draws_on_a_phone(phone: Page, open_page: OpenPage) -> None:
    open_page(phone, "/")
    before = source(phone)
    swipe(phone, phone.locator(PAD), (0.25, 0.3), (0.45, 0.45))
    wait_for_another(phone, before)
    expect(phone.locator(BOXES)).to_have_count(2)
    overflow = phone.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert overflow <= 0, "the page is wider than the phone"


def test_one_tap_hides_a_feature_and_undo_brings_the_drawing_back(page: Page, open_page: OpenPage) -> None:
    open_page(page, "/")
    before, moved = source(page), page.locator(".machine .tile .moved")
    count = moved.count()
    assert count > 0
    page.get_by_role("button", name="Left half").click()
    after = wait_for_another(page, before)
    expect(page.locator(BOXES)).to_have_attribute("height", "128")
    expect(page.get_by_role("button", name="Left half")).to_have_attribute("aria-pressed", "true")
    page.wait_for_function("count => count !== 0", arg=moved.count() - count)  # the numbers moved with the mask
    page.get_by_role("button", name="Undo").click()
    assert wait_for_another(page, after) == before
    expect(moved).to_have_count(count)


def test_the_brush_paints_a_stroke_and_the_row_follows(page: Page, open_page: OpenPage) -> None:
    open_page(page, "/")
    before = source(page, TILE)
    page.get_by_role("button", name="Brush", exact=True).click()
    drag(page, page.locator(PAD), (0.3, 0.3), (0.5, 0.35), (0.6, 0.5))
    wait_for_another(page, before, TILE)
    expect(page.locator(".pad .shapes path")).to_have_count(1)


def test_the_eraser_subtracts_and_undo_and_redo_know_it(page: Page, open_page: OpenPage) -> None:
    open_page(page, "/")
    before, pad = source(page), page.locator(PAD)
    page.get_by_role("button", name="Eraser").click()
    pad.focus()
    for _ in range(20):
        page.keyboard.press("]")  # as wide as it gets
    drag(page, pad, (0.2, 0.45), (0.8, 0.45))
    assert wait_for_another(page, before) == "given"  # all of the box is gone
    page.get_by_role("button", name="Undo").click()
    assert wait_for_another(page, "given") == before
    page.get_by_role("button", name="Redo").click()
    assert wait_for_another(page, before) == "given"


def test_a_thumbnail_switches_without_asking_the_server(page: Page, open_page: OpenPage) -> None:
    open_page(page, "/")
    before = source(page)
    page.context.set_offline(True)
    page.locator(".machine .method[data-method=face-autoencoder]").click()
    shown = wait_for_another(page, before)
    expect(page.locator(".machine p.why")).to_contain_text("it takes the black for hair or shadow")
    assert shown == source(page, ".machine .method[data-method=face-autoencoder]")
    page.context.set_offline(False)


def corners(node: Locator) -> tuple[float, float, float, float]:
    """Left, top, right and bottom on the screen."""
    box = node.bounding_box()
    assert box, "it is not on the screen"
    return box["x"], box["y"], box["x"] + box["width"], box["y"] + box["height"]


@pytest.mark.parametrize("screen", DESKS, ids=lambda screen: f"{screen['width']}x{screen['height']}")
def test_on_a_desk_everything_is_on_the_first_screen(page: Page, open_page: OpenPage, screen: Any) -> None:
    page.set_viewport_size(screen)
    open_page(page, "/")
    pad, answer = (page.locator(f".machine .square.{name}") for name in ("pad", "answer"))
    left, right = corners(pad), corners(answer)
    assert left[1] == right[1] and left[3] == right[3], "not one top edge and one size"
    assert left[2] - left[0] == pytest.approx(right[2] - right[0], abs=0.01)
    assert left[2] - left[0] > 0.5 * screen["height"]
    parts = (".hide", ".title", ".tile", ".place", ".bar", ".faces", ".verdict", ".method >> nth=0", ".method >> nth=5")
    before = [corners(page.locator(f".machine {part}")) for part in parts]
    assert all(top >= 0 and bottom <= screen["height"] for _, top, _, bottom in [left, right, *before])
    shown = source(page)
    page.get_by_role("button", name="Mouth").click()
    wait_for_another(page, shown)
    assert [corners(page.locator(f".machine {part}")) for part in parts] == before, "something moved"


@pytest.mark.parametrize("screen", PHONES, ids=lambda screen: f"{screen['width']}x{screen['height']}")
def test_on_a_phone_the_answer_is_on_the_screen_of_the_stroke(phone: Page, open_page: OpenPage, screen: Any) -> None:
    phone.set_viewport_size(screen)
    open_page(phone, "/")
    for name in ("pad", "answer"):
        _, top, right, bottom = corners(phone.locator(f".machine .square.{name}"))
        assert top >= 0 and bottom <= screen["height"] - 58 and right <= screen["width"]
    assert phone.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0


def test_holding_shows_the_original_by_mouse_and_by_key(page: Page, open_page: OpenPage) -> None:
    open_page(page, "/")
    button, box = page.get_by_role("button", name="Hold to see"), page.locator(BOXES)
    button.hover()
    page.mouse.down()
    expect(box).to_be_hidden()
    page.mouse.up()
    expect(box).to_be_visible()
    button.focus()
    page.keyboard.down("Space")
    expect(box).to_be_hidden()
    page.keyboard.up("Space")
    expect(box).to_be_visible()


def test_holding_shows_the_original_by_finger(phone: Page, open_page: OpenPage) -> None:
    open_page(phone, "/")
    button, box = phone.get_by_role("button", name="Hold to see"), phone.locator(BOXES)
    x, y = at(button, 0.5, 0.5)
    session = phone.context.new_cdp_session(phone)
    session.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
    expect(box).to_be_hidden()
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    expect(box).to_be_visible()


def test_a_tile_is_enlarged_by_a_tap(page: Page, open_page: OpenPage) -> None:
    open_page(page, "/?look=Every+method")
    page.get_by_role("button", name="Enlarge: From the edges (Telea): restored face").click()
    enlarged = page.get_by_role("dialog")
    expect(enlarged).to_contain_text("has never seen a face")
    page.keyboard.press("Escape")
    expect(enlarged).to_have_count(0)


def test_the_chosen_method_is_in_the_address_and_survives_another_page(page: Page, open_page: OpenPage) -> None:
    open_page(page, "/")
    chosen = page.locator(".machine .method[aria-pressed=true]")
    page.locator(TILE).click()
    expect(page).to_have_url(re.compile("method=Telea"))
    page.get_by_role("link", name="Digits").click()
    expect(page.get_by_role("heading", name="How much noise")).to_be_visible()
    page.get_by_role("link", name="Faces").click()
    expect(chosen).to_have_attribute("data-method", "telea")


def test_the_edge_of_the_wipe_follows_the_keys(page: Page, open_page: OpenPage) -> None:
    open_page(page, "/?look=Wipe&method=Autoencoder")
    slider = page.get_by_role("slider", name="Edge between Input and The article's autoencoder")
    slider.focus()
    page.keyboard.press("ArrowRight")
    expect(slider).to_have_value("51")


def test_a_search_is_cancelled_by_hand_or_by_drawing_and_keeps_what_it_found(page: Page, open_page: OpenPage) -> None:
    open_page(page, "/?look=Latent+search&steps=200")
    found = page.locator(".machine .method[data-method=latent-search]:not(.missing)")
    page.get_by_role("button", name="Search", exact=True).click()
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_role("button", name="Search again")).to_be_visible()
    expect(found).to_be_visible()  # in the row of methods
    page.get_by_role("button", name="Search again").click()
    expect(page.get_by_role("button", name="Cancel")).to_be_visible()
    before = source(page)
    drag(page, page.locator(PAD), (0.25, 0.3), (0.45, 0.45))  # the pad does not wait for the search
    wait_for_another(page, before)
    expect(page.get_by_role("button", name="Search", exact=True)).to_be_visible()
    expect(found).to_have_count(0)


# ---------------------------------------------------------------- many faces


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """Thirty more faces for the fresh server."""
    image, folder = gallery.gallery()["astronaut"].image, tmp_path / "faces"
    folder.mkdir()
    for number in range(10, 40):
        images.to_picture(image.roll(number, 3)).save(folder / f"Face {number}.png")
    return {gallery.FOLDER: str(folder)}


def face(page: Page, name: str) -> Locator:
    return page.get_by_role("radiogroup", name="Face").get_by_role("radio", name=name, exact=True)


def test_a_face_is_chosen_among_many_by_address_thumb_key_and_dialog(
    fresh_server: Server, page: Page, open_page: OpenPage
) -> None:
    crowd = sum(not face.own for face in gallery.gallery().values()) + 30
    open_page(page, "/?face=Face+30")
    expect(face(page, "Face 30")).to_have_attribute("aria-checked", "true")
    before = source(page)
    drag(page, page.locator(PAD), (0.25, 0.3), (0.45, 0.45))
    drawn = wait_for_another(page, before)

    face(page, "Face 32").click()
    other = wait_for_another(page, drawn)
    expect(page.locator(BOXES)).to_have_count(2)  # the mask stays
    expect(page).to_have_url(re.compile(r"/\?face=Face\+32&mask=1"))

    face(page, "Face 32").press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    expect(page).to_have_url(re.compile(r"face=Face\+30"))
    assert wait_for_another(page, other) == drawn
    expect(face(page, "Face 30")).to_be_focused()

    page.get_by_role("button", name=f"All {crowd} faces").click()
    everybody = page.get_by_role("dialog")
    expect(everybody.get_by_role("radio")).to_have_count(crowd)
    everybody.get_by_role("radio", name="Face 36").click()
    expect(everybody).to_have_count(0)
    expect(page).to_have_url(re.compile(r"face=Face\+36"))


def test_a_finger_finds_a_face_among_many(fresh_server: Server, phone: Page, open_page: OpenPage) -> None:
    crowd = sum(not face.own for face in gallery.gallery().values()) + 30
    open_page(phone, "/?face=Face+20")
    before = source(phone)
    phone.get_by_role("button", name="Choose a face", exact=True).tap()
    everybody = phone.get_by_role("dialog")
    expect(everybody.get_by_role("radio")).to_have_count(crowd)
    chosen = everybody.get_by_role("radio", name="Face 35")
    chosen.scroll_into_view_if_needed()
    box = chosen.bounding_box()
    assert box and min(box["width"], box["height"]) >= 44
    chosen.tap()
    wait_for_another(phone, before)
    expect(phone).to_have_url(f"{fresh_server.url}/?face=Face+35")
    assert phone.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0


def test_both_funnels_lead_through_the_numbers(page: Page, open_page: OpenPage) -> None:
    open_page(page, "/")
    for way in ("in", "out"):
        expect(page.locator(f".machine .funnel.{way}")).to_be_visible()
