"""Where a run may write: looked at before the first picture is read, so that nothing is written over unasked."""

import errno
import os
import tempfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from pathlib import Path

from engine.files import called
from engine.models import weights
from engine.problem import Problem

CHECKPOINT = "checkpoint.safetensors"
_HELD: ContextVar[frozenset[Path]] = ContextVar("held", default=frozenset())  # by the run that asks
WRITTEN_OVER = ("README.md", "config.json", "model.safetensors")  # at the end of a run


def check(out: Path, resume: bool = False) -> None:
    """Raise `Problem`, and touch nothing, unless a run may write into `out`.

    A new run wants a folder that is missing, empty or a model's; a resumed one whatever folder holds its checkpoint,
    unless somebody's own README or config would be written over.
    """
    found = names(out)
    if not resume and CHECKPOINT in found:
        raise Problem(
            f"'{called(out)}' holds the checkpoint of a stopped run: go on with --resume, or choose another --out."
        )
    in_the_way = found & {*WRITTEN_OVER} if resume else found
    if in_the_way and not is_model(out):
        raise Problem(
            f"'{called(out)}' holds files that belong to no model ({min(in_the_way)}): choose another folder with"
            " --out."
        )
    check_writable(out)


def check_own(out: Path, own: Collection[str]) -> None:
    """Raise `Problem`, and touch nothing, unless `out` is missing, empty or holds nothing but what is named `own`."""
    if foreign := names(out) - {*own}:
        raise Problem(
            f"'{called(out)}' holds files that belong to no run ({min(foreign)}): choose another folder with --out."
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


@contextmanager
def held(out: Path) -> Iterator[None]:
    """Keep a folder for this run, which makes it, for as long as the run goes on; it may ask again.

    The system lets go of it however the run ends. Raises `Problem`, and touches nothing, where another run holds it.
    """
    made = [path for path in (out, *out.parents) if not path.exists()]
    try:
        out.mkdir(parents=True, exist_ok=True)
        place = out.resolve()
        folder = None if place in _HELD.get() else os.open(place, os.O_RDONLY)
    except OSError as error:
        raise _unwritable(out, error) from error
    before = _HELD.set(_HELD.get() | {place})
    try:
        if folder is not None:
            _lock(folder, out)
        yield
    finally:
        _HELD.reset(before)
        if folder is not None:
            os.close(folder)
        for path in made:
            with suppress(OSError):  # something is in it
                path.rmdir()


def _lock(folder: int, out: Path) -> None:
    try:
        import fcntl  # not everywhere: where it is missing two runs are not told apart

        fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise Problem(
            f"Another training is writing to '{called(out)}': wait until it has ended, or choose another --out."
        ) from error
    except (ImportError, OSError):  # some network drives cannot lock a folder
        return


def check_room(out: Path, size: int) -> None:
    """Raise `Problem`, and leave nothing, unless `size` bytes fit where `out` lies: found before hours of work."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=out) as file:
            os.posix_fallocate(file.fileno(), 0, max(1, size))
    except AttributeError:  # no Linux: the first checkpoint will tell
        return
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            return  # a file system that cannot promise room
        raise Problem(
            f"This run needs {-(-size // 2**20)} MB in '{called(out)}' ({error.strerror}): free some space or choose"
            " another folder with --out."
        ) from error


def _unwritable(out: Path, error: OSError) -> Problem:
    return Problem(f"Nothing can be written to '{called(out)}' ({error.strerror}): choose another folder with --out.")
