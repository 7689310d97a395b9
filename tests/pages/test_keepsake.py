"""What a visitor takes home and brings back, as Streamlit runs it, without a browser."""

import io
from collections.abc import Callable
from typing import Any

import pytest
import torch
from PIL import Image
from streamlit.testing.v1 import AppTest

from engine.corruptions import mask_file, masks
from engine.photos import gallery
from engine.restoration import session_file
from engine.restoration.session_file import Session
from tests.bad_files import saved

NOW: list[Any] = [{"box": [50, 76, 28, 28]}]
BRUSHED = masks.random_strokes(1, count=(3, 3), generator=torch.Generator().manual_seed(1))


def script() -> None:
    """A page with nothing else on it: what is loaded lands in the session state."""
    import streamlit as st

    from engine.corruptions import masks
    from engine.photos import gallery
    from engine.restoration import methods, session_file
    from pages.faces.keepsake import keepsake

    name = st.selectbox("Face", list(gallery.gallery()), key="face")
    now = st.session_state.get("loaded") or session_file.of_face(
        gallery.gallery()[name], [{"box": [50, 76, 28, 28]}], method="telea", methods=("telea",), seed=3
    )
    face, hidden = session_file.face_of(now), masks.shape_mask(now.shapes)
    answer = methods.restore(face.image, hidden, "telea")

    def put_back(loaded: session_file.Session) -> None:
        st.session_state["loaded"] = loaded
        if loaded.own is None:
            st.session_state["face"] = loaded.face  # a widget that is already on the page

    def lay(shapes: list) -> None:
        st.session_state["laid"] = shapes

    @st.fragment
    def part() -> None:
        keepsake(face, now, hidden, {"Telea": answer}, put_back, lay, lambda: b"six answers")

    part()


def open_page() -> AppTest:
    page = AppTest.from_function(script, default_timeout=60).run()
    assert not page.exception
    return page


def bring(page: AppTest, content: bytes, name: str = "file.json") -> AppTest:
    page.file_uploader[0].set_value((name, content, "application/octet-stream"))
    page.run()
    assert not page.exception
    return page


@pytest.fixture
def downloads(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What every download button was given, by its label."""
    given: dict[str, Any] = {}

    def listen(label: str, data: Any, *arguments: Any, **options: Any) -> bool:
        given[label] = data
        return False

    monkeypatch.setattr("streamlit.download_button", listen)
    return given


def test_files_to_take_home(downloads: dict[str, Any]) -> None:
    open_page()
    loaded = session_file.load(downloads["Session"])
    assert (loaded.face, loaded.shapes, loaded.method, loaded.seed) == ("portrait-1", NOW, "telea", 3)
    mask = mask_file.load(downloads["Mask"]())
    assert mask.face == "portrait-1" and torch.equal(mask.hidden, masks.shape_mask(NOW))
    assert Image.open(io.BytesIO(downloads["Picture of results"]())).format == "PNG"
    assert downloads["Six answers, moving"]() == b"six answers"


def test_what_takes_time_is_made_when_it_is_asked_for(downloads: dict[str, Any]) -> None:
    open_page()
    assert callable(downloads["Mask"]) and callable(downloads["Picture of results"])


def test_a_session_is_put_back() -> None:
    gone = Session("grace-hopper", NOW * 2, "navier-stokes", ("telea",), False, 200, 9)
    page = bring(open_page(), session_file.save(gone))
    assert vars(page.session_state["loaded"]) == vars(gone)
    assert page.selectbox[0].value == "grace-hopper"
    assert page.info[0].value == "Grace Hopper: everything is back as it was saved." and not page.error


def test_a_session_with_a_search_says_what_was_not_started() -> None:
    page = bring(open_page(), session_file.save(Session("astronaut", NOW, methods=("telea", "latent-search"))))
    said = page.info[0].value
    assert said.endswith(", but for what takes its time: start Latent search again in its tab.")


def test_a_session_with_an_own_face_is_put_back() -> None:
    image = torch.rand(1, 3, 128, 128, generator=torch.Generator().manual_seed(0)).mul(255).round() / 255
    page = bring(open_page(), session_file.save(Session(session_file.OWN, NOW, own=image)))
    loaded = page.session_state["loaded"]
    assert torch.equal(loaded.own, image) and session_file.face_of(loaded).own
    assert "Your own face" in page.info[0].value


def test_a_face_that_is_only_here_takes_its_pixels_along() -> None:
    face = gallery.GalleryFace("own-anna", "Anna", "Anna", gallery.gallery()["astronaut"].image, own=True)
    loaded = session_file.load(session_file.save(session_file.of_face(face, NOW)))
    assert loaded.face == session_file.OWN and loaded.own is not None and torch.equal(loaded.own, face.image)


def test_a_mask_changes_the_mask_and_nothing_else() -> None:
    page = bring(open_page(), mask_file.save(BRUSHED, "portrait-1"), "mask.png")
    assert torch.equal(masks.shape_mask(page.session_state["laid"]), BRUSHED)
    assert "loaded" not in page.session_state
    assert page.info[0].value == "The mask lies on Portrait 1 now."


@pytest.mark.parametrize(
    ("drawn_on", "said"),
    [
        ("grace-hopper", "was drawn on Grace Hopper; it lies on Portrait 1"),
        ("![x](y)", "mask lies on"),
        ("", "mask lies on"),
    ],
)
def test_a_mask_of_another_face_is_told(drawn_on: str, said: str) -> None:
    page = bring(open_page(), mask_file.save(BRUSHED, drawn_on), "mask.png")
    assert said in page.info[0].value and "![x]" not in page.info[0].value


BAD: dict[str, Callable[[], bytes]] = {
    "an empty file": lambda: b"",
    "another file": lambda: b"%PDF-1.7",
    "a session, cut off": lambda: session_file.save(Session("astronaut"))[:-9],
    "a session of another version": lambda: session_file.save(Session("astronaut")).replace(
        b'"version":1', b'"version":2'
    ),
    "a mask of another size": lambda: saved(Image.new("L", (512, 512)), "PNG"),
    "a mask, cut off": lambda: mask_file.save(BRUSHED)[:-40],
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_costs_one_sentence_and_nothing_is_lost(name: str) -> None:
    page = bring(open_page(), session_file.save(Session("grace-hopper", NOW * 3)))
    before = page.session_state["loaded"]
    bring(page, BAD[name]())
    assert len(page.error) == 1 and page.error[0].value.count(". ") == 0 and not page.info
    assert page.session_state["loaded"] is before
    assert "laid" not in page.session_state
    bring(page, mask_file.save(BRUSHED))  # and a good one clears the sentence
    assert not page.error and page.session_state["loaded"] is before


def test_an_emptied_box_changes_nothing() -> None:
    page = bring(open_page(), mask_file.save(BRUSHED))
    laid = page.session_state["laid"]
    page.file_uploader[0].set_value(None)
    page.run()
    assert not page.exception and not page.error and page.session_state["laid"] is laid


def test_a_drawing_without_end_costs_its_button_only() -> None:
    endless = [{"stroke": {"width": 12.5, "points": [[127.5, 127.5]] * 400}}] * 200
    page = AppTest.from_function(no_session, default_timeout=60)
    page.session_state["shapes"] = endless
    page.run()
    assert not page.exception and len(page.error) == 1 and "too many points" in page.error[0].value
    assert len(page.get("download_button")) == 2 and len(page.file_uploader) == 1


def no_session() -> None:
    import streamlit as st
    import torch

    from engine.photos import gallery
    from engine.restoration import session_file
    from pages.faces.keepsake import keepsake

    face = gallery.gallery()["astronaut"]
    hidden = torch.zeros(1, 1, 128, 128, dtype=torch.bool)
    keepsake(face, session_file.of_face(face, st.session_state["shapes"]), hidden, {}, print, print)
