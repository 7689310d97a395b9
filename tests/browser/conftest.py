"""A real browser on the real app.

A test asks for `page` (a desktop) or `phone` (390 px wide, touch), opens an address with
`open_page(page, "/digits")` and fails when the page throws an error or logs one in its console.
What a failed test saw is saved, and the report says where. Everything here lives as long as the tests of
this folder: playwright keeps an event loop running in this thread, which must not reach the other tests.
"""

import re
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect, sync_playwright

from tests.browser import chromium
from tests.browser.server import NO_TEMPORARY_FILES, Forge, Server
from tests.conftest import ROOT

OpenPage = Callable[[Page, str], None]

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # A camera that everybody may use; what it films is said where the browser is started.
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
    # Any other host does not exist, so that an app that needs the network fails here and not at a visitor's.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
]

DESKTOP = {"viewport": {"width": 1280, "height": 900}}
PHONE = {
    "viewport": {"width": 390, "height": 844},
    "has_touch": True,
    "is_mobile": True,
    "device_scale_factor": 2,
}

PATIENCE = 30_000  # ms: a busy machine is no reason to fail
expect.set_options(timeout=PATIENCE)

# Console errors that are not the app's, each with its reason.
HARMLESS = (
    # Opened at /digits, Streamlit first looks for its server at /digits/_stcore, then at /_stcore.
    re.compile(r"404 \(Not Found\) .*/_stcore/(health|host-config)"),
    # A file that is replaced or forgotten while it is still on its way.
    re.compile(r"File uploader error on file upload - CanceledError"),
)

failed = pytest.StashKey[bool]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Remembers that a test failed, for the fixtures that are torn down after it."""
    report = yield
    item.stash[failed] = item.stash.get(failed, False) or report.failed
    return report


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker("browser")
            if not item.get_closest_marker("timeout"):
                item.add_marker(pytest.mark.timeout(300))  # servers and browsers start on busy machines, too


@pytest.fixture(scope="package")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The app, shared by the tests of this folder. It cannot make a temporary file: nothing may need one."""
    folder = tmp_path_factory.mktemp("server")
    (folder / "sitecustomize.py").write_text(NO_TEMPORARY_FILES)
    app = Server(folder / "server.log", {"PYTHONPATH": str(folder)})
    yield app
    app.stop()


@pytest.fixture(scope="package")
def forge() -> Iterator[Forge]:
    """Where fresh servers come from."""
    running = Forge()
    yield running
    running.stop()


@pytest.fixture
def environment() -> dict[str, str]:
    """What a fresh server finds in its environment on top: for a test, or a file of tests, to override."""
    return {}


@pytest.fixture
def fresh_server(tmp_path: Path, forge: Forge, environment: dict[str, str]) -> Iterator[Server]:
    """An app that nobody has visited yet. A test that asks for it has its `page` or `phone` there."""
    app = Server(tmp_path / "fresh-server.log", environment, forge)
    yield app
    app.stop()


def film(path: Path) -> None:
    """What the camera sees: an astronaut, to the left of the middle, 640 x 480."""
    scene = Image.new("RGB", (640, 480), (90, 120, 140))
    face = Image.open(ROOT / "engine" / "data" / "gallery" / "astronaut.png").convert("RGB")
    scene.paste(face.resize((300, 300)), (80, 90))
    scene.save(path, "jpeg", quality=95)


@pytest.fixture(scope="package")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    path = chromium.find()
    if path is None:
        pytest.fail(chromium.ADVICE)
    camera = tmp_path_factory.mktemp("camera") / "film.mjpeg"  # of one frame, again and again
    film(camera)
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(
            executable_path=path, args=[*FLAGS, f"--use-file-for-fake-video-capture={camera}"]
        )
        yield running
        running.close()


Profile = Callable[[dict[str, Any], str], BrowserContext]


@pytest.fixture(scope="package")
def profile(browser: Browser) -> Iterator[Profile]:
    """`profile(screen, url)`: a browser profile for a screen and a server, the same one each time it is asked for.

    Its tabs have scripts and pictures in common, which are fetched once, and nothing else: what a visitor does lives
    in the tab.
    """
    made: dict[tuple[str, str], BrowserContext] = {}

    def find(screen: dict[str, Any], url: str) -> BrowserContext:
        if (str(screen), url) not in made:
            context = browser.new_context(base_url=url, reduced_motion="reduce", **screen)
            context.set_default_timeout(PATIENCE)
            made[str(screen), url] = context
        return made[str(screen), url]

    yield find
    for context in made.values():
        context.close()


@contextmanager
def visitor(request: pytest.FixtureRequest, screen: dict[str, Any]) -> Iterator[Page]:
    """A tab of its own; see the top of this file."""
    fresh = "fresh_server" in request.fixturenames
    server: Server = request.getfixturevalue("fresh_server" if fresh else "server")
    folder: Path = request.getfixturevalue("tmp_path")

    context = request.getfixturevalue("profile")(screen, server.url)
    page = context.new_page()
    errors: list[str] = []

    def heard(message: ConsoleMessage) -> None:
        line = f"{message.text} {message.location.get('url', '')}"
        if message.type == "error" and not any(known.search(line) for known in HARMLESS):
            errors.append(line)

    page.on("console", heard)
    page.on("pageerror", lambda error: errors.append(f"uncaught: {error}"))
    yield page
    if errors or request.node.stash.get(failed, False):
        picture = folder / "screen.png"
        page.screenshot(path=picture)
        request.node.add_report_section("teardown", "screenshot", str(picture))
        request.node.add_report_section("teardown", "server log", server.log()[-5000:])
    for tab in context.pages:
        if tab.url.startswith(server.url):
            tab.evaluate("localStorage.clear()")  # the theme, which Streamlit keeps for every tab of a browser
        tab.close()
    context.clear_permissions()
    context.set_offline(False)  # a test that failed half way may have left it so
    if errors:
        pytest.fail("the page logged errors:\n" + "\n".join(errors), pytrace=False)


@pytest.fixture
def page(request: pytest.FixtureRequest) -> Iterator[Page]:
    """A desktop, 1280 x 900."""
    with visitor(request, DESKTOP) as desktop:
        yield desktop


@pytest.fixture
def phone(request: pytest.FixtureRequest) -> Iterator[Page]:
    """A phone, 390 x 844, with touch: `phone.touchscreen.tap(x, y)`; there is no mouse in it."""
    with visitor(request, PHONE) as mobile:
        yield mobile


def settled(page: Page) -> None:
    """Returns once the app is connected, its script has run to the end, and the page is seen."""
    app = page.get_by_test_id("stApp")
    expect(app).to_have_attribute("data-test-connection-state", "CONNECTED", timeout=30_000)
    expect(app).to_have_attribute("data-test-script-state", "notRunning", timeout=30_000)
    expect(page.get_by_test_id("stStatusWidget")).to_have_count(0)
    expect(page.locator("html")).to_have_class("laid")


@pytest.fixture
def open_page() -> OpenPage:
    """`open_page(page, path)`: goes to a path of the app and waits until it has run."""

    def go(page: Page, path: str) -> None:
        page.goto(path)
        expect(page.get_by_test_id("stMain")).to_be_visible(timeout=30_000)
        settled(page)

    return go
