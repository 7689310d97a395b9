"""What the pages call the methods, and the table of all of them."""

from collections.abc import Callable

import streamlit as st
from torch import Tensor

from engine import images
from engine.photos.gallery import GalleryFace
from engine.problem import Problem
from engine.restoration.methods import METHODS, Restoration, describe_hole
from pages.components.picture_row.picture_row import Picture, picture_row
from pages.parts.problems import sentence_of
from pages.parts.say import explained, say

FAST = [name for name, method in METHODS.items() if not method.slow]  # these follow the hand


def title(method: str) -> str:
    """What the address calls a method."""
    return METHODS[method].title


def called(method: str) -> str:
    """The same in the visitor's language, for what the page shows."""
    return say(f"method.{method}.title")


def every_method(answer: Callable[[str], Restoration | Problem], face: GalleryFace, hidden: Tensor) -> None:
    """All methods on one face and mask, with their figures; `answer` gives that of a method. A slow method without one
    says where it is started."""
    tiles = [tile(method, answer(method), face.image, hidden) for method in FAST]
    for method in METHODS:
        if METHODS[method].slow:
            tiles.append(Picture(called(method), "", more=say("methods.slow", method=called(method))))
    picture_row(tiles, key="methods", min_width=104, tap=True)
    st.caption(explained(say("methods.figures")), unsafe_allow_html=True)


def tile(method: str, answer: Restoration | Problem, original: Tensor, hidden: Tensor) -> Picture:
    """A method's composite with its figures, or why there is none."""
    if isinstance(answer, Problem):
        return Picture(called(method), "", more=sentence_of(answer))
    return Picture(
        called(method),
        images.data_url(answer.composite),
        describe_hole(answer, original, hidden),
        alt=say("methods.alt", method=called(method)),
        more=say(f"method.{method}.says"),
    )
