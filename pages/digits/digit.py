"""Which digit it is: one of the test set, by a tap, at random or by its number, or one drawn by hand."""

import streamlit as st
import torch
from streamlit.delta_generator import DeltaGenerator
from torch import Tensor

from engine import images
from engine.datasets import mnist
from pages.components.digit_canvas.digit_canvas import digit_canvas
from pages.components.picture_choice.picture_choice import Choice, picture_choice
from pages.digits.state import DigitsState
from pages.parts.say import explained, say
from pages.parts.state import state_of

DIGITS = [str(digit) for digit in range(10)]


def number_of_digit() -> int:
    """The field for the number of a test digit. A number that there is not gets its sentence, and the digit stays."""
    state, last = state_of(DigitsState), len(mnist.test_half()) - 1

    def changed() -> None:
        asked = st.session_state["digit"]
        state.refused = "" if asked <= last else say("digits.no-such-number", asked=asked, last=last)
        if state.refused:
            st.session_state["digit"] = state.number

    state.number = st.number_input(
        say("digits.number"), 0, key="digit", bind="query-params", on_change=changed, help=say("digits.number.help")
    )
    if state.refused:
        st.info(state.refused, icon=":material/pin:")
    return state.number


def test_digit(number: int) -> tuple[Tensor, str]:
    """The picture (1, 1, 28, 28), and the code that fetches it."""
    code = f"digit = mnist.test_half().images[{number}:{number + 1}].float() / 255  # (1, 1, 28, 28)"
    return picture_of(number), code


test_digit.__test__ = False  # pyright: ignore[reportFunctionMemberAccess]  # not a test, whatever pytest thinks


def ten_digits(number: int) -> None:
    """One of each class to choose by a tap; that of the class on the page shows the digit on the page."""
    labels = mnist.test_half().labels
    here = int(labels[number])
    numbers = [int((labels == digit).nonzero()[0]) for digit in range(10)]
    numbers[here] = number
    picture_choice(
        [
            Choice(
                digit,
                images.data_url(picture_of(one), "png"),
                says=say("digits.another-of-it" if int(digit) == here else "digits.one-of-it", digit=digit),
            )
            for digit, one in zip(DIGITS, numbers, strict=True)
        ],
        str(here),
        key="ten",
        label=say("digits.which"),
        on_choose=_take,
        pixelated=True,
    )


def drawn(place: DeltaGenerator, under: DeltaGenerator) -> tuple[Tensor | None, str]:
    """A digit drawn by hand (1, 1, 28, 28), centred the MNIST way, and the code; None while the canvas is empty.

    The canvas stands in `place`, what belongs to it in `under`.
    """
    with under:
        tools = st.container(horizontal=True, vertical_alignment="center", gap="small")
        st.caption(explained(say("digits.stays-here")))
    drawing = digit_canvas("canvas", place, tools)
    centred = tools.toggle(
        say("digits.centre"), value=True, key="centre", persist_state="session", help=say("digits.centre.help")
    )
    if drawing is None:
        return None, ""
    steps, step = mnist.centre(drawing), "digit" if centred else "drawn"
    code = f"""import numpy as np

drawing = np.eye(280, dtype=np.uint8) * 255  # put your drawing here: white ink on black
digit = mnist.centre(drawing).{step}"""
    return (steps.digit if centred else steps.drawn), code


def picture_of(number: int) -> Tensor:
    """A test digit (1, 1, 28, 28) in [0, 1]."""
    return mnist.test_half().images[number : number + 1].float() / 255


def _take(digit: str) -> None:
    """A digit of that class: each tap draws anew, and the number it finds is in the address."""
    state = state_of(DigitsState)
    state.draws += 1
    state.refused = ""
    st.session_state["digit"] = mnist.at_random(int(digit), torch.Generator().manual_seed(state.draws))
