"""What the machine of faces says of its numbers and words, and where a number leads."""

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
