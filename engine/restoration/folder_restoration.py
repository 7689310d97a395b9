"""Every picture of a folder, restored into another of the same structure, in a stable order.

Whatever was finished before is left, so a run that was stopped, at any moment, goes on when it is begun again. Several
processes of one run share the work; several runs, each with a share of the pictures, may write into one folder.
"""

import itertools
import unicodedata
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import cv2
import torch

from engine.datasets.picture_files import list_names, list_pictures, readable, start_of
from engine.picture_formats import Kind, kind_of
from engine.problem import Problem
from engine.restoration import ray_restoration
from engine.restoration.address import Address, Place
from engine.restoration.file_restoration import (
    SUFFIX_OF,
    Job,
    Made,
    Outcome,
    Settings,
    are_one_file,
    earlier_result,
    failed,
    make,
    numbered,
    write,
)
from engine.restoration.result_record import NAME, ResultRecord, records_in

MAX_WORKERS, AHEAD = 64, 2  # processes; pictures that are read ahead for each of them
MAX_ACTORS = 10_000


class FolderRun:
    """The pictures of a folder, and their restorations one by one."""

    def __init__(
        self,
        source: Place,
        out: Place,
        settings: Settings,
        kind: Kind | None = "png",
        *,
        workers: int = 1,
        shard: tuple[int, int] = (1, 1),
        on_ray: bool = False,
    ):
        """kind: of the files; None: as each is, whatever it is called, HEIC as PNG. workers: processes; a script that
        asks for more than one begins with `if __name__ == "__main__"`, for each of them imports it. shard: (3, 100) is
        the third of a hundred shares. on_ray: the workers are actors of Ray. Raises `Problem` where nothing can be
        begun."""
        share, shares = shard
        most = MAX_ACTORS if on_ray else MAX_WORKERS
        if not 1 <= workers <= most:
            raise Problem(f"--workers {workers}: give a number from 1 to {most}.")
        if not 1 <= share <= shares:
            raise Problem(f"--shard {share}/{shares}: give the number of a share and how many there are, as 3/100.")
        if are_one_file(source, out):
            raise Problem(f"'{readable(str(out))}' would be overwritten by its own restoration: choose another -o.")
        if out.exists() and not out.is_dir():
            raise Problem(
                f"The results could not be written to '{readable(str(out))}', which is a file: name a folder."
            )
        self.out, self.settings, self.workers, self.on_ray = out, settings, workers, on_ray
        self.record = ResultRecord(out, f"{share}-of-{shares}" if shares > 1 else "")
        listing = list_names(source.names()) if isinstance(source, Address) else list_pictures(source, tars=False)
        listing.passed_over.pop(f"{Path(NAME).suffix} files", None)
        below = {path.parent for path in records_in(source, deep=True)} - {source, out}
        earlier = [self.record, *map(ResultRecord, below)]
        found = [entry.path for entry in listing.entries]
        if isinstance(source, Path):
            found = [path.relative_to(source) for path in found]
        names = [name for name in found if not any(record.holds(source / name) for record in earlier)]
        if passed := len(found) - len(names):
            listing.passed_over["results of earlier runs"] += passed
        self.passed_over = listing.sentence
        if not names:
            said = f" {self.passed_over}" if self.passed_over else ""
            where = f"There are no pictures in '{readable(source.name)}'"
            raise Problem(f"{where}: give a folder of JPEG, PNG, WebP or HEIC files.{said}")
        self.jobs = list(_jobs(names, source, out, settings, kind))[share - 1 :: shares]

    def __len__(self) -> int:
        return len(self.jobs)

    def outcomes(self) -> Iterator[Outcome]:
        """Restore one picture after the other; a problem with one of them is its outcome and stops no other."""
        if self.on_ray:
            yield from ray_restoration.outcomes(self.jobs, self.out, self.settings, self.workers)
            return
        with ExitStack() as stack:
            pool = None
            if self.workers > 1:
                context = get_context("spawn")  # a fork would take torch's threads along, locked as they are
                pool = stack.enter_context(ProcessPoolExecutor(self.workers, context, initializer=_one_thread))
            ahead: deque[Callable[[], Outcome]] = deque()
            for job in self.jobs:
                ahead.append(self._begin(job, pool))
                if pool is None or len(ahead) > AHEAD * self.workers:
                    yield ahead.popleft()()
            while ahead:
                yield ahead.popleft()()

    def _begin(self, job: Job, pool: ProcessPoolExecutor | None) -> Callable[[], Outcome]:
        """Hand a picture to a process, where there are some; what is returned waits for it and writes the result."""
        try:
            content = job.read()
            if before := earlier_result(job, content, self.settings, self.record):
                return lambda: before
        except Problem as problem:
            outcome = failed(job.name, problem)
            return lambda: outcome
        if pool is None:
            return partial(self._finish, job, content, partial(make, content, job.kind, self.settings))
        return partial(self._finish, job, content, pool.submit(make, content, job.kind, self.settings).result)

    def _finish(self, job: Job, content: bytes, making: Callable[[], Made]) -> Outcome:
        try:
            return write(job, content, making(), self.settings, self.record)
        except Problem as problem:
            return failed(job.name, problem)
        except BrokenProcessPool as error:
            raise Problem(
                "A process of this run was stopped from outside, perhaps for want of memory: begin it again with fewer"
                " --workers; what is finished stays."
            ) from error


def _jobs(names: list[Path], source: Place, out: Place, settings: Settings, kind: Kind | None) -> Iterator[Job]:
    """Every picture with the file and the format of its result: face.jpg and face.png do not share one, nor do Face.jpg
    and face.jpg, which are two names on one disk and one name on another."""
    taken: set[str] = set()
    for name, written in zip(names, _kinds(names, source, kind), strict=True):
        ending = SUFFIX_OF[written]
        targets = itertools.chain(
            (name.with_suffix(ending), Path(f"{name}{ending}")),
            (name.with_name(f"{name.name}-{number}{ending}") for number in itertools.count(2)),
        )
        target = next(target for target in targets if _on_any_disk(target) not in taken)
        taken.add(_on_any_disk(target))
        yield Job(readable(name.as_posix()), source / name, out / numbered(target, settings), written)


def _kinds(names: list[Path], source: Place, kind: Kind | None) -> Iterator[Kind]:
    """The format of every result; see `FolderRun`."""
    if kind:
        return itertools.repeat(kind, len(names))
    starts = source.starts(names) if isinstance(source, Address) else (start_of(source / name) for name in names)
    return (kind_of(start) or "png" for start in starts)


def _on_any_disk(path: Path) -> str:
    """The same for names that a disk may take for one: in capitals or not, letters composed or with their marks."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", path.as_posix()).casefold())


def _one_thread() -> None:
    """One core for each process of a run: together they have them all."""
    torch.set_num_threads(1)
    cv2.setNumThreads(1)
