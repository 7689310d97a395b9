"""The process that is forked from the server and forks the trainings: what they do, and that none outlives the other.

The server is a Python of the test's own: the tests' one has threads, and so must not be forked.
"""

import json
import os
import signal
import subprocess
import sys
import time

import pytest

from engine.training import live_nest
from tests.conftest import ROOT

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="forked on Linux alone")

SERVER = """
import json, os, signal, sys, time
from engine.training import live, live_nest, live_worker

def gone(process):  # a child's child that has ended: its parent lets it go when it is next asked
    with open(f"/proc/{process}/stat") as stat:
        return stat.read().rpartition(")")[2].split()[0] in "ZX"

def say(**found):
    print(json.dumps(found), flush=True)

"""


def server(source: str) -> subprocess.Popen[str]:
    return subprocess.Popen([sys.executable, "-c", SERVER + source], cwd=ROOT, stdout=subprocess.PIPE, text=True)


def said(process: subprocess.Popen[str]) -> dict[str, object]:
    assert process.stdout
    return json.loads(process.stdout.readline())


def wait_until_gone(process: int) -> None:
    """Within the test's own time."""
    while True:
        try:
            with open(f"/proc/{process}/stat") as stat:
                if stat.read().rpartition(")")[2].split()[0] in "ZX":
                    return
        except (FileNotFoundError, ProcessLookupError):
            return
        time.sleep(0.05)


def test_a_forked_training_is_the_same_run_and_one_may_be_killed() -> None:
    with server(
        "live.Line.nest = live_nest.Nest(live_worker.prepare, live_worker.serve)\n"
        "run = live.start(live.Settings(epochs=1))\n"
        "while not run.ended: time.sleep(0.05); run.look()\n"
        "say(why=str(run.why), points=run.points, weights=len(run.weights))\n"
        "stopped = live.start(live.Settings(epochs=30, batch=8))\n"
        "while not stopped.points: time.sleep(0.05)\n"
        "stopped.pause(); stopped.stop(None); stopped.process.wait()\n"
        "while not gone(stopped.process.pid): time.sleep(0.05)\n"
        "say(nest=live.Line.nest is not None, spare=live.Line.spare is not None, nice=os.nice(0))\n"
        "say(lower=os.getpriority(os.PRIO_PROCESS, live.Line.nest.pid) - os.nice(0))\n"
    ) as process:
        found = said(process)
        assert found["why"] == "None" and found["weights"]
        points: list[tuple[float, float]] = []

        def tell(line: dict[str, object]) -> None:
            if line["kind"] == "point":
                points.append((line["epoch"], line["error"]))  # pyright: ignore[reportArgumentType]

        from engine.training import live, live_worker

        live_worker.train(live.Settings(epochs=1), tell)
        assert [tuple(point) for point in found["points"]] == points  # pyright: ignore[reportGeneralTypeIssues]
        assert said(process) == {"nest": True, "spare": False, "nice": os.nice(0)}
        assert said(process) == {"lower": min(live_nest.NICE, 19 - os.nice(0))}
    assert process.returncode == 0


def test_none_outlives_its_server() -> None:
    with server(
        "nest = live_nest.Nest(lambda: None, lambda asked, answer: time.sleep(3600))\n"
        "say(nest=nest.pid, run=nest.fork().pid)\n"
        "time.sleep(3600)\n"
    ) as process:
        found = said(process)
        process.send_signal(signal.SIGKILL)
    for one in found.values():
        assert isinstance(one, int)
        wait_until_gone(one)


def test_a_nest_that_was_ended_from_without_costs_no_run() -> None:
    with server(
        "live.Line.nest = live_nest.Nest(live_worker.prepare, live_worker.serve)\n"
        "os.kill(live.Line.nest.pid, signal.SIGKILL); os.waitpid(live.Line.nest.pid, 0)\n"
        "run = live.start(live.Settings(epochs=1))\n"
        "while not run.ended: time.sleep(0.05); run.look()\n"
        "say(weights=len(run.weights), nest=live.Line.nest is not None)\n"
    ) as process:
        found = said(process)
        assert found["weights"] and not found["nest"]


def test_a_run_that_fails_ends_in_a_sentence_and_the_nest_goes_on() -> None:
    with server(
        "def fail(asked, answer): raise ValueError('as it may')\n"
        "live.Line.nest = live_nest.Nest(lambda: None, fail)\n"
        "for _ in range(2):\n"
        "    run = live.start(live.Settings())\n"
        "    while not run.ended: time.sleep(0.05); run.look()\n"
        "    say(why=str(run.why), nest=live.Line.nest is not None)\n"
    ) as process:
        for _ in range(2):
            found = said(process)
            assert "ended before its time" in str(found["why"]) and found["nest"]
