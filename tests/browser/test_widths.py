"""No page is wider than the screen it is on."""

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import OpenPage, settled
from tests.browser.test_accessibility import PAGES

WIDTHS = (1920, 1366, 1280, 820, 390, 360)
TALL = 900
FITS = """() => {
    const main = document.querySelector("[data-testid=stMain]");
    return document.documentElement.scrollWidth <= innerWidth && main.scrollWidth <= main.clientWidth;
}"""


@pytest.mark.parametrize("path", [*PAGES, "/digits?source=Draw+it", "/photo?task=From+16+pixels"])
def test_a_page_never_scrolls_sideways(page: Page, open_page: OpenPage, path: str) -> None:
    open_page(page, path)
    settled(page)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": TALL})
        page.wait_for_function(FITS)  # charts take another size a moment later
