"""Which of the painter's many answers stands large, how bold they are, and six of them side by side."""

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st
from torch import Tensor

from engine import images
from engine.restoration.drafts import BOLDEST
from pages.components.picture_choice.picture_choice import Choice, picture_choice
from pages.parts.address import ON_OFF
from pages.parts.newer_stroke import give_way
from pages.parts.say import say
from pages.parts.several_answers import BOLD, how_bold

LAST = 9999
NUMBER, SIX = "answer", "six"  # in the address, where nothing of a photo may be
ADDRESS = {NUMBER: (0, LAST), BOLD: (0, BOLDEST), SIX: ON_OFF}
COUNT = 6


@dataclass(frozen=True)
class Chosen:
    """What the visitor asks for."""

    number: int  # 0: the painter's first answer; from 1 on a drawn one, and the seed of its draw
    boldness: float
    six: bool  # whether to show all six among which it is

    @property
    def numbers(self) -> range:
        """Of the six answers among which this one is."""
        first = self.number // COUNT * COUNT
        return range(first, min(first + COUNT, LAST + 1))

    @property
    def place(self) -> str:
        """Which of the six it is, in words."""
        key = "photo.of-six" if self.number < COUNT else "photo.of-six-others"
        return say(key, place=self.number % COUNT + 1, count=COUNT)


def six_others() -> None:
    """The button that brings the next six."""
    st.button(say("photo.six-others"), icon=":material/refresh:", on_click=_next)


def chosen_answer(always_six: bool = False) -> Chosen:
    """The controls, for a container that lays them side by side; always_six: they cannot be left out."""
    six = always_six or st.toggle(say("photo.six"), value=True, key=SIX, bind="query-params", persist_state="session")
    number = st.number_input(
        say("photo.answer"),
        0,
        LAST,
        key=NUMBER,
        bind="query-params",
        persist_state="session",
        width=120,
        help=say("photo.answer.help"),
    )
    return Chosen(number, how_bold(on_change=_draw), six)


def _next() -> None:
    """The first of the next six; after the last six come the first ones."""
    first = (st.session_state[NUMBER] // COUNT + 1) * COUNT
    st.session_state[NUMBER] = first if first <= LAST else 0


def _draw() -> None:
    """Boldness is of drawn answers: the first one would not change."""
    st.session_state[NUMBER] = max(st.session_state[NUMBER], 1)


def _take(number: str) -> None:
    st.session_state[NUMBER] = int(number)


def six_answers(
    chosen: Chosen, faces: Callable[[int], Tensor], key: str, seen: Callable[[Tensor], Tensor] = lambda face: face
) -> list[Tensor]:
    """Six answers to choose one of by a tap; faces: number -> (1, 3, 128, 128); seen: the square of it that its
    thumbnail shows. A newer stroke need not wait for more than one of them."""
    found: list[Tensor] = []
    for number in chosen.numbers:
        give_way()
        found.append(faces(number))
    picture_choice(
        [
            Choice(str(number), images.data_url(seen(one)), says=say("photo.answer-number", number=number + 1))
            for number, one in zip(chosen.numbers, found, strict=True)
        ],
        str(chosen.number),
        key=key,
        label=say("photo.six"),
        on_choose=_take,
        filled=True,
    )
    return found
