"""What the privacy sheet for schools says, on the running server."""

from urllib.parse import urlsplit

from playwright.sync_api import Page, Request, expect

from pages.parts.say import say
from tests.browser.conftest import OpenPage
from tests.browser.server import Server


def test_a_visit_leaves_no_line_and_asks_nobody_else(page: Page, open_page: OpenPage, fresh_server: Server) -> None:
    """No access log, no cookies of others, nothing fetched from elsewhere."""
    asked: list[Request] = []
    page.on("request", lambda request: asked.append(request))
    before = fresh_server.log()
    open_page(page, "/lessons?for=teachers")
    expect(page.get_by_text(say("lesson.privacy.logs-is"))).to_be_visible()
    open_page(page, "/photo")
    said = fresh_server.log().removeprefix(before)
    agent = page.evaluate("navigator.userAgent")
    assert not [word for word in ("127.0.0.1", "::1", "GET", "/photo", "teachers", agent) if word in said], said
    assert asked
    others = {urlsplit(one.url).hostname for one in asked if urlsplit(one.url).scheme not in ("data", "blob")}
    assert others == {"localhost"}
    assert {cookie.get("domain") for cookie in page.context.cookies()} <= {"localhost"}
