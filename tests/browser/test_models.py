"""The list of models in a real browser."""

import re

from playwright.sync_api import Page, expect

from engine.models import weights
from tests.browser.conftest import OpenPage

LINE = ".model-list details"


def test_a_line_opens_its_card_and_the_filter_shows_some(page: Page, open_page: OpenPage) -> None:
    names = weights.names()
    open_page(page, "/models?model=digit-map")
    expect(page.locator(LINE)).to_have_count(len(names))
    expect(page.locator(f"{LINE}[open]")).to_have_attribute("data-name", "digit-map")
    page.locator(f"{LINE}[data-name=face-unet] summary").click()
    expect(page.locator(f"{LINE}[open]")).to_have_count(1)
    expect(page.locator(f"{LINE}[open] .command").first).to_have_text(weights.config("face-unet")["command"])
    expect(page).to_have_url(re.compile("model=face-unet"))
    page.get_by_role("button", name="Digits").click()
    shown = page.locator(f"{LINE}:visible")
    expect(shown).to_have_count(sum(name.startswith("digit") for name in names))
    page.get_by_role("button", name="All").click()
    page.locator(f"{LINE}[open] summary").click()
    expect(page.locator(f"{LINE}[open]")).to_have_count(0)
    expect(page).to_have_url(re.compile("/models$"))
