"""The face on the page: one of the gallery, or the visitor's own out of a session file."""

import streamlit as st

from engine import images
from engine.faces import GalleryFace, gallery

FEW = 4  # faces that a row of buttons can hold
OWN = "own face"  # in the session state, and nowhere else: it is this visitor's


def known_faces() -> dict[str, GalleryFace]:
    """The faces that this visitor may choose, by name."""
    own: GalleryFace | None = st.session_state.get(OWN)
    return gallery() | ({own.name: own} if own else {})


def choose_face() -> GalleryFace:
    """Buttons for a few faces, a list for many."""
    known = known_faces()

    def named(name: str) -> str:
        return known[name].title if name in known else name

    if len(known) > FEW:
        return known[st.selectbox("Face", list(known), format_func=named, key="face", bind="query-params", width=320)]
    name = st.segmented_control(
        "Face",
        list(known),
        format_func=named,
        default=next(iter(known)),
        required=True,
        key="face",
        bind="query-params",
    )
    return known[name]


def take_face(face: GalleryFace) -> None:
    """Show that face; in a callback."""
    if face.own:
        st.session_state[OWN] = face
    st.session_state["face"] = face.name


def picture_of(face: GalleryFace) -> str:
    """A face for the browser, without loss."""
    return images.data_url(face.image, "png") if face.name not in gallery() else _gallery_picture(face.name)


@st.cache_data(show_spinner=False)
def _gallery_picture(name: str) -> str:
    return images.data_url(gallery()[name].image, "png")
