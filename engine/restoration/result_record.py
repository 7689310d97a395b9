"""What `restore` has written into a folder: so that it never replaces a file that it did not write, and goes on where
it was stopped.

The record is a hidden file in that folder, of JSON lines: one that says what it is, then one for each result with the
hash of what was written, of the picture that it was made from, and the settings. A file is an earlier result only as
long as it is, byte by byte, what was written. A line is added before its result is written, so a run that is killed
knows again whatever it left. In a store that has an address nothing can be added to a file: a record has many parts
there, each written anew with every line.
"""

import hashlib
import json
import secrets
import time
from enum import Enum
from pathlib import Path
from typing import Any

from engine.files import append, save
from engine.problem import Problem
from engine.restoration.address import Address, Place

NAME, FORMAT = ".autoencoder-by-hand{}.jsonl", "autoencoder-by-hand results"
HEAD = json.dumps({"format": FORMAT}).encode() + b"\n"
LINES = 256  # of a part, at most, where each is written anew with every line
KEPT = 2  # results remembered of one name: killed while it replaces one, it must know the old one again


def records_in(folder: Place, deep: bool = False) -> list[Place]:
    """The records in a folder, and with `deep` in all folders below it."""
    return sorted((folder.rglob if deep else folder.glob)(NAME.format("*")), key=str)


def new_part() -> str:
    """A name for a part that no other has; later ones are read later."""
    return f"ray-{time.time_ns()}-{secrets.token_hex(8)}"


class Found(Enum):
    """What lies where a result is to be written."""

    NOTHING = "nothing"
    SAME = "the same result, of the same picture with the same settings"
    OTHER = "an earlier result, of another picture or with other settings"
    FOREIGN = "a file that was not written here"


class ResultRecord:
    """The records of one folder, all read when it is made; results are added to one of them."""

    def __init__(self, folder: Place, part: str = ""):
        """part: a name of its own for each of several runs that write into the folder at the same time; in one that
        has an address each part has a new name.

        Raises `Problem` for a file of that name that is no such record.
        """
        self.folder, self.path = folder, folder / NAME.format(part and f".{part}")
        self.lines: list[bytes] = []  # of that part, in a folder that has an address
        self.results: dict[str, list[dict[str, Any]]] = {}
        for path in records_in(folder):
            try:
                self._read(path)
            except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
                raise Problem(
                    f"The record of what was written into '{folder.name}', {path.name}, cannot be read: move it away,"
                    " or choose another folder."
                ) from error
        # where links may lead elsewhere, into the pictures themselves
        self.places = {(folder / parent).resolve(): parent for parent in {Path(name).parent for name in self.results}}

    def _read(self, path: Place) -> None:
        content = path.read_bytes()
        lines = content.split(b"\n")
        torn = lines.pop()  # of a run that was killed while it wrote this line
        if json.loads(lines[0] if lines else torn) != {"format": FORMAT} or not lines:
            raise ValueError(content[:80])
        for line in lines[1:]:
            result = dict(json.loads(line))
            self._add(str(result.pop("name")), result)
        if torn and path == self.path and isinstance(path, Path):
            save(path, content.removesuffix(torn))

    def _add(self, name: str, result: dict[str, Any]) -> None:
        self.results[name] = [result, *self.results.get(name, [])][:KEPT]

    def look(self, target: Place, source: str, settings: dict[str, Any]) -> Found:
        """What lies at a path of the folder, before a result is written there; `source`: the picture's sha256."""
        if not (target.exists() or target.is_symlink()):
            return Found.NOTHING
        for result in self.results.get(self._name(target), []):
            if result.get("output") == _hash_of(target):
                same = (result.get("source"), result.get("settings")) == (source, settings)
                return Found.SAME if same else Found.OTHER
        return Found.FOREIGN

    def holds(self, path: Place) -> bool:
        """Whether a file, by whatever path, is byte by byte a result that this record had when it was read."""
        parent = self.places.get(path.parent.resolve())
        name = "" if parent is None else (parent / path.name).as_posix()
        return name in self.results and _hash_of(path) in [result.get("output") for result in self.results[name]]

    def write(self, target: Place, content: bytes, source: str, settings: dict[str, Any]) -> None:
        """Note a result, then write it; raises `Problem` where that cannot be."""
        result = {"output": hashlib.sha256(content).hexdigest(), "source": source, "settings": settings}
        name = self._name(target)
        self._add(name, result)
        self._note(json.dumps({"name": name, **result}).encode() + b"\n")
        _save(target, content)

    def _note(self, line: bytes) -> None:
        if isinstance(self.path, Path):
            if not self.path.exists():
                save(self.path, HEAD)
            append(self.path, line)
            return
        if not 0 < len(self.lines) <= LINES:
            self.path, self.lines = self.folder / NAME.format(f".{new_part()}"), [HEAD]
        self.lines.append(line)
        _save(self.path, b"".join(self.lines))

    def _name(self, path: Any) -> str:
        return path.relative_to(self.folder).as_posix()


def _save(place: Place, content: bytes) -> None:
    if isinstance(place, Address):
        place.save(content)
    else:
        save(place, content)


def _hash_of(path: Place) -> str:
    """The sha256 of a file; of what is no file or cannot be read, nothing that any result has."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() and not path.is_symlink() else ""
    except OSError:
        return ""
