"""The path of the lessons: which are done, which is here, and the way to any of them."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass

import streamlit as st

from pages.components.frontend import frontend

_mount = frontend("lesson_path")


@dataclass(frozen=True)
class Stop:
    """A lesson on the path, or the page for teachers behind it."""

    name: str
    to: str  # where a tap leads
    link: str  # the same as an address, for a tab of its own
    done: bool = False
    here: bool = False


def lesson_path(
    stops: Sequence[Stop],
    teachers: Stop,
    here: str,
    label: str,
    language: str,
    on_go: Callable[[object], None],
    *,
    key: str,
) -> None:
    """Show the path; `on_go` is called with where the visitor has tapped, before the page runs again.

    here: what a phone says in place of the list; label: what the list is, for a screen reader.
    """

    def go() -> None:
        on_go(st.session_state.get(key, {}).get("go"))

    data = {"stops": [asdict(stop) for stop in stops], "teachers": asdict(teachers), "here": here, "label": label}
    _mount(data=data | {"language": language}, key=key, on_go_change=go)
