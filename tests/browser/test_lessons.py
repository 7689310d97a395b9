"""The lessons page in a real browser: the same face after every epoch, under the hand."""

from playwright.sync_api import Locator, Page, expect

from engine.training import article_runs
from tests.browser.conftest import OpenPage
from tests.browser.hands import drag

PATH = "/lessons?lesson=7&step=3"
SLIDER, SAID, FRAMES = ".film input", ".film output", ".film canvas"


def wait_for_films(page: Page) -> None:
    """Until the sheets have come: a canvas then has the size of a frame."""
    frames, size = page.locator(FRAMES), str(article_runs.read_runs()["size"])
    for number in range(2, 5):  # after the original and what is given of it
        expect(frames.nth(number)).to_have_attribute("width", size, timeout=30_000)


def painted(frame: Locator) -> str:
    return frame.evaluate("canvas => canvas.toDataURL()")


def test_the_slider_moves_through_the_epochs(page: Page, open_page: OpenPage) -> None:
    open_page(page, PATH)
    wait_for_films(page)
    best, short = page.locator(FRAMES).nth(2), page.locator(FRAMES).nth(3)
    expect(page.locator(SAID)).to_have_text("epoch 50 of 50")
    end, short_end = painted(best), painted(short)
    drag(page, page.locator(SLIDER), (0.99, 0.5), (0.5, 0.5))
    assert painted(best) != end and painted(short) == short_end  # the shorter run stays at its last epoch
    page.keyboard.press("Home")
    expect(page.locator(SAID)).to_have_text("epoch 1 of 50")
    first = painted(best)
    assert first != end and painted(short) != short_end
    page.keyboard.press("ArrowRight")
    expect(page.locator(SAID)).to_have_text("epoch 2 of 50")
    assert painted(best) != first


def test_another_run_joins_where_the_slider_stands(page: Page, open_page: OpenPage) -> None:
    open_page(page, PATH)
    wait_for_films(page)
    page.locator(SLIDER).press("Home")
    before = page.locator(FRAMES).count()
    page.get_by_test_id("stButtonGroup").get_by_text("Adam 0.001, 15 epochs").click()
    expect(page.locator(FRAMES)).to_have_count(before + 1, timeout=15_000)
    expect(page.locator(SAID)).to_have_text("epoch 1 of 50")


def test_it_fits_a_phone(phone: Page, open_page: OpenPage) -> None:
    open_page(phone, PATH)
    wait_for_films(phone)
    assert phone.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
