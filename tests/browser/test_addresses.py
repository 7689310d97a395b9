"""Every page opens by its own address, also on a fresh server, and shows what the address says."""

from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser, Page, expect

from engine.corruptions.shapes import Shape
from pages.lessons.path import LESSONS
from pages.parts.address import text_of
from tests.browser.conftest import OpenPage, settled
from tests.browser.hands import PAD, drag, source, wait_for_another
from tests.browser.server import Server

PAGES = {
    "/": "An autoencoder squeezes a face into 300 numbers. Hide a part: what comes back?",
    "/photo": "Hide a part of your photo. What comes back?",
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


NOSE: list[Shape] = [{"box": [52, 62, 24, 24]}, {"stroke": {"width": 6.0, "points": [[20.0, 20.0], [40.5, 30.0]]}}]
STATES = {  # address -> the picture that follows from it
    f"/?{urlencode({'face': 'Grace Hopper', 'mask': text_of(NOSE)})}": ".machine .answer",
    "/photo?example=A+cat&answer=3": ".wipe .after",
    "/digits?digit=12&noise=Salt+and+pepper&strength=0.55&seed=8": ".digit-machine .answer img",
    LESSONS[2].exercises[0]: ".digit-machine .answer img",  # what a teacher hands out
    "/latent?exhibit=Faces&smile=1.5&number=17&much=2": ".dial-machine .face img",
}


@pytest.mark.parametrize("path", STATES)
def test_an_address_is_the_same_picture_on_another_server(
    browser: Browser, page: Page, server: Server, fresh_server: Server, open_page: OpenPage, path: str
) -> None:
    open_page(page, path)
    settled(page)
    assert "The address asks for" not in page.inner_text("body")  # nothing of it was refused
    other = browser.new_page(reduced_motion="reduce")
    other.goto(f"{server.url}{path}")
    settled(other)
    assert source(other, STATES[path]) == source(page, STATES[path])
    opening = urlencode({"exhibit": "Faces"}) if path.startswith("/latent") else ""
    other.goto(f"{server.url}{path.split('?')[0]}?{opening}")
    settled(other)
    assert source(other, STATES[path]) != source(page, STATES[path])  # it does say something
    other.close()


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
    page.get_by_role("button", name="Edge colours", exact=True).last.click()
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
