"""Faces in FFHQ framing (128x128 RGB): folders and tars of pictures for training.

Two ways to the same batches: `FaceFiles` reads each batch from disk and never holds the data set in memory (the
article's batch generator); `FaceTensor` keeps all of it as uint8 in memory, on the GPU where it fits.
"""

import hashlib
import logging
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from copy import copy
from dataclasses import dataclass
from pathlib import Path, PurePath

import torch
from PIL import Image
from torch import Tensor
from tqdm import tqdm

from engine import images
from engine.datasets.picture_files import Entry, list_pictures, readable
from engine.problem import Problem

SIZE = 128
log = logging.getLogger(__name__)


class FaceFiles:
    """Faces on disk, read when a batch asks for them.

    A picture that cannot be read is named in the log once, counted in `unreadable`, and the next readable one takes
    its place, so that an epoch keeps its length.
    """

    def __init__(self, sources: Sequence[Path], match: str = ""):
        """`sources`: folders (searched through) and tars; `match`: keep names that contain it.

        Raises `Problem` where nothing is found.
        """
        listings = [list_pictures(source) for source in sources]
        self.entries = [entry for listing in listings for entry in listing.entries if match in entry.name]
        self.unreadable: set[Entry] = set()
        if not self.entries:
            where = ", ".join(source.name for source in sources)
            wanted = f" with '{match}' in their names" if match else ""
            said = "".join(f" {listing.sentence}" for listing in listings if listing.sentence)
            raise Problem(
                f"There are no face pictures{wanted} in {where or 'no folder'}: give a folder or tar of images.{said}"
            )
        for source, listing in zip(sources, listings, strict=True):
            if listing.sentence:
                log.warning("%s: %s", readable(source.name), listing.sentence)

    def __len__(self) -> int:
        return len(self.entries)

    def only_readable(self) -> "FaceFiles":
        """The faces that can be read, all tried now: what figures are taken on, for no face may count twice."""
        for indices in torch.arange(len(self)).split(256):
            self.batch(indices)
        readable = copy(self)
        readable.entries = [entry for entry in self.entries if entry not in self.unreadable]
        return readable

    @property
    def names(self) -> tuple[str, ...]:
        """Path of each face inside its folder or tar (N,)."""
        return tuple(entry.name for entry in self.entries)

    @property
    def fingerprint(self) -> str:
        """A digest of all files in their order: the same for the same pictures, wherever they lie."""
        digest = hashlib.sha256()
        for entry in self.entries:
            content = b""
            with suppress(OSError):  # such a one is skipped, see `read`
                content = entry.read()
            digest.update(len(content).to_bytes(8) + content)
        return digest.hexdigest()

    @property
    def sources(self) -> str:
        """How many faces from where, by the folder they lie in (the part of its name before "_")."""
        entries = [entry for entry in self.entries if entry not in self.unreadable]
        kinds = Counter(PurePath(entry.name).parent.name.split("_")[0] or "pictures" for entry in entries)
        return ", ".join(f"{count:,} {kind}" for kind, count in kinds.most_common())

    def read(self, index: int) -> Tensor:
        """One face, uint8 (3, 128, 128); the next readable one if this one is not."""
        for step in range(len(self.entries)):
            entry = self.entries[(index + step) % len(self.entries)]
            if entry in self.unreadable:
                continue
            try:
                picture = images.open_image(entry.read())
            except (Problem, OSError):
                self.unreadable.add(entry)
                log.warning("skipped an unreadable picture: %s", entry.name)
                continue
            return (crop_middle(picture)[0] * 255).round().to(torch.uint8)
        raise Problem("None of the pictures could be read: give a folder of JPEG, PNG or WebP images.")

    def batch(self, indices: Tensor) -> Tensor:
        """uint8 (len(indices), 3, 128, 128); pictures are decoded on several threads."""
        with ThreadPoolExecutor(max_workers=4) as pool:
            return torch.stack(list(pool.map(self.read, indices.tolist())))

    def in_memory(self, device: torch.device | str = "cpu") -> "FaceTensor":
        """All faces as one uint8 tensor (48 kB a face) on that device."""
        faces = torch.empty(len(self), 3, SIZE, SIZE, dtype=torch.uint8)
        steps = range(0, len(self), 256)
        for start in tqdm(steps, desc="reading faces", unit="batch", leave=False):
            stop = min(start + 256, len(self))
            faces[start:stop] = self.batch(torch.arange(start, stop))
        if self.unreadable:
            log.warning("skipped %d unreadable of %d pictures", len(self.unreadable), len(self))
        return FaceTensor(faces.to(device), self.names, frozenset(self.unreadable), self.sources, self.fingerprint)


@dataclass(frozen=True)
class FaceTensor:
    """Faces in memory: uint8 (N, 3, 128, 128), the name of each, and what was skipped."""

    images: Tensor
    names: tuple[str, ...] = ()
    unreadable: frozenset[Entry] = frozenset()
    sources: str = ""  # see FaceFiles.sources
    fingerprint: str = ""  # see FaceFiles.fingerprint

    def __len__(self) -> int:
        return len(self.images)

    def batch(self, indices: Tensor) -> Tensor:
        """uint8 (len(indices), 3, 128, 128), on the device where the faces lie."""
        if self.images.is_cuda:  # from memory that the GPU reads by itself: nobody waits
            indices = indices.pin_memory()
        return self.images[indices.to(self.images.device, non_blocking=True)]


def crop_middle(picture: Image.Image) -> Tensor:
    """The middle square of a picture, shrunk or enlarged to an image (1, 3, 128, 128); 128x128 stays as it is."""
    if picture.size != (SIZE, SIZE):
        side = min(picture.size)
        left, top = (picture.width - side) // 2, (picture.height - side) // 2
        box = (left, top, left + side, top + side)
        picture = picture.resize((SIZE, SIZE), Image.Resampling.LANCZOS, box=box)
    return images.to_tensor(picture)
