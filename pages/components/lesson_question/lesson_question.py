"""The end of a step: its question, checked in the browser the moment an option is tapped, and the way on."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass

import streamlit as st

from pages.components.frontend import frontend

_mount = frontend("lesson_question")


@dataclass(frozen=True)
class Question:
    """What is asked, and what is said to each answer."""

    text: str
    options: Sequence[str]
    answer: int  # which option is right, from 0
    checks: Sequence[str]  # a sentence for each option
    idle: str  # what stands there before


@dataclass(frozen=True)
class Way:
    """To the step before or after; an empty `to` leads nowhere."""

    name: str
    to: str
    link: str
    label: str  # what it is, for a screen reader


def lesson_question(
    question: Question,
    ways: tuple[Way, Way],
    where: str,
    steps: tuple[int, int],
    tried: Sequence[int],
    language: str,
    on_answer: Callable[[int], None],
    on_go: Callable[[object], None],
    *,
    code: str = "",
    key: str,
) -> None:
    """Show it; the two are called with the option tapped, from 0, or the step wanted, before the page runs again.

    ways: to the steps before and after; steps: the number of this one, from 1, and of how many; tried: options tapped
    before, the last one last; code: a line about the class code. Arrow keys lead on unless a field has the focus.
    """

    def answered() -> None:
        option = st.session_state.get(key, {}).get("answer")
        if type(option) is int and 0 <= option < len(question.options):
            on_answer(option)

    def go() -> None:
        on_go(st.session_state.get(key, {}).get("go"))

    data = {"question": asdict(question), "before": asdict(ways[0]), "after": asdict(ways[1]), "where": where}
    shown = {"steps": list(steps), "tried": list(tried), "language": language, "code": code}
    _mount(data=data | shown, key=key, on_answer_change=answered, on_go_change=go)
