"""Runs as they train: the curve of each, and what the last one makes of ten digits after every epoch."""

from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

from pages.components.frontend import frontend

_mount = frontend("lesson_training")


def lesson_training(
    runs: Sequence[dict[str, Any]],
    given: str,
    epochs: int,
    words: dict[str, str],
    pace: int,
    hold: Callable[[str], None],
    *,
    key: str,
) -> None:
    """Show them. runs: each with name, points (epoch, error), epochs ("ten", "map", "classes"), a note and whether it
    has ended, newest last.

    given: address of the ten digits as they are; epochs: how long the axis and the rows are; pace: milliseconds that
    an epoch stays before the next is shown, however fast it was trained; words: see lesson_training.js; hold: told the
    name of the run that the visitor has paused, empty when it is to go on.
    """

    def paused() -> None:
        said = st.session_state.get(key, {}).get("paused")
        hold(said if isinstance(said, str) else "")

    data = {"runs": list(runs), "given": given, "epochs": epochs, "words": words, "pace": pace}
    _mount(data=data, key=key, on_paused_change=paused)
