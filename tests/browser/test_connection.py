"""What lies between the visitor and the server: a line that breaks."""

import re

from playwright.sync_api import Page, Route, WebSocketRoute, expect

from tests.browser.conftest import OpenPage, settled
from tests.browser.hands import PAD, RESTORED, source
from tests.browser.test_photo import AFTER, BUSY, plain, source_of_answer, upload


def test_a_photo_and_what_is_drawn_on_it_outlive_a_lost_connection(page: Page, open_page: OpenPage) -> None:
    lines: list[WebSocketRoute] = []

    def through(line: WebSocketRoute) -> None:
        lines.append(line)
        line.connect_to_server()

    page.route_web_socket(re.compile("/_stcore/stream"), through)
    open_page(page, "/photo")
    example = source_of_answer(page)
    upload(page, "plain.png", plain(700, 400), "image/png")
    expect(page.get_by_text("700 × 400 pixels")).to_be_visible(timeout=BUSY)
    expect(page.locator(AFTER)).not_to_have_attribute("src", example, timeout=BUSY)
    settled(page)
    first = source_of_answer(page)
    page.get_by_role("button", name="Nose").click()
    expect(page.locator(AFTER)).not_to_have_attribute("src", first, timeout=BUSY)
    expect(page.locator(PAD)).to_have_count(1, timeout=BUSY)
    settled(page)
    before = source_of_answer(page)
    said = page.get_by_test_id("stAlert").all_inner_texts()  # that there is no face in it
    there = len(lines)
    lines[-1].close(code=4000, reason="cut")
    for _ in range(BUSY // 100):  # the page opens a new line by itself
        if len(lines) > there:
            break
        page.wait_for_timeout(100)
    assert len(lines) > there, "the page has not connected again"
    settled(page)
    expect(page.get_by_text("700 × 400 pixels")).to_be_visible(timeout=BUSY)
    expect(page.get_by_role("button", name="Forget my photo")).to_be_visible()
    assert page.get_by_test_id("stAlert").all_inner_texts() == said
    expect(page.locator(AFTER)).to_have_attribute("src", before)


def test_a_script_that_does_not_come_is_asked_for_again(page: Page, open_page: OpenPage) -> None:
    asked: list[str] = []

    def fail_twice(route: Route) -> None:
        asked.append(route.request.url)
        if len(asked) < 3:
            route.abort()
        else:
            route.continue_()

    tab = page.context.new_page()  # in which an error may be logged
    tab.route(re.compile(r"/scripts/face_machine-"), fail_twice)
    open_page(tab, "/")
    assert source(tab, RESTORED) and len(asked) == 3
