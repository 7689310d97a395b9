"""A training before one's eyes, in a real browser; how long it takes, and what another's stroke takes beside it.

`pytest -s -m measure tests/browser/test_training.py` prints both.
"""

import statistics
import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESKTOP, OpenPage, visitor
from tests.browser.hands import PAD, drag
from tests.browser.test_latency import PAINTED

TRAINING = "/lessons?lesson=9&step=1"
STROKES = 20


def train(page: Page, **fields: str) -> None:
    """Fill in what is asked for, and begin."""
    for label, value in fields.items():
        field = page.get_by_label(label.replace("_", " "), exact=True)
        field.fill(value)
        field.press("Enter")
    page.get_by_role("button", name="Train run").click()


def wait_for_epoch(page: Page, epoch: int) -> None:
    expect(page.locator(".training")).to_have_attribute("data-shown", str(epoch), timeout=120_000)


def test_a_run_is_paused_goes_on_and_is_taken_home(page: Page, open_page: OpenPage) -> None:
    """The screen stands still while it is paused, whatever the process has found meanwhile."""
    page.emulate_media(reduced_motion="no-preference")
    open_page(page, TRAINING)
    train(page, Epochs="20")
    expect(page.locator(".training .tip")).to_be_visible(timeout=120_000)
    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_role("button", name="Go on")).to_be_visible()
    shown = page.locator(".training").get_attribute("data-shown")
    page.wait_for_timeout(1700)  # two epochs' worth: what must not come has no state to wait for
    assert page.locator(".training").get_attribute("data-shown") == shown != "20"
    page.get_by_role("button", name="Go on").click()
    expect(page.locator(".training")).not_to_have_attribute("data-shown", shown or "")
    for name in ("Weights", "Script", "Notebook"):  # they come with the end of the process
        expect(page.get_by_role("button", name=name)).to_be_visible(timeout=120_000)


@pytest.mark.measure
@pytest.mark.timeout(600)
@pytest.mark.parametrize("reading", [0, 6], ids=["at once", "after reading for 6 s"])
def test_first_point_and_ten_epochs(page: Page, open_page: OpenPage, fresh_server: object, reading: int) -> None:
    page.emulate_media(reduced_motion="no-preference")
    open_page(page, TRAINING)
    field = page.get_by_label("Epochs", exact=True)
    field.fill("10")
    field.press("Enter")
    page.wait_for_timeout(1000 * reading)
    began = time.perf_counter()
    page.get_by_role("button", name="Train run").click()
    page.wait_for_selector(".training .tip", timeout=120_000)
    first = time.perf_counter() - began
    wait_for_epoch(page, 10)
    tenth = time.perf_counter() - began
    print(f"\n784-50-784, batch 256: first point {first:.1f} s, ten epochs {tenth:.1f} s after the click", end="")
    assert first <= 2 and tenth <= 10


@pytest.fixture
def pupil(request: pytest.FixtureRequest) -> Iterator[Page]:
    """A second visitor."""
    with visitor(request, DESKTOP) as desktop:
        yield desktop


def stroke(page: Page, turn: int) -> float:
    """Milliseconds from a pointer-up to the large answer."""
    page.evaluate("performance.clearMarks()")
    x, y = 0.1 + 0.03 * (turn % 10), 0.1 + 0.07 * (turn % 7)
    drag(page, page.locator(PAD), (x, y), (x + 0.25, y + 0.2))
    taken = page.wait_for_function(PAINTED, arg="restored").json_value()
    page.wait_for_function(PAINTED, arg="methods")
    page.evaluate("performance.clearMarks()")
    page.get_by_role("button", name="Undo").click()
    page.wait_for_function(PAINTED, arg="methods")
    page.wait_for_timeout(300)
    return taken


@pytest.mark.measure
@pytest.mark.timeout(600)
def test_a_stroke_beside_another_visitor_s_training(page: Page, pupil: Page, open_page: OpenPage) -> None:
    """Side by side: by turns a stroke with a training beside it that is paused, and one with it going on."""
    open_page(page, "/")
    pupil.bring_to_front()
    open_page(pupil, TRAINING)
    train(pupil, Epochs="30", Batch="8", Code_size="300")
    expect(pupil.locator(".training .tip")).to_be_visible(timeout=120_000)
    alone: list[float] = []
    beside: list[float] = []
    for turn in range(STROKES):
        for name, next_name, taken in (("Pause", "Go on", alone), ("Go on", "Pause", beside)):
            pupil.bring_to_front()
            pupil.get_by_role("button", name=name, exact=True).click()
            expect(pupil.get_by_role("button", name=next_name, exact=True)).to_be_visible()
            page.bring_to_front()  # a tab in the background paints nothing
            page.wait_for_timeout(500)
            taken.append(stroke(page, turn))
    pupil.bring_to_front()
    expect(pupil.get_by_role("button", name="Stop")).to_be_enabled()  # it trained all the while
    medians = statistics.median(alone), statistics.median(beside)
    print(
        f"\nstroke to answer, median of {STROKES}: {medians[0]:.0f} ms, beside a training {medians[1]:.0f} ms,", end=""
    )
    print(f" {medians[1] / medians[0]:.2f} times")
    assert medians[1] <= 1.5 * medians[0]
