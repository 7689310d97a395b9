"""Files are written whole or not at all."""

import hashlib
import json
import secrets
from contextlib import suppress
from pathlib import Path
from typing import Any

from engine.problem import Problem

ENGINE = Path(__file__).parent


def shipped(folder: str) -> Path:
    """A folder that ships with the engine, as "weights" or "pages/static": beside it in the repository, inside it where
    the package is installed."""
    inside = ENGINE / folder
    return inside if inside.is_dir() else ENGINE.parent / folder


def parse_json(text: str | bytes, **options: Any) -> Any:
    """`json.loads`; also what is nested deeper than Python can follow raises `ValueError`."""
    try:
        return json.loads(text, **options)
    except RecursionError as error:
        raise ValueError("nested too deep") from error


def called(folder: Path) -> str:
    """A folder's own name, for a sentence, however it was typed: "." has one, too."""
    return folder.name if folder.name not in ("", "..") else folder.resolve().name or str(folder.resolve())


def save(path: Path, content: bytes) -> str:
    """Write a file whole or not at all (a full disk leaves the old one) and return its sha256.

    Raises `Problem` where the disk is full or read-only.
    """
    part = path.with_name(f".{secrets.token_hex(8)}.part")  # nobody's file yet, and short, however long the name is
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with part.open("xb") as file:
            file.write(content)
        part.replace(path)
    except (OSError, ValueError) as error:  # ValueError: a null byte in the name
        with suppress(OSError, ValueError):
            part.unlink()
        raise _not_written(path, error) from error
    return hashlib.sha256(content).hexdigest()


def append(path: Path, content: bytes) -> None:
    """Write at the end of a file; raises `Problem` where the disk is full or read-only."""
    try:
        with path.open("ab") as file:
            file.write(content)
    except OSError as error:
        raise _not_written(path, error) from error


def _not_written(path: Path, error: OSError | ValueError) -> Problem:
    reason = error.strerror if isinstance(error, OSError) else str(error)
    return Problem(
        f"'{path.name}' could not be written to '{called(path.parent)}' ({reason}): free some space or"
        " choose another folder with --out."
    )
