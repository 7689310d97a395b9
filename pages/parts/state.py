"""What a page remembers of its visitor besides its widgets: one dataclass a page, kept for the session."""

from collections.abc import Callable
from typing import TypeVar

import streamlit as st
import torch
from torch import Tensor

State = TypeVar("State")
Answer = TypeVar("Answer")


def state_of(kind: type[State]) -> State:
    """The visitor's own, made at the first question; it lies in the session under the name of its class."""
    if kind.__name__ not in st.session_state:
        st.session_state[kind.__name__] = kind()
    return st.session_state[kind.__name__]


def once_a_picture(key: str, picture: Tensor, ask: Callable[[Tensor], Answer]) -> Answer:
    """What `ask` says of a picture, asked again only when another one comes: a stroke does not change the face.

    The last answer lies in the session under `key`, with its picture, which may be the visitor's own.
    """
    known: tuple[Tensor, Answer] | None = st.session_state.get(key)
    if known is None or not torch.equal(known[0], picture):
        known = st.session_state[key] = (picture, ask(picture))
    return known[1]
