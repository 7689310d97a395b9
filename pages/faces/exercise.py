"""An exercise on this page: `original=0` covers the truth until the visitor has said which answer comes closest."""

import streamlit as st
from torch import Tensor
from torch.nn.functional import avg_pool2d

from engine import images
from engine.corruptions.masks import hide
from engine.photos.gallery import GalleryFace
from engine.restoration import patch
from pages.components.face_machine.face_machine import Strip, Verdict
from pages.faces.row import called, titled
from pages.faces.state import FacesState
from pages.parts.address import exercise
from pages.parts.say import say
from pages.parts.state import state_of


def covered(face: GalleryFace, hidden: Tensor) -> Tensor | None:
    """Which pixels of the face are not to be seen, bool (1, 1, 128, 128): those that were hidden when the exercise was
    opened, whatever is drawn since. None: nothing is to be guessed, or has been guessed already."""
    state = state_of(FacesState)
    if exercise().original or state.guess[:1] == (face.name,):
        return None
    if state.cover is None or state.cover[0] != face.name:
        state.cover = (face.name, hidden)
    return state.cover[1]


def covered_picture(face: GalleryFace, cover: Tensor) -> str:
    """The address of the face as the machine may show it."""
    return images.url(patch.whole(hide(face.image, cover)), "jpeg")


def only(face: GalleryFace, cover: Tensor) -> Strip:
    """The one face of an exercise, in the place of all there are."""
    return Strip((face.title,), images.data_url(avg_pool2d(hide(face.image, cover), 2)), 1)


def ask(face: GalleryFace, methods: list[str]) -> None:
    """The question, with a button for each answer."""
    st.markdown(f"**{say('exercise.question')}**")
    with st.container(horizontal=True, gap="small"):
        for method in methods:
            st.button(called(method), key=f"guess closest {method}", on_click=_take, args=[face.name, method])


def told(face: GalleryFace, verdict: Verdict) -> None:
    """What the figures say of the visitor's guess."""
    if exercise().original or state_of(FacesState).guess[:1] != (face.name,) or not verdict.closest:
        return
    _, guess = state_of(FacesState).guess
    key = "exercise.right" if guess == verdict.closest else "exercise.wrong"
    st.info(say(key, guess=titled(guess), closest=titled(verdict.closest)), icon=":material/visibility:")


def _take(name: str, method: str) -> None:
    state_of(FacesState).guess = (name, method)
