"""Tables of numbers as grey cells side by side: the first may be changed, a tap lights what belongs together."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import streamlit as st

from pages.components.frontend import frontend, nothing

_mount = frontend("lesson_grids")


@dataclass(frozen=True)
class Grid:
    """A table of numbers."""

    title: str
    note: str  # under the title
    rows: Sequence[Sequence[float]]
    marks: Sequence[tuple[int, int]] = ()  # cells with a frame: row and column
    lit: Sequence[tuple[int, int]] = ()  # cells that belong to the chosen one
    figure: str = ""  # under the cells
    largest: float = 255  # the number of the darkest cell


@dataclass(frozen=True)
class Frame:
    """A moment of what is played: the last grid as it is when a cell of the first has just added its own."""

    chosen: tuple[int, int]
    rows: Sequence[Sequence[float]]
    lit: Sequence[tuple[int, int]]


def lesson_grids(
    grids: Sequence[Grid],
    rows: Sequence[Sequence[int]],
    chosen: tuple[int, int],
    label: str,
    change: bool,
    *,
    key: str,
    frames: Sequence[Frame] = (),
    play: tuple[str, str] = ("", ""),
) -> tuple[list[list[int]], tuple[int, int]]:
    """Show them, the first with a chosen cell; returns its numbers, 0 to 255, and which cell is chosen, in that run.

    change: whether a slider below changes the chosen cell; label: what that slider is; frames: what a button named
    `play[0]` plays, and stops as `play[1]`.
    """
    data = {
        "grids": [asdict(grid) for grid in grids],
        "chosen": chosen,
        "label": label,
        "change": change,
        "frames": [asdict(frame) for frame in frames],
        "play": play[0],
        "halt": play[1],
    }
    _mount(data=data, key=key, on_cells_change=nothing)
    return asked(key, rows, chosen)


def asked(key: str, rows: Sequence[Sequence[int]], chosen: tuple[int, int]) -> tuple[list[list[int]], tuple[int, int]]:
    """What the visitor has made of the first grid, before it is shown; what is no such grid counts for nothing."""
    said: Any = st.session_state.get(key, {}).get("cells")
    kept = [list(row) for row in rows]
    if not isinstance(said, dict):
        return kept, chosen
    given, at = said.get("rows"), said.get("chosen")
    if (
        isinstance(given, list)
        and [len(row) if isinstance(row, list) else -1 for row in given] == [len(row) for row in kept]
        and all(isinstance(cell, int) and 0 <= cell <= 255 for row in given for cell in row)
    ):
        kept = given
    if isinstance(at, list) and len(at) == 2 and all(isinstance(one, int) for one in at):
        row, column = at
        if 0 <= row < len(kept) and 0 <= column < len(kept[0]):
            chosen = (row, column)
    return kept, chosen
