"""The faces page in a real browser: drawing, undoing, coming back."""

from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from engine import images
from engine.photos import gallery
from tests.browser.conftest import OpenPage
from tests.browser.hands import PAD, RESTORED, at, drag, source, swipe, wait_for_another
from tests.browser.server import Server

BOXES = ".pad .shapes rect"
TILE = ".gallery .row img[alt='Telea: restored face']"


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


def test_clearing_asks_for_a_drawing_and_loses_nothing(page: Page, open_page: OpenPage) -> None:
    open_page(page, "/")
    page.get_by_role("button", name="Clear").click()
    expect(page.get_by_text("Nothing is hidden yet")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("PSNR in the hole", exact=True)).to_be_visible()


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
    page.get_by_text("Random 28×28 box").click()
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
    expect(page.get_by_role("heading", name="See through the noise")).to_be_visible()
    page.get_by_role("link", name="Faces").click()
    expect(page.locator(BOXES)).to_have_count(2)
    assert source(page) == after
    expect(page.get_by_text("Grace Hopper, computer scientist")).to_be_visible()


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
    before = source(page)
    page.get_by_text("Both eyes", exact=True).click()
    after = wait_for_another(page, before)
    expect(page.locator(BOXES)).to_have_attribute("width", "62")
    page.get_by_role("button", name="Undo").click()
    assert wait_for_another(page, after) == before


def test_the_brush_paints_a_stroke_and_the_row_follows(page: Page, open_page: OpenPage) -> None:
    open_page(page, "/")
    before = source(page, TILE)
    page.get_by_role("button", name="Brush", exact=True).click()
    drag(page, page.locator(PAD), (0.3, 0.3), (0.5, 0.35), (0.6, 0.5))
    wait_for_another(page, before, TILE)
    expect(page.locator(".pad .shapes path")).to_have_count(1)


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
    open_page(page, "/")
    page.get_by_role("button", name="Enlarge: Telea: restored face").click()
    enlarged = page.get_by_role("dialog")
    expect(enlarged).to_contain_text("has never seen a face")
    page.keyboard.press("Escape")
    expect(enlarged).to_have_count(0)


def test_the_choice_of_methods_is_in_the_address_and_survives_another_page(page: Page, open_page: OpenPage) -> None:
    open_page(page, "/")
    page.get_by_role("button", name="Navier-Stokes", exact=True).click()
    gone = page.locator(".gallery .row img[alt='Navier-Stokes: restored face']")
    expect(gone).to_have_count(0)
    assert "row=" in page.url and "Navier" not in page.url
    page.get_by_role("link", name="Digits").click()
    expect(page.get_by_role("heading", name="See through the noise")).to_be_visible()
    page.get_by_role("link", name="Faces").click()
    expect(page.locator(TILE)).to_be_visible()
    expect(gone).to_have_count(0)


def test_the_edge_of_the_wipe_follows_the_keys(page: Page, open_page: OpenPage) -> None:
    open_page(page, "/?look=Wipe")
    slider = page.get_by_role("slider", name="Edge between Input and Autoencoder")
    slider.focus()
    page.keyboard.press("ArrowRight")
    expect(slider).to_have_value("51")


def test_a_search_is_cancelled_by_hand_or_by_drawing_and_keeps_what_it_found(page: Page, open_page: OpenPage) -> None:
    open_page(page, "/?look=Latent+search&steps=200")
    found = page.locator(".gallery .row img[alt='Latent search: restored face']")
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


def thumb(page: Page, name: str) -> Locator:
    return page.get_by_role("radiogroup", name="Face").get_by_role("radio", name=name, exact=True)


def lies_in(node: Locator, outer: Locator) -> bool:
    inner, around = node.bounding_box(), outer.bounding_box()
    assert inner and around
    return around["x"] <= inner["x"] and inner["x"] + inner["width"] <= around["x"] + around["width"]


def wait_until_in_view(page: Page, name: str) -> None:
    """Returns once the thumb of that name is the marked one and the strip has brought it into view."""
    expect(page.get_by_role("radiogroup", name="Face").get_by_role("radio", checked=True)).to_have_accessible_name(name)
    page.wait_for_function(
        """(line) => {
            const node = line.querySelector("[aria-checked=true]").getBoundingClientRect();
            const around = line.getBoundingClientRect();
            return around.left <= node.left && node.right <= around.right;
        }""",
        arg=page.locator(".strip").element_handle(),
    )
    assert page.get_by_test_id("stMain").evaluate("main => main.scrollTop") == 0, "the page scrolled"


def test_a_face_is_chosen_among_many_by_address_thumb_key_and_list(
    fresh_server: Server, page: Page, open_page: OpenPage
) -> None:
    crowd = sum(not face.own for face in gallery.gallery().values()) + 30
    open_page(page, "/?face=Face+30")
    expect(page.get_by_role("radiogroup", name="Face").get_by_role("radio")).to_have_count(crowd)
    wait_until_in_view(page, "Face 30")
    before = source(page)
    drag(page, page.locator(PAD), (0.25, 0.3), (0.45, 0.45))
    drawn = wait_for_another(page, before)

    thumb(page, "Face 32").click()
    wait_for_another(page, drawn)
    expect(page.locator(BOXES)).to_have_count(1)
    expect(page.get_by_role("combobox", name="Face")).to_have_value("Face 32")
    expect(page).to_have_url(f"{fresh_server.url}/?face=Face+32")

    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    expect(page).to_have_url(f"{fresh_server.url}/?face=Face+30")
    expect(page.locator(BOXES)).to_have_count(2)  # the drawing was kept
    expect(page.locator(RESTORED)).to_have_attribute("src", drawn)
    expect(thumb(page, "Face 30")).to_be_focused()
    page.keyboard.press("End")
    last = wait_for_another(page, drawn)
    expect(thumb(page, "Face 39")).to_be_focused()
    wait_until_in_view(page, "Face 39")
    page.keyboard.press("ArrowRight")  # around the end
    wait_for_another(page, last)
    wait_until_in_view(page, next(iter(gallery.gallery().values())).title)

    page.get_by_role("combobox", name="Face").fill("Face 36")
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{fresh_server.url}/?face=Face+36")
    wait_until_in_view(page, "Face 36")


def test_a_finger_swipes_through_many_faces_and_taps_one(
    fresh_server: Server, phone: Page, open_page: OpenPage
) -> None:
    open_page(phone, "/?face=Face+20")
    wait_until_in_view(phone, "Face 20")
    before, line = source(phone), phone.locator(".strip")
    assert phone.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
    box = thumb(phone, "Face 20").bounding_box()
    assert box and min(box["width"], box["height"]) >= 44
    swipe(phone, line, (0.9, 0.5), (0.1, 0.5))
    phone.wait_for_timeout(1000)  # it glides to a stop
    seen = [number for number in range(10, 40) if lies_in(thumb(phone, f"Face {number}"), line)]
    assert seen and min(seen) > 20, "the strip did not scroll"
    thumb(phone, f"Face {seen[1]}").tap()
    wait_for_another(phone, before)
    expect(phone).to_have_url(f"{fresh_server.url}/?face=Face+{seen[1]}")
    wait_until_in_view(phone, f"Face {seen[1]}")
