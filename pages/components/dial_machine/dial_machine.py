"""Eight named dials, the 300 numbers that they turn, the face that comes of it, and a walk to another as a film."""

import math
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace

import streamlit as st

from pages.components.frontend import frontend, nothing, turn

FRAMES = 11  # of the film, both ends with it
COUNT = 300  # numbers of a face
MOST_ALONE = 4.0  # deviations that one number is turned alone

ALONE, WALK = "alone", "walk"  # what a hand holds when it is no dial: the slider of one number, the film

_mount = frontend("dial_machine", "../cells", "film", "track", styles=["parts", "narrow"])


@dataclass(frozen=True)
class Turned:
    """What the visitor has turned."""

    values: tuple[float, ...]  # of each dial, in deviations from where the face itself lies
    number: int = 0  # which of the 300 is turned alone, from 1; 0: none
    much: float = 0.0  # by how many deviations
    walk: int = -1  # which frame of the film stands large; -1: none
    painted: bool = True  # finished by the painter, or as decoded
    held: str = ""  # the dial, by its name, `ALONE` or `WALK`, that the hand has not let go

    @property
    def still(self) -> bool:
        """Whether it is the face as it was."""
        return not any(self.values) and not (self.number and self.much)


@dataclass(frozen=True)
class Dial:
    """One dial of this face. Places are in deviations from the mean of real faces."""

    name: str  # when a hand holds it
    title: str
    low: str
    high: str
    place: float  # where the face itself lies
    usual: tuple[float, float]  # between them lie 95 % of the test photographs
    along: str  # what moves with it, in words
    ends: tuple[float, float]  # how far the two thumbnails are turned


@dataclass(frozen=True)
class Words:
    """What the machine says itself; braces are filled in the browser."""

    title: str
    about: str
    zero: str
    decoded: str
    painted: str
    by: str
    many: str
    moved: str
    beyond: str
    alone: str
    pick: str
    cell: str
    walk: str
    to: str
    play: str
    stop: str
    drag: str
    half: str  # what lies half-way on the film
    another: str
    film: str
    faces: str


@dataclass(frozen=True)
class Track:
    """The faces all along what a hand holds."""

    of: str  # see `Turned.held`
    low: float  # its values at both ends
    high: float
    count: int  # of faces
    sheet: str  # they, side by side: the address of one picture


def hand(key: str, version: str, given: Turned, most: float, names: Sequence[str]) -> tuple[Turned, int]:
    """What was turned on the machine of that key since `version` changed, and its turn; `given` before that.

    A dial is turned at most `most` deviations; names: of the dials. A browser may send anything.
    """
    count = turn(key, version)
    now = st.session_state.get(key, {}).get("now")
    if not isinstance(now, dict) or now.get("turn") != count:
        return given, count
    listed = now.get("values")
    values = listed if isinstance(listed, list) and len(listed) == len(given.values) else given.values
    number, walk, held = now.get("number"), now.get("walk"), now.get("held")
    return (
        Turned(
            tuple(_number(value, most) for value in values),
            number if type(number) is int and 0 <= number <= COUNT else 0,
            _number(now.get("much"), MOST_ALONE),
            walk if type(walk) is int and 0 <= walk < FRAMES else -1,
            now.get("painted") is not False,
            held if held in (*names, ALONE, WALK) else "",
        ),
        count,
    )


def _number(value: object, most: float) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return 0.0
    return min(max(float(value), -most), most)


@dataclass(frozen=True)
class Scene:
    """All that the machine shows."""

    face: str  # address of the large picture
    name: str  # above it
    note: str
    dials: Sequence[Dial]
    numbers: Sequence[int]  # of this face (300,), in hundredths of a deviation
    directions: Sequence[Sequence[int]]  # of each dial (8, 300), likewise
    thumbnails: str  # both ends of every dial, a row each, in one picture
    film: str  # its `FRAMES` frames side by side
    faces: str  # other faces to begin with, in one picture side by side
    titles: Sequence[str]  # theirs
    chosen: int  # which of them it is; -1: none
    to: int  # which of them the film goes to
    most: float  # how far a dial turns
    span: float  # the places at the ends of its track
    words: Words
    most_alone: float = MOST_ALONE


def dial_machine(
    turned: Turned,
    count: int,
    shown: Scene | Track,
    *,
    key: str,
    on_face: Callable[[int], None],
    on_another: Callable[[], None],
    on_to: Callable[[int], None],
) -> None:
    """Show it. `turned`, `count`: as `hand` gives them.

    shown: all of it, or while a hand holds something its track alone, for the browser has the rest.
    on_face, on_another, on_to: called with the number of a face that was tapped, before the page runs again.
    """
    data: dict[str, object] = {"turn": count, "turned": asdict(replace(turned, held=""))}
    data |= {"track": asdict(shown)} if isinstance(shown, Track) else asdict(shown) | {"track": None}

    def sent(what: str) -> int | None:
        number = st.session_state.get(key, {}).get(what)
        return number if type(number) is int and number >= 0 else None

    def took() -> None:
        if (number := sent("took")) is not None:
            on_face(number)

    def aimed() -> None:
        if (number := sent("aimed")) is not None:
            on_to(number)

    def asked() -> None:
        on_another()

    _mount(
        data=data,
        key=key,
        on_now_change=nothing,
        on_took_change=took,
        on_aimed_change=aimed,
        on_another_change=asked,
    )
