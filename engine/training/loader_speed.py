"""How many faces a second reach training, without a network: from tars and from memory.

`python -m engine benchmark training` prints it. A loader that is slower than the network learns starves a GPU.
"""

import io
import os
import tarfile
import tempfile
import time
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

import torch
from torch import Tensor

from engine import images
from engine.datasets.faces import FaceFiles, FaceTensor
from engine.datasets.shards import FaceShards
from engine.models import model_card
from engine.photos import gallery

SHARDS, EACH, QUALITY = 8, 512, 95  # tars, faces in each, of JPEG
BATCH, WARM, STEPS = 64, 8, 128


def pack(folder: Path) -> None:
    """Tars in the layout of webdataset, of the gallery's faces again and again."""
    faces = []
    for face in gallery.gallery().values():
        buffer = io.BytesIO()
        images.to_picture(face.image).save(buffer, "jpeg", quality=QUALITY)
        faces.append(buffer.getvalue())
    for shard in range(SHARDS):
        with tarfile.open(folder / f"faces-{shard:06}.tar", "w") as tar:
            for number in range(shard * EACH, (shard + 1) * EACH):
                content = faces[number % len(faces)]
                member = tarfile.TarInfo(f"{number:06}.jpg")
                member.size = len(content)
                tar.addfile(member, io.BytesIO(content))


def faces_a_second(batches: Iterator[Tensor], steps: int) -> float:
    """Of batches of `BATCH`, the first few of which are not counted."""
    for _ in islice(batches, WARM):
        pass
    began = time.perf_counter()
    count = sum(len(batch) for batch in islice(batches, steps))
    return count / (time.perf_counter() - began)


def from_memory(faces: FaceTensor) -> Iterator[Tensor]:
    """Batches drawn by chance, without end."""
    generator = torch.Generator().manual_seed(0)
    while True:
        yield faces.batch(torch.randint(len(faces), (BATCH,), generator=generator))


def table(sources: Sequence[Path] = (), steps: int = STEPS) -> str:
    """Two Markdown rows and the share; of the gallery's faces where no tars are given."""
    with tempfile.TemporaryDirectory() as folder:
        if not sources:
            pack(Path(folder))
        shards = FaceShards(FaceFiles(sources or [Path(folder)]))
        streamed = faces_a_second(shards.stream(seed=0, epoch=0, batch=BATCH), steps)
        count = min(len(shards), SHARDS * EACH)
        memory = FaceTensor(torch.cat([shards.decode(shards.entries[at : at + 64]) for at in range(0, count, 64)]))
        remembered = faces_a_second(from_memory(memory), steps)
    where = f"{model_card.hardware('cpu')}, {os.cpu_count()} cores"
    return (
        f"| faces a second, no network, {where} | batch | faces |\n|---|---|---|\n"
        f"| from {len(shards.shards)} tars | {BATCH} | {streamed:,.0f} |\n"
        f"| from memory | {BATCH} | {remembered:,.0f} |\n\n"
        f"From tars {streamed / remembered:.0%} of the same from memory."
    )
