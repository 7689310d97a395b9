"""The pictures of a folder, shared among actors of Ray Data: on the cores of one machine, or of a cluster whose
machines all see the folders under the same path or by the same address. Ray is no requirement: `pip install .[ray]`.

Each actor holds the detector and the networks and keeps a record of its own, so a picture whose actor died, or whose
whole run did, is made once more or found finished. Ray begins a dead actor anew as often as it takes.
"""

import importlib
import importlib.util
import json
import logging
import os
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import cv2
import torch

from engine.problem import Problem
from engine.restoration.address import Address, Place, place
from engine.restoration.file_restoration import Foreign, Job, Outcome, Settings, failed, restore_job
from engine.restoration.result_record import HEAD, NAME, ResultRecord, new_part

TASK = 16  # pictures that an actor takes at a time, at most


class Restorer:
    """An actor: row with a picture's paths -> row with what became of it."""

    def __init__(self, where: str, out: bytes, settings: Settings):
        """where: the folder that relative paths begin in; another machine may lack it where results have an address."""
        self.out, self.settings, self.part = place(os.fsdecode(out)), settings, new_part()
        if isinstance(self.out, Path):
            os.chdir(where)
        torch.set_num_threads(1)  # one core for each actor, as Ray counts them
        cv2.setNumThreads(1)
        self.record = ResultRecord(self.out, self.part)

    def __call__(self, row: dict[str, Any]) -> dict[str, str]:
        source, target = (place(os.fsdecode(row[name])) for name in ("source", "target"))
        outcome = self.restore(Job(row["name"], source, target, row["kind"]))
        return {"outcome": json.dumps(asdict(outcome))}

    def restore(self, job: Job) -> Outcome:
        try:
            try:
                return restore_job(job, self.settings, self.record)
            except Foreign:  # or of an actor that has died since this one read the records
                self.record = ResultRecord(self.out, self.part)
                return restore_job(job, self.settings, self.record)
        except Problem as problem:
            return failed(job.name, problem)


def outcomes(jobs: list[Job], out: Place, settings: Settings, actors: int) -> Iterator[Outcome]:
    """Restore one picture after the other, on the cluster that RAY_ADDRESS names or on one of this machine's; in the
    order of the jobs. Raises `Problem` where there is no Ray, where it gives up, or where
    nothing can be written to the address of the results."""
    if not importlib.util.find_spec("ray"):
        raise Problem("--ray needs Ray, which is not installed: `pip install .[ray]` in a clone.")
    if any(isinstance(one, Address) and one.scheme == "memory" for one in (out, *(job.source for job in jobs))):
        raise Problem("memory:// is of one process, and actors are others: give a folder that all of them see.")
    if isinstance(out, Address):
        (out / NAME.format(".ray")).save(HEAD)  # a part without a line, rather than the same sentence of each picture
    ray: Any = importlib.import_module("ray")
    importlib.import_module("ray.data")
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    os.environ.setdefault("RAY_BACKEND_LOG_LEVEL", "fatal")
    logging.getLogger("ray.data").setLevel(logging.ERROR)
    ours = not ray.is_initialized()
    if ours:
        ray.init(log_to_driver=False, logging_level="error")
    try:
        rows = [_row(job) for job in jobs]
        tasks = max(-(-len(rows) // TASK), min(len(rows), 4 * actors))
        pictures = ray.data.from_items(rows, override_num_blocks=tasks)
        pictures.context.enable_progress_bars = False
        pictures.context.execution_options.preserve_order = True
        restored = pictures.map(
            Restorer,
            fn_constructor_args=(os.getcwd(), os.fsencode(str(out)), settings),
            compute=ray.data.ActorPoolStrategy(min_size=1, max_size=actors, initial_size=actors),
            num_cpus=1,
        )
        for row in restored.iter_rows():
            told = json.loads(row["outcome"])
            yield Outcome(**{**told, "altered": tuple(told["altered"])})
    except ray.exceptions.RayError as error:
        raise Problem(
            "Ray gave this run up, perhaps for want of memory: begin it again with fewer --workers; what is finished"
            " stays."
        ) from error
    finally:
        if ours:
            ray.shutdown()


def _row(job: Job) -> dict[str, Any]:
    """What an actor is told: places as bytes, for a name on a disk need not be text."""
    source = job.source.absolute() if isinstance(job.source, Path) else job.source
    return {
        "name": job.name,
        "source": os.fsencode(str(source)),
        "target": os.fsencode(str(job.target)),
        "kind": job.kind,
    }
