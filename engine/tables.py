"""Markdown tables: made, laid into a document between their marks, and made again of what was shipped."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from engine import files
from engine.problem import Problem


def markdown(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """A table with these columns; a cell is said by `say`."""
    head, *lines = (f"| {' | '.join(say(cell) for cell in row)} |" for row in (columns, *rows))
    return "\n".join([head, "|---" * len(columns) + "|", *lines])


def say(value: Any) -> str:
    """A cell: text as it is, whole numbers with commas, others to four digits, nothing as a dash."""
    if value is None:
        return "-"
    return f"{value:.4g}" if isinstance(value, float) else f"{value:,}" if isinstance(value, int) else str(value)


def read_shipped(file: Path, show: Callable[[dict[str, Any]], str]) -> dict[str, Any] | None:
    """What a command wrote there; None where the file is missing, or so damaged that `show` makes no table of it."""
    try:
        found = files.parse_json(file.read_text())
        return found if show(found) else None
    except (OSError, ValueError, KeyError, TypeError, IndexError, AttributeError):
        return None


def write_into(paths: Sequence[Path], tables: Mapping[str, str]) -> None:
    """Lay tables between their marks, `<!-- name -->` and `<!-- /name -->`, wherever a Markdown file has them.

    Raises `Problem` for a file that cannot be read or has the marks of none.
    """
    for path in paths:
        try:
            text = before = path.read_text()
        except OSError as error:
            raise Problem(f"'{path.name}' could not be read ({error.strerror}): check --readme.") from error
        wanted = [name for name in tables if f"<!-- {name} -->" in text and f"<!-- /{name} -->" in text]
        if not wanted:
            marks = " or ".join(f"<!-- {name} --> and <!-- /{name} -->" for name in tables)
            raise Problem(f"'{path.name}' has no lines {marks}: put them where the table belongs.")
        for name in wanted:
            begin, end = f"<!-- {name} -->", f"<!-- /{name} -->"
            head, _, rest = text.partition(begin)
            text = f"{head}{begin}\n{tables[name]}\n{end}{rest.partition(end)[2]}"
        if text != before:
            files.save(path, text.encode())
