"""To take home and to bring back: the session, the mask alone, and the results as one picture."""

from collections.abc import Callable, Mapping

import streamlit as st
from torch import Tensor

from engine.corruptions import mask_file
from engine.corruptions.shapes import Shape
from engine.photos.gallery import GalleryFace, gallery
from engine.picture_formats import SUFFIXES, foreign_format, is_heic, kind_of
from engine.problem import Problem
from engine.restoration import results_sheet, session_file
from engine.restoration.methods import METHODS, Restoration
from engine.restoration.session_file import Session
from pages.faces.state import FacesState
from pages.parts.methods import called
from pages.parts.problems import problems_said
from pages.parts.say import say
from pages.parts.state import state_of

GIVEN = "keepsake given"  # the widget


def keepsake(
    face: GalleryFace,
    now: Session,
    hidden: Tensor,
    results: Mapping[str, Restoration],
    on_load: Callable[[Session], None],
    on_mask: Callable[[list[Shape]], None],
    film: Callable[[], bytes] | None = None,
) -> None:
    """Files to download and one box for a session or a mask. Works inside a fragment and outside.

    face, now: what the visitor has in front of them; now is `session.of_face(face, shapes, method=..., ...)`.
    hidden: its mask, bool (1, 1, 128, 128).
    results: the answers for the picture of results, by their titles.
    film: makes the file that shows several answers after each other, where there are several.
    on_load, on_mask: called before the page runs again, so they may set the state of any widget. The first puts back
        face, shapes, settings and seed of the session it gets; the second lays the shapes of a mask on `face` and
        leaves everything else. A file that is refused costs one sentence and calls nothing.

    An own face (`Session.own`) belongs to its visitor: keep `session.face_of(loaded)` in the session state, never in
    a st.cache_*.
    """
    _downloads(face, now, hidden, results, film)
    _upload(face, on_load, on_mask)


def _downloads(
    face: GalleryFace,
    now: Session,
    hidden: Tensor,
    results: Mapping[str, Restoration],
    film: Callable[[], bytes] | None,
) -> None:
    with st.container(horizontal=True, gap="small"):
        with problems_said():
            _download("session", session_file.save(now), f"{face.name}-session.json", "application/json")
        _download("mask", lambda: mask_file.save(hidden, face.name), f"{face.name}-mask.png", "image/png")
        _download(
            "results",
            lambda: results_sheet.of_results(face.image, hidden, results, face.title, face.credit),
            f"{face.name}-results.png",
            "image/png",
        )
        if film:
            _download("six", film, f"{face.name}-answers.webp", "image/webp")
    st.caption(say("keep.about", size=mask_file.SIZE))


def _download(what: str, data: bytes | Callable[[], bytes], name: str, mime: str) -> None:
    """A button; what takes time to make is a function, called when the button is pressed."""
    key, label = f"keepsake {what}", say(f"keep.{what}")
    st.download_button(label, data, name, mime, icon=":material/download:", on_click="ignore", key=key)


def _upload(face: GalleryFace, on_load: Callable[[Session], None], on_mask: Callable[[list[Shape]], None]) -> None:
    st.file_uploader(
        say("keep.load"),
        type=["json", *(suffix.removeprefix(".") for suffix in SUFFIXES)],
        max_upload_size=session_file.MAX_BYTES >> 20,
        key=GIVEN,
        on_change=_take,
        args=[face, on_load, on_mask],
        help=say("keep.load.help"),
    )
    if isinstance(said := state_of(FacesState).said, Problem):
        st.error(str(said), icon=":material/error:")
    elif said:
        st.info(said, icon=":material/check:")


def _take(face: GalleryFace, on_load: Callable[[Session], None], on_mask: Callable[[list[Shape]], None]) -> None:
    """Read what was brought; whatever it is, what was there stays until it is known to be good."""
    state = state_of(FacesState)
    state.said = ""
    if (file := st.session_state[GIVEN]) is None:  # the box was emptied
        return
    content: bytes = file.getvalue()
    try:
        if kind_of(content) or is_heic(content) or foreign_format(content):
            mask = mask_file.load(content)
            on_mask(mask_file.shapes_of(mask.hidden))
            state.said = about_mask(mask.face, face)
        else:
            loaded = session_file.load(content)
            on_load(loaded)
            state.said = about_session(loaded)
    except Problem as problem:
        state.said = problem


def about_mask(drawn_on: str, face: GalleryFace) -> str:
    """Where a mask lies now, and whose it was; a name in a file is only shown if it is one of ours."""
    if drawn_on in gallery() and drawn_on != face.name:
        return say("keep.mask-of-another", other=gallery()[drawn_on].title, face=face.title)
    return say("keep.mask-lies", face=face.title)


def about_session(loaded: Session) -> str:
    """What came back, and what the visitor has to start again, for it is too slow to be started unasked."""
    face = session_file.face_of(loaded).title
    slow = [called(method) for method in loaded.methods if METHODS[method].slow]
    return say("keep.back-but", face=face, slow=", ".join(slow)) if slow else say("keep.back", face=face)
