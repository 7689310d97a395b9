"""Strips of small pictures under each other, each with its name and figure: the same digits in one column."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from pages.components.frontend import frontend

_mount = frontend("lesson_strips")


@dataclass(frozen=True)
class Strip:
    """Pictures side by side in one."""

    name: str
    url: str  # empty: its place is kept
    note: str = ""  # a figure
    best: bool = False  # the figure that wins


def lesson_strips(strips: Sequence[Strip], columns: int, *, key: str) -> None:
    """Show them; columns: square pictures in each."""
    _mount(data={"strips": [asdict(strip) for strip in strips], "columns": columns}, key=key)
