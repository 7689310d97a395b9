"""Three replicas behind Caddy, as `make serve` has them: who stays where, and what one that dies costs whom."""

import hashlib
import hmac
import io
import os
import socket
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from deploy import caddy, serve
from tests.browser.conftest import PATIENCE, OpenPage, settled
from tests.browser.hands import drag, source, wait_for_another
from tests.browser.server import Forge, Server
from tests.browser.test_photo import AFTER, BUSY, plain, source_of_answer, upload

SENTENCE = "Your visit begins anew"


@dataclass
class Fleet:
    """Replicas by their port, one port where there is none yet, and Caddy before them all."""

    url: str
    replicas: dict[int, Server]
    spare: int


@pytest.fixture(scope="module")
def balancer() -> str:
    """Caddy's path."""
    path = caddy.find()
    if path is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(caddy.ADVICE)
    return path


def hold() -> socket.socket:
    """A port that nobody else gets, and on which nobody listens."""
    held = socket.socket()
    held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    held.bind(("127.0.0.1", 0))
    return held


@pytest.fixture
def fleet(balancer: str, forge: Forge, tmp_path: Path) -> Iterator[Fleet]:
    held = [hold() for _ in range(5)]
    port, spare, *ports = (one.getsockname()[1] for one in held)
    replicas = {number: Server(tmp_path / f"{number}.log", {}, forge, number) for number in ports}
    process = caddy.start(balancer, f":{port}", [f"127.0.0.1:{number}" for number in (*ports, spare)], tmp_path)
    try:
        while not serve.healthy(port):
            assert process.poll() is None, "Caddy did not start"
            time.sleep(0.05)
        yield Fleet(f"http://localhost:{port}", replicas, spare)
    finally:
        process.terminate()
        process.wait()
        for server in replicas.values():
            server.stop()
        for one in held:
            one.close()


def cookie(port: int) -> str:
    """What Caddy gives those whom it leads to that replica."""
    return hmac.new(b"", f"127.0.0.1:{port}".encode(), hashlib.sha256).hexdigest()


Visit = Callable[[int], Page]


@pytest.fixture
def visit(fleet: Fleet, browser: Browser) -> Iterator[Visit]:
    """`visit(port)`: a browser that has come until it was led to that replica. It fails a test by no console error."""
    made = []

    def come(port: int) -> Page:
        context = browser.new_context(
            base_url=fleet.url, reduced_motion="reduce", viewport={"width": 1280, "height": 900}
        )
        context.set_default_timeout(PATIENCE)
        made.append(context)
        while not any(one.get("value") == cookie(port) for one in context.cookies()):
            context.clear_cookies()
            context.request.get("/_stcore/health")
        return context.new_page()

    yield come
    for context in made:
        context.close()


def trouble(page: Page) -> list[str]:
    """What goes wrong on a page from now on, and its connections: more than one if the first was lost."""
    heard: list[str] = []
    page.on("console", lambda message: heard.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: heard.append(str(error)))
    page.on("websocket", lambda line: heard.append(f"a connection: {line.url}"))
    return heard


def test_a_visit_stays_on_one_replica_with_its_photo_and_all_that_is_made_of_it(
    fleet: Fleet, visit: Visit, open_page: OpenPage
) -> None:
    ports = [*fleet.replicas][:2]
    pages = [visit(port) for port in ports]
    for page in pages:
        open_page(page, "/photo")
    saved = []
    for page, size in zip(pages, ((700, 400), (500, 300)), strict=True):  # by turns: a mix-up would show
        example = source_of_answer(page)
        upload(page, "plain.png", plain(*size), "image/png")
        expect(page.get_by_text(f"{size[0]} × {size[1]} pixels")).to_be_visible(timeout=BUSY)
        wait_for_another(page, example, AFTER)
        settled(page)
    for page, size in zip(pages, ((700, 400), (500, 300)), strict=True):
        page.locator(".st-key-photo-save button").click()
        with page.expect_download(timeout=BUSY) as waiting:
            page.get_by_role("button", name="PNG", exact=True).click()
        assert Image.open(io.BytesIO(waiting.value.path().read_bytes())).size == size
        saved.append(waiting.value.url)
        assert [one.get("value") for one in page.context.cookies() if one.get("name") == "replica"] == [
            cookie(ports[len(saved) - 1])
        ]
    assert pages[0].context.request.get(saved[0]).ok
    assert pages[1].context.request.get(saved[0]).status == 404  # each replica has its own visitors' alone


def test_who_was_on_a_replica_that_dies_is_told_and_goes_on_and_nobody_else_notices(
    fleet: Fleet, visit: Visit, open_page: OpenPage
) -> None:
    first, second = [*fleet.replicas][:2]
    moved, other = visit(first), visit(second)
    for page in (moved, other):
        open_page(page, "/")
    heard = trouble(other)
    fleet.replicas[first].kill()
    expect(moved.get_by_text(SENTENCE)).to_be_visible(timeout=PATIENCE)
    settled(moved)
    for page in (other, moved):
        before = source(page)
        drag(page, page.locator(".pad svg.picture, .machine svg.picture").first, (0.3, 0.3), (0.6, 0.5))
        wait_for_another(page, before)
    assert not heard and not other.get_by_text(SENTENCE).count()


def test_a_replica_that_is_added_takes_new_visitors_and_no_others(
    fleet: Fleet, visit: Visit, open_page: OpenPage, forge: Forge, tmp_path: Path
) -> None:
    page = visit([*fleet.replicas][0])
    open_page(page, "/models")
    heard = trouble(page)
    fleet.replicas[fleet.spare] = Server(tmp_path / "fourth.log", {}, forge, fleet.spare)
    open_page(visit(fleet.spare), "/models")
    assert not heard
    assert cookie([*fleet.replicas][0]) in [one.get("value") for one in page.context.cookies()]


@pytest.mark.measure
def test_a_visitor_is_back_within_five_seconds(fleet: Fleet, visit: Visit, open_page: OpenPage) -> None:
    first = [*fleet.replicas][0]
    page = visit(first)
    open_page(page, "/")
    began = time.monotonic()
    fleet.replicas[first].kill()
    expect(page.get_by_text(SENTENCE)).to_be_visible(timeout=PATIENCE)
    settled(page)
    took = time.monotonic() - began
    print(f"back on another replica after {took:.1f} s")
    assert took <= 5
