"""Whose stroke is answered next: as many at a time as there are processors, whoever waits longest first.

Two turns a stroke where others wait: the large answer first, the row of the other methods `LATER`. So twenty who draw
at once all see their large answers soon, and a row comes when its visitor pauses.
"""

import heapq
import itertools
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Condition

LATER = 3.0  # seconds by which the row of a stroke stands behind the large answers of others
STARVED = 6.0  # seconds after which a row comes together with the large answer, however many wait
LOOK = 0.1  # seconds between two looks whether a turn is still wanted


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
    def turn(self, since: float, wanted: Callable[[], None], every: float | None = None) -> Iterator[None]:
        """A place for as long as it is needed; since: when the waiting began. Whoever gives way to a newer stroke of
        his own and comes again with the same `since` has lost nothing.

        wanted: called when the turn has come, and if `every` is given after so many seconds of waiting again and
        again; it raises where the turn is not wanted any more.
        """
        mine = (since, next(self._numbers))
        with self._changed:
            heapq.heappush(self._waiting, mine)
            try:
                while not (self.free and self._waiting[0] == mine):
                    self._changed.wait(every)
                    if every:
                        wanted()
                self.free -= 1
            finally:
                self._waiting.remove(mine)
                heapq.heapify(self._waiting)
                self._changed.notify_all()
        try:
            wanted()
            yield
        finally:
            with self._changed:
                self.free += 1
                self._changed.notify_all()


TURNS = Turns(os.cpu_count() or 1)
