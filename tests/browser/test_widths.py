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


OTHERS = (
    "/digits?source=Draw+it",
    "/digits?show=Ten+digits+in+four+rows",
    "/photo?task=From+16+pixels",
    "/models?model=face-painter",
    "/latent?exhibit=Map",
    "/latent?exhibit=Walk",
    "/latent?exhibit=By+chance",
    "/latent?exhibit=Nobody",
    "/latent?exhibit=Squeeze",
    "/latent?exhibit=Strangers",
    "/latent?exhibit=Your+own+file",
)


@pytest.mark.parametrize("path", [*PAGES, *OTHERS])
def test_a_page_never_scrolls_sideways(page: Page, open_page: OpenPage, path: str) -> None:
    open_page(page, path)
    settled(page)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": TALL})
        page.wait_for_function(FITS)  # charts take another size a moment later
