"""Small pictures to choose one of: each is a button with its name."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass

import streamlit as st

from pages.components.frontend import frontend

_mount = frontend("picture_choice")


@dataclass(frozen=True)
class Choice:
    """A picture that can be chosen."""

    name: str  # what `on_choose` is called with
    url: str  # data or media URL of a square picture
    label: str = ""  # under the picture; empty: the picture stands alone
    says: str = ""  # on pointing at it, and to a screen reader; the label where empty


def picture_choice(
    choices: Sequence[Choice],
    chosen: str,
    *,
    key: str,
    label: str,
    on_choose: Callable[[str], None],
    pixelated: bool = False,
    filled: bool = False,
) -> None:
    """Show them in lines of equal buttons; a tap on the chosen one counts, too.

    How many stand in a line the page says in CSS: `--choices` on the element of that key.
    on_choose: called with the name of the one that was tapped, before the page runs again.
    filled: the pictures fill their buttons, with the painter's colour under them.
    """

    def took() -> None:
        name = st.session_state.get(key, {}).get("took")
        if name in [choice.name for choice in choices]:  # a browser may send anything
            on_choose(name)

    data = {"choices": [asdict(choice) for choice in choices], "chosen": chosen}
    _mount(data=data | {"label": label, "pixelated": pixelated, "filled": filled}, key=key, on_took_change=took)
