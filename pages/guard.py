"""What stands between the browser and Streamlit, however the app was started: headers, one door shut, one limit.

Settings, from the environment: `FRAME_ANCESTORS` names other sites that may show the app in a frame, as a Space does
("https://huggingface.co"); `METRICS=1` opens Streamlit's `/_stcore/metrics`, which is shut otherwise.
"""

import base64
import hashlib
import logging
import os
import re
from collections import Counter
from pathlib import Path
from typing import Any

import streamlit as st
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import runtime

from engine import images
from pages.parts.say import FIRST, catalogue, say

log = logging.getLogger(__name__)

FRAMED_BY, METRICS = "FRAME_ANCESTORS", "METRICS"
MAX_UPLOADS = 100 * 2**20  # bytes of all files that one visit may have on the server at a time
TOO_MUCH = catalogue(FIRST)["upload.too-much"]
REFUSED = "upload refused"  # in the session state, until the page has said it
_UPLOAD = re.compile(r"/_stcore/upload_file/([^/]+)/[^/]+$")
_KEPT_BY_NOBODY = re.compile(r"(?<!/static)/media/|/_stcore/upload_file/")  # a visitor's pictures, downloads, files


def policy() -> str:
    """The content security policy: the app asks nobody but its own server.

    What Streamlit cannot do without: styles that its scripts write, and components whose script is a blob. Its page
    has one script inside, which is named by its hash.
    """
    page = (Path(st.__file__).parent / "static" / "index.html").read_text("utf-8")
    inside = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    hashes = [f"'sha256-{base64.b64encode(hashlib.sha256(one.encode()).digest()).decode()}'" for one in inside]
    framed_by = [site for site in os.environ.get(FRAMED_BY, "").split() if re.fullmatch(r"[\w:/.*-]+", site)]
    rules = {
        "default-src": ["'self'"],
        "script-src": ["'self'", "blob:", *hashes],
        "style-src": ["'self'", "'unsafe-inline'"],
        "connect-src": ["'self'", "data:", "blob:"],  # the webcam's shot is read back from a data URL
        "img-src": ["'self'", "data:", "blob:"],
        "font-src": ["'self'", "data:"],
        "media-src": ["'self'", "blob:"],
        "worker-src": ["'self'", "blob:"],
        "object-src": ["'none'"],
        "base-uri": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'self'", *framed_by],
    }
    return "; ".join(f"{name} {' '.join(values)}" for name, values in rules.items())


class Guard:
    """Middleware around the whole app."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.policy = policy().encode()
        self.arriving: Counter[str] = Counter()  # session -> bytes that are on their way

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        path: str = scope["path"]

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": self.headers(path, message["headers"])}
            await send(message)

        if path.endswith("/_stcore/metrics") and os.environ.get(METRICS) != "1":
            return await PlainTextResponse("Not found", 404)(scope, receive, guarded)
        if scope["method"] != "PUT" or not (upload := _UPLOAD.search(path)):
            return await self.app(scope, receive, guarded)
        session, size = upload[1], announced(scope)
        if kept(session) + self.arriving[session] + size > MAX_UPLOADS:
            note_refusal(session)
            return await PlainTextResponse(TOO_MUCH, 413)(scope, receive, guarded)
        self.arriving[session] += size
        try:
            await self.app(scope, receive, guarded)
        finally:
            self.arriving[session] -= size
            self.arriving += Counter()  # forgets those that have nothing on its way

    def headers(self, path: str, given: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
        """The headers of an answer with ours in their place."""
        ours = {b"x-content-type-options": b"nosniff"}
        if any(name == b"content-type" and b"text/html" in value for name, value in given):
            ours[b"content-security-policy"] = self.policy
        if _KEPT_BY_NOBODY.search(path):
            ours[b"cache-control"] = b"no-store"
        return [*((name, value) for name, value in given if name.lower() not in ours), *ours.items()]


def note_refusal(session: str) -> None:
    """Run a visitor's page again, to say that a file was too much; Streamlit's box says "status code 413" alone."""
    try:
        visit: Any = runtime.get_instance().get_app_session(session)
        visit.session_state[REFUSED] = True
        visit.request_rerun(visit._client_state)  # as Streamlit does when a file of the app has changed
    except AttributeError as error:
        log.error("a file was refused without a word on the page: %s", error)


def tell_the_refused() -> None:
    """Say it on the page, once."""
    if st.session_state.pop(REFUSED, False):
        st.error(say("upload.too-much"), icon=":material/error:")


def announced(scope: Scope) -> int:
    """Bytes that a request says it brings; as many as are taken where it does not say."""
    said = dict(scope["headers"]).get(b"content-length", b"")
    return int(said) if re.fullmatch(rb"\d{1,15}", said) else images.MAX_BYTES


def kept(session: str) -> int:
    """Bytes of the files that the server has of a session."""
    stored = getattr(runtime.get_instance().uploaded_file_mgr, "file_storage", {})
    return sum(len(file.data) for file in list(stored.get(session, {}).values()))
