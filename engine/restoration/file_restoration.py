"""Photos on the disk, restored into files: a picture, or every picture of a folder, and what became of each.

No file is replaced that was there before, except an earlier result of this very program (`result_record`), and only
when that is asked for.
"""

import hashlib
import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from PIL import Image
from torch import Tensor

from engine import images
from engine.datasets.faces import SIZE
from engine.datasets.picture_files import list_pictures, readable
from engine.photos import compositing
from engine.picture_formats import WRITTEN, Kind
from engine.problem import Problem
from engine.restoration import drafts, methods, photo_restoration
from engine.restoration.masked_images import masked
from engine.restoration.result_file import kind_written
from engine.restoration.result_record import NAME, Found, ResultRecord

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
    faces: int = 0
    altered: tuple[str, ...] = ()  # how the written file differs outside the holes, in words
    problem: str = ""  # why it failed


def failed(name: str, problem: Problem) -> Outcome:
    """The outcome for a picture that could not be restored."""
    return Outcome(readable(name), "failed", problem=str(problem))


def restore_file(source: Path, out: Path, settings: Settings) -> Outcome:
    """Restore one picture into one file; raises `Problem` where that cannot be or must not be."""
    kind = kind_written(out)
    content = images.read_file(source)
    if _are_one_file(source, out):
        raise Problem(f"'{readable(str(out))}' would be overwritten by its own restoration: choose another -o.")
    target = numbered(out, settings)
    return _restore(readable(source.name), content, target, kind, settings, ResultRecord(out.parent))


def restore_folder(source: Path, out: Path, settings: Settings, kind: Kind | None = "png") -> "FolderRun":
    """Restore every picture of a folder into another, of the same structure. kind: of the files; None: as each was,
    HEIC as PNG. Raises `Problem` where nothing can be begun."""
    if _are_one_file(source, out):
        raise Problem(f"'{readable(str(out))}' would be overwritten by its own restoration: choose another -o.")
    if out.exists() and not out.is_dir():
        raise Problem(f"The results could not be written to '{readable(str(out))}', which is a file: name a folder.")
    return FolderRun(source, out, settings, kind)


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


class FolderRun:
    """The pictures of a folder, and their restorations one by one."""

    def __init__(self, source: Path, out: Path, settings: Settings, kind: Kind | None):
        self.source, self.out, self.settings = source, out, settings
        self.kind: Kind | None = kind
        self.record = ResultRecord(out)
        listing = list_pictures(source, tars=False)
        listing.passed_over.pop(f"{Path(NAME).suffix} files", None)
        earlier = _records_below(source)
        pictures = [
            entry
            for entry in listing.entries
            if not any(record.folder in entry.path.parents and record.holds(entry.path) for record in earlier)
        ]
        if passed := len(listing.entries) - len(pictures):
            listing.passed_over["results of earlier runs"] += passed
        self.passed_over, self.pictures = listing.sentence, [entry.path for entry in pictures]
        if not pictures:
            said = f" {self.passed_over}" if self.passed_over else ""
            where = f"There are no pictures in '{readable(source.name)}'"
            raise Problem(f"{where}: give a folder of JPEG, PNG, WebP or HEIC files.{said}")

    def __len__(self) -> int:
        return len(self.pictures)

    def outcomes(self) -> Iterator[Outcome]:
        """Restore one picture after the other; a problem with one of them is its outcome and stops no other."""
        for path, target, kind in self._targets():
            name = path.relative_to(self.source).as_posix()
            try:
                yield _restore(readable(name), images.read_file(path), target, kind, self.settings, self.record)
            except Problem as problem:
                yield failed(name, problem)

    def _targets(self) -> Iterator[tuple[Path, Path, Kind]]:
        """Every picture with the file and the format of its result: face.jpg and face.png do not share one."""
        taken: Counter[Path] = Counter()
        for path in self.pictures:
            kind = self.kind or WRITTEN.get(path.suffix.lower(), WRITTEN[".png"])
            name = path.relative_to(self.source)
            ending = SUFFIX_OF[kind]
            for target in (name.with_suffix(ending), Path(f"{name}{ending}"), name.with_name(f"{name.name}-2{ending}")):
                if not taken[target]:
                    break
            taken[target] += 1
            yield path, numbered(self.out / target, self.settings), kind


def _restore(name: str, content: bytes, out: Path, kind: Kind, settings: Settings, record: ResultRecord) -> Outcome:
    shown, source, noted = readable(str(out)), hashlib.sha256(content).hexdigest(), {**settings.noted, "kind": kind}
    found = record.look(out, source, noted)
    if found is Found.SAME and not settings.overwrite:
        return Outcome(name, "finished before", shown)
    if found is Found.OTHER and not settings.overwrite:
        raise Problem(f"'{shown}' is {found.value}: choose another -o, or give --overwrite to replace it.")
    if found is Found.FOREIGN:
        raise Problem(f"'{shown}' was there before and was not written by this program: choose another -o.")
    picture = images.open_image(content)
    result, faces, left_out = restore_faces(picture, settings)
    painted = photo_restoration.describe_painted(settings.hidden, settings.method) if settings.note else ""
    record.write(out, compositing.export(result, kind, painted=painted), source, noted)
    altered = list(picture.info.get("altered", ()))
    if left_out:
        altered.append(f"{left_out} more faces left as they were, for {faces} are the most that are restored")
    if kind == "jpeg":
        altered += ["transparency laid on white"] * ("transparent" in picture.info)
        altered.append("every pixel compressed anew, as JPEG does")
    return Outcome(name, "restored", shown, faces, tuple(altered))


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


def _records_below(folder: Path) -> list[ResultRecord]:
    """The records in the folders below this one; what lies in the folder itself was given to be restored."""
    return [ResultRecord(path.parent) for path in sorted(folder.rglob(NAME)) if path.parent != folder]


def _are_one_file(one: Path, other: Path) -> bool:
    """By whatever name: a link, a hard link, another spelling."""
    try:
        return one.resolve() == other.resolve() or os.path.samefile(one, other)
    except OSError:
        return False
