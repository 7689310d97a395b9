"""The faces page's machine without a browser, and a photo to upload."""

import io
from collections.abc import Callable
from typing import Any

import pytest
import streamlit
from PIL import Image

from engine import images
from tests.conftest import ROOT

# No face and no way on.
NONSENSE = (10**6, -1, True, 1.0, "1", None, [1], 10**400, ["codes", 301], ["codes", True], ["telea", 0])


@pytest.fixture(autouse=True)
def nothing_is_known_yet(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the page of faces opens with is answered once a process: here, once a test."""
    monkeypatch.setattr("pages.faces.asked.opening", {})


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What the machine was last given. In its place there is a button for each face, named by it, and one for each way
    on. A hand draws by `page.session_state["machine"] = {"now": {...}}`."""
    given: dict[str, Any] = {}

    def mount(data: dict[str, Any], key: str, **on_change: Callable[[], None]) -> None:
        def say(name: str, value: Any) -> None:
            kept = {**streamlit.session_state.get(key, {}), name: value}
            streamlit.session_state[key] = kept
            on_change[f"on_{name}_change"]()

        kept = given.get("strip")
        given.clear()
        given.update(data)
        given["strip"] = (
            next(content for name, content in data["once"].items() if name.startswith("strip")) or kept or {}
        )
        for number, name in enumerate(given["strip"]["names"]):
            streamlit.button(name, key=f"face {name}", on_click=say, args=["took", number])
        for number, nonsense in enumerate(NONSENSE):
            for name in ("took", "went"):
                streamlit.button(name, key=f"{name} {number}", on_click=say, args=[name, nonsense])
        for name in ("codes", *(method["name"] for method in data["methods"])):
            streamlit.button(name, key=f"go {name}", on_click=say, args=["went", [name, 0]])

    monkeypatch.setattr("pages.components.face_machine.face_machine._mount", mount)
    return given


@pytest.fixture
def choices(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What each row of small pictures was last given, by its key. In its place there are buttons, `<key> <name>`, and
    two that say what is not among them."""
    given: dict[str, Any] = {}

    def mount(data: dict[str, Any], key: str, on_took_change: Callable[[], None]) -> None:
        def tap(name: object) -> None:
            streamlit.session_state[key] = {"took": name}
            on_took_change()

        given[key] = data
        for name in [*(choice["name"] for choice in data["choices"]), "<nonsense>", "7 "]:
            streamlit.button(name, key=f"{key} {name}", on_click=tap, args=[name])

    monkeypatch.setattr("pages.components.picture_choice.picture_choice._mount", mount)
    return given


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What "From 16 pixels" was last given for its pictures ("copy") and its sizes ("sizes"). In their place there are
    buttons, `size <name>` and `face <number>`, and some that say what is not among them."""
    given: dict[str, Any] = {}

    def mount(part: str, says: str, *values: object) -> Callable[..., None]:
        def show(data: dict[str, Any], key: str, **on_change: Callable[[], None]) -> None:
            def tap(value: object) -> None:
                streamlit.session_state[key] = {says: value}
                on_change[f"on_{says}_change"]()

            given[part] = data
            called = "size" if part == "sizes" else "face"
            for value in values:
                streamlit.button(str(value), key=f"{called} {value}", on_click=tap, args=[value])

        return show

    faces, sizes = (1, 2, -1, True, "one", None), ("64 px", "8 px", "Few numbers", "<nonsense>", 8, None)
    monkeypatch.setattr("pages.components.small_copy.small_copy._mount", mount("copy", "face", *faces))
    monkeypatch.setattr("pages.components.copy_choice.copy_choice._mount", mount("sizes", "took", *sizes))
    return given


@pytest.fixture
def rows(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[dict[str, str]]]:
    """What the page gives the rows of pictures to show, by the name of the row."""
    shown: dict[str, list[dict[str, str]]] = {}

    def mount(data: dict[str, Any], key: str) -> None:
        shown[key] = data["pictures"]

    monkeypatch.setattr("pages.components.picture_row.picture_row._mount", mount)
    return shown


@pytest.fixture(scope="session")
def portrait() -> bytes:
    """A JPEG of its own with one face in it, upright and 300 pixels wide, and with a secret in its metadata."""
    picture = Image.new("RGB", (900, 700), (90, 120, 140))
    face = images.open_image(ROOT / "engine" / "data" / "gallery" / "astronaut.png")
    picture.paste(face.resize((300, 300)), (150, 200))
    exif = Image.Exif()
    exif[0x010E] = "SECRET-PLACE"  # ImageDescription
    buffer = io.BytesIO()
    picture.save(buffer, "jpeg", quality=95, exif=exif)
    return buffer.getvalue()
