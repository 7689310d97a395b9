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
from engine.photos.framing import SIZE
from engine.picture_formats import SUFFIXES
from engine.problem import Problem
from pages.components.paste.paste import paste
from pages.components.picture_choice.picture_choice import Choice, picture_choice
from pages.parts.address import brought, write
from pages.parts.foreign import as_text
from pages.parts.named_choice import called
from pages.parts.problems import sentence_of
from pages.parts.say import say
from pages.parts.state import state_of
from pages.photo.state import Photo, PhotoState

MEGABYTES = images.MAX_BYTES >> 20
KINDS = sorted(suffix.removeprefix(".") for suffix in SUFFIXES)
TINY = 16  # pixels: a photo that is smaller shows no face
THUMBNAIL = 96  # pixels
WIDGETS = "photo "  # the keys of the widgets that belong to one photo begin with this word, and go with it


def open_photo(content: bytes, example: str = "") -> Photo:
    """Read a file through the gate and find its faces, left to right; raises `Problem`."""
    picture = images.open_image(content)
    found, left_out = alignment.frame_faces(picture)
    framings = tuple(sorted(found, key=lambda square: square.centre[0])) or (alignment.default_framing(picture),)
    return Photo(picture, framings, bool(found), preview.data_url(preview.shrink(picture)), example, left_out)


@lru_cache(maxsize=len(examples.EXAMPLES))
def example_photo(name: str) -> Photo:
    """The same for everybody, and so the only photos that sessions may share."""
    return open_photo(examples.EXAMPLES[name](), name)


def open_up() -> None:
    """Open what the page begins with, before anybody comes."""
    example_photo(next(iter(examples.EXAMPLES)))


@lru_cache(maxsize=len(examples.EXAMPLES))
def thumbnail(name: str) -> str:
    """An example, small."""
    return preview.data_url(preview.shrink(images.open_image(examples.EXAMPLES[name]()), THUMBNAIL))


def photo_source() -> Photo:
    """Show the ways to bring a photo and return the one in use; before there is any, an example."""
    state = state_of(PhotoState)
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="source"):
        given = upload(f"upload {state.boxes}")
        st.button(
            say("photo.camera"),
            icon=":material/photo_camera:",
            on_click=_turn_camera,
            key="photo camera",
            help=say("photo.camera.off") if state.camera else None,
        )
        paste(f"upload {state.boxes}")
        if state.photo is not None:
            st.button(say("photo.forget"), icon=":material/delete:", on_click=forget)
        with st.container(key="promise"):
            st.caption(say("photo.promise"))
        if state.photo is None:
            with st.container(key="examples", horizontal=True, vertical_alignment="center", gap="small"):
                st.caption(say("photo.or-example"), width="content")
                picture_choice(
                    [Choice(name, thumbnail(name), says=called("photo.example", name)) for name in examples.EXAMPLES],
                    example_in_address(),
                    key="example",
                    label=say("photo.example"),
                    on_choose=_show,
                )
    if state.camera:
        given = webcam(f"webcam {state.boxes}") or given
    word = st.empty()  # always there: an element that comes and goes would make the browser build anew what follows it
    if given is not None and given.file_id != state.given:
        with word, st.spinner(say("photo.looking")):
            take(given.getvalue(), given.file_id)
        if not state.problem:  # the webcam folds away, and the examples with it
            st.rerun()
    if given is None:
        state.problem = ""
    if state.problem:
        with word.container():
            st.error(as_text(state.problem), icon=":material/error:")
            st.button(say("photo.go-on"), icon=":material/undo:", on_click=_go_on)
    photo = state.photo or example_photo(state.example)
    width, height = photo.picture.size
    if min(width, height) < TINY:
        st.info(say("photo.tiny", width=width, height=height, size=SIZE), icon=":material/photo_size_select_small:")
    return photo


def example_in_address() -> str:
    """The example: what an opened link brings, else what was chosen last."""
    state = state_of(PhotoState)
    if (asked := brought("example")) in examples.EXAMPLES and asked != state.example:
        _show(str(asked))
    write(example="" if state.example == next(iter(examples.EXAMPLES)) else state.example)
    return state.example


def take(content: bytes, name: str) -> None:
    """Put a new photo in the place of the one before; a bad file leaves that one and its sentence is kept."""
    state = state_of(PhotoState)
    state.given = name
    try:
        photo = open_photo(content)
    except Problem as problem:
        state.problem = sentence_of(problem)
        return
    drop()
    state.photo, state.camera = photo, False
    if (context := get_script_run_ctx()) and (remove := getattr(context.uploaded_file_mgr, "remove_file", None)):
        remove(context.session_id, name)  # the file, whose metadata holds the place, is needed no longer


def forget() -> None:
    """Back to the example; nothing of the visitor's photo stays, nor any file, such as one that could not be read."""
    drop()
    if context := get_script_run_ctx():
        context.uploaded_file_mgr.remove_session_files(context.session_id)
    state_of(PhotoState).boxes += 1


def _show(example: str) -> None:
    drop()
    state_of(PhotoState).example = example


def _turn_camera() -> None:
    state = state_of(PhotoState)
    state.camera = not state.camera


def _go_on() -> None:
    """What could not be taken is forgotten, and the photo before it counts again."""
    state_of(PhotoState).problem = ""


def drop() -> None:
    """Everything that belongs to the photo in use, the choices in its widgets among it."""
    for key in [str(key) for key in st.session_state if str(key).startswith(WIDGETS)]:
        del st.session_state[key]
    state_of(PhotoState).drop_photo()


def upload(key: str) -> UploadedFile | None:
    """The box for files, chosen, dropped or pasted. It empties itself before it takes the next one, so an empty box
    does not forget the photo."""
    return st.file_uploader(
        say("photo.upload"),
        type=KINDS,
        max_upload_size=MEGABYTES,
        key=key,
        label_visibility="collapsed",
        width=120,
    )


def webcam(key: str) -> UploadedFile | None:
    """The camera, or why the browser will not give it."""
    if not camera_allowed(st.context.url):
        st.info(say("photo.no-camera"), icon=":material/no_photography:")
    return st.camera_input(say("photo.camera"), key=key, label_visibility="collapsed", width=420)


def camera_allowed(url: str | None) -> bool:
    """Whether a browser takes the page at `url` for safe enough to have the camera; in doubt yes."""
    address = urlparse(url or "https:")
    return address.scheme == "https" or address.hostname in ("localhost", "127.0.0.1", "::1")
