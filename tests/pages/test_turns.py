"""Whose stroke is answered next."""

import threading

import pytest

from pages.faces.turns import Turns


def nothing() -> None:
    """Every turn is wanted."""


def test_as_many_have_a_place_as_there_are_and_the_longest_waiting_comes_first() -> None:
    turns, order, began = Turns(1), [], threading.Event()

    def wait(since: float) -> None:
        with turns.turn(since, nothing):
            order.append(since)

    with turns.turn(0.0, nothing):
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
    with pytest.raises(KeyboardInterrupt), turns.turn(5.0, nothing):
        raise KeyboardInterrupt
    with turns.turn(5.0, nothing):
        assert turns.free == 0


def test_who_does_not_want_it_any_more_leaves_the_row_while_waiting() -> None:
    turns, left = Turns(1), threading.Event()

    def unwanted() -> None:
        raise KeyError

    def wait() -> None:
        with pytest.raises(KeyError), turns.turn(1.0, unwanted, every=0.001):
            raise AssertionError("not wanted")
        left.set()

    with turns.turn(0.0, nothing):
        threading.Thread(target=wait, daemon=True).start()
        assert left.wait(30) and not turns.busy and turns.free == 0
    assert turns.free == 1


def test_a_turn_that_is_not_wanted_when_it_comes_is_given_back() -> None:
    turns = Turns(1)

    def unwanted() -> None:
        raise KeyError

    with pytest.raises(KeyError), turns.turn(1.0, unwanted):
        raise AssertionError("not wanted")
    assert turns.free == 1 and not turns.busy
