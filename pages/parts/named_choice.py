"""A choice with one address in every language: a widget bound to the address would write there what it shows."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import streamlit as st

from pages.parts.address import brought, write
from pages.parts.say import say

Option = TypeVar("Option", bound=str)


def called(room: str, option: str) -> str:
    """What an option is called in the visitor's language: `photo.task.hide-a-part` for "Hide a part" in that room."""
    return say(f"{room}.{option.lower().replace(' ', '-').rstrip('?')}")


def choose(
    key: str,
    options: Sequence[Option],
    first: Option,
    label: str,
    shown: Callable[[Option], str],
    *,
    widget: Callable[..., Any] = st.segmented_control,
    **how: Any,
) -> Option:
    """One of the options, always one, by that widget: as the address, the visitor or else `first` has it.

    label: read aloud, and seen where `how` shows it; shown: an option in the visitor's language; how: what else the
        widget is told.
    """
    bring(key, options, first)
    how = {"label_visibility": "collapsed"} | how
    return note(key, widget(label, options, format_func=shown, required=True, key=key, **how), first)


def bring(key: str, options: Sequence[Option], first: Option, named: Callable[[Option], str] = str) -> None:
    """Before the widget of that key, which gets no default: what a link asks for, what was chosen, or the first.

    named: what the address calls an option.
    """
    if (asked := brought(key)) is not None:
        for option in options:
            if named(option) == asked:
                st.session_state[key] = option
    if st.session_state.get(key) not in options:
        st.session_state[key] = first


def note(key: str, chosen: Option | None, first: Option, named: Callable[[Option], str] = str) -> Option:
    """After it: into the address, unless it is the first; returns it."""
    write(**{key: "" if chosen in (None, first) else named(chosen)})
    return first if chosen is None else chosen
