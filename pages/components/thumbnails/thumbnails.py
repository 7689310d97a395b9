"""A strip of thumbnails, one of which is chosen: a radio group that scrolls sideways."""

from collections.abc import Callable, Sequence

import streamlit as st

from pages.components.frontend import frontend
from pages.components.picture_row.picture_row import Picture

_mount = frontend("thumbnails")


def thumbs(pictures: Sequence[Picture], chosen: int, *, key: str, label: str, on_choose: Callable[[int], None]) -> None:
    """Show small square pictures in one line, the chosen one ringed and in view; for mouse, finger and keyboard.

    pictures: squares of about 64 pixels; only their words for a screen reader and their URLs are used. Give the same
        ones from run to run: Streamlit then sends the browser a reminder instead of all of them.
    chosen: the number of the one to mark.
    label: what a screen reader calls the strip.
    on_choose: called with the number of the one the visitor has chosen, before the page runs again.
    """

    def choose() -> None:
        number = st.session_state.get(key, {}).get("chosen")
        if type(number) is int and 0 <= number < len(pictures):  # a browser may send anything, True among it
            on_choose(number)

    data = {
        "pictures": [{"name": picture.alt or picture.caption, "url": picture.url} for picture in pictures],
        "chosen": chosen,
        "label": label,
    }
    _mount(data=data, key=key, on_chosen_change=choose)
