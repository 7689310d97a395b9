"""A digit as it is given, the 50 numbers it passes through, and what comes back: by several methods, one large."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

import streamlit as st

from pages.components.frontend import frontend, nothing

_mount = frontend("digit_machine", "../hold", "../cells", styles=["reading", "methods", "narrow"])


@dataclass(frozen=True)
class Numbers:
    """What a method knows the digit by; all in hundredths of a deviation."""

    values: list[int]
    intact: list[int]  # of the digit without noise
    moved: list[int]  # which of them the noise moved


@dataclass(frozen=True)
class Answer:
    """What one method makes of the digit. Pictures are addresses of 28x28 pixels."""

    method: str  # its name in the engine
    name: str
    short: str
    why: str
    colour: str
    picture: str
    chances: list[int]  # for each of the ten digits, in hundredths
    numbers: Numbers | None = None  # None: it has no bottleneck


@dataclass(frozen=True)
class Line:
    """A line of the verdict."""

    term: str
    says: str
    colour: str = ""  # CSS, of a dot before it; empty: none


@dataclass(frozen=True)
class Words:
    """What the machine says itself; braces are filled in the browser."""

    many: str
    moved: str
    not_used: str
    cell: str
    takes: str
    sure: str
    reader: str  # who says so, on pointing at it
    hold: str
    methods: str
    given: str
    answer: str
    reads: str


def digit_machine(
    given: str,
    clean: str,
    label: str,
    before: str,
    truth: int | None,
    answers: Sequence[Answer],
    verdict: Sequence[Line],
    words: Words,
    chosen: str,
    asked: tuple[str, int],
    *,
    key: str,
) -> str:
    """Show it and return the method that stands large.

    given, clean: addresses of the noisy digit and of the one without noise; label: what the picture is.
    before: what it is taken for as it is given; truth: the digit it is, where that is known.
    chosen: what stands large when the machine first appears; asked: what the page wants large since, and how often it
        has asked.
    """
    data = {"given": given, "clean": clean, "label": label, "before": before, "truth": truth}
    shown = {"answers": [asdict(answer) for answer in answers], "verdict": [asdict(line) for line in verdict]}
    _mount(
        data=data | shown | {"words": asdict(words), "chosen": chosen, "asked": asked},
        key=key,
        on_method_change=nothing,
    )
    method = st.session_state.get(key, {}).get("method")
    return method if method in [answer.method for answer in answers] else chosen
