"""The square round a face, which the visitor may move, and the choice of one where there are several."""

import streamlit as st

from engine.photos.alignment import Framing
from pages.components.framer.framer import framer
from pages.parts.state import state_of
from pages.photo.state import Photo, PhotoState


def framed(photo: Photo) -> tuple[list[Framing], int, bool]:
    """The squares as the visitor has set them, the number of the chosen one, and whether all are to be restored."""
    squares = squares_of(photo)
    place = st.container()
    chosen = chosen_face(squares)
    everybody = len(squares) > 1 and st.toggle(
        "Hide the same in all of them", key="photo everybody", persist_state="session"
    )
    with place:
        if not photo.has_face:
            st.info(
                "No face was found, so the middle of the photo is taken: move the square over a face by hand.",
                icon=":material/frame_person_off:",
            )
        squares[chosen] = framer(
            photo.preview,
            squares,
            size=photo.picture.size,
            found=photo.framings[chosen],
            version=str(chosen),
            key=f"photo framer {state_of(PhotoState).number}",
            chosen=chosen,
            on_choose=_choose,
            label="Photo. Move the square over a face: arrow keys move it, Q and E turn it, plus and minus zoom.",
        )
    return squares, chosen, everybody


def squares_of(photo: Photo) -> list[Framing]:
    """As the visitor has set them, or as they were found."""
    state = state_of(PhotoState)
    state.squares = state.squares or list(photo.framings)
    return state.squares


def chosen_face(squares: list[Framing]) -> int:
    """The number of one face, from 0 on; asked where there are several."""
    if len(squares) == 1:
        return 0
    st.session_state.setdefault("photo face", 0)
    number = st.segmented_control(
        "Face",
        range(len(squares)),
        format_func=lambda number: str(number + 1),
        required=True,
        key="photo face",
        persist_state="session",
    )
    return number or 0


def _choose(number: int) -> None:
    st.session_state["photo face"] = number
