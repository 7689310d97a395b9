"""Large cards side by side, each a link to another page or another part of this one."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import streamlit as st

from pages.components.frontend import frontend, named
from pages.parts.address import runs_a_fragment

_mount = frontend("cards")


@dataclass(frozen=True)
class Card:
    """Where a visitor may go on."""

    name: str
    title: str
    says: str
    address: str  # of the same place, for a new tab
    pictures: tuple[str, ...]  # addresses; side by side


def cards(shown: Sequence[Card], *, key: str, label: str, on_go: Callable[[str], None]) -> None:
    """Show them. on_go: called with the name of the one that was chosen, before the page runs again.

    Pictures that this visitor was sent are only named to a fragment that runs again; a browser that has them no more
    says so.
    """
    pictures = [card.pictures for card in shown]
    name, sent = named(repr(pictures)), f"{key}.sent"
    there = runs_a_fragment() and st.session_state.get(sent) == name
    st.session_state[sent] = name

    def went() -> None:
        where = st.session_state.get(key, {}).get("went")
        if where in [card.name for card in shown]:
            on_go(where)

    words = [{field: value for field, value in vars(card).items() if field != "pictures"} for card in shown]
    _mount(
        data={"cards": words, "named": name, "pictures": None if there else pictures, "label": label},
        key=key,
        on_went_change=went,
        on_lacks_change=lambda: st.session_state.pop(sent, None),
    )
