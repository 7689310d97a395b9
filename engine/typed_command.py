"""A command as a card or a table tells it: what does it again elsewhere, with no path of where it was typed."""

import argparse
import os
import shlex
from pathlib import Path

from engine.datasets.picture_files import readable
from engine.models import weights
from engine.models.recipes import Recipe

DATA = {"--data": "FACES", "--test": "TEST_FACES"}  # what stands for the pictures that an option names


def typed_command(options: argparse.Namespace, *but: str, data: str = "FACES") -> str:
    """The command as it was typed, without the words `but`.

    `data` stands for what came after --data, TEST_FACES for what came after --test. A path that lies under this folder
    is told from here; an --out elsewhere is left out, for the default is as good, and of another model its name stays.
    """
    words: list[str] = []
    skip = 0  # so many words that follow are replaced
    for typed in options.typed:
        if skip and not typed.startswith("--"):
            skip -= 1
            continue
        flag, _, inside = typed.partition("=")
        option, skip = _whole(flag), 0
        if typed in but:
            continue
        if option in DATA:
            words += [option, data if option == "--data" else DATA[option]]
            skip = 0 if inside else len(options.typed)
        elif option == "--out":
            words += _place(options.out)
            skip = 0 if inside else 1
        else:
            words.append(readable(named(typed)))
    return shlex.join(["python", "-m", "engine", *words])


def evaluate_command(chosen: Recipe, out: Path, options: argparse.Namespace) -> str:
    """The command that measures what was trained into `out`, as its card names it: there its own command writes it."""
    shipped = out.resolve() == (weights.FOLDER / chosen.name).resolve()
    folder = chosen.name if shipped else under_here(out) or f"runs/{chosen.name}"
    words = ["python", "-m", "engine", "evaluate", readable(folder)]
    if chosen.data == "faces" and options.test:
        words += ["--data", "TEST_FACES", *(["--match", options.test_match] if options.test_match else [])]
    return shlex.join(words)


def under_here(path: Path) -> str | None:
    """A path as it is told from the current folder; None for one that lies elsewhere."""
    told = Path(os.path.relpath(path))
    return None if told.is_absolute() or ".." in told.parts else told.as_posix()


def _whole(flag: str) -> str:
    """An option by its whole name, which may be shortened on the command line."""
    return next((name for name in (*DATA, "--out") if flag == name or (len(flag) > 3 and name.startswith(flag))), flag)


def _place(out: Path) -> list[str]:
    told = under_here(out)
    return [] if told is None else ["--out", readable(told)]


def named(word: str) -> str:
    """A model's folder that lies elsewhere by its own name; any other word as it is."""
    path = Path(word)
    return path.name if (path / "config.json").exists() and under_here(path) is None else word
