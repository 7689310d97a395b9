"""Runs as they train: the curve of each, and what the last one makes of ten digits after every epoch."""

from collections.abc import Sequence
from typing import Any

from pages.components.frontend import frontend

_mount = frontend("lesson_training")


def lesson_training(
    runs: Sequence[dict[str, Any]], given: str, epochs: int, words: dict[str, str], pace: int, *, key: str
) -> None:
    """Show them. runs: each with name, points (epoch, error), epochs ("ten", "map", "classes") and a note, newest last.

    given: address of the ten digits as they are; epochs: how long the axis and the rows are; pace: milliseconds that
    an epoch stays before the next is shown, however fast it was trained; words: see lesson_training.js.
    """
    _mount(
        data={"runs": list(runs), "given": given, "epochs": epochs, "words": words, "pace": pace},
        key=key,
    )
