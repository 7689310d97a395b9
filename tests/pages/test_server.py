"""The server around the pages, as `streamlit run app.py` starts it: where an upload lies, and for how long."""

import asyncio
import gc
import tomllib
import weakref
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
import streamlit as st
from PIL import Image
from starlette.responses import PlainTextResponse
from streamlit import config, runtime
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.runtime import Runtime
from streamlit.runtime.uploaded_file_manager import UploadedFileRec

import app
from engine import images
from engine.photos import examples
from engine.training import live_nest
from pages import guard
from pages.parts.say import say
from tests.conftest import ROOT

TTL = "server.disconnectedSessionTTL"


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A server that loads nothing ahead and whose closed tabs expire at once."""
    monkeypatch.setattr(Runtime, "_instance", None)
    monkeypatch.setattr(app, "load", lambda: None)
    monkeypatch.setattr(live_nest, "CAN_FORK", False)  # the tests' own process has threads
    monkeypatch.setattr(app, "REAP_SECONDS", 0.2)
    before = config.get_option(TTL)
    config.set_option(TTL, 0.3)
    gc.collect()
    gc.freeze()  # as `load` does: five looks a second would go through all that the other tests have left
    yield
    gc.unfreeze()
    config.set_option(TTL, before)


class Tab:
    """A browser's tab with the page "Your own photo", without the browser."""

    client_context = None

    def __init__(self, server: Any) -> None:
        self.server, self.messages = server, []
        self.id = server.connect_session(self, {})

    def write_forward_msg(self, msg: Any) -> None:
        self.messages.append(msg)

    async def run(self, *widgets: WidgetState, has: Iterable[str] = (), page: str = "") -> None:
        """Runs the page to its end, with what the visitor has set and the messages (hashes) that the browser has."""
        self.messages.clear()
        message = BackMsg()
        message.rerun_script.cached_message_hashes.extend(has)
        message.rerun_script.widget_states.widgets.extend(widgets)
        message.rerun_script.page_script_hash = page
        self.server.handle_backmsg(self.id, message)
        await self.finished()

    async def finished(self) -> None:
        while not any(msg.WhichOneof("type") == "script_finished" for msg in self.messages):
            await asyncio.sleep(0.02)

    def widget(self, kind: str, label: str) -> WidgetState:
        """The state of a widget on the page, yet empty."""
        elements = [msg.delta.new_element for msg in self.messages if msg.delta.HasField("new_element")]
        (found,) = {getattr(one, kind).id for one in elements if getattr(one, kind).label == label}
        return WidgetState(id=found)

    async def pages(self) -> Any:
        """What the navigation offers."""
        await self.run()
        (said,) = [msg.navigation.app_pages for msg in self.messages if msg.WhichOneof("type") == "navigation"]
        return said

    def errors(self) -> list[str]:
        """The sentences of the page's error boxes."""
        elements = [msg.delta.new_element for msg in self.messages if msg.delta.HasField("new_element")]
        return [one.alert.body for one in elements if one.HasField("alert") and one.alert.format == one.alert.ERROR]

    def upload(self, content: bytes, name: str) -> WidgetState:
        record = UploadedFileRec(name, f"{name}.jpg", "image/jpeg", content)
        self.server.uploaded_file_mgr.add_file(self.id, record)
        state = self.widget("file_uploader", "A photo")
        state.file_uploader_state_value.uploaded_file_info.add(file_id=name, name=record.name, size=len(content))
        return state

    def kept(self, *names: str) -> int:
        """How many of the files that were sent the server still has."""
        return len(self.server.uploaded_file_mgr.get_files(self.id, names))

    def photo(self) -> Image.Image:
        return self.server.get_app_session(self.id).session_state["PhotoState"].photo.picture


@asynccontextmanager
async def tab(script: str = "photo/page.py") -> AsyncIterator[Tab]:
    async with st.App(ROOT / "pages" / script, lifespan=app.warm).lifespan()(None):
        yield Tab(runtime.get_instance())


def test_a_closed_tab_is_forgotten_though_nobody_else_comes(quick: None) -> None:
    async def visit() -> None:
        async with tab() as visitor:
            await visitor.run()
            await visitor.run(visitor.upload(examples.two_portraits(), "one"))
            picture = weakref.ref(visitor.photo())
            visitor.upload(b"one more, not yet looked at", "two")
            await asyncio.sleep(0.5)  # the server has nothing left to send: it rests in the middle of its loop
            visitor.server.disconnect_session(visitor.id)
            assert picture() and visitor.kept("two")  # for a moment: it may only have lost its connection
            for _ in range(100):
                await asyncio.sleep(0.1)
                if not picture():
                    break
            assert not picture() and not visitor.kept("two")

    asyncio.run(visit())


def test_address_and_browser_are_known_while_a_tab_is_connected_and_no_longer(quick: None) -> None:
    """As the privacy sheet for schools says it."""

    async def visit() -> None:
        async with tab() as visitor:
            await visitor.run()
            assert visitor.server.get_client(visitor.id) is visitor
            visitor.server.disconnect_session(visitor.id)
            assert visitor.server.get_client(visitor.id) is None

    asyncio.run(visit())


def test_a_closed_tab_is_kept_for_about_a_minute_and_nothing_is_reported_home() -> None:
    """The settings that the privacy sheet for schools speaks of."""
    settings = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text("utf-8"))
    kept = settings["server"]["disconnectedSessionTTL"] + app.REAP_SECONDS
    assert 60 <= kept <= 75 and "about a minute" in say("lesson.privacy.stored-is")
    assert settings["browser"]["gatherUsageStats"] is False


def test_a_file_goes_as_soon_as_it_is_read_and_the_rest_when_it_is_forgotten(quick: None) -> None:
    async def visit() -> None:
        async with tab() as visitor:
            await visitor.run()
            for name, content in (("one", examples.two_portraits()), ("two", examples.cat())):
                await visitor.run(visitor.upload(content, name))
                assert not visitor.kept(name)
            assert visitor.photo() == images.open_image(examples.cat())
            picture = weakref.ref(visitor.photo())
            bad = visitor.upload(b"no picture", "three")
            await visitor.run(bad)
            assert visitor.kept("three") and picture()
            pressed = visitor.widget("button", "Forget my photo")
            pressed.trigger_value = True
            await visitor.run(bad, pressed)
            gc.collect()
            assert not visitor.kept("three") and not picture()

    asyncio.run(visit())


def test_a_file_that_is_too_much_is_said_on_the_page_that_sent_it(quick: None) -> None:
    """Streamlit's own box says a number; the page stays where it is and says the sentence, once."""

    async def visit() -> None:
        async with tab("navigation.py") as visitor:
            photo = {page.url_pathname: page.page_script_hash for page in await visitor.pages()}["photo"]
            await visitor.run(page=photo)
            refused = PlainTextResponse("never asked")
            scope = {"type": "http", "method": "PUT", "path": f"/_stcore/upload_file/{visitor.id}/one"}
            scope |= {"headers": [(b"content-length", str(guard.MAX_UPLOADS + 1).encode())]}
            answers: list[Any] = []
            visitor.messages.clear()

            async def send(message: Any) -> None:
                answers.append(message)

            await guard.Guard(refused)(scope, None, send)  # pyright: ignore[reportArgumentType]
            assert answers[0]["status"] == 413
            await visitor.finished()
            assert visitor.errors() == [guard.TOO_MUCH] and visitor.widget("file_uploader", "A photo")
            await visitor.run(page=photo)
            assert visitor.errors() == []

    asyncio.run(visit())


def test_a_look_that_fails_is_said_and_followed_by_others(
    quick: None, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Two looks fail, each at another place; a later one forgets the closed tab, and none leaves one of its own."""
    real = {name: getattr(Runtime, name) for name in ("connect_session", "disconnect_session")}
    failures: list[str] = []

    def fail(name: str) -> None:
        def failing(*arguments: Any, **options: Any) -> None:
            failures.append(name)
            monkeypatch.setattr(Runtime, name, real[name])
            raise RuntimeError("not now")

        monkeypatch.setattr(Runtime, name, failing)

    async def visit() -> None:
        async with tab() as visitor:
            await visitor.run()
            await visitor.run(visitor.upload(examples.two_portraits(), "one"))
            picture = weakref.ref(visitor.photo())
            visitor.server.disconnect_session(visitor.id)
            for name in real:
                fail(name)
            for _ in range(100):
                await asyncio.sleep(0.1)
                if not picture():
                    break
            assert set(failures) == set(real)
            assert not picture() and not visitor.server._session_mgr.list_sessions()

    asyncio.run(visit())
    said = [record for record in caplog.records if record.name == "app"]
    assert [record.levelname for record in said] == ["ERROR"] and "tried again" in said[0].getMessage()


def test_a_server_of_another_make_goes_on(
    quick: None, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def visit() -> None:
        async with tab() as visitor:
            monkeypatch.delattr(Runtime, "close_session")
            await asyncio.sleep(0.7)  # three looks
            await visitor.run()

    asyncio.run(visit())
    said = [record for record in caplog.records if record.name == "app"]
    assert [record.levelname for record in said] == ["ERROR"] and "has no close_session" in said[0].getMessage()


def test_no_message_counts_on_what_a_browser_has_kept(quick: None) -> None:
    """A browser may throw a message away while its number is on the way: the visitor would lose the connection."""

    async def visit() -> None:
        async with tab() as visitor:
            await visitor.run()
            first = [msg.hash for msg in visitor.messages]
            await visitor.run(has=first)
            assert {msg.hash for msg in visitor.messages} & set(first)
            assert not [msg for msg in visitor.messages if msg.WhichOneof("type") == "ref_hash"]

    asyncio.run(visit())
