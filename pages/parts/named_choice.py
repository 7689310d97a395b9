"""A choice with one address in every language: a widget bound to the address would write there what it shows."""

from collections.abc import Callable, Sequence
from typing import TypeVar

import streamlit as st

from pages.parts.address import brought, write
from pages.parts.say import say

Option = TypeVar("Option", bound=str)


def called(room: str, option: str) -> str:
    """What an option is called in the visitor's language: `photo.task.hide-a-part` for "Hide a part" in that room."""
    return say(f"{room}.{option.lower().replace(' ', '-').rstrip('?')}")


def bring(key: str, options: Sequence[Option], first: Option, named: Callable[[Option], str] = str) -> None:
    """Before the widget of that key, which gets no default: what a link asks for, what was chosen, or the first.

    named: what the address calls an option.
    """
    if (asked := brought(key)) is not None:
        for option in options:
            if named(option) == asked:
                st.session_state[key] = option
    st.session_state.setdefault(key, first)


def note(key: str, chosen: Option | None, first: Option, named: Callable[[Option], str] = str) -> Option:
    """After it: into the address, unless it is the first; returns it."""
    write(**{key: "" if chosen in (None, first) else named(chosen)})
    return first if chosen is None else chosen
