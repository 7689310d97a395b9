"""A closer look at one answer: every step of it, a wipe between two pictures, and where it is guessing."""

from collections.abc import Mapping

import streamlit as st
import torch
from torch import Tensor

from engine import images
from engine.problem import Problem
from engine.restoration import methods
from engine.restoration.methods import Restoration
from engine.restoration.uncertainty import CHANGES, spread
from pages.components.picture_row.picture_row import Picture, picture_row
from pages.components.wipe.wipe import wipe
from pages.faces.asked import Asked
from pages.faces.row import SIX
from pages.parts.methods import called
from pages.parts.say import say
from pages.parts.several_answers import mean_of

GAIN = 6.0  # white is a spread of 1/6 of full scale: as much as is seen under the hole of an eye


def wipe_between_two(results: Mapping[str, Restoration], method: str, original: Tensor) -> None:
    """Input, original or any method's answer on either side of an edge to drag; at first input and that of `method`."""
    pictures = {say("look.input"): results[method].given, say("look.original"): original}
    pictures |= {called(name): answer.composite for name, answer in results.items()}
    names = list(pictures)
    with st.container(horizontal=True, gap="small"):
        left = st.selectbox(say("look.left"), names, key="wipe left")
        right = st.selectbox(say("look.right"), names, names.index(called(method)), key="wipe right")
    before, after = (Picture(name, images.data_url(pictures[name])) for name in (left, right))
    wipe(before, after, key="wipe")


def where_it_guesses(restored: Restoration, original: Tensor, hidden: Tensor, method: str) -> None:
    """The spread of the method's answers when the question changes a little, beside the error it really makes."""
    if not hidden.any():
        st.info(say("look.nothing-guessed"), icon=":material/gesture:")
        return
    found = spread(original, hidden, method)
    picture_row(
        [
            Picture(say("look.answer"), images.data_url(restored.composite), called(method)),
            Picture(
                say("look.spread"),
                images.data_url(methods.error_map(found, torch.zeros_like(found), GAIN)),
                say("look.spread.note", mean=f"{found[hidden].mean().item():.3f}", white=f"{1 / GAIN:.2f}"),
            ),
            Picture(
                say("look.error"),
                images.data_url(methods.error_map(restored.composite, original)),
                say("look.error.note"),
            ),
        ],
        key="spread",
        min_width=160,
        tap=True,
    )
    st.caption(say("look.guesses", count=len(CHANGES)))


def six_and_their_mean(question: Asked) -> None:
    """The painter's first six answers, and what their mean is worth."""
    if not question.hidden.any():
        st.caption(say("look.one-answer"))
        return
    found = [question.another(nth) for nth in range(1, SIX + 1)]
    faces = [one.composite for one in found if isinstance(one, Restoration)]
    if len(faces) < len(found):
        raise next(one for one in found if isinstance(one, Problem))
    pictures = [Picture(say("look.number", nth=nth), images.data_url(one)) for nth, one in enumerate(faces, 1)]
    picture_row(pictures, key="six", min_width=90, tap=True)
    if question.face.photograph:  # else what painted it knows it
        mean_of(faces, question.face.image, question.hidden, "six mean")
