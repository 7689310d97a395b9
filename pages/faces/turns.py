"""Whose stroke is answered next: as many at a time as there are processors, whoever waits longest first.

Two turns a stroke where others wait: the large answer first, the row of the other methods `LATER`. So twenty who draw
at once all see their large answers soon, and a row comes when its visitor pauses.
"""

import itertools
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Condition

LATER = 3.0  # seconds by which the row of a stroke stands behind the large answers of others
# seconds after which a row comes together with the large answer, however many wait: not for all of them at once
STARVED = (10.0, 20.0)
LOOK = 0.1  # seconds between two looks whether a turn is wanted sooner


class Turns:
    """Places for those who compute, and those who wait for one."""

    def __init__(self, places: int) -> None:
        self.free = places
        self._changed, self._waiting, self._numbers = Condition(), list[tuple[float, int]](), itertools.count()

    @property
    def busy(self) -> bool:
        """Whether anybody waits."""
        return bool(self._waiting)

    @contextmanager
    def turn(self, since: float, hurried: Callable[[], bool] | None = None) -> Iterator[None]:
        """A place for as long as it is needed; since: when the waiting began. Whoever gives way to a newer stroke of
        his own and comes again with the same `since` has lost nothing.

        hurried: asked again and again while waiting; once it says so, the waiting counts as begun at that moment, where
        that is earlier.
        """
        mine = (since, next(self._numbers))
        with self._changed:
            self._waiting.append(mine)
            try:
                while not (self.free and min(self._waiting) == mine):
                    self._changed.wait(LOOK if hurried else None)
                    if hurried and hurried():
                        hurried, later = None, mine
                        mine = min(later, (time.monotonic(), later[1]))
                        self._waiting[self._waiting.index(later)] = mine
                self.free -= 1
            finally:
                self._waiting.remove(mine)
                self._changed.notify_all()
        try:
            yield
        finally:
            with self._changed:
                self.free += 1
                self._changed.notify_all()


TURNS = Turns(os.cpu_count() or 1)
