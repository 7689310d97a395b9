"""The middleware around the app: what every answer carries, the door that is shut, and how much a visit may send."""

import asyncio
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from starlette.types import Message, Receive, Scope, Send
from streamlit import runtime

import app
from engine import images
from pages import guard
from pages.guard import MAX_UPLOADS, Guard

UPLOAD = "/_stcore/upload_file/visitor/{}"


def answering(kind: str, **headers: str) -> Callable[..., Any]:
    """An app that answers everything in the same way."""
    listed = {"content-type": kind, **headers}

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        sent = [(name.encode(), value.encode()) for name, value in listed.items()]
        await send({"type": "http.response.start", "status": 200, "headers": sent})
        await send({"type": "http.response.body", "body": b"there"})

    return answer


async def ask(guarded: Any, path: str, method: str = "GET", size: int | None = None) -> tuple[int, dict[str, str], str]:
    """Status, headers and text of an answer."""
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message)

    headers = [] if size is None else [(b"content-length", str(size).encode())]
    scope = {"type": "http", "method": method, "path": path, "headers": headers, "query_string": b""}
    await guarded(scope, receive, send)
    found = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return sent[0]["status"], found, b"".join(one.get("body", b"") for one in sent[1:]).decode()


def get(kind: str, path: str, **headers: str) -> tuple[int, dict[str, str], str]:
    return asyncio.run(ask(Guard(answering(kind, **headers)), path))


def test_it_stands_around_the_whole_app() -> None:
    assert app.app._user_middleware[0].cls is Guard  # before the one that changes the page


@pytest.mark.parametrize(
    ("path", "kept"),
    [
        ("/media/0123.png", False),
        ("/demo/ae/media/0123.csv", False),
        ("/_stcore/upload_file/visitor/file", False),
        ("/static/media/font.woff2", True),
        ("/demo/ae/static/media/font.woff2", True),
        ("/app/static/map.bin", True),
    ],
)
def test_what_a_visitor_sees_or_takes_home_is_kept_by_nobody(path: str, kept: bool) -> None:
    _, headers, text = get("image/png", path, **{"cache-control": "public, max-age=99"})
    assert headers["cache-control"] == ("public, max-age=99" if kept else "no-store")
    assert headers["x-content-type-options"] == "nosniff" and text == "there"
    assert "content-security-policy" not in headers


def rules(policy: str) -> dict[str, list[str]]:
    return {name: values for name, *values in (rule.split() for rule in policy.split(";"))}


def test_a_page_may_ask_nobody_but_its_server() -> None:
    found = rules(get("text/html; charset=utf-8", "/")[1]["content-security-policy"])
    assert found["connect-src"] == ["'self'", "data:", "blob:"]  # what the page itself holds
    assert found["default-src"] == ["'self'"] and found["object-src"] == ["'none'"]
    assert not {"'unsafe-inline'", "'unsafe-eval'"} & {*found["script-src"]}
    assert any(value.startswith("'sha256-") for value in found["script-src"])
    own = {"'self'", "'none'", "'unsafe-inline'", "data:", "blob:"}
    assert all(value in own or value.startswith("'sha256-") for values in found.values() for value in values)
    assert found["frame-ancestors"] == ["'self'"]


def test_a_setting_names_who_may_frame_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(guard.FRAMED_BY, "https://huggingface.co https://*.hf.space x;script-src'*'")
    found = rules(get("text/html", "/")[1]["content-security-policy"])
    assert found["frame-ancestors"] == ["'self'", "https://huggingface.co", "https://*.hf.space"]
    assert "*" not in " ".join(found["script-src"])


@pytest.mark.parametrize("path", ["/_stcore/metrics", "/demo/ae/_stcore/metrics"])
def test_the_metrics_are_shut_unless_asked_for(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    status, headers, text = get("text/plain", path)
    assert status == 404 and text == "Not found" and headers["x-content-type-options"] == "nosniff"
    monkeypatch.setenv(guard.METRICS, "1")
    assert get("text/plain", path)[0] == 200


@pytest.fixture
def stored(monkeypatch: pytest.MonkeyPatch) -> dict[str, dict[str, Any]]:
    """The files that Streamlit has of each session."""
    files: dict[str, dict[str, Any]] = {}
    visit = SimpleNamespace(session_state={}, request_rerun=lambda state: None, _client_state=None)
    manager = SimpleNamespace(
        uploaded_file_mgr=SimpleNamespace(file_storage=files), get_app_session=lambda session: visit
    )
    monkeypatch.setattr(runtime, "get_instance", lambda: manager)
    return files


def lay(files: dict[str, dict[str, Any]], session: str, size: int) -> None:
    files.setdefault(session, {})[str(len(files.get(session, {})))] = SimpleNamespace(data=range(size))  # has a length


def put(guarded: Guard, size: int | None, name: str = "file") -> int:
    status, _, text = asyncio.run(ask(guarded, UPLOAD.format(name), "PUT", size))
    assert status == 200 or text == guard.TOO_MUCH
    return status


def test_a_visit_may_send_so_much_and_a_sentence_says_it(stored: dict[str, dict[str, Any]]) -> None:
    guarded = Guard(answering("text/plain"))
    lay(stored, "another", MAX_UPLOADS)  # somebody else's
    assert put(guarded, MAX_UPLOADS) == 200
    lay(stored, "visitor", MAX_UPLOADS - 1000)
    assert put(guarded, 1000) == 200 and put(guarded, 1001) == 413
    assert put(guarded, None) == 413 and put(guarded, -1) == 413  # as large as any may be
    stored["visitor"].clear()
    assert put(guarded, None) == 200
    assert not guarded.arriving  # and nothing is remembered of it


def test_what_is_on_its_way_counts(stored: dict[str, dict[str, Any]]) -> None:
    """Many files sent at once are no way around the limit."""

    async def send_all() -> list[int]:
        arrived = asyncio.Event()

        async def slow(scope: Scope, receive: Receive, send: Send) -> None:
            await arrived.wait()
            await answering("text/plain")(scope, receive, send)

        guarded = Guard(slow)
        asked = [
            asyncio.create_task(ask(guarded, UPLOAD.format(number), "PUT", images.MAX_BYTES)) for number in range(9)
        ]
        await asyncio.sleep(0)
        arrived.set()
        return [(await one)[0] for one in asked]

    assert asyncio.run(send_all()).count(200) == MAX_UPLOADS // images.MAX_BYTES
