"""A visitor's own digits or codes for the map, from an .npz, .npy or CSV file, and codes as CSV to take home.

Nothing in such a file is trusted: no pickle, no archive that unfolds to more than it may, no number that is none.
"""

import csv
import io
import itertools
import math
import re
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import IO, Literal

import numpy as np
import torch
from torch import Tensor

from engine.datasets.picture_files import readable
from engine.latent.codes import FARTHEST
from engine.problem import Problem

MAX_BYTES = 20 * 2**20  # of the file
MAX_UNFOLDED = 80 * 2**20  # of the arrays in it: 10,000 digits in double precision are 63 MB
MAX_ROWS = 10_000
PIXELS = 28 * 28
MAX_CELLS = PIXELS + 3  # of a row of a CSV: a digit with number and class
MAX_LINE = 32 * MAX_CELLS  # letters of one line, in double precision
MAX_LINES = 4 * MAX_ROWS  # blank ones among them
ROUNDING = 0.00101  # pixels of floats may lie so far outside 0 to 1
UTF_16 = (b"\xff\xfe", b"\xfe\xff")  # how Excel's "Unicode text" begins
THOUSANDS = re.compile(r"[+-]?[1-9]\d{0,2},\d{3}")  # 1,234: one and a bit, or more than a thousand
PAPER = 0.6  # digits whose mean is beyond this are dark ink on light paper; MNIST's is 0.13
CLASS_NAMES = ("label", "class", "digit")  # of a CSV's column of classes
INDEX_NAMES = ("", "number", "index", "id", "unnamed: 0")  # of columns that number the rows
IMAGES, CODES, LABELS = ("images", "x", "x_test"), ("codes", "z"), ("labels", "y", "y_test")  # names in an .npz


@dataclass(frozen=True)
class Points:
    """Own digits as images (N, 1, 28, 28) in [0, 1], or own codes (N, D); with classes (N,) where the file has them."""

    kind: Literal["images", "codes"]
    values: Tensor
    labels: Tensor | None
    turned: bool = False  # the file had dark ink on light paper, and the images are its negative

    def __len__(self) -> int:
        return len(self.values)

    def negative(self) -> "Points":
        """The same images with ink and paper exchanged: what was turned is as the file has it."""
        return replace(self, values=1 - self.values, turned=not self.turned)


def load(name: str, content: bytes, code_size: int = 2) -> Points:
    """A file -> its points: rows of 784 pixels (or 28x28) are images, rows of `code_size` numbers are codes.

    Pixels are 0 to 1, or 0 to 255; dark ink on light paper is turned into light ink on black, which the networks know.
    A CSV may have commas, semicolons or tabs between its numbers, decimal commas, a heading, a column that numbers the
    rows and one named "label": whatever `to_csv` and pandas write. Raises `Problem`, in one sentence, for all else.
    """
    if len(content) > MAX_BYTES:
        raise Problem(f"The file is larger than {MAX_BYTES // 2**20} MB: give fewer rows.")
    if not content.strip():
        raise Problem("The file is empty: give an .npz or a CSV with one digit or code a row.")
    if content[:4] in (
        b"PK\x03\x04",
        b"PK\x05\x06",
    ):  # told by content: an .npz may be called .csv, and the other way round
        values, labels = _from_npz(content)
    elif content[:6] == b"\x93NUMPY":
        values, labels = _from_npy(content), None
    else:
        values, labels = _from_csv(name, content)
    return _checked(values, labels, code_size)


def _from_npz(content: bytes) -> tuple[np.ndarray, np.ndarray | None]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(part.file_size for part in archive.infolist()) > MAX_UNFOLDED:
                raise Problem(f"The .npz unfolds to more than {MAX_UNFOLDED // 2**20} MB: give fewer rows.")
            arrays = [name for name in archive.namelist() if name.endswith(".npy")]
            if archive.namelist() and not arrays:
                raise Problem("This archive holds no arrays of NumPy: give an .npz or a CSV.")
            wanted = _called(arrays, (*IMAGES, *CODES))
            if not wanted and len(arrays) == 1:
                wanted = arrays
            if not wanted:
                raise Problem("The .npz has several arrays and none is called 'images' or 'codes': name one so.")
            if len(wanted) > 1:
                both = " and ".join(f"'{name.removesuffix('.npy')}'" for name in wanted[:2])
                raise Problem("The .npz has both {both}: leave one of them out.", both=both)
            labelled = _called(arrays, LABELS)
            values, *labels = [_array(partial(archive.open, name)) for name in [*wanted, *labelled[:1]]]
            return values, labels[0] if labels else None
    except Problem:
        raise
    except Exception as error:  # whatever zipfile, its decompressors and numpy raise for what they cannot read
        raise Problem("The .npz is damaged and could not be read: save it again with numpy.savez.") from error


def _called(arrays: list[str], names: Sequence[str]) -> list[str]:
    """The arrays that go by one of these names, in capitals or not, in the order of the names."""
    return [array for name in names for array in arrays if array.removesuffix(".npy").lower() == name]


def _from_npy(content: bytes) -> np.ndarray:
    try:
        return _array(lambda: io.BytesIO(content))
    except Problem:
        raise
    except Exception as error:  # whatever numpy raises for what it cannot read
        raise Problem("The .npy is damaged and could not be read: save it again with numpy.save.") from error


def _array(opened: Callable[[], IO[bytes]]) -> np.ndarray:
    """An .npy file as an array; what it says of itself is judged before anything of it is unfolded."""
    with opened() as file:
        magic = np.lib.format.read_magic(file)
        read_header = np.lib.format.read_array_header_1_0 if magic == (1, 0) else np.lib.format.read_array_header_2_0
        shape, _, kind = read_header(file)
    if kind.hasobject:
        raise Problem("The .npz holds a pickle, which can run code, and is refused: save plain arrays of numbers.")
    if kind.kind not in "fiub":
        raise Problem("The file holds something other than numbers: give numbers only.")
    if shape and shape[0] > MAX_ROWS:
        raise Problem(
            "The file has {rows:,} rows and the map takes {most:,}: give fewer.", rows=shape[0], most=MAX_ROWS
        )
    if math.prod(shape) > MAX_ROWS * PIXELS:
        raise Problem(f"An array of the .npz is larger than {MAX_ROWS:,} digits: give fewer numbers a row.")
    with opened() as file:
        return np.lib.format.read_array(file, allow_pickle=False)


def _from_csv(name: str, content: bytes) -> tuple[np.ndarray, np.ndarray | None]:
    try:
        text = content.decode("utf-16" if content[:2] in UTF_16 else "utf-8-sig")
        if content[:2] in UTF_16 and not text.isascii():
            raise UnicodeDecodeError("utf-16", content, 0, 2, "no table of numbers")
        separator = next((sign for sign in (";", "\t") if sign in text.partition("\n")[0]), ",")
        if text[:4].lower() == "sep=":  # which Excel writes and reads
            named, _, text = text.partition("\n")
            separator = named.rstrip("\r")[4:5] or separator
        # A cell that comes again is not kept twice: ten thousand digits are eight million cells, 256 different ones.
        rows, known = list[list[str]](), dict[str, str]()
        reader = csv.reader(_lines(text), delimiter=separator, strict=True)
        for row in reader:
            if len(row) > MAX_CELLS:
                raise _too_long(reader.line_num)
            rows += [[known.setdefault(cell, cell) for cell in row]] if row else []
    except (UnicodeDecodeError, csv.Error, TypeError) as error:
        raise Problem(
            "'{file}' is neither an .npz nor a CSV of plain text (UTF-8): give one of the two.",
            file=readable(name)[:60],
        ) from error
    heading: list[str] = []
    if rows and _is_heading(rows):
        heading, rows = [cell.strip().lower() for cell in rows[0]], rows[1:]
    width = len(rows[0]) if rows else 0
    cells = set(itertools.chain.from_iterable(rows))
    _check_commas(cells)
    numbers = {cell: float(_with_point(cell)) for cell in cells if _is_number(_with_point(cell))}
    values = np.empty((len(rows), width))
    for at, row in enumerate(rows):
        try:
            values[at] = [numbers[cell] for cell in row]
        except (KeyError, ValueError):
            raise _wrong(row, at + (2 if heading else 1), width) from None
    if len(heading) != width or width < 2:
        return values, None
    classes = [column for column, name in enumerate(heading) if name in CLASS_NAMES][:1]
    indices = [column for column, name in enumerate(heading) if name in INDEX_NAMES]
    return np.delete(values, classes + indices, axis=1), values[:, classes[0]] if classes else None


def _lines(text: str) -> Iterator[str]:
    """The lines of a CSV, until one is of no use: what follows is not even read."""
    for number, line in enumerate(io.StringIO(text, newline=""), 1):
        if len(line) > MAX_LINE:
            raise _too_long(number)
        if number > MAX_LINES:
            raise Problem(
                f"The CSV has more than {MAX_LINES:,} lines: give one digit or code a row, and no blank ones."
            )
        yield line


def _too_long(number: int) -> Problem:
    """What is said of that line."""
    return Problem(
        "Line {number:,} of the CSV is longer than {pixels} numbers: give one digit or code a row.",
        number=number,
        pixels=PIXELS,
    )


def _wrong(row: list[str], number: int, width: int) -> Problem:
    """What is said of a row that is no `width` numbers."""
    if len(row) != width:
        return Problem(
            "Row {number} of the CSV has {columns} columns and the first has {width}: make them equal.",
            number=number,
            columns=len(row),
            width=width,
        )
    if "" in row:
        return Problem("Row {number} of the CSV has an empty cell: give a number in each.", number=number)
    return Problem(
        "Row {number} of the CSV has '{cell}' where a number belongs: give numbers only, with "
        "commas, semicolons or tabs between them.",
        number=number,
        cell=next(cell for cell in map(_with_point, row) if not _is_number(cell))[:20],
    )


def _is_heading(rows: list[list[str]]) -> bool:
    """Whether the first row names the columns: with words, or as pandas does with 0, 1, 2 and so on."""
    first = [cell.strip() for cell in rows[0]]
    named = first[1:] if first[0] == "" else first  # pandas leaves the column of its index without a name
    if not any(_is_number(_with_point(cell)) for cell in named):
        return True
    if named != [str(number) for number in range(len(named))]:
        return any(cell.lower() in (*CLASS_NAMES, *INDEX_NAMES[1:]) for cell in named)
    # A first row of 0 and 1 might be a code: it is none where the others are written with decimals.
    decimals = all("." in _with_point(cell) for row in rows[1:] for cell in row)
    return len(named) < len(first) or len(named) > 9 or decimals


def _check_commas(cells: set[str]) -> None:
    """Raise `Problem` for numbers with a comma that may be a decimal one or part thousands: nothing is guessed."""
    commas = sorted(cell.strip() for cell in cells if "," in cell)
    points = any("." in cell for cell in cells)
    if commas and (points or all(THOUSANDS.fullmatch(cell) for cell in commas)):
        raise Problem(
            "The CSV has '{cell}', which may be read in two ways: write all numbers with a decimal "
            "point and nothing between their thousands.",
            cell=commas[0][:20],
        )


def _with_point(cell: str) -> str:
    """A number with its decimal comma turned into a point; anything else as it is."""
    return cell.replace(",", ".") if cell.count(",") == 1 and "." not in cell else cell


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return "_" not in cell  # Python would take 1_000


def _checked(values: np.ndarray, labels: np.ndarray | None, code_size: int) -> Points:
    if values.dtype.kind not in "fiub" or (labels is not None and labels.dtype.kind not in "fiub"):
        raise Problem("The file holds something other than numbers: give numbers only.")
    if values.ndim == 0 or len(values) == 0:
        raise Problem("The file has no rows: give one digit or code a row.")
    if len(values) > MAX_ROWS:
        raise Problem(
            "The file has {rows:,} rows and the map takes {most:,}: give fewer.", rows=len(values), most=MAX_ROWS
        )
    width = values.size // len(values)
    if width not in (PIXELS, code_size):
        raise Problem(
            "A row has {width} numbers: give {pixels} for a digit of 28x28 pixels or {size} for a code.",
            width=width,
            pixels=PIXELS,
            size=code_size,
        )
    flat = values.reshape(len(values), width).astype(np.float64)
    if not np.isfinite(flat).all():
        raise Problem("The file holds a number that is missing or infinite: give finite numbers.")
    classes = None if labels is None else _classes(labels, len(values))
    if flat.shape[1] == code_size:
        if np.abs(flat).max() > FARTHEST:
            raise Problem(f"A code holds a number beyond {FARTHEST:,.0f}, where no picture lies: give smaller ones.")
        return Points("codes", torch.from_numpy(flat).float(), classes)
    if flat.min() >= -ROUNDING and flat.max() <= 1 + ROUNDING:
        scaled = flat.clip(0, 1)
    elif flat.min() >= 0 and 2 <= flat.max() <= 255:
        scaled = flat / 255
    else:
        raise Problem(
            "Pixels go from {low:.4g} to {high:.4g}: give 0 to 1, or 0 to 255.", low=flat.min(), high=flat.max()
        )
    turned = bool(scaled.mean() > PAPER)
    pixels = torch.from_numpy(1 - scaled if turned else scaled).float().view(-1, 1, 28, 28)
    return Points("images", pixels, classes, turned)


def _classes(labels: np.ndarray, count: int) -> Tensor:
    flat = labels.reshape(-1).astype(np.float64)
    if len(flat) != count or not np.isin(flat, np.arange(10)).all():
        raise Problem(
            "The labels are not {count:,} whole numbers from 0 to 9: give one for each row, or none.", count=count
        )
    return torch.from_numpy(flat.astype(np.int64))


def to_csv(codes: Tensor, labels: Tensor | None = None, numbers: Tensor | None = None) -> str:
    """Codes (N, D), their classes and their numbers in the test set as CSV with a heading; `load` reads it again."""
    heading = [*(["number"] if numbers is not None else []), *(f"z{i + 1}" for i in range(codes.shape[1]))]
    heading += ["label"] if labels is not None else []
    lines = [",".join(heading)]
    for row, code in enumerate(codes.tolist()):
        cells = [f"{value:.6g}" for value in code]
        cells = [str(int(numbers[row])), *cells] if numbers is not None else cells
        lines.append(",".join([*cells, str(int(labels[row]))] if labels is not None else cells))
    return "\n".join(lines) + "\n"
