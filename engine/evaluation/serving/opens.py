"""A school comes: so many pages opened within a minute, each by a visitor of its own who then leaves."""

import asyncio
import random
import time
from collections.abc import Sequence

from engine.evaluation.serving.load import enter, quantile
from engine.evaluation.serving.server import ROOT, Server
from engine.models import model_card
from engine.problem import Problem

SPREAD, PATIENCE = 60.0, 180.0  # seconds in which they arrive, and that each waits at most


def measure(opens: int, replicas: int) -> str:
    """How long so many visitors wait for their page, in words."""
    if opens < 1:
        raise Problem("A load needs one page at least: give a larger --opens.")
    server = Server(ROOT, replicas)
    try:
        waits = asyncio.run(come(server, opens))
    finally:
        server.stop()
    return sentence(waits, replicas)


async def come(server: Server, opens: int) -> list[float | None]:
    """Seconds until each page had run to its end; None where it failed or took too long."""
    dice = random.Random(0)

    async def visit(arrival: float) -> float | None:
        await asyncio.sleep(arrival)
        began = time.perf_counter()
        try:
            tab = await enter(server, PATIENCE)
        except (Problem, OSError):
            return None
        wait = time.perf_counter() - began
        await tab.leave()
        return wait if not tab.failures and wait <= PATIENCE else None

    return await asyncio.gather(*(visit(dice.random() * SPREAD) for _ in range(opens)))


def sentence(waits: Sequence[float | None], replicas: int) -> str:
    """Failures, p50 and p95, with the machine and the date."""
    done = [wait for wait in waits if wait is not None]
    return (
        f"{len(waits)} pages opened within {SPREAD:g} s on {replicas} replica{'s' * (replicas != 1)}:"
        f" {len(waits) - len(done)} failed or took more than {PATIENCE:g} s; p50 {quantile(done, 0.5):.2f} s,"
        f" p95 {quantile(done, 0.95):.2f} s; {model_card.measured_here()}."
    )
