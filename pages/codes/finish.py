"""The switch between a face as it is decoded and one that the painter has finished."""

import streamlit as st
from torch import Tensor

from engine.restoration import enhancement

KEY = "finish"
DECODED, PAINTED = "As decoded", "Finished by the painter"
CHOICES = [PAINTED, DECODED]


def switch() -> bool:
    """Whether faces are to be finished; kept from exhibit to exhibit, and in the address."""
    chosen = st.segmented_control(
        "Faces",
        CHOICES,
        default=PAINTED,
        required=True,
        key=KEY,
        bind="query-params",
        persist_state="session",
        help="The decoder draws the mean of all faces with such a code, and a mean is a blur. The painter makes one"
        " face of it: its details are invented, and lie in no code.",
    )
    return chosen == PAINTED


def as_chosen(decoded: Tensor, finished: bool) -> Tensor:
    """Decoded faces (N, 3, 128, 128) as the switch asks for them."""
    return enhancement.finish(decoded) if finished else decoded


def call(decoded: str, finished: bool) -> str:
    """The engine's expression for `as_chosen` of that one."""
    return f"enhancement.finish({decoded})" if finished else decoded


def imported(finished: bool) -> str:
    """The line that such an expression needs before it."""
    return "from engine.restoration import enhancement\n" if finished else ""
