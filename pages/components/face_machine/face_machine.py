"""The machine: a face to hide a part of, the 300 numbers that it becomes, and what each method puts back."""

import itertools
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, TypedDict

import streamlit as st

from engine.corruptions import shapes as engine_shapes
from engine.corruptions.masks import Box
from engine.corruptions.shapes import Shape, clean_shapes
from pages.components.frontend import frontend, named, nothing, turn
from pages.parts.say import say, sayings

SIZE = 128  # width and height of the face in pixels, the unit of all shapes
SIX = 6  # answers side by side
NUMBERS = 300  # of a code, and of a draft
MAX_ANSWERS = 1000  # of one method to one hole

TERMS = ("psnr", "sharpness")  # that the machine explains where it says them

_messages = itertools.count()

_mount = frontend(
    "face_machine",
    *("../hold", "../box_pad/shapes", "../box_pad/lens", "../box_pad/pad"),
    *("../cells", "buttons", "faces", "tile", "place", "verdict", "answer"),
    styles=["../term", "../box_pad/pad", "waist", "parts", "chips", "methods", "faces", "narrow"],
)
_mount_rest = frontend("face_answers")


@dataclass(frozen=True)
class Patch:
    """What lies over the face where a hole was, as a picture of its own: as little as the eye needs."""

    url: str
    id: str  # changes exactly when the picture does
    place: tuple[float, float, float, float]  # left, top, width, height in shares of the face

    @classmethod
    def of(cls, url: str, place: tuple[float, float, float, float]) -> "Patch":
        """The patch at that address."""
        return cls(url, named(url + str(place)), place)


@dataclass(frozen=True)
class Shown:
    """A method as the machine shows it; with neither patch nor words its answer is on its way."""

    name: str
    title: str  # above the answer
    short: str  # under its thumbnail
    why: str  # one reason for what is seen
    colour: str  # CSS
    patch: Patch | None = None
    missing: str = ""  # a sentence in the place of the picture
    waits: bool = False  # the answer is on its way
    numbers: str = ""  # which of the machine's numbers are its own; empty: none
    many: bool = False  # whether it has another answer
    asks: bool = False  # so slow that it starts only when it is tapped


class Numbers(TypedDict):
    """300 numbers in hundredths of a deviation."""

    values: list[int]
    intact: list[int]  # of the face with nothing hidden
    moved: list[int]  # which of them the hole moved


@dataclass(frozen=True)
class Place:
    """This face on the map of codes."""

    points: str  # address of the point file
    extent: tuple[float, float, float, float]
    intact: tuple[float, float]
    hole: tuple[float, float]


@dataclass(frozen=True)
class Verdict:
    """Names of methods, and the figures behind them."""

    closest: str
    sharpest: str
    figures: Sequence[Sequence[str]]  # rows of method, PSNR, sharpness
    note: str  # one or two sentences under them


@dataclass(frozen=True)
class Answers:
    """What the methods make of one question."""

    methods: Sequence[Shown]
    numbers: Mapping[str, Numbers]
    place: Place | None = None  # None, and no verdict: they are on their way
    verdict: Verdict | None = None

    def data(self) -> dict[str, Any]:
        """For the browser, without what is on its way."""
        data: dict[str, Any] = {
            "methods": [vars(one) | {"patch": one.patch and vars(one.patch)} for one in self.methods]
        }
        data["numbers"] = dict(self.numbers)
        if self.place:
            data["place"] = vars(self.place)
        if self.verdict:
            data["verdict"] = {"closest": self.verdict.closest, "sharpest": self.verdict.sharpest}
            data |= {"figures": [list(row) for row in self.verdict.figures], "figures_note": self.verdict.note}
        return data


@dataclass(frozen=True)
class Strip:
    """All faces in one picture of squares, row by row."""

    names: tuple[str, ...]
    url: str
    columns: int


@dataclass(frozen=True)
class Hand:
    """What the visitor has done."""

    shapes: list[Shape]
    seed: int | None  # of the random box, where the shapes are it
    method: str  # that stands large; empty: whichever the page likes
    nth: int  # which of its answers
    six: bool  # whether six are asked for
    turn: int
    have: frozenset[str]  # what the browser need not be sent again
    below: bool = True  # whether what stands under the machine is on the screen


def hand(key: str, version: str, shapes: Sequence[Shape], seed: int | None = None, method: str = "") -> Hand:
    """What the visitor has done on the machine of that key since `version` changed.

    version: another one (another face, a file that was loaded) lays `shapes` and `method` on the machine; in between
        the browser owns them. Keep what is returned and pass it again: a machine that comes back after a visit to
        another page shows what it is given.
    """
    count = turn(key, version)
    now = st.session_state.get(key, {}).get("now")
    if not isinstance(now, dict):
        return Hand(clean_shapes(list(shapes)), seed, method, 0, False, count, frozenset())
    listed = now.get("have")
    have = frozenset(name for name in listed if isinstance(name, str)) if isinstance(listed, list) else frozenset()
    if now.get("turn") != count:
        return Hand(clean_shapes(list(shapes)), seed, method, 0, False, count, have)
    nth, chosen, drawn = now.get("nth"), now.get("method"), now.get("seed")
    return Hand(
        clean_shapes(now.get("shapes")),
        drawn if type(drawn) is int else None,
        chosen if isinstance(chosen, str) else method,
        nth if type(nth) is int and 0 <= nth < MAX_ANSWERS else 0,
        now.get("six") is True,
        count,
        have,
        now.get("below") is not False,
    )


def machine(
    done: Hand,
    picture: str,
    strip: Strip,
    face: int,
    *,
    key: str,
    asked: str,
    hidden: bool,
    holes: Mapping[str, Box],
    random: tuple[int, Box],
    codes: str,
    answers: Answers,
    six: Sequence[Patch] = (),
    hide: Collection[str] = (),
    locked: bool = False,
    on_now: Callable[[], None] = nothing,
    on_face: Callable[[int], None],
    on_go: Callable[[str, int], None],
) -> int:
    """Show it, and return the number of the message, which a `rest` refers to.

    picture: address of the face, enlarged twice; face: its number in the strip.

    asked: changes when the question does (face, mask, settings); hidden: whether any pixel is.
    holes: boxes that one tap hides, by name; random: the seed of the next random box, and the box.
    codes: address of the page where the numbers are turned by hand.
    answers: of every method; of a stroke the large one comes first, and the `rest` after it.
    six: the first answers of the method that stands large, where they were asked for.
    hide, locked: names of controls that an exercise leaves out (`CONTROLS` in face_machine.js), and whether it lets
        nobody draw or take another face.
    on_now, on_face, on_go: called when the visitor has drawn or switched, with the number of a face, and with "codes"
        and the number of the code that was tapped (from 1 on; 0: none) or the name of a slow method and 0, before the
        page runs again.
    """
    once = {_name("face", picture): picture, _name("strip", strip.url): asdict(strip)}
    message = next(_messages)
    data: dict[str, Any] = {
        "once": {name: None if name in done.have else content for name, content in once.items()},
        "shapes": done.shapes,
        "seed": done.seed,
        "turn": done.turn,
        "size": SIZE,
        "most": engine_shapes.MAX_SHAPES,
        "points": engine_shapes.MAX_POINTS,
        "pointsInAll": engine_shapes.MAX_POINTS_IN_ALL,
        "label": say("machine.pad", name=strip.names[face]),
        "words": sayings("pad", "machine") | {f"glossary.{word}": say(f"glossary.{word}") for word in TERMS},
        "face": face,
        "asked": asked,
        "hidden": hidden,
        "holes": [[name, list(box)] for name, box in holes.items()],
        "random": {"seed": random[0], "box": list(random[1])},
        "chosen": done.method,
        "nth": done.nth,
        "six": done.six,
        "six_answers": [asdict(patch) for patch in six],
        "codes": codes,
        "hide": sorted(hide),
        "locked": locked,
        # No two messages are equal: Streamlit would remind the browser of an earlier one, which it may just have
        # forgotten when strokes follow each other closely, and the page would break.
        "message": message,
        **answers.data(),
    }

    def took() -> None:
        number = st.session_state.get(key, {}).get("took")
        if type(number) is int and 0 <= number < len(strip.names):  # a browser may send anything
            on_face(number)

    def went() -> None:
        slow = [method.name for method in answers.methods if method.asks]
        match st.session_state.get(key, {}).get("went"):
            case ["codes", number] if type(number) is int and 0 <= number <= NUMBERS:
                on_go("codes", number)
            case [str(name), _] if name in slow:
                on_go(name, 0)

    _mount(data=data, key=key, on_now_change=on_now, on_took_change=took, on_went_change=went)
    return message


def rest(answers: Answers, *, message: int, key: str) -> None:
    """The answers that were not yet there when the machine was sent with that number of message."""
    _mount_rest(data={"message": message, **answers.data()}, key=key)


def _name(kind: str, content: str) -> str:
    """What the browser keeps it by."""
    return f"{kind}-{named(content)}"
