"""Three ways on from the page of digits, as cards."""

from collections.abc import Mapping
from urllib.parse import quote

import streamlit as st
from torch import Tensor

from engine import images
from pages.components.cards.cards import Card, cards
from pages.digits.methods import CLEAN, FIRST
from pages.digits.state import DigitsState
from pages.parts.say import say
from pages.parts.state import state_of

LESSON = "9"  # where a denoiser is trained before the visitor's eyes
LARGER = 4  # times 28 pixels: the cards do not show their pictures as pixels
LETTER = "data:image/svg+xml," + quote(
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 280 280"><rect width="280" height="280"/>'
    '<path d="M78 226C96 168 118 104 140 56c22 48 44 106 62 170M104 164h74" fill="none" stroke="#fff"'
    ' stroke-width="22" stroke-linecap="round" stroke-linejoin="round"/></svg>'
)


def doors(noisy: Tensor, restored: Mapping[str, Tensor], draw: str) -> None:
    """The cards; they show this digit (1, 1, 28, 28) and what methods make of it (`restored`).

    draw: the source of digits that the first one opens.
    """
    taught, untaught = (small(restored[name]) for name in (FIRST, CLEAN))

    def take(name: str) -> None:
        state = state_of(DigitsState)
        if name == "letter":
            st.session_state["source"] = draw
        elif name == "clean":
            state.asked = (CLEAN, state.asked[1] + 1)
        else:
            state.leaves = True

    cards(
        [
            Card("letter", say("doors.letter"), say("doors.letter.why"), f"?source={quote(draw)}", (LETTER,)),
            Card("clean", say("doors.clean"), say("doors.clean.why"), "?", (taught, untaught)),
            Card(
                "train", say("doors.train"), say("doors.train.why"), f"lessons?lesson={LESSON}", (small(noisy), taught)
            ),
        ],
        key="doors",
        label=say("doors.label"),
        on_go=take,
    )


def leave_for_the_lesson() -> None:
    """Where a card has asked for it: a callback cannot go."""
    state = state_of(DigitsState)
    if state.leaves:
        state.leaves = False
        st.switch_page("lessons/page.py", query_params={"lesson": LESSON})


def small(digit: Tensor) -> str:
    larger = digit.repeat_interleave(LARGER, -1).repeat_interleave(LARGER, -2)
    return images.data_url(larger, "png")
