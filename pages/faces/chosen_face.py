"""The face on the page: one of the gallery, or the visitor's own out of a session file."""

import math
from collections.abc import Callable
from functools import lru_cache, wraps

import streamlit as st
import torch
from torch.nn.functional import avg_pool2d

from engine import images
from engine.photos.gallery import GalleryFace, gallery
from engine.restoration import patch, session_file
from pages.components.face_machine.face_machine import Strip
from pages.faces import drawn_hole
from pages.faces.state import FIRST, FacesState
from pages.parts.address import brought, text_of
from pages.parts.say import say
from pages.parts.state import state_of

EACH = "each face its own"  # the widget: whether a mask stays on the face that it was drawn on


def each_face_its_own() -> None:
    """Whether each face has a mask of its own; otherwise the mask goes along when the face changes."""
    st.toggle(say("faces.each"), key=EACH, persist_state="session", help=say("faces.each.help"))


def known_faces() -> dict[str, GalleryFace]:
    """The faces that this visitor may choose, by name."""
    own = state_of(FacesState).own
    return gallery() | ({own.name: own} if own else {})


def chosen_face() -> GalleryFace:
    """The one on the page: named in the address that the visitor brings, or chosen before, or the first."""
    known, state = known_faces(), state_of(FacesState)
    first = state.face if state.face in known else next(iter(known))
    title = brought("face")
    state.face = next((name for name, face in known.items() if face.title == title), first)
    return known[state.face]


def take_face(face: GalleryFace) -> None:
    """Show that face; in a callback."""
    state = state_of(FacesState)
    if st.session_state.get(EACH) and face.name != state.face:
        state.masks[state.face] = state.drawn
        drawn_hole.draw(state.masks.get(face.name, FIRST))
    state.own, state.face = face if face.own else state.own, face.name


def face_and_mask(face: GalleryFace) -> dict[str, str]:
    """What a link to another page carries of this one: all of it, for there is no first face there; of an own face
    nothing."""
    if face.name == session_file.OWN:
        return {}
    return {"face": face.title, "mask": text_of(state_of(FacesState).drawn)}


def kept_for_gallery(find: Callable[[GalleryFace], str]) -> Callable[[GalleryFace], str]:
    """`find`, whose answer for a face of the gallery is kept for everybody; never that for a visitor's own."""
    kept = lru_cache(maxsize=64)(lambda name: find(gallery()[name]))
    return wraps(find)(lambda face: kept(face.name) if face.name in gallery() else find(face))


@kept_for_gallery
def picture_of(face: GalleryFace) -> str:
    """The address of a face as the machine shows it."""
    return images.url(patch.whole(face.image), "jpeg")


@kept_for_gallery
def small_picture_of(face: GalleryFace) -> str:
    """The address of a face at its own size, as the cards show it."""
    return images.data_url(face.image, "jpeg")


def strip() -> Strip:
    """All faces that this visitor may choose in one picture."""
    own = [face for name, face in known_faces().items() if name not in gallery()]
    return _strip([*gallery().values(), *own]) if own else _gallery_strip(tuple(gallery()))


def _strip(faces: list[GalleryFace]) -> Strip:
    columns = math.ceil(math.sqrt(len(faces)))
    small = torch.cat([avg_pool2d(face.image, 2) for face in faces])
    return Strip(tuple(face.title for face in faces), images.data_url(images.tiled(small, columns)), columns)


@lru_cache(maxsize=1)
def _gallery_strip(names: tuple[str, ...]) -> Strip:
    return _strip([gallery()[name] for name in names])
