"""Faces in tars, the layout of webdataset: a folder of shards, read in order, shuffled by shard and by buffer.

A data set that fits no memory is read from its disk as fast as a disk reads, from the start of a shard to its end, and
not face by face at places drawn by chance. Each process has shards of its own. Threads decode the next batches while
the network learns from this one.
"""

import hashlib
import logging
import os
from collections import deque
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import chain, cycle, islice
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from engine import images
from engine.datasets.faces import SIZE, FaceFiles, crop_middle
from engine.datasets.picture_files import Entry
from engine.problem import Problem

BUFFER = 4096  # faces among which the next one is drawn; names, not pictures
AHEAD = 2  # batches a thread that are read before they are asked for
log = logging.getLogger(__name__)


def streamed(files: FaceFiles) -> FaceFiles:
    """The faces as shards where they lie in several tars and nowhere else, otherwise as they are."""
    paths = {entry.path for entry in files.entries}
    return FaceShards(files) if len(paths) > 1 and {path.suffix.lower() for path in paths} == {".tar"} else files


class FaceShards(FaceFiles):
    """Faces of several tars that are streamed: an epoch in the order of `stream`, never one by one."""

    def __init__(self, files: FaceFiles):
        """Raises `Problem` where a face lies outside a tar."""
        self.entries, self.unreadable = files.entries, files.unreadable
        shards: dict[Path, list[int]] = {}
        for number, entry in enumerate(self.entries):
            shards.setdefault(entry.path, []).append(number)
        loose = [path for path in shards if path.suffix.lower() != ".tar"]
        if loose:
            raise Problem(f"'{loose[0].name}' lies in no tar: give a folder that holds tars alone.")
        self.shards = list(shards.values())  # numbers of faces

    @property
    def fingerprint(self) -> str:
        """A digest of names and sizes, wherever the tars lie: to read everything would take as long as an epoch."""
        listed = (f"{entry.path.name}/{entry.name}:{entry.size}\n" for entry in self.entries)
        return hashlib.sha256("".join(listed).encode()).hexdigest()

    def order(
        self, seed: int, epoch: int, rank: int = 0, world: int = 1, shares: Tensor | None = None
    ) -> Iterator[Entry]:
        """The faces of one process in one epoch, without end: every one of its shards once, then again.

        The shards are dealt anew at every epoch, so that each process meets all faces in time. shares: how often each
        face is shown relative to the others (N,); those with less than the largest are passed over now and then.
        Raises `Problem` where there are fewer shards than processes.
        """
        if len(self.shards) < world:
            raise Problem(f"{len(self.shards)} tars cannot be dealt to {world} processes: pack the faces into more.")
        dealt = torch.randperm(len(self.shards), generator=torch.Generator().manual_seed(seed * 1_000_003 + epoch))
        mine = [self.shards[number] for number in dealt[rank::world].tolist()]
        draw = torch.Generator().manual_seed((seed * 1_000_003 + epoch) * world + rank)
        shown = None if shares is None else shares / shares[torch.tensor([*chain.from_iterable(mine)])].max()
        while True:
            faces = chain.from_iterable(mine)
            if shown is not None:
                faces = (face for face in faces if torch.rand((), generator=draw) < shown[face])
            buffer = list(islice(faces, BUFFER))
            for face in faces:
                place = int(torch.randint(len(buffer), (), generator=draw))
                yield self.entries[buffer[place]]
                buffer[place] = face
            yield from (self.entries[buffer[place]] for place in torch.randperm(len(buffer), generator=draw).tolist())

    def stream(
        self,
        seed: int,
        epoch: int,
        batch: int,
        rank: int = 0,
        world: int = 1,
        shares: Tensor | None = None,
        threads: int | None = None,
    ) -> Generator[Tensor, None, None]:
        """The batches of `order` without end: uint8 (batch, 3, 128, 128), read ahead on so many threads (cores)."""
        threads = threads or os.cpu_count() or 1
        order = self.order(seed, epoch, rank, world, shares)
        coming: deque[Future[Tensor]] = deque()
        pool = ThreadPoolExecutor(threads)
        try:
            while True:
                while len(coming) < AHEAD * threads:
                    coming.append(pool.submit(self.decode, list(islice(order, batch))))
                yield coming.popleft().result()
        finally:
            pool.shutdown(cancel_futures=True)

    def decode(self, entries: Sequence[Entry]) -> Tensor:
        """uint8 (len(entries), 3, 128, 128); the next readable one stands in for one that cannot be read."""
        faces = [self._face(entry) for entry in entries]
        readable = [face for face in faces if face is not None]
        if not readable:
            raise Problem("A whole batch of pictures could not be read: give tars of JPEG, PNG or WebP images.")
        spare = cycle(readable)
        rows = np.stack([next(spare) if face is None else face for face in faces])
        return torch.from_numpy(rows).permute(0, 3, 1, 2)

    def _face(self, entry: Entry) -> np.ndarray | None:
        """One face, uint8 (128, 128, 3); None, said in the log once, where it cannot be read."""
        try:
            picture = images.open_image(entry.read())
        except (Problem, OSError):
            if entry not in self.unreadable:
                self.unreadable.add(entry)
                log.warning("skipped an unreadable picture: %s", entry.name)
            return None
        if picture.size != (SIZE, SIZE):
            return (crop_middle(picture)[0] * 255).round().to(torch.uint8).permute(1, 2, 0).numpy()
        return np.asarray(picture.convert("RGB"))
