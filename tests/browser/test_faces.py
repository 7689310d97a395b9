"""The faces page in a real browser: drawing, undoing, coming back."""

from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.hands import PAD, at, drag, source, swipe, wait_for_another

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
