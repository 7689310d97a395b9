"""Answers, the mean of those that are chosen, and its place in the plane of closeness and sharpness."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import streamlit as st

from pages.components.frontend import frontend, nothing

_mount = frontend("lesson_mean", "../hold", "plane")


@dataclass(frozen=True)
class Point:
    """A method in the plane."""

    name: str
    colour: str  # of CSS
    closeness: float  # PSNR in the hole, dB
    sharpness: float  # over the photograph's


def lesson_mean(
    photograph: str,
    answers: Sequence[str],
    places: Sequence[tuple[float, float]],
    trail: Sequence[tuple[float, float]],
    points: Sequence[Point],
    words: dict[str, str],
    first: int,
    *,
    key: str,
) -> None:
    """Show it. photograph, answers: addresses of pictures of one size.

    places: closeness and sharpness of every choice of answers, by its bits, none at first; trail: the means of those
    over all choices of one, two and more answers; first: the bits chosen at first; words: see lesson_mean.js.
    """
    data: dict[str, Any] = {"photograph": photograph, "answers": list(answers), "places": list(places)}
    data |= {"trail": list(trail), "points": [asdict(point) for point in points], "words": words, "first": first}
    _mount(data=data, key=key, on_choice_change=nothing)


def choice_of(key: str, count: int, first: int) -> int:
    """Which answers are chosen, as bits, before it is shown; never none."""
    said: Any = st.session_state.get(key, {}).get("choice")
    return said if type(said) is int and 0 < said < 2**count else first
