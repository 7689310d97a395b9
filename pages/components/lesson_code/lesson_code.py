"""A digit, the numbers it passes through, and what comes back; a tap turns a number off."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from pages.components.frontend import frontend, nothing

_mount = frontend("lesson_code")


def lesson_code(
    pictures: tuple[str, str], values: Sequence[float], off: Sequence[int], words: dict[str, str], *, key: str
) -> None:
    """Show it. pictures: addresses of what goes in and what comes out, 28x28; values: 0 to 1, one a cell.

    off: the numbers that are off; words: given, answer, tile, cell (with {number}), all (the button that turns all on).
    """
    data = {"pictures": list(pictures), "values": list(values), "off": list(off), "words": words}
    _mount(data=data, key=key, on_off_change=nothing)


def turned_off(key: str, count: int) -> list[int]:
    """Which of `count` numbers the visitor has turned off, before it is shown."""
    said: Any = st.session_state.get(key, {}).get("off")
    if not isinstance(said, list):
        return []
    return sorted({one for one in said if type(one) is int and 0 <= one < count})
