"""Whose stroke is answered next: as many at a time as there are processors, whoever waits longest first."""

import heapq
import itertools
import os
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Condition

import streamlit as st


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
    def turn(self, since: float) -> Iterator[None]:
        """A place for as long as it is needed; since: when the waiting began. Whoever gives way to a newer stroke of
        his own and comes again with the same `since` has lost nothing."""
        with self._changed:
            mine = (since, next(self._numbers))
            heapq.heappush(self._waiting, mine)
            self._changed.wait_for(lambda: self.free and self._waiting[0] == mine)
            heapq.heappop(self._waiting)
            self.free -= 1
            self._changed.notify_all()
        try:
            yield
        finally:
            with self._changed:
                self.free += 1
                self._changed.notify_all()


TURNS = Turns(os.cpu_count() or 1)


def give_way() -> None:
    """End this run where the visitor has drawn again meanwhile: Streamlit looks for that at every question about the
    session, and begins the newer one."""
    st.session_state.get("newer")
