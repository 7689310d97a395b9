"""No page has what axe-core calls a serious or moderate fault, moves under the eye, or writes into the console.

axe-core 4.10.3 lies in `axe/` as its npm package has it, with its licence (MPL 2.0); it is injected past the page's
content security policy and reaches no network.
"""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page

from tests.browser.conftest import DESKTOP, HARMLESS, PHONE, settled
from tests.browser.server import Server

AXE = Path(__file__).parent / "axe" / "axe.min.js"
GRAVE = ("moderate", "serious", "critical")
PAGES = ("/", "/photo", "/digits", "/latent", "/lessons", "/models")
# What the first look at a page does not show: tabs, tasks, an exercise.
BEHIND = ("/?look=Guess+first", "/?lock=1&original=0&hide=brush", "/photo?task=From+16+pixels", "/photo")
SHIFT = 0.1  # what a visitor does not notice, by Web Vitals
# The largest sum of shifts in one session window (at most 5 s, no gap of 1 s), which is what Web Vitals calls CLS.
MOVED = """window.moved = 0;
let first = 0, last = 0, sum = 0;
new PerformanceObserver((list) => {
    for (const { hadRecentInput, startTime, value } of list.getEntries()) {
        if (hadRecentInput) continue;
        const same = startTime - last < 1000 && startTime - first < 5000;
        if (!same) first = startTime;
        sum = same ? sum + value : value;
        last = startTime;
        window.moved = Math.max(window.moved, sum);
    }
}).observe({ type: "layout-shift", buffered: true });"""


def faults(page: Page) -> list[str]:
    """What axe finds, a line a fault: how grave, which rule, where."""
    page.add_script_tag(path=AXE)
    found: list[dict[str, Any]] = page.evaluate("async () => (await axe.run(document)).violations")
    return [
        f"{one['impact']}: {one['id']} at {node['target']} {node['html'][:150]}"
        for one in found
        if one["impact"] in GRAVE
        for node in one["nodes"]
    ]


@pytest.mark.parametrize("screen", [DESKTOP, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_read_by_everybody(browser: Browser, server: Server, path: str, screen: dict[str, Any]) -> None:
    context = browser.new_context(base_url=server.url, bypass_csp=True, **screen)
    page = context.new_page()
    said: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        line = f"{message.text} {message.location.get('url', '')}"
        if message.type in ("error", "warning") and not any(known.search(line) for known in HARMLESS):
            said.append(line)

    page.on("console", hear)
    page.on("pageerror", lambda error: said.append(f"uncaught: {error}"))
    page.goto(path)
    page.get_by_test_id("stMain").wait_for()
    settled(page)
    page.wait_for_timeout(1500)  # pictures, maps and charts are painted after the script has ended
    found = faults(page)
    context.close()
    assert not found, "\n".join(found)
    assert not said, "\n".join(said)


@pytest.mark.parametrize("screen", [DESKTOP, PHONE], ids=["desk", "phone"])
def test_what_lies_behind_a_tab_is_read_by_everybody_in_the_dark(
    browser: Browser, server: Server, screen: dict[str, Any]
) -> None:
    context = browser.new_context(base_url=server.url, bypass_csp=True, color_scheme="dark", **screen)
    page, found = context.new_page(), dict[str, list[str]]()
    for path in BEHIND:
        page.goto(path)
        page.get_by_test_id("stMain").wait_for()
        settled(page)
        if "look=" in path:  # what is under the machine is computed when it is on the screen
            page.locator(".stTabs").scroll_into_view_if_needed()
            page.locator("[role=tabpanel] .gallery img").first.wait_for()
            settled(page)
        found[path] = faults(page)
    context.close()
    assert not any(found.values()), found


@pytest.mark.parametrize("screen", [DESKTOP, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("path", PAGES)
def test_a_page_stands_still_while_loading(browser: Browser, server: Server, path: str, screen: dict[str, Any]) -> None:
    context = browser.new_context(base_url=server.url, **screen)
    page = context.new_page()
    page.add_init_script(MOVED)
    page.goto(path)
    page.get_by_test_id("stMain").wait_for()
    settled(page)
    page.wait_for_timeout(1500)
    moved = page.evaluate("window.moved")
    context.close()
    assert moved < SHIFT
