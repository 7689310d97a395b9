"""A visitor without a browser: opens the page of faces and draws on it, over Streamlit's own websocket protocol.

It does what a browser does and a server pays for: fetches the page, says which messages it holds already, tells what
was drawn with the states of the pad, and reads all that comes back. Streamlit's messages and its websockets are the
app's packages, not the engine's: they are looked for only when somebody visits.
"""

import asyncio
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from engine.corruptions.shapes import Shape
from engine.problem import Problem

PAD, REST = "autoencoder-face_machine", "autoencoder-face_answers"  # the machine, and what comes after its large answer
OLD_PAD = "autoencoder-boxpad"  # before the machine, pad and pictures stood apart
OLD_ANSWER = "restored"  # the name that the old page's large picture has among its rows
FINISHED = (0, 3)  # ForwardMsg.ScriptFinishedStatus: the whole page, or a fragment; others were cut short


def needed(module: str) -> Any:
    """One of the app's modules; raises `Problem` where the app's packages are not installed."""
    try:
        return import_module(module)
    except ImportError:
        raise Problem(f"There is no {module}: install what requirements.txt lists, as `make run` does.") from None


@dataclass
class Stroke:
    """One that a visitor has drawn; times in seconds of `time.perf_counter`."""

    shapes: list[Shape]
    sent: float
    large: float | None = None  # when the large answer to it, or to a later one, was there
    answered: float | None = None  # when all answers were
    superseded: bool = False  # a later one was answered in its place


class Visitor:
    """One tab. `open` it, `draw` as often as you like, `leave`."""

    def __init__(self, address: str, cookie: str = "", page: str = "") -> None:
        """address: host and port. cookie: what the page came with, which leads to the same replica again. page: its
        name in the address; "" is the page of faces."""
        self.address, self.cookie, self.page = address, cookie, page
        self.strokes: list[Stroke] = []
        self.failures: list[str] = []  # what went wrong, in words
        self.received = 0  # bytes
        self._finished = False  # whether the page has run to its end
        self._pad: dict[str, Any] | None = None  # what the pad was sent last
        self._pad_id = self._fragment = self._page = self._query = ""
        self._states: dict[str, str] = {}  # widget -> its state as JSON
        self._others: list[Any] = []  # states of widgets that are no JSON
        self._have: set[str] = set()  # names of what the machine keeps
        self._messages: dict[str, Any] = {}  # those that the server need not send again, by their hash

    async def open(self, patience: float = 60.0) -> None:
        """Returns when the page has run to its end."""
        sockets = needed("websockets.asyncio.client")
        self._socket = await sockets.connect(
            f"ws://{self.address}/_stcore/stream",
            subprotocols=["streamlit"],
            max_size=None,
            compression=None,
            open_timeout=patience,
            additional_headers={"Cookie": self.cookie} if self.cookie else None,
        )
        self._reading = asyncio.create_task(self._read())
        self._finished = False
        await self._run()
        await self._until(lambda: self._finished, patience)

    async def _until(self, done: Callable[[], bool], patience: float) -> None:
        end = time.perf_counter() + patience
        while not done():
            if self._reading.done() or time.perf_counter() > end:
                why = "; ".join(self.failures) or "it took too long"
                raise Problem(f"The page did not answer ({why}): try `make run`.")
            await asyncio.sleep(0.01)

    async def draw(self, shapes: list[Shape]) -> None:
        """Let go of a stroke, after which these shapes lie on the pad; the answer is read in the background."""
        if self._pad is None:
            raise Problem("The page has no pad to draw on: is it the page of faces?")
        self.strokes.append(Stroke(shapes, time.perf_counter()))
        said = {"turn": self._pad["turn"], "shapes": shapes}
        if "methods" in self._pad:
            chosen = {key: self._pad[key] for key in ("seed", "nth", "six")} | {"method": self._pad["chosen"]}
            seen = {"have": sorted(self._have), "below": False}  # a screen of 1280x900, at the top of the page
            state = {"now": said | chosen | {"seed": None} | seen}
        else:
            state = {"drawn": said}
        self._states[self._pad_id] = json.dumps(state)
        await self._run(self._fragment)

    async def answered(self, patience: float = 60.0) -> None:
        """Returns when the latest stroke has its answers, or after that many seconds."""
        end = time.perf_counter() + patience
        while self.strokes and self.strokes[-1].answered is None and time.perf_counter() < end:
            if self._reading.done():
                return
            await asyncio.sleep(0.02)

    async def leave(self) -> None:
        """Close the tab."""
        self._reading.cancel()
        await self._socket.close()

    async def _run(self, fragment: str = "") -> None:
        """Ask for a run of the page, or of one fragment of it."""
        message = needed("streamlit.proto.BackMsg_pb2").BackMsg()
        asked = message.rerun_script
        asked.query_string, asked.page_script_hash, asked.fragment_id = self._query, self._page, fragment
        asked.page_name = "" if self._page else self.page
        asked.cached_message_hashes.extend(self._messages)
        asked.context_info.url, asked.context_info.locale = f"http://{self.address}/", "en-US"
        for widget, state in self._states.items():
            asked.widget_states.widgets.add(id=widget, json_value=state)
        asked.widget_states.widgets.extend(self._others)
        await self._socket.send(message.SerializeToString())

    async def _read(self) -> None:
        kind = needed("streamlit.proto.ForwardMsg_pb2").ForwardMsg
        try:
            async for content in self._socket:
                self.received += len(content)
                message = kind.FromString(content)
                if message.ref_hash:
                    message = self._messages[message.ref_hash]
                elif message.metadata.cacheable:
                    self._messages[message.hash] = message
                self._take(message)
        except Exception as failure:
            self.failures.append(f"{type(failure).__name__}: {failure}")

    def _take(self, message: Any) -> None:
        """What a message changes."""
        what = message.WhichOneof("type")
        if what == "new_session":
            self._page = message.new_session.page_script_hash
        elif what == "page_info_changed":
            self._query = message.page_info_changed.query_string
        elif what == "delta":
            self._show(message.delta)
        elif what == "script_finished" and message.script_finished in FINISHED:
            self._finished = True
            if self._pad and not any(method["waits"] for method in self._pad.get("methods", ())):
                self._answer("answered")

    def _show(self, delta: Any) -> None:
        """What a new element shows."""
        element = delta.new_element
        kind = element.WhichOneof("type")
        if kind == "exception":
            self.failures.append(f"{element.exception.type}: {element.exception.message}")
        if kind != "bidi_component":
            return
        name, data = element.bidi_component.component_name, json.loads(element.bidi_component.json or "{}")
        data = data[0] if isinstance(data, list) else data
        if name == REST and self._pad:
            self._pad["methods"] = data["methods"]
        elif name in (PAD, OLD_PAD):
            self._pad, self._pad_id, self._fragment = data, element.bidi_component.id, delta.fragment_id
            self._have |= {key for key, content in data.get("once", {}).items() if content is not None}
            chosen = [method for method in data.get("methods", ()) if method["name"] == data["chosen"]]
            if chosen and not chosen[0]["waits"]:
                self._answer("large")
        elif data.get("name") == OLD_ANSWER:
            self._answer("large")

    def _answer(self, moment: str) -> None:
        """The newest stroke whose shapes lie on the pad has its answer, and with it all before it."""
        now, shown = time.perf_counter(), self._pad and self._pad["shapes"]
        newest = max((i for i, stroke in enumerate(self.strokes) if stroke.shapes == shown), default=-1)
        for i, stroke in enumerate(self.strokes[: newest + 1]):
            if getattr(stroke, moment) is None:
                setattr(stroke, moment, now)
                stroke.superseded |= i < newest
