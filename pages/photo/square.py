"""The square round a face, which the visitor may move, and the choice of one where there are several."""

import streamlit as st

from engine.photos.alignment import Framing
from pages.components.framer.framer import framer
from pages.parts.say import say
from pages.parts.state import state_of
from pages.photo.state import Photo, PhotoState


def framed(photo: Photo) -> tuple[list[Framing], int, bool]:
    """The squares as the visitor has set them, the number of the chosen one, and whether all are to be restored."""
    squares = squares_of(photo)
    place = st.container()
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="of-faces"):
        chosen = face_in_use(photo, squares)
        everybody = len(squares) > 1 and st.toggle(say("photo.everybody"), key="photo all", persist_state="session")
        if not photo.has_face:
            st.info(say("photo.no-face"), icon=":material/frame_person_off:")
    with place:
        squares[chosen] = framer(
            photo.preview,
            squares,
            size=photo.picture.size,
            found=photo.framings[chosen],
            version=str(chosen),
            key=f"photo framer {state_of(PhotoState).number}",
            chosen=chosen,
            on_choose=choose_face,
            label=say("photo.framer"),
        )
    if beyond(squares[chosen], photo.picture.size):
        st.caption(say("photo.beyond"))
    return squares, chosen, everybody


def beyond(square: Framing, size: tuple[int, int]) -> bool:
    """Whether a square reaches beyond the edge of a photo of that width and height."""
    return any(not (0 <= x <= size[0] and 0 <= y <= size[1]) for x, y in square.corners())


def squares_of(photo: Photo) -> list[Framing]:
    """As the visitor has set them, or as they were found."""
    state = state_of(PhotoState)
    state.squares = state.squares or list(photo.framings)
    return state.squares


def face_in_use(photo: Photo, squares: list[Framing]) -> int:
    """The number of the face in front, from 0 on: the largest, until another is chosen."""
    if len(squares) == 1:
        return 0
    return st.session_state.setdefault("photo face", photo.largest)


def names_of_faces(squares: list[Framing]) -> list[str]:
    """What the faces are called where there are several, left to right."""
    return [say("photo.face-number", number=number) for number in range(1, len(squares) + 1)] if squares[1:] else []


def choose_face(number: int) -> None:
    """Put another face in front; a callback."""
    st.session_state["photo face"] = number
