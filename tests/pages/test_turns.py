"""Whose stroke is answered next."""

import threading
import time
from collections.abc import Callable

import pytest

from pages.faces.turns import LOOK, Turns


def test_as_many_have_a_place_as_there_are_and_the_longest_waiting_comes_first() -> None:
    turns, order, began = Turns(1), [], threading.Event()

    def wait(since: float) -> None:
        with turns.turn(since):
            order.append(since)

    with turns.turn(0.0):
        assert not turns.busy
        others = [threading.Thread(target=wait, args=[since], daemon=True) for since in (3.0, 1.0, 2.0)]
        for number, other in enumerate(others, 1):
            other.start()
            while len(turns._waiting) < number:
                began.wait(0.001)
        assert turns.busy and order == []
    for other in others:
        other.join(30)
    assert order == [1.0, 2.0, 3.0] and turns.free == 1 and not turns.busy


def test_who_gives_way_to_a_newer_stroke_gives_the_place_back() -> None:
    turns = Turns(1)
    with pytest.raises(KeyboardInterrupt), turns.turn(5.0):
        raise KeyboardInterrupt
    with turns.turn(5.0):
        assert turns.free == 0


def test_who_is_in_a_hurry_waits_as_one_who_came_at_that_moment() -> None:
    """The row of a stroke stands behind the large answers of others, but not before a newer stroke of its visitor."""
    turns, order, hurry = Turns(1), [], threading.Event()
    long_ago, now, later = 0.0, time.monotonic(), time.monotonic() + 1e6

    def wait(name: str, since: float, hurried: Callable[[], bool] | None = None) -> None:
        with turns.turn(since, hurried):
            order.append(name)

    waits = [("row", later, hurry.is_set), ("row of another", later, lambda: False), ("large", now, None)]
    with turns.turn(long_ago):
        others = [threading.Thread(target=wait, args=one, daemon=True) for one in waits]
        for number, other in enumerate(others, 1):
            other.start()
            while len(turns._waiting) < number:
                time.sleep(0.001)
        hurry.set()
        while max(turns._waiting)[0] < later or len([since for since, _ in turns._waiting if since == later]) > 1:
            time.sleep(0.001)
    for other in others:
        other.join(30)
    assert order == ["large", "row", "row of another"] and turns.free == 1 and not turns.busy


def test_a_hurry_never_puts_back_whoever_waits_already() -> None:
    turns, order = Turns(1), []

    def wait(since: float) -> None:
        with turns.turn(since, lambda: True):
            order.append(since)

    with turns.turn(0.0):
        others = [threading.Thread(target=wait, args=[since], daemon=True) for since in (2.0, 1.0)]
        for other in others:
            other.start()
        while len(turns._waiting) < 2:
            time.sleep(0.001)
        time.sleep(3 * LOOK)
    for other in others:
        other.join(30)
    assert order == [1.0, 2.0]
