"""The face on the page: one of the gallery, or the visitor's own out of a session file."""

import streamlit as st
from torch.nn.functional import avg_pool2d

from engine import images
from engine.photos.gallery import GalleryFace, gallery
from pages.components.picture_row.picture_row import Picture
from pages.components.thumbnails.thumbnails import thumbs

FEW = 4  # faces that a row of buttons can hold
OWN = "own face"  # in the session state, and nowhere else: it is this visitor's


def known_faces() -> dict[str, GalleryFace]:
    """The faces that this visitor may choose, by name."""
    own: GalleryFace | None = st.session_state.get(OWN)
    return gallery() | ({own.name: own} if own else {})


def choose_face() -> GalleryFace:
    """Buttons for a few faces; for many a list with their names and a strip with their pictures."""
    known = known_faces()

    def named(name: str) -> str:
        return known[name].title if name in known else name

    if len(known) > FEW:
        words, strip = st.columns([1, 2], gap="medium", vertical_alignment="bottom")
        with words:
            name = st.selectbox("Face", list(known), format_func=named, key="face", bind="query-params")
        with strip:
            _strip(known, name)
        return known[name]
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


def _strip(known: dict[str, GalleryFace], chosen: str) -> None:
    names = list(known)
    small = _gallery_thumbs(tuple(gallery())) | {name: _thumb(known[name]) for name in names if name not in gallery()}

    def choose(number: int) -> None:
        st.session_state["face"] = names[number]

    pictures = [Picture(known[name].title, small[name]) for name in names]
    thumbs(pictures, names.index(chosen), key="face strip", label="Face", on_choose=choose)


def _thumb(face: GalleryFace) -> str:
    """64 pixels wide."""
    return images.data_url(avg_pool2d(face.image, 2))


@st.cache_data(show_spinner=False)
def _gallery_picture(name: str) -> str:
    return images.data_url(gallery()[name].image, "png")


@st.cache_data(show_spinner=False)
def _gallery_thumbs(names: tuple[str, ...]) -> dict[str, str]:
    """All at once: two hundred questions to a cache take longer than a stroke may."""
    return {name: _thumb(gallery()[name]) for name in names}
