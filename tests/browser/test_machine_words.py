"""What the machine of faces says of its numbers and words, and where a number leads."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage


def test_a_number_of_the_code_leads_to_its_dial_and_a_weight_to_none(page: Page, open_page: OpenPage) -> None:
    open_page(page, "/?method=Autoencoder")
    cell = page.locator(".machine .tile i").nth(16)
    cell.hover()
    expect(page.locator(".machine .how")).to_contain_text("number 17: ")
    cell.click()
    page.wait_for_url("**/latent?*number=17*")
    expect(page.locator(".dial-machine")).to_contain_text("no. 17")
    page.go_back()
    page.locator(".machine .methods button").first.click()  # the painter, whose draft has weights of its own
    cell.hover()
    expect(page.locator(".machine .how")).to_contain_text("weight 17: ")
    cell.click()
    page.wait_for_url("**/latent?*")
    assert "number=" not in page.url


def test_the_machine_explains_its_words(page: Page, open_page: OpenPage) -> None:
    open_page(page, "/")
    page.locator(".machine .place .term").hover()
    expect(page.locator(".machine .place .says")).to_be_visible()
    page.locator(".machine .verdict summary").click()
    psnr = page.locator(".machine .sheet .term", has_text="PSNR")
    psnr.focus()
    expect(psnr.locator(".says")).to_contain_text("Peak signal-to-noise ratio")
    expect(psnr.locator(".says")).to_be_visible()


@pytest.mark.parametrize(
    ("path", "machine", "word"), [("/?method=Autoencoder", ".machine", ".how"), ("/digits", ".digit-machine", ".moved")]
)
def test_the_numbers_are_walked_by_keyboard(
    page: Page, open_page: OpenPage, path: str, machine: str, word: str
) -> None:
    open_page(page, path)
    tile, said = page.locator(f"{machine} .tile"), page.locator(f"{machine} p{word}")
    columns = 15 if machine == ".machine" else 5
    expect(said).to_contain_text("moved")  # its numbers are there
    tile.focus()
    for key in ("ArrowRight", "ArrowDown"):
        page.keyboard.press(key)
    expect(said).to_contain_text(f"number {columns + 2}: ")
    expect(tile).to_have_attribute("aria-valuenow", f"{columns + 2}")
    expect(tile.locator(".walked")).to_have_count(1)
    tile.blur()
    expect(said).not_to_contain_text("number ")


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
