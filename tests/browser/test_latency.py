"""From letting go of a box to the new picture on the screen: `pytest -m measure tests/browser/test_latency.py -s`."""

import statistics

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import OpenPage
from tests.browser.hands import PAD, drag, source, wait_for_another

DRAWS = 25
LIMIT = 150  # ms, median


@pytest.mark.measure
@pytest.mark.timeout(300)
def test_pointer_up_to_painted(page: Page, open_page: OpenPage) -> None:
    open_page(page, "/")
    # every message that comes over the websocket is marked, to see where the time goes
    pad, times, server = page.locator(PAD), [], []
    page.wait_for_timeout(2000)
    for turn in range(DRAWS):
        before = source(page)
        page.evaluate("performance.clearMarks(); performance.clearResourceTimings()")
        x, y = 0.1 + 0.03 * (turn % 10), 0.1 + 0.07 * (turn % 7)
        drag(page, pad, (x, y), (x + 0.25, y + 0.2))
        wait_for_another(page, before)
        page.wait_for_timeout(300)
        marks = page.evaluate("performance.getEntriesByType('mark').map((mark) => [mark.name, mark.startTime])")
        up = next(time for name, time in marks if name == "boxpad:pointerup")
        painted = [time for name, time in marks if name == "pictures:painted"]
        times.append(max(painted) - up)
        server.append(min(painted) - up)
        page.get_by_role("button", name="Undo").click()
        wait_for_another(page, source(page)) if False else page.wait_for_timeout(300)
    median, worst = statistics.median(times), sorted(times)[int(0.95 * len(times))]
    print(f"\npointer-up to the last picture painted: median {median:.0f} ms, p95 {worst:.0f} ms, {DRAWS} draws")
    print(f"pointer-up to the first picture painted: median {statistics.median(server):.0f} ms")
    assert median <= LIMIT
