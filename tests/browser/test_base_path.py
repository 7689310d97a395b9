"""The app under a path of a larger site, in a frame of it, and reached by links that others have lengthened."""

from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage, settled
from tests.browser.server import Server
from tests.browser.test_addresses import PAGES

BASE = "demo/ae"
FETCHED = "() => performance.getEntriesByType('resource').some((entry) => entry.name.includes('app/static'))"


@pytest.fixture
def environment() -> dict[str, str]:
    return {"STREAMLIT_SERVER_BASE_URL_PATH": BASE}


def test_everything_is_found_under_a_path(page: Page, fresh_server: Server, open_page: OpenPage) -> None:
    """Pages, also with a slash at their end, their maps, and what a frame or a tracker has added to the address."""
    lost: list[str] = []
    maps: list[str] = []
    page.on("response", lambda got: lost.append(got.url) if got.status >= 400 and "_stcore" not in got.url else None)
    page.on("request", lambda asked: maps.append(asked.url) if "app/static" in asked.url else None)
    for path in PAGES.keys() - {"/codes"}:  # another name of a page
        open_page(page, f"/{BASE}{path}" + ("/" if path == "/digits" else ""))
        expect(page.get_by_role("heading", name=PAGES[path])).to_be_visible()
        if path == "/latent":
            open_page(page, f"/{BASE}{path}?exhibit=Map")
            expect(page.locator("canvas").first).to_be_visible()
            page.wait_for_function(
                "() => performance.getEntriesByType('resource').some(e => /app.static/.test(e.name))"
            )
    assert not lost
    assert maps and all(urlsplit(url).path.startswith(f"/{BASE}/app/static/") for url in maps)

    open_page(page, f"/{BASE}/digits?embed=true&fbclid=abc&digit=18")
    expect(page.get_by_test_id("stAlert")).to_have_count(0)
    page.get_by_text("Digit and noise by their numbers").click()
    number = page.locator(".st-key-digit input")
    number.fill("77")
    number.press("Enter")
    page.wait_for_url(lambda url: said(url, "digit") == "77")
    settled(page)
    assert said(page.url, "embed") == "true"
    page.get_by_role("link", name="Codes").first.click()
    expect(page.get_by_role("heading", name=PAGES["/latent"])).to_be_visible()
    settled(page)
    assert urlsplit(page.url).path == f"/{BASE}/latent" and said(page.url, "embed") == "true"


def said(url: str, key: str) -> str | None:
    """What an address says of a key."""
    return next(iter(parse_qs(urlsplit(url).query).get(key, [])), None)
