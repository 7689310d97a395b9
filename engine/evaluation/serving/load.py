"""Visitors who draw a stroke a second: how long each waits, and what a stroke and a page cost the server.

`measure` starts the app, lets the visitors come one by one, draw together and leave; `compare` does so by turns with
another commit, so that whatever else the machine does falls on both.
"""

import asyncio
import math
import random
import time
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import TypeVar

from engine import tables
from engine.corruptions.shapes import Shape
from engine.evaluation.serving.server import ROOT, Server, checkout
from engine.evaluation.serving.visitor import Visitor
from engine.models import model_card
from engine.problem import Problem

PAUSE = 1.0  # seconds from a visitor's stroke to the next
SETTLED = 1.0  # seconds in which a server at rest uses less than a tenth of a processor
MIN_PAGES = 5  # that are opened, however few visitors stay
LEFT = 80.0  # seconds after the last has left: Streamlit keeps a lost tab for 60


@dataclass(frozen=True)
class Load:
    """What one run has found; times in seconds, memory in MB."""

    p50: float  # from letting go of a stroke to all answers of the newest one
    p95: float
    large_p50: float  # to the large answer
    large_p95: float
    slowest_visitor_p50: float  # nobody starves
    superseded: float  # share of the strokes that a later one was answered in the place of
    failures: int  # strokes without an answer, and what went wrong otherwise
    cpu_a_stroke: float  # of the server, drawn or superseded
    cpu_a_page: float  # of the server, a page opened
    kilobytes_a_stroke: float  # that the server sent
    client_cpu: float  # of this process while they drew, a stroke
    pss_before: float  # of all the server's processes, once it is warm
    pss: float  # while they draw
    pss_after: float = math.nan  # after they have left
    rss_left: float = math.nan  # after over before
    pss_left: float = math.nan


WORDS = {
    "p50": "stroke to all answers, p50, s",
    "p95": "stroke to all answers, p95, s",
    "large_p50": "stroke to the large answer, p50, s",
    "large_p95": "stroke to the large answer, p95, s",
    "slowest_visitor_p50": "the same of the visitor who waits longest, all answers, p50, s",
    "superseded": "share of strokes superseded",
    "failures": "failures",
    "cpu_a_stroke": "server's CPU s a stroke",
    "cpu_a_page": "server's CPU s a page opened",
    "kilobytes_a_stroke": "kB sent a stroke",
    "client_cpu": "client's CPU s a stroke",
    "pss_before": "memory (PSS) before visitors, MB",
    "pss": "memory (PSS) while they draw, MB",
    "pss_after": f"memory (PSS) {LEFT:.0f} s after they left, MB",
    "rss_left": "RSS after over before",
    "pss_left": "PSS after over before",
}


def measure(tree: Path, visitors: int, seconds: float, memory: bool, replicas: int = 1) -> Load:
    """Serve the app of that tree to so many visitors for so long. memory: wait and see what is left of it."""
    server = Server(tree, replicas)
    try:
        return asyncio.run(_measure(server, visitors, seconds, memory))
    finally:
        server.stop()


async def _measure(server: Server, visitors: int, seconds: float, memory: bool) -> Load:
    await _warm(server)
    before, began = server.memory(), server.cpu_seconds()
    tabs = []
    for number in range(max(visitors, MIN_PAGES)):
        tab = await enter(server)
        if number < visitors:
            tabs.append(tab)
        else:
            await tab.leave()
    a_page = (server.cpu_seconds() - began) / max(visitors, MIN_PAGES)
    begun, own, sent = server.cpu_seconds(), time.process_time(), sum(tab.received for tab in tabs)
    await asyncio.gather(*(_draw(tab, number, seconds) for number, tab in enumerate(tabs)))
    own = time.process_time() - own
    cpu, sent, while_drawing = server.cpu_seconds() - begun, sum(tab.received for tab in tabs) - sent, server.memory()
    for tab in tabs:
        await tab.leave()
    after = {"Rss": math.nan, "Pss": math.nan}
    if memory:
        await asyncio.sleep(LEFT)
        after = server.memory()
    strokes = [stroke for tab in tabs for stroke in tab.strokes]
    waits = [[stroke.answered - stroke.sent for stroke in tab.strokes if stroke.answered] for tab in tabs]
    every = [wait for of_one in waits for wait in of_one]
    large = [stroke.large - stroke.sent for stroke in strokes if stroke.large]
    return Load(
        quantile(every, 0.5),
        quantile(every, 0.95),
        quantile(large, 0.5),
        quantile(large, 0.95),
        max(quantile(of_one, 0.5) for of_one in waits),
        sum(stroke.superseded for stroke in strokes) / len(strokes),
        sum(stroke.answered is None for stroke in strokes) + sum(len(tab.failures) for tab in tabs),
        cpu / len(strokes),
        a_page,
        sent / 1000 / len(strokes),
        own / len(strokes),
        before["Pss"],
        while_drawing["Pss"],
        after["Pss"],
        after["Rss"] / before["Rss"],
        after["Pss"] / before["Pss"],
    )


Kind = TypeVar("Kind", bound=Visitor)


async def enter(server: Server, patience: float = 60.0, kind: Callable[[str, str], Kind] = Visitor) -> Kind:
    """Fetch the page and open it, on the replica that it came from, as a visitor of that kind."""

    def fetch() -> str:
        with urllib.request.urlopen(f"http://{server.address}/", timeout=patience) as answer:
            answer.read()
            return (answer.headers.get("Set-Cookie") or "").partition(";")[0]

    tab = kind(server.address, await asyncio.to_thread(fetch))
    await tab.open(patience)
    return tab


async def _warm(server: Server) -> None:
    """One visitor who is not counted: the first stroke of a process is slower. Then what else a start has begun ends,
    for a page opened meanwhile is not what costs that."""
    tab = await enter(server)
    for shapes in strokes_of(-1, 2):
        await tab.draw(shapes)
        await tab.answered()
    await tab.leave()
    begun = -math.inf
    while server.cpu_seconds() - begun > 0.1 * SETTLED:
        begun = server.cpu_seconds()
        await asyncio.sleep(SETTLED)


async def _draw(tab: Visitor, number: int, seconds: float) -> None:
    """A stroke a second, begun at a moment of the visitor's own, and the wait for the last answer."""
    await asyncio.sleep(random.Random(number).random() * PAUSE)
    begun = time.perf_counter()
    for turn, shapes in enumerate(strokes_of(number, max(1, round(seconds / PAUSE)))):
        await asyncio.sleep(max(0.0, begun + turn * PAUSE - time.perf_counter()))
        try:
            await tab.draw(shapes)
        except Exception as failure:
            tab.failures.append(f"{type(failure).__name__}: {failure}")
    await tab.answered()


def strokes_of(visitor: int, count: int) -> list[list[Shape]]:
    """What a visitor draws: a box each time, of 16 to 64 pixels a side, the same for the same number."""
    dice, drawn = random.Random(visitor), []
    for _ in range(count):
        width, height = dice.randint(16, 64), dice.randint(16, 64)
        drawn.append([{"box": [dice.randint(0, 128 - width), dice.randint(0, 128 - height), width, height]}])
    return drawn


def quantile(times: Sequence[float], share: float) -> float:
    """That of times, the larger neighbour where it lies between two; NaN of none."""
    return sorted(times)[min(len(times) - 1, int(share * len(times)))] if times else math.nan


def compare(visitors: int, seconds: float, rounds: int, memory: bool, against: str = "", replicas: int = 1) -> str:
    """What `measure` finds of this tree, and of a commit where one is named, as a table of medians and ratios."""
    if min(visitors, rounds, seconds) < 1:
        raise Problem("A load needs one visitor, one second and one round at least: give larger numbers.")
    with ExitStack() as stack:
        trees = {against: stack.enter_context(checkout(against))} if against else {}
        trees["this tree"] = ROOT
        found: dict[str, list[Load]] = {name: [] for name in trees}
        for _ in range(rounds):
            for name, tree in trees.items():
                found[name].append(measure(tree, visitors, seconds, memory, replicas))
    return table(found, visitors, seconds)


def table(found: Mapping[str, Sequence[Load]], visitors: int, seconds: float) -> str:
    """Medians of the runs of each tree and, of two, the second over the first."""
    medians = [{key: median(asdict(load)[key] for load in loads) for key in WORDS} for loads in found.values()]
    rows = []
    for key, words in WORDS.items():
        values = [each[key] for each in medians]
        if all(math.isnan(value) for value in values):
            continue
        over = (
            [values[1] / values[0]] if len(values) == 2 and values[0] and key not in ("superseded", "failures") else []
        )
        rows.append((words, *(f"{value:.3g}" for value in values), *(f"{ratio:.2f}" for ratio in over)))
    rows = [(*row, *[""] * (1 + len(medians) + (len(medians) == 2) - len(row))) for row in rows]
    rounds = len(next(iter(found.values())))
    return (
        tables.markdown(("", *found, *(["ratio"] if len(found) == 2 else [])), rows)
        + f"\n\n{visitors} visitor{'s' * (visitors != 1)}, a stroke a second for {seconds:g} s, medians of {rounds}"
        f" runs taken by turns; {model_card.measured_here()}."
    )
