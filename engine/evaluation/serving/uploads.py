"""Visitors who send a photo and leave: what the server keeps of so many."""

import asyncio
import urllib.request
import uuid
from typing import Any

from engine.evaluation.photo_benchmark import phone_photo
from engine.evaluation.serving.load import LEFT, enter
from engine.evaluation.serving.server import ROOT, Server
from engine.evaluation.serving.visitor import Visitor, needed
from engine.models import model_card
from engine.problem import Problem

AT_ONCE = 2  # visitors
PATIENCE = 120.0  # seconds
XSRF = "_streamlit_xsrf"  # the cookie whose value a request repeats in its head


def measure(uploads: int) -> str:
    """How much memory the server has before, and after so many photos were sent and their visitors have left."""
    if uploads < 1:
        raise Problem("A load needs one photo at least: give a larger --uploads.")
    server = Server(ROOT)
    try:
        before, after, failed = asyncio.run(_measure(server, uploads))
    finally:
        server.stop()
    return (
        f"{uploads} photos of 12 megapixels were sent, {failed} failed: {before:.0f} MB (PSS) before, {after:.0f} MB"
        f" {LEFT:.0f} s after their visitors had left ({after / before:.2f} times);"
        f" {model_card.measured_here()}."
    )


async def _measure(server: Server, uploads: int) -> tuple[float, float, int]:
    places, photo = asyncio.Semaphore(AT_ONCE), phone_photo()
    before = server.memory()["Pss"]

    async def visit() -> bool:
        async with places:
            try:
                tab = await enter(server, PATIENCE, Sender)
                await tab.send(photo, "photo.jpg")
            except (Problem, OSError):
                return False
            await tab.leave()
            return not tab.failures

    done = await asyncio.gather(*(visit() for _ in range(uploads)))
    await asyncio.sleep(LEFT)
    return before, server.memory()["Pss"], uploads - sum(done)


class Sender(Visitor):
    """One who opens Your photo and sends a file."""

    def __init__(self, address: str, cookie: str = "") -> None:
        super().__init__(address, cookie, "photo")
        self._session = self._uploader = ""
        self._given: Any = None  # where the file is to be put

    async def send(self, content: bytes, name: str) -> None:
        """Returns when the page has run to its end with it."""
        message = needed("streamlit.proto.BackMsg_pb2").BackMsg()
        asked = message.file_urls_request
        asked.request_id, asked.session_id = uuid.uuid4().hex, self._session
        asked.file_names.append(name)
        await self._socket.send(message.SerializeToString())
        await self._until(lambda: self._given is not None, PATIENCE)
        await asyncio.to_thread(self._put, content, name)
        state = needed("streamlit.proto.WidgetStates_pb2").WidgetState(id=self._uploader)
        info = state.file_uploader_state_value.uploaded_file_info.add(file_id=self._given.file_id, name=name)
        info.size = len(content)
        info.file_urls.CopyFrom(self._given)
        self._others = [state]
        self._finished = False
        await self._run()
        await self._until(lambda: self._finished, PATIENCE)

    def _put(self, content: bytes, name: str) -> None:
        with urllib.request.urlopen(f"http://{self.address}/_stcore/health", timeout=PATIENCE) as answer:
            cookies = [cookie.partition(";")[0] for cookie in answer.headers.get_all("Set-Cookie") or ()]
        token = next((cookie.partition("=")[2] for cookie in cookies if cookie.startswith(XSRF)), "")
        line = uuid.uuid4().hex
        head = f'--{line}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
        head += "Content-Type: image/jpeg\r\n\r\n"
        request = urllib.request.Request(
            f"http://{self.address}{self._given.upload_url}",
            head.encode() + content + f"\r\n--{line}--\r\n".encode(),
            {
                "Content-Type": f"multipart/form-data; boundary={line}",
                "Cookie": "; ".join(filter(None, [*cookies, self.cookie])),
                "X-Xsrftoken": token,
            },
            method="PUT",
        )
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
            answer.read()

    def _take(self, message: Any) -> None:
        what = message.WhichOneof("type")
        if what == "new_session":
            self._session = message.new_session.initialize.session_id
        elif what == "file_urls_response":
            (self._given,) = message.file_urls_response.file_urls
        super()._take(message)

    def _show(self, delta: Any) -> None:
        if delta.new_element.WhichOneof("type") == "file_uploader":
            self._uploader = delta.new_element.file_uploader.id
        super()._show(delta)
