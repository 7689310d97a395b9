"""Session files: what was saved comes back, and whatever else somebody brings costs one sentence."""

import base64
import io
import json
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine import images
from engine.photos import gallery
from engine.problem import Problem
from engine.restoration import session_file
from engine.restoration.session_file import Session
from tests.bad_files import flat_png, saved, scene

SHAPES: list[Any] = [
    {"box": [50, 76, 28, 28]},
    {"stroke": {"width": 12.5, "points": [[3.5, 4.0], [100.0, 128.0]]}},
    {"erase": {"width": 7.0, "points": [[64.0, 64.5]]}},
    {"boxes": [[0, 0, 5, 5], [7, 7, 1, 121]]},
]
OWN = torch.randint(256, (1, 3, 128, 128), generator=torch.Generator().manual_seed(0)).float() / 255
FULL = Session(session_file.OWN, SHAPES, "telea", ("telea", "gappy-pca"), False, 250, 2**62, OWN)


def same(one: Session, other: Session) -> bool:
    mine, yours = vars(one) | {"own": None}, vars(other) | {"own": None}
    if one.own is None or other.own is None:
        return mine == yours and one.own is other.own
    return mine == yours and torch.equal(one.own, other.own)


@pytest.mark.parametrize("name", gallery.gallery())
def test_a_session_of_the_gallery_comes_back(name: str) -> None:
    gone = Session(name, SHAPES, seed=7)
    assert same(session_file.load(session_file.save(gone)), gone)
    assert same(session_file.load(session_file.save(Session(name))), Session(name))


def test_an_own_face_comes_back_pixel_by_pixel() -> None:
    assert same(session_file.load(session_file.save(FULL)), FULL)


boxes = st.tuples(*[st.integers(0, 63)] * 2, *[st.integers(1, 64)] * 2).map(list)
points = st.lists(st.integers(0, 256).map(lambda half: half / 2), min_size=2, max_size=2)
lines = st.fixed_dictionaries({"width": st.floats(1, 128), "points": st.lists(points, min_size=1, max_size=5)})
drawn = st.one_of(
    st.fixed_dictionaries({"box": boxes}),
    st.fixed_dictionaries({"boxes": st.lists(boxes, min_size=1, max_size=5)}),
    st.fixed_dictionaries({"stroke": lines}),
    st.fixed_dictionaries({"erase": lines}),
)


@settings(max_examples=100, deadline=None)
@given(st.lists(drawn, max_size=5), st.booleans(), st.integers(1, 1000), st.none() | st.integers(0, 2**63 - 1))
def test_whatever_is_drawn_comes_back(shapes: list[Any], seamless: bool, steps: int, seed: int | None) -> None:
    gone = Session("astronaut", shapes, "telea", ("telea",), seamless, steps, seed)
    assert same(session_file.load(session_file.save(gone)), gone)


def test_a_file_says_no_more_than_it_must() -> None:
    raw = json.loads(session_file.save(FULL))
    assert set(raw) == {"format", "version", "face", "picture", "shapes", "method", "methods", "seamless", "steps",
                        "seed"}  # fmt: skip
    assert images.open_image(base64.b64decode(raw["picture"])).size == (128, 128)


def test_a_drawing_without_end_is_not_saved() -> None:
    stroke = {"stroke": {"width": 12.5, "points": [[127.5, 127.5]] * 400}}
    with pytest.raises(Problem, match="too many points"):
        session_file.save(Session("astronaut", [stroke] * 200))  # type: ignore[list-item]


# ---------------------------------------------------------------- hostile files


def altered(**changes: Any) -> Callable[[], bytes]:
    """The full session with other values; the ellipsis takes a field away."""

    def make() -> bytes:
        raw = json.loads(session_file.save(FULL)) | changes
        return json.dumps({key: value for key, value in raw.items() if value is not ...}).encode()

    return make


def of_gallery(**changes: Any) -> Callable[[], bytes]:
    return altered(**{"face": "astronaut", "picture": None} | changes)


def picture(content: bytes) -> Callable[[], bytes]:
    return altered(picture=base64.b64encode(content).decode())


def zipped(name: str = "session.json", content: bytes = b"{}") -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return buffer.getvalue()


def raw_shapes(text: str) -> bytes:
    """The session with JSON of one's own as its mask."""
    return session_file.save(Session("astronaut")).replace(b'"shapes":[]', f'"shapes":{text}'.encode())


NO_SESSION, DAMAGED, MASK = "no session of this app", "damaged or cut off", "mask of this session does not fit"
VERSION, METHODS, SETTINGS = "another version", "methods that there are not", "settings that there are not"
WHICH, PICTURE, SIZE = "not in the gallery", "picture in this session could not be read", "not of 128×128 pixels"
HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "nothing at all": (lambda: b"", "is empty"),
    "blanks": (lambda: b" \n" * 50, "is empty"),
    "text": (lambda: b"Dear reader,", NO_SESSION),
    "a list": (lambda: b"[1, 2, 3]", NO_SESSION),
    "a number": (lambda: b"7", NO_SESSION),
    "a picture": (lambda: saved(scene(), "PNG"), NO_SESSION),
    "random bytes": (lambda: bytes(range(256)) * 9, NO_SESSION),
    "a ZIP": (zipped, NO_SESSION),
    "a ZIP bomb": (lambda: zipped(content=bytes(50 * 2**20)), NO_SESSION),
    "a ZIP with a path": (lambda: zipped("../../etc/passwd"), NO_SESSION),
    "JSON of something else": (lambda: b'{"name": "app", "version": 1}', NO_SESSION),
    "GeoJSON": (lambda: b'{"type": "Feature", "format": null}', NO_SESSION),
    "the format as a list": (altered(format=[session_file.FORMAT]), NO_SESSION),
    "cut in half": (lambda: session_file.save(FULL)[: len(session_file.save(FULL)) // 2], DAMAGED),
    "its last byte missing": (lambda: session_file.save(FULL)[:-1], DAMAGED),
    "twice": (lambda: session_file.save(FULL) * 2, DAMAGED),
    "UTF-16": (lambda: b"{" + session_file.save(FULL).decode().encode("utf-16"), DAMAGED),
    "wrong UTF-8": (lambda: b'{"format": "\xff\xfe"}', DAMAGED),
    "a null byte": (lambda: b'{"format":\0"x"}', DAMAGED),
    "one byte more than 1 MB": (lambda: session_file.save(FULL).ljust(2**20 + 1), "larger than 1 MB"),
    "200 MB": (lambda: b"{" * 200 * 2**20, "larger than 1 MB"),
    "nested 100,000 deep": (lambda: b'{"format":' + b"[" * 100_000, DAMAGED),
    "nested 100,000 deep and closed": (lambda: raw_shapes("[" * 100_000 + "]" * 100_000), DAMAGED),
    "nested 100 deep": (lambda: raw_shapes("[" * 100 + "]" * 100), MASK),
    "objects 50,000 deep": (lambda: b'{"a":' * 50_000 + b"1" + b"}" * 50_000, DAMAGED),
    "another version": (altered(version=2), VERSION),
    "version zero": (altered(version=0), VERSION),
    "no version": (altered(version=...), VERSION),
    "the version as text": (altered(version="1"), VERSION),
    "the version as a truth": (altered(version=True), VERSION),
    "the version as a fraction": (altered(version=1.5), VERSION),
    "no face": (altered(face=...), "does not say what its face is"),
    "a picture and a name": (altered(face="astronaut"), "does not say what its face is"),
    "own without a picture": (altered(picture=None), "does not say what its face is"),
    "a face nobody knows": (of_gallery(face="mona-lisa"), WHICH),
    "a path for a face": (of_gallery(face="../../../etc/passwd"), WHICH),
    "an absolute path": (of_gallery(face="/etc/passwd"), WHICH),
    "a face with a picture of the web": (of_gallery(face="![x](https://example.org/x.png)"), WHICH),
    "a number for a face": (of_gallery(face=0), WHICH),
    "a list for a face": (of_gallery(face=["astronaut"]), WHICH),
    "an object for a face": (of_gallery(face={"astronaut": 1}), WHICH),
    "a picture that is none": (altered(picture="hello"), PICTURE),
    "a picture in letters not of base64": (altered(picture="\N{CAMERA}" * 8), PICTURE),
    "a picture as a list": (altered(picture=[1, 2, 3]), PICTURE),
    "a picture as an address": (altered(picture="https://example.org/face.png"), PICTURE),
    "a picture as a file": (altered(picture="file:///etc/passwd"), PICTURE),
    "an empty picture": (altered(picture=""), PICTURE),
    "a GIF": (picture(saved(scene((128, 128)), "GIF")), PICTURE),
    "an SVG": (picture(b"<svg xmlns='http://www.w3.org/2000/svg'/>"), PICTURE),
    "a picture, cut off": (picture(saved(scene((128, 128)), "PNG")[:-30]), PICTURE),
    "a picture of another size": (picture(saved(scene((127, 128)), "PNG")), SIZE),
    "a large picture": (picture(saved(scene((2000, 2000)), "PNG")), SIZE),
    "a picture bomb": (lambda: picture(flat_png(20_000, 20_000))(), PICTURE),
    "no mask": (of_gallery(shapes=...), "has no mask"),
    "a mask as text": (of_gallery(shapes="[]"), "has no mask"),
    "a mask as an object": (of_gallery(shapes={"box": [0, 0, 5, 5]}), "has no mask"),
    "201 shapes": (of_gallery(shapes=SHAPES * 67), "more than 200 shapes"),
    "a million shapes": (lambda: raw_shapes(f"[{','.join('1' * 500_000)}]"), "more than 200 shapes"),
    "a box over the edge": (of_gallery(shapes=[{"box": [120, 0, 28, 28]}]), MASK),
    "a box outside": (of_gallery(shapes=[{"box": [500, 500, 28, 28]}]), MASK),
    "a box without area": (of_gallery(shapes=[{"box": [5, 5, 0, 9]}]), MASK),
    "a box of three numbers": (of_gallery(shapes=[{"box": [5, 5, 5]}]), MASK),
    "a box of text": (of_gallery(shapes=[{"box": ["5", "5", "5", "5"]}]), MASK),
    "a box of truths": (of_gallery(shapes=[{"box": [True, True, True, True]}]), MASK),
    "a box of nothing": (of_gallery(shapes=[{"box": None}]), MASK),
    "a box with a secret": (of_gallery(shapes=[{"box": [5, 5, 5, 5], "path": "/etc"}]), MASK),
    "no shape": (of_gallery(shapes=[None]), MASK),
    "NaN": (lambda: raw_shapes('[{"box":[NaN,5,5,5]}]'), DAMAGED),
    "infinity": (lambda: raw_shapes('[{"box":[0,0,Infinity,5]}]'), DAMAGED),
    "a number beyond all": (lambda: raw_shapes('[{"box":[0,0,1e999,5]}]'), MASK),
    "a number of 4,000 digits": (lambda: raw_shapes(f'[{{"box":[0,0,{"9" * 4000},5]}}]'), MASK),
    "a number of 100,000 digits": (lambda: raw_shapes(f'[{{"box":[0,0,{"9" * 100_000},5]}}]'), DAMAGED),
    "a brush without width": (of_gallery(shapes=[{"stroke": {"width": 0, "points": [[1, 1]]}}]), MASK),
    "a brush without points": (of_gallery(shapes=[{"stroke": {"width": 5, "points": []}}]), MASK),
    "a stroke without end": (of_gallery(shapes=[{"stroke": {"width": 5, "points": [[1, 1]] * 401}}]), MASK),
    "an area without end": (of_gallery(shapes=[{"boxes": [[0, 0, 1, 1]] * 8193}]), MASK),
    "no method": (of_gallery(method=...), METHODS),
    "a method nobody knows": (of_gallery(method="magic"), METHODS),
    "a method as a list": (of_gallery(method=["telea"]), METHODS),
    "methods as text": (of_gallery(methods="telea"), METHODS),
    "methods nobody knows": (of_gallery(methods=["telea", "__import__"]), METHODS),
    "methods twice": (of_gallery(methods=["telea", "telea"]), METHODS),
    "methods as numbers": (of_gallery(methods=[1, 2]), METHODS),
    "seamless as text": (of_gallery(seamless="yes"), SETTINGS),
    "steps as text": (of_gallery(steps="100"), SETTINGS),
    "no steps": (of_gallery(steps=0), SETTINGS),
    "endless steps": (of_gallery(steps=10**9), SETTINGS),
    "half a step": (of_gallery(steps=1.5), SETTINGS),
    "a seed below zero": (of_gallery(seed=-1), SETTINGS),
    "a seed of 64 bits": (of_gallery(seed=2**63), SETTINGS),
    "a seed as text": (of_gallery(seed="0"), SETTINGS),
    "a seed as a truth": (of_gallery(seed=True), SETTINGS),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_costs_one_sentence(name: str) -> None:
    make, says = HOSTILE[name]
    with pytest.raises(Problem, match=says) as caught:
        session_file.load(make())
    said = str(caught.value)
    assert said.count(". ") == 0 and said.endswith(".")
    assert not set(said) & set("[]<>/{}`"), "nothing of the file is quoted"


def test_what_is_added_later_is_passed_over() -> None:
    """A field this version does not know is no reason to refuse a session of this version."""
    assert same(session_file.load(altered(note="hello")()), FULL)


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9) | st.sampled_from(SHAPES),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["box", "stroke", "a"]), inner),
    max_leaves=6,
)
fields = st.sampled_from(sorted(json.loads(session_file.save(FULL))))
wounds = st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.binary(max_size=3), st.integers(0, 40)), max_size=4)


@settings(max_examples=400, deadline=2000, suppress_health_check=[HealthCheck.too_slow], database=None)
@given(st.dictionaries(fields, values, max_size=3), wounds)
def test_a_session_or_a_problem_and_nothing_else(
    changes: dict[str, Any], wounds: list[tuple[float, bytes, int]]
) -> None:
    content = json.dumps(json.loads(session_file.save(FULL)) | changes).encode()
    for place, new, gone in wounds:
        at = int(place * len(content))
        content = content[:at] + new + content[at + gone :]
    try:
        loaded = session_file.load(content)
    except Problem:
        return
    assert same(session_file.load(session_file.save(loaded)), loaded)
