"""The pad: zoomed by wheel, keys and two fingers, where a stroke stays as wide on the screen; and full."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from engine.corruptions.shapes import MAX_POINTS, MAX_POINTS_IN_ALL
from pages.parts import address
from tests.browser.conftest import OpenPage
from tests.browser.hands import PAD, at, drag, pinch, source, wait_for_another


def shown(page: Page) -> list[float]:
    """Left, top, width and height of what the pad shows, in picture pixels."""
    return [float(number) for number in (page.locator(PAD).get_attribute("viewBox") or "").split()]


def test_wheel_and_keys_zoom_and_a_brush_keeps_its_size_on_the_screen(page: Page, open_page: OpenPage) -> None:
    open_page(page, "/")
    pad, before = page.locator(PAD), source(page)
    page.mouse.move(*at(pad, 0.25, 0.25))
    page.mouse.wheel(0, -120)
    expect(pad).not_to_have_attribute("viewBox", "0 0 128 128")
    left, top, side, _ = shown(page)
    assert left + side / 4 == pytest.approx(32, abs=0.5) == top + side / 4  # what lay under the pointer
    page.get_by_role("button", name="Brush").click()
    drag(page, pad, (0.3, 0.8), (0.4, 0.8))
    wait_for_another(page, before)
    stroke = page.locator(".pad .shapes path").last
    assert float(stroke.get_attribute("stroke-width") or 0) == pytest.approx(12 * side / 128, abs=0.26)
    pad.focus()
    page.keyboard.press("ArrowRight")
    assert shown(page)[0] > left
    page.keyboard.press("0")
    expect(pad).to_have_attribute("viewBox", "0 0 128 128")


def test_two_fingers_zoom_and_draw_nothing(phone: Page, open_page: OpenPage) -> None:
    open_page(phone, "/")
    pinch(phone, phone.locator(PAD), 0.2, 0.8)
    expect(phone.locator(PAD)).not_to_have_attribute("viewBox", "0 0 128 128")
    assert shown(phone)[2] < 100
    expect(phone.locator(".pad .shapes rect")).to_have_count(1)
    pinch(phone, phone.locator(PAD), 0.8, 0.1)
    expect(phone.locator(PAD)).to_have_attribute("viewBox", "0 0 128 128")


def test_a_drawing_that_is_full_says_so_and_loses_nothing(page: Page, open_page: OpenPage) -> None:
    """The pad stops where the server would stop reading, in the middle of the stroke that fills it."""
    room = 12
    level: list[Any] = [
        {"stroke": {"width": 1.0, "points": [[10 + 0.5 * (step % 200), 5 + row] for step in range(MAX_POINTS)]}}
        for row in range(MAX_POINTS_IN_ALL // MAX_POINTS)
    ]
    level[-1]["stroke"]["points"] = level[-1]["stroke"]["points"][:-room]
    open_page(page, f"/?{address.MASK}={address.text_of(level)}")
    strokes, said = page.locator(".pad .shapes path"), page.locator(".machine .status")
    expect(strokes).to_have_count(len(level))
    before = source(page)
    page.get_by_role("button", name="Brush").click()
    drag(page, page.locator(PAD), (0.2, 0.4), (0.8, 0.4), (0.8, 0.9), (0.2, 0.9))
    expect(said).to_have_text("This drawing has as many strokes as it can hold: delete one or undo some to paint on.")
    wait_for_another(page, before)
    expect(strokes).to_have_count(len(level) + 1)
    drawn = strokes.last.get_attribute("d") or ""
    assert 2 <= len(drawn.split("L")) <= room
    drag(page, page.locator(PAD), (0.2, 0.6), (0.8, 0.6))
    expect(strokes).to_have_count(len(level) + 1)
    page.keyboard.press("Control+z")
    expect(strokes).to_have_count(len(level))
    expect(said).not_to_contain_text("as many strokes as it can hold")
