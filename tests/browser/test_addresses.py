"""Every page opens by its own address, also for the first visitor of a fresh server."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.hands import PAD, drag, source, wait_for_another
from tests.browser.server import Server

PAGES = {
    "/": "An autoencoder squeezes a face into 300 numbers. Hide a part: what comes back?",
    "/photo": "What comes back of your photo?",
    "/digits": "How much noise can 50 numbers see through?",
    "/latent": "A face is 300 numbers. Turn them by hand.",
    "/codes": "A face is 300 numbers. Turn them by hand.",
    "/lessons": "784 pixels go in, 50 numbers pass, and a digit comes out.",
    "/models": "What is in the box",
}


@pytest.mark.parametrize("path", PAGES)
def test_a_page_opens_on_a_fresh_server(page: Page, fresh_server: Server, open_page: OpenPage, path: str) -> None:
    open_page(page, path)
    expect(page.get_by_role("heading", name=PAGES[path])).to_be_visible()
    expect(page.get_by_role("dialog")).to_have_count(0)  # "Page not found" would be one
    for title in ("Faces", "Your photo", "Digits", "Codes", "Lessons", "Models"):
        expect(page.get_by_role("link", name=title)).to_be_visible()


def test_a_locked_exercise_covers_the_truth_and_leaves_the_looking(page: Page, open_page: OpenPage) -> None:
    open_page(page, "/?hide=brush,faces&lock=1&original=0")
    expect(page.locator(".machine [data-tool=brush]")).to_be_hidden()
    expect(page.locator(".machine .faces")).to_be_hidden()
    before, boxes = source(page), page.locator(".pad .shapes rect")
    drag(page, page.locator(PAD), (0.1, 0.1), (0.3, 0.3))
    expect(boxes).to_have_count(1)  # nothing was drawn
    page.locator(".machine .method[data-method=telea]").click()  # looking is free
    wait_for_another(page, before)
    expect(page.get_by_role("tab")).to_have_count(0)
    page.get_by_role("button", name="From edges", exact=True).last.click()
    expect(page.get_by_text("comes closest")).to_be_visible()


@pytest.mark.parametrize("text", ["![x](//host/p)", "[x](//host/p)", "https://host.example", "www.host.example"])
def test_an_address_makes_no_link_and_the_browser_ask_nobody(page: Page, open_page: OpenPage, text: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    open_page(page, f"/models?model={text}")
    said = page.get_by_test_id("stAlert")
    expect(said).to_be_visible()
    assert text in said.inner_text().replace("\u2060", "")
    expect(said.locator("a, img")).to_have_count(0)
    assert not [url for url in asked if url.split("/")[2].startswith(("host", "www"))]
