"""How small a copy the painter is given: a card a size, each with the copy and what the painter makes of it."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass

import streamlit as st

from pages.components.frontend import frontend
from pages.parts.say import say

_mount = frontend("copy_choice")


@dataclass(frozen=True)
class Copy:
    """A size."""

    name: str  # what `on_choose` is called with
    title: str
    says: str = ""
    pictures: tuple[str, ...] = ()  # addresses of the copy and of an answer; none: a button of words


def copy_choice(copies: Sequence[Copy], chosen: str, *, key: str, on_choose: Callable[[str], None]) -> None:
    """Show them in a line. chosen: the name of the one in use, empty: none is.

    on_choose: called with the name of the one that was tapped, before the page runs again.
    """

    def took() -> None:
        name = st.session_state.get(key, {}).get("took")
        if name in [copy.name for copy in copies]:  # a browser may send anything
            on_choose(name)

    words = {"title": say("small.title"), "why": say("small.title.why")}
    _mount(
        data={"copies": [asdict(copy) for copy in copies], "chosen": chosen, "words": words},
        key=key,
        on_took_change=took,
    )
