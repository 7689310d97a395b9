"""One of a few, and all that was chosen in this visit: many steps are done when the visitor has seen the other one."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import streamlit as st

Option = TypeVar("Option", str, int)


def choose(
    label: str, options: Sequence[Option], first: Option, name: Callable[[Option], str], *, key: str
) -> tuple[Option, set[Option]]:
    """A segmented control -> what is chosen, and everything that was chosen so far."""
    chosen = st.segmented_control(
        label, options, default=first, required=True, format_func=name, key=key, persist_state="session"
    )
    return chosen, seen(key, chosen)


def seen(key: str, *now: Any) -> set[Any]:
    """Note what the visitor sees now; everything that was seen so far."""
    found: set[Any] = st.session_state.setdefault(f"{key} seen", set())
    found.update(now)
    return found
