"""What the machine of faces says of its numbers and words, and where a number leads."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage


def test_a_number_of_the_code_leads_to_its_dial_and_a_weight_to_none(page: Page, open_page: OpenPage) -> None:
    open_page(page, "/")
    cell = page.locator(".machine .tile i").nth(16)
    cell.hover()
    expect(page.locator(".machine .how")).to_contain_text("weight 17: ")  # of the painter's draft
    cell.click()
    page.wait_for_url("**/latent?*")
    assert "number=" not in page.url
    page.go_back()
    page.locator(".machine .methods button").nth(1).click()  # the autoencoder, whose numbers are the code
    how = page.locator(".machine .how")
    expect(how).to_contain_text("They are the code it draws from")
    for _ in range(20):  # an answer that comes meanwhile writes the line anew
        page.mouse.move(0, 0)
        cell.hover()
        if "number 17: " in how.inner_text():
            break
        page.wait_for_timeout(500)
    expect(how).to_contain_text("number 17: ")
    cell.click()
    page.wait_for_url("**/latent?*number=17*")
    expect(page.locator(".dial-machine")).to_contain_text("no. 17")


def test_the_machine_explains_its_words(page: Page, open_page: OpenPage) -> None:
    open_page(page, "/")
    page.locator(".machine .place .term").hover()
    expect(page.locator(".machine .place .says")).to_be_visible()
    tile = page.locator(".machine .numbers")
    expect(tile.locator(".what")).to_contain_text("They mix a draft")
    tile.locator(".what .term").hover()
    expect(tile.locator(".what .says")).to_be_visible()
    tile.locator(".changed .term").focus()
    expect(tile.locator(".changed .says")).to_be_visible()
    assert tile.locator(".changed .says").evaluate("says => says.scrollWidth <= says.clientWidth")
    page.locator(".machine .methods button").nth(1).click()
    expect(tile.locator(".what")).to_contain_text("They are the code it draws from")
    page.locator(".machine .verdict summary").click()
    psnr = page.locator(".machine .sheet .term", has_text="PSNR")
    psnr.focus()
    expect(psnr.locator(".says")).to_contain_text("Peak signal-to-noise ratio")
    expect(psnr.locator(".says")).to_be_visible()


def test_a_method_says_what_it_does_before_it_is_chosen(page: Page, open_page: OpenPage) -> None:
    open_page(page, "/")
    for name, does in (("Nearest known face", "most alike"), ("Latent search", "Turns the 300"), ("Telea", "inwards")):
        button = page.locator(".machine .methods").get_by_role("button", name=name)
        expect(button).to_have_accessible_description(re.compile(does))
        button.hover()
        expect(button.locator("em")).to_be_visible()
    page.mouse.move(0, 0)
    expect(button.locator("em")).to_be_hidden()
    page.locator(".machine .methods button").first.focus()
    page.keyboard.press("Tab")
    expect(page.locator(".machine .methods em").nth(1)).to_be_visible()


def test_a_tap_on_a_phone_explains_numbers_map_and_method(phone: Page, open_page: OpenPage) -> None:
    open_page(phone, "/")
    brief = phone.locator(".machine .brief")
    brief.locator(".term").tap()
    expect(brief.locator(".says")).to_be_visible()
    expect(brief.locator(".says")).to_contain_text("draft")
    phone.locator(".machine .place .term").tap()
    expect(phone.locator(".machine .place .says")).to_be_visible()
    expect(brief.locator(".says")).to_be_hidden()
    phone.locator(".machine .methods").get_by_role("button", name="Telea").tap()
    expect(phone.locator(".machine .why")).to_contain_text("never seen a face")
    expect(phone.locator(".machine .why")).to_be_in_viewport(ratio=1)
    expect(brief).to_contain_text("0 numbers")


@pytest.mark.parametrize(
    ("path", "machine", "word", "there"),
    [("/?method=Autoencoder", ".machine", ".how", "changed"), ("/digits", ".digit-machine", ".moved", "moved")],
)
def test_the_numbers_are_walked_by_keyboard(
    page: Page, open_page: OpenPage, path: str, machine: str, word: str, there: str
) -> None:
    open_page(page, path)
    tile, said = page.locator(f"{machine} .tile"), page.locator(f"{machine} p{word}")
    columns = 15 if machine == ".machine" else 5
    expect(said).to_contain_text(there)  # its numbers are there
    tile.focus()
    for key in ("ArrowRight", "ArrowDown"):
        page.keyboard.press(key)
    expect(said).to_contain_text(f"number {columns + 2}: ")
    expect(tile).to_have_attribute("aria-valuenow", f"{columns + 2}")
    expect(tile.locator(".walked")).to_have_count(1)
    tile.blur()
    expect(said).not_to_contain_text(f"number {columns + 2}: ")


def test_the_map_has_the_colours_of_the_theme(page: Page, open_page: OpenPage) -> None:
    page.emulate_media(color_scheme="light")
    open_page(page, "/")
    drawn = page.locator(".machine .place canvas")
    expect(drawn).to_have_css("color", "rgb(93, 87, 75)")
    light = drawn.evaluate("canvas => canvas.toDataURL()")
    page.emulate_media(color_scheme="dark")
    expect(drawn).not_to_have_css("color", "rgb(93, 87, 75)")
    for _ in range(200):
        if drawn.evaluate("canvas => canvas.toDataURL()") != light:
            return
        page.wait_for_timeout(50)
    raise AssertionError("the map is drawn in the colours of the other theme")
