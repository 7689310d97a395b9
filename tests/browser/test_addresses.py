"""Every page opens by its own address, also for the first visitor of a fresh server."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.server import Server

PAGES = {
    "/": "An autoencoder squeezes a face into 300 numbers. Hide a part: what comes back?",
    "/photo": "Your own photo",
    "/digits": "How much noise can 50 numbers see through?",
    "/latent": "Walk through the codes",
    "/codes": "Walk through the codes",
    "/lessons": "How the parts work",
    "/models": "What is in the box",
}


@pytest.mark.parametrize("path", PAGES)
def test_a_page_opens_on_a_fresh_server(page: Page, fresh_server: Server, open_page: OpenPage, path: str) -> None:
    open_page(page, path)
    expect(page.get_by_role("heading", name=PAGES[path])).to_be_visible()
    expect(page.get_by_role("dialog")).to_have_count(0)  # "Page not found" would be one
    for title in ("Faces", "Your photo", "Digits", "Codes", "Lessons", "Models"):
        expect(page.get_by_role("link", name=title)).to_be_visible()
