"""Where a photo comes from: a file, the clipboard, the webcam or an example.

A visitor's photo lives in the visitor's session and nowhere else.
"""

from functools import lru_cache
from urllib.parse import urlparse

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.uploaded_file_manager import UploadedFile

from engine import images
from engine.photos import alignment, examples, preview
from engine.picture_formats import SUFFIXES
from engine.problem import Problem
from pages.components.paste.paste import paste
from pages.parts.foreign import as_text
from pages.parts.state import state_of
from pages.photo.state import Photo, PhotoState

MEGABYTES = images.MAX_BYTES >> 20
KINDS = sorted(suffix.removeprefix(".") for suffix in SUFFIXES)
WIDGETS = "photo "  # the keys of the widgets that belong to one photo begin with this word, and go with it


def open_photo(content: bytes, example: str = "") -> Photo:
    """Read a file through the gate and find its faces; raises `Problem`."""
    picture = images.open_image(content)
    found, left_out = alignment.frame_faces(picture)
    framings = tuple(found) or (alignment.default_framing(picture),)
    return Photo(picture, framings, bool(found), preview.data_url(preview.shrink(picture)), example, left_out)


@lru_cache(maxsize=len(examples.EXAMPLES))
def example_photo(name: str) -> Photo:
    """The same for everybody, and so the only photos that sessions may share."""
    return open_photo(examples.EXAMPLES[name](), name)


def photo_source() -> Photo:
    """Show the ways to bring a photo and return the one in use; before there is any, an example."""
    ways, box = st.columns([2, 3], gap="medium")
    with ways:
        row = st.container(horizontal=True, vertical_alignment="center", gap="small")
    with row:
        source = st.segmented_control(
            "Photo from",
            ["A file", "The webcam"],
            default="A file",
            required=True,
            key="source of photo",
            persist_state="session",
            label_visibility="collapsed",
            width="content",
        )
    state = state_of(PhotoState)
    if source == "A file":
        with ways:
            paste(f"upload {state.boxes}")
    with box:
        given = webcam(f"webcam {state.boxes}") if source == "The webcam" else upload(f"upload {state.boxes}")
    word = st.empty()  # always there: an element that comes and goes would make the browser build anew what follows it
    if given is not None and given.file_id != state.given:
        with word, st.spinner("Looking for faces …"):
            take(given.getvalue(), given.file_id)
    if given is None:
        state.problem = ""
    if state.problem:
        word.error(as_text(state.problem), icon=":material/error:")
    if state.photo is not None:
        row.button("Forget my photo", icon=":material/delete:", on_click=forget)
        return state.photo
    with box:
        return example_photo(
            st.pills(
                "Or look at an example",
                list(examples.EXAMPLES),
                default=next(iter(examples.EXAMPLES)),
                required=True,
                key="example",
                bind="query-params",
                persist_state="session",
                on_change=drop,
            )
        )


def take(content: bytes, name: str) -> None:
    """Put a new photo in the place of the one before; a bad file leaves that one and its sentence is kept."""
    state = state_of(PhotoState)
    state.given = name
    try:
        photo = open_photo(content)
    except Problem as problem:
        state.problem = str(problem)
        return
    drop()
    state.photo = photo
    if (context := get_script_run_ctx()) and (remove := getattr(context.uploaded_file_mgr, "remove_file", None)):
        remove(context.session_id, name)  # the file, whose metadata holds the place, is needed no longer


def forget() -> None:
    """Back to the example; nothing of the visitor's photo stays, nor any file, such as one that could not be read."""
    drop()
    if context := get_script_run_ctx():
        context.uploaded_file_mgr.remove_session_files(context.session_id)
    state_of(PhotoState).boxes += 1


def drop() -> None:
    """Everything that belongs to the photo in use, the choices in its widgets among it."""
    for key in [str(key) for key in st.session_state if str(key).startswith(WIDGETS)]:
        del st.session_state[key]
    state_of(PhotoState).drop_photo()


def upload(key: str) -> UploadedFile | None:
    """The box for files, chosen, dropped or pasted. It empties itself before it takes the next one, so an empty box
    does not forget the photo."""
    return st.file_uploader(
        "A photo",
        type=KINDS,
        max_upload_size=MEGABYTES,
        key=key,
        label_visibility="collapsed",
    )


def webcam(key: str) -> UploadedFile | None:
    """The camera, or why the browser will not give it."""
    if not camera_allowed(st.context.url):
        st.info(
            "Browsers lend their camera only to pages under https or on localhost, and this one is neither: upload a"
            " photo instead.",
            icon=":material/no_photography:",
        )
    return st.camera_input("A photo from the webcam", key=key, label_visibility="collapsed")


def camera_allowed(url: str | None) -> bool:
    """Whether a browser takes the page at `url` for safe enough to have the camera; in doubt yes."""
    address = urlparse(url or "https:")
    return address.scheme == "https" or address.hostname in ("localhost", "127.0.0.1", "::1")
