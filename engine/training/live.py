"""Train a small network while somebody watches: what may be chosen, and the process beside the server that does it.

One run at a time on the machine, the others wait in line; whoever no longer looks at a run ends it. The process has a
lower priority than the server, comes from `live_nest` where there is one, runs `live_worker`, and says what it finds a
line at a time, as JSON. A paused run keeps its process and its place, so that there is never more than one on the
machine; but it does not keep others waiting.
"""

import base64
import json
import math
import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, ClassVar

from engine.models.recipes import RECIPES, Recipe
from engine.problem import Problem
from engine.training.live_nest import Forked, Nest

Process = subprocess.Popen[str] | Forked

TRAINED_ON, JUDGED_ON = 8000, 2000  # of the shipped test digits: not what the shipped weights learnt from
SPLIT_SEED = 9
OPTIMISERS = {"Adam": "adam", "SGD": "sgd", "RMSprop": "rmsprop"}
LOSSES = {"squared": "mse", "cross-entropy": "bce"}
NOISES = {"none": "none", "0.2": "gaussian 0.2", "0.6": "gaussian 0.6", "0-0.8": "gaussian 0-0.8"}
MOST_EPOCHS, MOST_NUMBERS = 30, 300
GONE_AFTER = 10.0  # seconds without a look at a run
LONGEST_PAUSE = 20.0  # seconds that a paused run keeps others waiting


@dataclass(frozen=True)
class Settings:
    """What a visitor chooses; raises `Problem` with a sentence for each value that cannot be."""

    learning_rate: float = 0.01
    optimiser: str = "Adam"
    loss: str = "squared"
    batch: int = 256
    epochs: int = 8
    code_size: int = 50
    noise: str = "none"

    def __post_init__(self) -> None:
        if not 0 < self.learning_rate < math.inf:  # NaN is neither
            raise Problem("The learning rate has to be a number above zero: 0.01 is a good one to begin with.")
        if not 1 <= self.batch <= TRAINED_ON:
            raise Problem(
                "A batch of {batch} cannot be filled from {digits:,} digits: choose a smaller one.",
                batch=self.batch,
                digits=TRAINED_ON,
            )
        if not 1 <= self.epochs <= MOST_EPOCHS:
            raise Problem(
                "From 1 to {most} epochs can be watched, not {epochs}: choose another number.",
                most=MOST_EPOCHS,
                epochs=self.epochs,
            )
        if not 1 <= self.code_size <= MOST_NUMBERS:
            raise Problem(
                "A code has from 1 to {most} numbers, not {size}: choose another size.",
                most=MOST_NUMBERS,
                size=self.code_size,
            )
        for name, known in (("optimiser", OPTIMISERS), ("loss", LOSSES), ("noise", NOISES)):
            if getattr(self, name) not in known:
                raise Problem(
                    "There is no {name} '{asked}': choose one of {known}.",
                    name=name,
                    asked=getattr(self, name),
                    known=", ".join(known),
                )

    @property
    def sizes(self) -> list[int]:
        """Of the encoder's layers: two numbers need some between, or no map unfolds."""
        return [256, 64, self.code_size] if self.code_size == 2 else [self.code_size]

    def recipe(self) -> Recipe:
        """As the loop of the shipped weights takes it: the rate stands still, the last weights count."""
        return replace(
            RECIPES["digit-autoencoder"],
            name="yours",
            options={"sizes": self.sizes},
            corruption=NOISES[self.noise],
            loss=LOSSES[self.loss],
            optimiser=OPTIMISERS[self.optimiser],
            learning_rate=self.learning_rate,
            schedule="constant",
            weight_decay=0.0,
            batch=self.batch,
            epochs=self.epochs,
            ema=0.0,
        )


@dataclass
class Run:
    """One training and what is known of it so far."""

    settings: Settings
    points: list[tuple[float, float]] = field(default_factory=list)  # epochs gone by, mean squared error
    epochs: list[dict[str, Any]] = field(default_factory=list)  # from 0, the random start; "ten" and "map"
    seconds: float = 0.0
    ended: bool = False
    why: Problem | None = None  # it ended early; None: it ran to the end
    weights: bytes = b""  # safetensors, once it has run to the end
    seen: float = field(default_factory=time.monotonic)
    begun: bool = False  # no longer waits in line
    process: Process | None = None  # once it is there
    paused: float | None = None  # when it was paused

    def look(self) -> None:
        """Somebody looks at it: without that it ends after `GONE_AFTER` seconds."""
        self.seen = time.monotonic()

    def pause(self) -> None:
        """Its process stands still until it is told to go on; a run that waits in line, or has ended, is left alone."""
        if self.begun and not self.ended and self.paused is None:
            self.paused = time.monotonic()
            self._tell("SIGSTOP")

    def go_on(self) -> None:
        """From where it was paused."""
        if self.paused is not None:
            self.paused = None
            self._tell("SIGCONT")

    def take(self, process: Process) -> None:
        """Its process is there; whatever was asked for meanwhile is done now."""
        self.process = process
        if self.paused is not None:
            self._tell("SIGSTOP")
        if self.ended:
            process.kill()

    def _tell(self, name: str) -> None:
        # Windows has none: there it trains on, and only what is shown stands still.
        if self.process is not None and hasattr(signal, name):
            self.process.send_signal(getattr(signal, name))

    def stop(self, why: Problem | None) -> None:
        """End it, in whatever state and only once; the curve stays."""
        LINE.leave(self)
        if not self.ended:
            self.ended, self.why = True, why
        if self.process is not None:
            self.process.kill()

    def hear(self, said: dict[str, Any]) -> None:
        """What the process has said."""
        self.seconds = said.get("seconds", self.seconds)
        if said["kind"] == "point":
            self.points.append((said["epoch"], said["error"]))
        elif said["kind"] == "epoch":
            self.epochs.append(said)
        elif said["kind"] == "stopped":
            self.stop(Problem(said["why"], **said["values"]))
        elif said["kind"] == "done":
            self.weights = base64.b64decode(said["weights"])
            self.stop(None)


class Line:
    """Runs in the order in which they were asked for: the first one trains."""

    nest: ClassVar[Nest | None] = None  # the server's, which forks a process for each run
    spare: ClassVar[subprocess.Popen[str] | None] = None  # without: one that has loaded all and waits for settings

    def __init__(self) -> None:
        self.runs: list[Run] = []
        self.lock = threading.RLock()

    def join(self, run: Run) -> None:
        """Train it as soon as those before it have ended."""
        with self.lock:
            self.runs.append(run)
        threading.Thread(target=self._watch, args=[run], daemon=True).start()
        self._advance()

    def leave(self, run: Run) -> None:
        """It has ended, or was never to begin."""
        with self.lock, suppress(ValueError):
            self.runs.remove(run)
        self._advance()

    def ahead_of(self, run: Run) -> int:
        """How many train or wait before it."""
        with self.lock:
            return self.runs.index(run) if run in self.runs else 0

    def warm(self) -> None:
        """Have a process ready where none can be forked: loading torch takes longer than the first epochs."""
        with self.lock:
            if Line.nest is None and (Line.spare is None or Line.spare.poll() is not None):
                Line.spare = start_process()

    @classmethod
    def close(cls) -> None:
        """The server ends: so does what was ready for its visitors."""
        if cls.nest is not None:
            cls.nest.close()
            cls.nest = None

    def _process(self) -> Process:
        """One that waits for settings."""
        if Line.nest is not None:
            try:
                return Line.nest.fork()
            except OSError:  # it was ended from without
                Line.nest = None
        with self.lock:
            self.warm()
            process, Line.spare = Line.spare, None
        assert process is not None
        return process

    def _advance(self) -> None:
        with self.lock:
            if not self.runs:
                return
            run, begins = self.runs[0], not self.runs[0].begun
            run.begun = True
            if len(self.runs) > 1:
                self.warm()  # for the next one
        if begins:
            threading.Thread(target=self._listen, args=[run], daemon=True).start()

    def _listen(self, run: Run) -> None:
        process = self._process()
        run.take(process)
        assert process.stdin is not None and process.stdout is not None
        with suppress(OSError, ValueError):  # it was killed
            process.stdin.write(json.dumps(asdict(run.settings)) + "\n")
            process.stdin.close()
            for line in process.stdout:
                run.hear(json.loads(line))
        process.wait()
        run.stop(Problem("The training process ended before its time: start it again."))

    def _watch(self, run: Run) -> None:
        while not run.ended:
            time.sleep(min(1.0, GONE_AFTER / 4))
            now = time.monotonic()
            if run.paused is not None and now - run.paused > LONGEST_PAUSE and len(self.runs) > 1:
                run.go_on()
            if now - run.seen > GONE_AFTER:
                run.stop(Problem("Nobody was looking, so the training ended."))


LINE = Line()


def start(settings: Settings) -> Run:
    """A run that trains, or waits in the line."""
    run = Run(settings)
    LINE.join(run)
    return run


def start_process() -> subprocess.Popen[str]:
    """One that reads settings from its input; it ends by itself when nobody sends any, and with the server."""
    return subprocess.Popen(
        [sys.executable, "-m", "engine.training.live_worker"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        cwd=Path(__file__).parents[2],
        env={**os.environ, "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"},
    )
