"""The address is the state: what a link carries, how a mask becomes text and comes back, and what is wrong with it.

Most of it are widgets bound to the address (`bind="query-params"`). What no widget holds is written with `write` and
read with `brought`: the mask, a place on a map. A mask is one word, `1` (the version) and base64url of bytes: each
shape in turn, shortened where that helps, and a checksum, so that a letter lost on the way is noticed. Of a visitor's
own photo or drawing nothing goes into an address, its mask neither.

An exercise is an address, too: `hide=strength,seed` leaves controls out, `lock=1` lets nothing be changed, and
`original=0` keeps the truth covered until the visitor has guessed.
"""

import base64
import binascii
import math
import re
import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st
import torch
from streamlit.runtime.scriptrunner import get_script_run_ctx

from engine.corruptions import mask_file, masks
from engine.corruptions.shapes import Line, Shape, clean_shapes, line_of
from engine.problem import Problem
from pages.parts.foreign import as_text
from pages.parts.problems import told
from pages.parts.say import say

MAX_SHOWN = 40  # letters of what an address asks for in vain
MAX_CHOICES = 5  # choices that one sentence names
ANY = ()  # no choices: what no widget holds and is checked where it is read
ON_OFF = ("true", "false")  # of a switch
MASK = "mask"
VERSION = "1"
LONGEST = 3000  # characters of a mask: a longer one is written pixel by pixel, which never is
LARGEST = 200_000  # bytes that a mask may unpack to
BOX, STROKE, ERASE, AREA, PIXELS, PRECISE = range(6)  # PRECISE: the brush width that follows is no whole number
WRITTEN = "address written"  # in the session state: key -> what this session has put there itself


@dataclass(frozen=True)
class Exercise:
    """What a teacher's link leaves to the visitor."""

    hide: frozenset[str]  # keys of controls that are not shown
    locked: bool  # nothing can be changed
    original: bool  # False: covered until the visitor has guessed


def exercise() -> Exercise:
    """That of the address on the page; without one everything is shown and open."""
    names = re.split(r"[,\s]+", st.query_params.get("hide", ""))
    hide = frozenset(name for name in names if re.fullmatch(r"[\w-]{1,40}", name, re.ASCII))
    return Exercise(hide, st.query_params.get("lock") == "1", st.query_params.get("original") != "0")


def write(**values: str) -> None:
    """Put these into the address, with this very run; an empty one is taken out, and nothing is sent for no change."""
    written = st.session_state.setdefault(WRITTEN, {})
    new = {key: value for key, value in values.items() if value and st.query_params.get(key) != value}
    written |= values
    for key, value in values.items():
        if not value and key in st.query_params:
            del st.query_params[key]
    if new:
        st.query_params.update(new)


def brought(key: str) -> str | None:
    """What the visitor's address says and this session has not written there: a link that was opened, or Back.

    Both run the whole page. A fragment's run may bring an address that is older than what was written last, since the
    browser speaks before it has heard of that: a stroke would be undone by the one before it.
    """
    asked, written = st.query_params.get(key), st.session_state.get(WRITTEN, {})
    if asked is None or asked == written.get(key) or (key in written and runs_a_fragment()):
        return None
    return asked


def runs_a_fragment() -> bool:
    """Whether this run is that of a fragment, whose visitor has the page already."""
    context = get_script_run_ctx(suppress_warning=True)
    return context is not None and bool(context.fragment_ids_this_run)


def place_in_address(key: str, extent: tuple[float, float, float, float]) -> list[float] | None:
    """The place [x, y] on a map that an opened link brings; what does not lie on the map is refused in a sentence.

    extent: left, right, bottom and top of the map.
    """
    if (text := brought(key)) is None:
        return None
    left, right, bottom, top = extent
    try:
        x, y = map(float, text.split(","))
    except ValueError:
        x = y = math.nan
    if left <= x <= right and bottom <= y <= top:
        return [x, y]
    st.info(say("address.off-the-map", key=key, asked=as_text(_shortened(text))), icon=":material/link_off:")
    return None


def shapes_in_address() -> list[Shape] | None:
    """The mask that an opened link brings, once; None where there is none. A damaged one is refused in a sentence."""
    if (text := brought(MASK)) is None:
        return None
    st.session_state.setdefault(WRITTEN, {})[MASK] = text
    try:
        return shapes_of(text)
    except Problem as problem:
        st.info(told(problem), icon=":material/link_off:")
        return None


def text_of(shapes: Sequence[Shape]) -> str:
    """Shapes as one word of at most `LONGEST` letters; the empty mask is a word, too.

    Comes back by `shapes_of` as it was; where that would be too long, as one area of the same pixels.
    """
    text = _word(b"".join(_bytes(shape) for shape in shapes))
    if len(text) <= LONGEST:
        return text
    return _word(bytes([PIXELS]) + _packed(masks.shape_mask(list(shapes)).flatten().tolist()))


def shapes_of(text: str) -> list[Shape]:
    """The shapes that `text_of` has written; raises `Problem` with one sentence for anything else."""
    try:
        if not re.fullmatch(rf"{VERSION}[\w-]{{4,{2 * LONGEST}}}", text, re.ASCII):
            raise ValueError("not a mask of this version")
        padded = text[1:] + "=" * (-len(text[1:]) % 4)
        packed = base64.b64decode(padded, altchars=b"-_", validate=True)
        if base64.urlsafe_b64encode(packed).rstrip(b"=").decode() != text[1:]:
            raise ValueError("bits beyond the last byte")
        unpack = zlib.decompressobj()
        content = unpack.decompress(packed, LARGEST)
        if not unpack.eof or unpack.unused_data:
            raise ValueError("too long, or cut off")
        shapes = _shapes(content)
        if clean_shapes(shapes) != shapes:
            raise ValueError("no shapes of a picture")
        return shapes
    except (ValueError, IndexError, zlib.error, struct.error, binascii.Error) as damage:
        raise Problem(say("address.damaged-mask")) from damage


def _word(content: bytes) -> str:
    """zlib's own checksum (Adler-32) goes with it."""
    return VERSION + base64.urlsafe_b64encode(zlib.compress(content, 9)).rstrip(b"=").decode()


def _packed(bits: Sequence[bool]) -> bytes:
    return int("1" + "".join("1" if bit else "0" for bit in bits), 2).to_bytes(len(bits) // 8 + 1, "big")


def _bytes(shape: Shape) -> bytes:
    if (line := line_of(shape)) is not None:
        return _line_bytes(ERASE if "erase" in shape else STROKE, line)
    if "boxes" in shape:
        numbers = [number for box in shape["boxes"] for number in box]
        return bytes([AREA]) + struct.pack("<H", len(shape["boxes"])) + bytes(numbers)
    assert "box" in shape
    return bytes([BOX, *shape["box"]])


def _line_bytes(kind: int, line: Line) -> bytes:
    """Kind, width, number of points, and each as the step from the one before, in half pixels."""
    width = line["width"]
    brush = bytes([kind, int(width)]) if width.is_integer() else bytes([PRECISE, kind]) + struct.pack("<d", width)
    steps, before = [], (0, 0)
    for x, y in line["points"]:
        at = (round(2 * x), round(2 * y))
        steps += [at[0] - before[0], at[1] - before[1]]
        before = at
    small = all(-128 <= step < 128 for step in steps)
    listed = struct.pack(f"<{len(steps)}{'b' if small else 'h'}", *steps)
    return brush + struct.pack("<H?", len(line["points"]), small) + listed


class _Reader:
    """Bytes, from the first to the last; raises `IndexError` or `struct.error` where they end too early."""

    def __init__(self, content: bytes) -> None:
        self.content, self.at = content, 0

    def take(self, form: str) -> tuple:
        values = struct.unpack_from(form, self.content, self.at)
        self.at += struct.calcsize(form)
        return values


def _shapes(content: bytes) -> list[Shape]:
    reader, shapes = _Reader(content), []
    while reader.at < len(content):
        kind = content[reader.at]
        reader.at += 1
        if kind == BOX:
            shapes.append({"box": list(reader.take("<4B"))})
        elif kind == AREA:
            (count,) = reader.take("<H")
            shapes.append({"boxes": [list(reader.take("<4B")) for _ in range(count)]})
        elif kind == PIXELS:
            shapes += _area(content[reader.at :])
            reader.at = len(content)
        elif kind in (STROKE, ERASE, PRECISE):
            shapes.append(_line(reader, kind))
        else:
            raise ValueError(f"no shape of kind {kind}")
    return shapes


def _area(packed: bytes) -> list[Shape]:
    bits = bin(int.from_bytes(packed, "big"))[3:]
    if len(bits) != mask_file.SIZE**2:
        raise ValueError("not as many pixels as a picture has")
    hidden = torch.tensor([bit == "1" for bit in bits]).view(1, 1, mask_file.SIZE, mask_file.SIZE)
    return mask_file.shapes_of(hidden)


def _line(reader: _Reader, kind: int) -> Shape:
    if kind == PRECISE:
        kind, width = reader.take("<Bd")
    else:
        (width,) = reader.take("<B")
    count, small = reader.take("<H?")
    steps = reader.take(f"<{2 * count}{'b' if small else 'h'}")
    points, x, y = [], 0, 0
    for across, down in zip(steps[::2], steps[1::2], strict=True):
        x, y = x + across, y + down
        points.append([x / 2, y / 2])
    line: Line = {"width": float(width), "points": points}
    if kind == ERASE:
        return {"erase": line}
    if kind != STROKE:
        raise ValueError("no stroke")
    return {"stroke": line}


def check_address(**allowed: tuple[float, float] | Sequence[str]) -> None:
    """Call before the widgets that are bound to the address: for each key its range (low, high) or its choices.

    A range of whole numbers takes whole numbers only; `ANY` takes whatever is said once. What is refused, a value that
    is said twice among them, is taken out of the address before a widget sees it, and the visitor learns why: Streamlit
    would drop it without a word, round it, or take the last of several.
    """
    for key, values in allowed.items():
        asked = st.query_params.get_all(key)
        if not asked or (len(asked) == 1 and _fits(asked[0], values)):
            continue
        if _is_range(values):
            wanted = say("address.range", low=f"{values[0]:g}", high=f"{values[1]:g}")
        else:
            listed = ", ".join(map(str, values[:MAX_CHOICES]))
            wanted = say("address.choice", choices=f"{listed}{', …' if len(values) > MAX_CHOICES else ''}")
        if len(asked) > 1 or values == ANY:
            wanted = say("address.once") + (f", {wanted}" if values != ANY else "")
        said = ", ".join(_shortened(value) for value in asked[:MAX_CHOICES])
        st.info(say("address.refused", key=key, asked=as_text(said), wanted=wanted), icon=":material/link_off:")
        _forget(key)


def _shortened(text: str) -> str:
    """The beginning of a text, that is told where it is longer."""
    return text if len(text) <= MAX_SHOWN else f"{text[:MAX_SHOWN]}…"


def _forget(key: str) -> None:
    """Take a value out of the address, and out of what Streamlit has put aside for the widget of that key."""
    if context := get_script_run_ctx(suppress_warning=True):
        with context.session_state.query_params() as address:
            address.remove_param(key)
            address.set_initial_query_params_from_current()


def _is_range(values: tuple[float, float] | Sequence[str]) -> bool:
    return len(values) == 2 and all(isinstance(value, int | float) for value in values)


def _fits(asked: str, values: tuple[float, float] | Sequence[str]) -> bool:
    if not _is_range(values):
        return values == ANY or asked in values
    try:
        number = float(asked)
    except ValueError:
        return False
    low, high = values
    whole = isinstance(low, int) and isinstance(high, int)
    return float(low) <= number <= float(high) and not (whole and number % 1)
