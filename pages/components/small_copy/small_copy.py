"""A small copy of a face, the same only enlarged, and what the painter makes of it: three pictures of one size."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import streamlit as st

from pages.components.frontend import frontend
from pages.components.picture_row.picture_row import Picture
from pages.parts.say import say

_mount = frontend("small_copy", "../hold")


@dataclass(frozen=True)
class Told:
    """What is said under the pictures."""

    share: str  # in large letters
    why: str
    same: Sequence[Picture] = ()  # photo, copy, answer: both outer ones made small are the middle one


def small_copy(
    pictures: Sequence[Picture],
    told: Told,
    *,
    key: str,
    photo: str,
    tiny: str = "",
    faces: Sequence[str] = (),
    chosen: int = 0,
    on_face: Callable[[int], None],
) -> None:
    """Show them in a line, the last of them the painter's; on a phone that one stands below the other two.

    photo: address of the picture that is seen for as long as the button over the painter's is held.
    tiny: address of the copy's pixels, to be shown at their true size, and the first picture keeps its squares.
    faces: what the faces of the photo are called, where there are several; chosen: the number of the one in use;
    on_face: called with the number of the one that was tapped, before the page runs again.
    """

    def took() -> None:
        number = st.session_state.get(key, {}).get("face")
        if type(number) is int and 0 <= number < len(faces):  # a browser may send anything
            on_face(number)

    data = {
        "pictures": [picture.words() for picture in pictures],
        "told": {"share": told.share, "why": told.why, "same": [picture.words() for picture in told.same]},
        "photo": photo,
        "tiny": tiny,
        "faces": list(faces),
        "chosen": chosen,
        "words": {"hold": say("small.hold"), "size": say("small.true-size"), "faces": say("photo.face")},
    }
    _mount(data=data, key=key, on_face_change=took)
