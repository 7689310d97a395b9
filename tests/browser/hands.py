"""What a visitor's hands do: drag on the pad or the canvas, with a mouse or a finger, and look at the answer."""

from playwright.sync_api import CDPSession, Locator, Page, expect

PAD = ".pad svg.picture"
RESTORED = ".machine .answer"


def at(target: Locator, x: float, y: float) -> tuple[float, float]:
    """Where the point (x, y), in shares of the target's width and height, lies on the screen."""
    target.scroll_into_view_if_needed()
    box = target.bounding_box()
    assert box is not None, "the target is not on the screen"
    return box["x"] + x * box["width"], box["y"] + y * box["height"]


def drag(page: Page, target: Locator, *points: tuple[float, float]) -> None:
    """Press the mouse at the first point, move along the others, let go at the last."""
    first, *others = (at(target, *point) for point in points)
    page.mouse.move(*first)
    page.mouse.down()
    for point in others:
        page.mouse.move(*point, steps=6)
    page.mouse.up()


def swipe(page: Page, target: Locator, *points: tuple[float, float]) -> None:
    """The same with one finger: real touch events, as a phone sends them."""
    touches = [{"x": x, "y": y} for x, y in (at(target, *point) for point in points)]
    session: CDPSession = page.context.new_cdp_session(page)
    session.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [touches[0]]})
    for before, after in zip(touches[:-1], touches[1:], strict=True):
        for part in (0.25, 0.5, 0.75, 1.0):
            between = {axis: before[axis] + part * (after[axis] - before[axis]) for axis in ("x", "y")}
            session.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [between]})
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def source(page: Page, selector: str = RESTORED) -> str:
    """The address of a picture, or the machine's name for it: it changes exactly when the picture does."""
    # an element that is still empty gets it with the first pictures
    node = page.locator(f'{selector}[src], {selector}[data-picture]:not([data-picture=""])').first
    expect(node).to_be_attached()
    return node.get_attribute("src") or node.get_attribute("data-picture") or ""


def wait_for_another(page: Page, before: str, selector: str = RESTORED) -> str:
    """Return the picture's new address once it is no longer the one from before."""
    page.wait_for_function(
        """([selector, before]) => {
            const find = (root) => root.querySelector(selector) ?? [...root.querySelectorAll("*")]
                .map((node) => node.shadowRoot && find(node.shadowRoot)).find(Boolean);
            const image = find(document);
            return image && (image.getAttribute("src") ?? image.dataset.picture) !== before;
        }""",
        arg=[selector, before],
    )
    return source(page, selector)


def pinch(page: Page, target: Locator, apart: float, then: float) -> None:
    """Two fingers around the middle of the target, put down so far apart and then drawn to another distance, in shares
    of its width."""
    session: CDPSession = page.context.new_cdp_session(page)
    for number in range(6):
        far = (apart + number / 5 * (then - apart)) / 2
        places = [at(target, 0.5 - far, 0.5), at(target, 0.5 + far, 0.5)]
        touches = [{"x": x, "y": y, "id": finger} for finger, (x, y) in enumerate(places)]
        kind = "touchMove" if number else "touchStart"
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touches})
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
