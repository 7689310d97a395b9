"""A photo on the disk, restored into a file, and what became of it. Every picture of a folder: `folder_restoration`.

No file is replaced that was there before, except an earlier result of this very program (`result_record`), and only
when that is asked for.
"""

import hashlib
import os
from dataclasses import dataclass, replace
from pathlib import Path

from PIL import Image
from torch import Tensor

from engine import images
from engine.datasets.faces import SIZE
from engine.datasets.picture_files import readable
from engine.photos import alignment, compositing
from engine.picture_formats import Kind
from engine.problem import Problem
from engine.restoration import drafts, methods, photo_restoration
from engine.restoration.address import Address, Place
from engine.restoration.masked_images import masked
from engine.restoration.result_file import kind_written
from engine.restoration.result_record import Found, ResultRecord

SEEDS = 2**63  # what a generator of torch takes
SUFFIX_OF: dict[Kind, str] = {"png": ".png", "jpeg": ".jpg", "webp": ".webp"}


@dataclass(frozen=True)
class Settings:
    """How every picture is restored."""

    hidden: Tensor  # bool (1, 1, 128, 128): True = hidden from the network, in every face
    method: str = methods.DEFAULT
    seamless: bool | None = None  # None: in photos only; a framed face keeps the hard seam that figures are taken on
    overwrite: bool = False  # earlier results
    note: bool = True  # say in the file's metadata what was painted
    answer: int = 0  # which drawn answer of the painter, from 1 on; 0: the one over the mean draft
    seed: int = 0  # of the drawn answers
    boldness: float = drafts.BOLDNESS  # of the drawn answers

    def __post_init__(self) -> None:
        if not -SEEDS <= self.seed < SEEDS:
            raise Problem(f"The seed {str(self.seed)[:20]}… is beyond 64 bits: give a smaller number.")

    @property
    def noted(self) -> dict[str, str | bool | float | None]:
        """What a result depends on, for the record."""
        mask = hashlib.sha256(self.hidden.cpu().numpy().tobytes()).hexdigest()
        return {"mask": mask, "method": self.method, "seamless": self.seamless, "note": self.note} | (
            {"answer": self.answer, "seed": self.seed, "boldness": self.boldness} if self.answer else {}
        )


@dataclass(frozen=True)
class Outcome:
    """What became of one picture; as a dictionary, a line of `restore --json`."""

    file: str
    status: str  # "restored", "finished before" or "failed"
    out: str = ""
    faces: int = 0  # that were restored
    left_out: int = 0  # faces that were found and left as they were
    altered: tuple[str, ...] = ()  # how the written file differs outside the holes, in words
    problem: str = ""  # why it failed


def failed(name: str, problem: Problem) -> Outcome:
    """The outcome for a picture that could not be restored."""
    return Outcome(readable(name), "failed", problem=str(problem))


def restore_file(source: Path, out: Path, settings: Settings) -> Outcome:
    """Restore one picture into one file; raises `Problem` where that cannot be or must not be."""
    kind = kind_written(out)
    target = numbered(out, settings)
    if are_one_file(source, target):
        raise Problem(f"'{readable(str(target))}' would be overwritten by its own restoration: choose another -o.")
    return restore_job(Job(readable(source.name), source, target, kind), settings, ResultRecord(out.parent))


def answers_of(settings: Settings, count: int) -> list[Settings]:
    """The settings of each of `count` drawn answers; raises `Problem` for a number, a boldness or a method that has
    none."""
    drafts.check_answers(count, settings.boldness)
    if settings.method != drafts.MODEL:
        raise Problem(f"Only {drafts.MODEL} gives several answers, not {settings.method}: leave --model out.")
    return [replace(settings, answer=number) for number in range(1, count + 1)]


def numbered(path: Path, settings: Settings) -> Path:
    """Where an answer is written: name-1, name-2, ... for those that are drawn."""
    return path.with_stem(f"{path.stem}-{settings.answer}") if settings.answer else path


@dataclass(frozen=True)
class Job:
    """A picture that is to become a file."""

    name: str  # of the picture, as it is told
    source: Place
    target: Place
    kind: Kind  # of the file

    def read(self) -> bytes:
        """The picture's bytes, at most one more than is allowed; raises `Problem`."""
        if isinstance(self.source, Address):
            return self.source.read_bytes(images.MAX_BYTES + 1)
        return images.read_file(self.source)


class Foreign(Problem):
    """A file that this program did not write lies where a result is to be."""


@dataclass(frozen=True)
class Made:
    """A result before it is written."""

    content: bytes  # of the file
    faces: int  # this and what follows as in `Outcome`
    left_out: int
    altered: tuple[str, ...]


def restore_job(job: Job, settings: Settings, record: ResultRecord) -> Outcome:
    """A picture from its file to its result's; raises `Problem` where that cannot be or must not be."""
    content = job.read()
    if before := earlier_result(job, content, settings, record):
        return before
    return write(job, content, make(content, job.kind, settings), settings, record)


def earlier_result(job: Job, content: bytes, settings: Settings, record: ResultRecord) -> Outcome | None:
    """The outcome of a picture that was finished before; None where there is something to do. Raises `Problem` where
    another file would be replaced."""
    shown = readable(str(job.target))
    found = record.look(job.target, hashlib.sha256(content).hexdigest(), _noted(job, settings))
    if found is Found.SAME and not settings.overwrite:
        return Outcome(job.name, "finished before", shown)
    if found is Found.OTHER and not settings.overwrite:
        raise Problem(f"'{shown}' is {found.value}: choose another -o, or give --overwrite to replace it.")
    if found is Found.FOREIGN:
        raise Foreign(f"'{shown}' was there before and was not written by this program: choose another -o.")
    return None


def make(content: bytes, kind: Kind, settings: Settings) -> Made:
    """A picture's file -> its result's."""
    picture = images.open_image(content)
    result, faces, left_out = restore_faces(picture, settings)
    painted = photo_restoration.describe_painted(settings.hidden, settings.method) if settings.note else ""
    altered = list(picture.info.get("altered", ()))
    if left_out:
        altered.append(f"{left_out} more faces left as they were, for at most {alignment.MAX_FACES} are restored")
    if kind == "jpeg":
        altered += ["transparency laid on white"] * ("transparent" in picture.info)
        altered.append("every pixel compressed anew, as JPEG does")
    return Made(compositing.export(result, kind, painted=painted), faces, left_out, tuple(altered))


def write(job: Job, content: bytes, made: Made, settings: Settings, record: ResultRecord) -> Outcome:
    """Write a result of that picture's content and note it."""
    record.write(job.target, made.content, hashlib.sha256(content).hexdigest(), _noted(job, settings))
    return Outcome(job.name, "restored", readable(str(job.target)), made.faces, made.left_out, made.altered)


def _noted(job: Job, settings: Settings) -> dict[str, str | bool | float | None]:
    return {**settings.noted, "kind": job.kind}


def restore_faces(picture: Image.Image, settings: Settings) -> tuple[Image.Image, int, int]:
    """A 128x128 picture restored as it is, in any other every face that is found; how many these are, and how many
    faces are left."""
    if picture.size == (SIZE, SIZE):
        image = images.to_tensor(picture)
        if settings.answer:
            given = masked(image, settings.hidden)
            composite = drafts.one_answer(given, settings.answer, settings.boldness, settings.seed)
        else:
            smooth = settings.seamless is True
            composite = methods.restore(image, settings.hidden, settings.method, seamless=smooth).composite
        result = images.to_picture(composite)
        result.info = picture.info
        return result, 1, 0
    squares, left_out = photo_restoration.find_squares(picture)
    if settings.answer:
        drawn = photo_restoration.one_answer(
            picture, squares, settings.hidden, settings.answer, settings.seed, settings.boldness
        )
        return drawn.lay_on(picture), len(squares), left_out
    seamless = settings.seamless is not False
    restored = photo_restoration.restore_photo(picture, squares, settings.hidden, settings.method, seamless)
    return restored.lay_on(picture), len(squares), left_out


def are_one_file(one: Place, other: Place) -> bool:
    """By whatever name: a link, a hard link, another spelling."""
    if isinstance(one, Address) or isinstance(other, Address):
        return one == other
    try:
        return one.resolve() == other.resolve() or os.path.samefile(one, other)
    except OSError:
        return False
