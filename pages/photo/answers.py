"""Which of the painter's many answers stands large, how bold they are, and six of them side by side."""

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st
from torch import Tensor

from engine import images
from engine.restoration.drafts import BOLDEST
from pages.components.picture_row.picture_row import Picture, picture_row
from pages.parts.address import ON_OFF
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
    six: bool  # whether to show six drawn ones as well

    @property
    def numbers(self) -> range:
        """Of the six drawn answers among which this one is."""
        first = max(0, self.number - 1) // COUNT * COUNT + 1
        return range(first, first + COUNT)


def chosen_answer(six: bool = False) -> Chosen:
    """The controls, for a container that lays them side by side; six: the six are shown unasked."""
    number = st.number_input(
        "Answer",
        0,
        LAST,
        key=NUMBER,
        bind="query-params",
        persist_state="session",
        width=120,
        help="0 is the answer over the most probable draft. Every other number is the seed of a draft drawn at random:"
        " the same number paints the same again.",
    )
    st.button("Another answer", icon=":material/casino:", on_click=_next)
    boldness = how_bold(on_change=_draw)
    if not six:
        six = st.toggle("Six answers", key=SIX, bind="query-params", persist_state="session")
    return Chosen(number, boldness, six)


def _next() -> None:
    st.session_state[NUMBER] = min(st.session_state[NUMBER] + 1, LAST)


def _draw() -> None:
    """Boldness is of drawn answers: the first one would not change."""
    st.session_state[NUMBER] = max(st.session_state[NUMBER], 1)


def six_answers(chosen: Chosen, faces: Callable[[int], Tensor], key: str) -> list[Tensor]:
    """Six drawn answers, each on the page as soon as it is painted; faces: number -> (1, 3, 128, 128)."""
    row = st.container(horizontal=True, gap="small")
    found = []
    for place, number in enumerate(chosen.numbers):
        found.append(faces(number))
        here = ", above" if number == chosen.number else ""
        picture = Picture(f"No. {number}{here}", images.data_url(found[-1]), alt=f"Answer {number}")
        with row, st.container(width=108):
            picture_row([picture], key=f"{key} {place}", min_width=60, tap=True)
    return found
