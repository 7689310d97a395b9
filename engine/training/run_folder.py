"""Where a run may write: looked at before the first picture is read, so that nothing is written over unasked."""

import tempfile
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path

from engine.models import weights
from engine.problem import Problem

CHECKPOINT = "checkpoint.safetensors"
WRITTEN_OVER = ("README.md", "config.json", "model.safetensors")  # at the end of a run


def check(out: Path, resume: bool = False) -> None:
    """Raise `Problem`, and touch nothing, unless a run may write into `out`.

    A new run wants a folder that is missing, empty or a model's; a resumed one whatever folder holds its checkpoint,
    unless somebody's own README or config would be written over.
    """
    found = names(out)
    if not resume and CHECKPOINT in found:
        raise Problem(
            f"'{out.name}' holds the checkpoint of a stopped run: go on with --resume, or choose another --out."
        )
    in_the_way = found & {*WRITTEN_OVER} if resume else found
    if in_the_way and not is_model(out):
        raise Problem(
            f"'{out.name}' holds files that belong to no model ({min(in_the_way)}): choose another folder with --out."
        )
    check_writable(out)


def check_own(out: Path, own: Collection[str]) -> None:
    """Raise `Problem`, and touch nothing, unless `out` is missing, empty or holds nothing but what is named `own`."""
    if foreign := names(out) - {*own}:
        raise Problem(
            f"'{out.name}' holds files that belong to no run ({min(foreign)}): choose another folder with --out."
        )
    check_writable(out)


def names(out: Path) -> set[str]:
    """What lies in a folder; raises `Problem` where it cannot be read or is none."""
    try:
        return {path.name for path in out.iterdir()} if out.exists() else set()
    except OSError as error:
        raise _unwritable(out, error) from error


def is_model(out: Path) -> bool:
    """Whether a folder was written as a model's: a config.json of one, and its card if there is a README."""
    card = out / "README.md"
    try:
        content = weights.config(out.resolve())
        return not card.exists() or f"\n# {content['name']}\n" in card.read_text()
    except (Problem, OSError, ValueError):
        return False


def check_writable(out: Path) -> None:
    """Raise `Problem` where a file could not be written into `out`; leaves neither a file nor a folder."""
    made = [path for path in (out, *out.parents) if not path.exists()]
    try:
        out.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=out) as file:
            file.write(b"something")
    except OSError as error:
        raise _unwritable(out, error) from error
    finally:
        for path in made:
            with suppress(OSError):
                path.rmdir()


def _unwritable(out: Path, error: OSError) -> Problem:
    return Problem(f"Nothing can be written to '{out.name}' ({error.strerror}): choose another folder with --out.")
