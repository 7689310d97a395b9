"""Large cards side by side, each a link to another page or another part of this one."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass

import streamlit as st

from pages.components.frontend import frontend

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
    """Show them. on_go: called with the name of the one that was chosen, before the page runs again."""

    def went() -> None:
        name = st.session_state.get(key, {}).get("went")
        if name in [card.name for card in shown]:
            on_go(name)

    _mount(data={"cards": [asdict(card) for card in shown], "label": label}, key=key, on_went_change=went)
