"""What `restore` has written into a folder: so that it never replaces a file that it did not write.

The record is a hidden file in that folder. For each result it keeps the hash of what was written, of the picture that
it was made from, and the settings: a file is an earlier result only as long as it is, byte by byte, what was written.
"""

import hashlib
import json
from enum import Enum
from pathlib import Path
from typing import Any

from engine.files import save
from engine.problem import Problem

NAME, FORMAT = ".autoencoder-by-hand.json", "autoencoder-by-hand results"
KEPT = 2  # results remembered of one name: killed while it replaces one, it must know the old one again


class Found(Enum):
    """What lies where a result is to be written."""

    NOTHING = "nothing"
    SAME = "the same result, of the same picture with the same settings"
    OTHER = "an earlier result, of another picture or with other settings"
    FOREIGN = "a file that was not written here"


class ResultRecord:
    """The record of one folder, read when it is made and written at every result."""

    def __init__(self, folder: Path):
        """Raises `Problem` for a file of that name that is no such record."""
        self.folder = folder
        self.results: dict[str, list[dict[str, Any]]] = {}
        path = folder / NAME
        try:
            content = json.loads(path.read_text("utf-8"))
            if content["format"] != FORMAT:
                raise ValueError(content["format"])
            self.results = {name: [dict(one) for one in results] for name, results in content["results"].items()}
        except FileNotFoundError:
            pass
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise Problem(
                f"The record of what was written into '{folder.name}', {NAME}, cannot be read: move it away, or choose"
                " another folder."
            ) from error

    def look(self, target: Path, source: str, settings: dict[str, Any]) -> Found:
        """What lies at a path of the folder, before a result is written there; `source`: the picture's sha256."""
        if not (target.exists() or target.is_symlink()):
            return Found.NOTHING
        for result in self.results.get(self._name(target), []):
            if result.get("output") == _hash_of(target):
                same = (result.get("source"), result.get("settings")) == (source, settings)
                return Found.SAME if same else Found.OTHER
        return Found.FOREIGN

    def holds(self, path: Path) -> bool:
        """Whether a file of the folder is, byte by byte, a result of this record."""
        name = self._name(path)
        return name in self.results and _hash_of(path) in [result.get("output") for result in self.results[name]]

    def write(self, target: Path, content: bytes, source: str, settings: dict[str, Any]) -> None:
        """Note a result, then write it; raises `Problem` where that cannot be."""
        result = {"output": hashlib.sha256(content).hexdigest(), "source": source, "settings": settings}
        name = self._name(target)
        self.results[name] = [result, *self.results.get(name, [])][:KEPT]
        save(self.folder / NAME, json.dumps({"format": FORMAT, "results": self.results}, indent=1).encode())
        save(target, content)

    def _name(self, path: Path) -> str:
        return path.relative_to(self.folder).as_posix()


def _hash_of(path: Path) -> str:
    """The sha256 of a file; of what is no file or cannot be read, nothing that any result has."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() and not path.is_symlink() else ""
    except OSError:
        return ""
