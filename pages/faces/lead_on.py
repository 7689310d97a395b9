"""Three ways on from the page of faces, as cards."""

from functools import lru_cache
from urllib.parse import urlencode

import streamlit as st
from torch import Tensor

from engine import images
from engine.corruptions import masks
from engine.photos.gallery import GalleryFace, gallery
from engine.restoration import drafts
from engine.restoration.methods import Restoration
from pages.components.cards.cards import Card, cards
from pages.faces.asked import asked
from pages.faces.chosen_face import face_and_mask, kept_for_gallery, small_picture_of
from pages.faces.state import FIRST, FacesState
from pages.parts.say import say
from pages.parts.state import state_of

DIALS = "Faces"  # the exhibit of the codes that "Turn them by hand" and a card lead to


def dials_of(face: GalleryFace) -> str:
    """The address where the numbers of that face with its mask are turned."""
    return f"latent?{urlencode({'exhibit': DIALS} | face_and_mask(face))}"


def lead_on(face: GalleryFace) -> None:
    """The cards; two take the face and its mask along."""

    def take(name: str) -> None:
        if name == "guess":
            st.session_state["look"] = "Guess first"
        else:
            state_of(FacesState).leaves_for = name

    known = [face, *(other for other in gallery().values() if other.name != face.name)]
    three = tuple(small_picture_of(one) for one in (known * 3)[:3])
    guess = f"?{urlencode({'look': 'Guess first'} | face_and_mask(face))}"
    cards(
        [
            Card("guess", say("cards.guess"), say("cards.guess.why"), guess, real_and_painted()),
            Card("photo", say("cards.photo"), say("cards.photo.why"), "photo", (mouth_hidden(face),)),
            Card("codes", say("cards.codes"), say("cards.codes.why"), dials_of(face), three),
        ],
        key="cards",
        label=say("cards.label"),
        on_go=take,
    )


@lru_cache(maxsize=1)
def real_and_painted() -> tuple[str, ...]:
    """The face that the page opens with, and the painter's answer to it, where there is one."""
    face = next(iter(gallery().values()))
    answer = asked(None, face, masks.shape_mask(FIRST), True, drafts.BOLDNESS).answer(drafts.MODEL)
    painted = [small(answer.composite)] if isinstance(answer, Restoration) else []
    return (small_picture_of(face), *painted)


@kept_for_gallery
def mouth_hidden(face: GalleryFace) -> str:
    """The face with its mouth hidden, small."""
    return small(masks.hide(face.image, masks.box_mask([masks.FEATURES["mouth"]])))


def small(face: Tensor) -> str:
    return images.data_url(face, "jpeg")
