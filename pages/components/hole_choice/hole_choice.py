"""Hide buttons: one tap hides a part of a face."""

from collections.abc import Callable, Mapping

import streamlit as st

from engine.corruptions.masks import Box
from pages.components.frontend import frontend
from pages.parts.say import say

RANDOM, CLEAR = "random", "clear"

_mount = frontend("hole_choice", "../face_machine/buttons", styles=["../face_machine/chips"])


def hole_choice(
    holes: Mapping[str, Box], chosen: str, *, key: str, label: str, on_choose: Callable[[str], None]
) -> None:
    """Show them in lines of equal buttons, as many as `--holes` on the element of that key says. On a desk one more
    hides a box anywhere; on a phone one hides nothing, for there the pad has no such button.

    holes: boxes in pixels of a face of 128, by a name that the catalogue has under `machine.hole`.
    chosen: the name of what is hidden, where it is one of them.
    on_choose: called with the name of the one that was tapped, `RANDOM` or `CLEAR`, before the page runs again.
    """

    words = {name: say(f"machine.hole.{name}") for name in (*holes, RANDOM, CLEAR)}

    def took() -> None:
        name = st.session_state.get(key, {}).get("took")
        if isinstance(name, str) and name in words:  # a browser may send anything
            on_choose(name)

    data = {"holes": [[name, list(box)] for name, box in holes.items()], "words": words}
    _mount(data=data | {"chosen": chosen, "label": label}, key=key, on_took_change=took)
