"""A face is 300 numbers: eight named dials turn them, and a film walks from this face to another."""

from collections.abc import Sequence
from dataclasses import fields

import streamlit as st
import torch
from torch import Tensor

from engine import images
from engine.corruptions import masks
from engine.corruptions.shapes import Shape
from engine.latent import dials, interpolation, maps
from engine.models import weights
from engine.networks import Autoencoder
from engine.photos import gallery
from engine.restoration import enhancement, face_generator, film
from pages.codes import arithmetic, dial_address
from pages.codes.dial_address import MEAN, NOBODY
from pages.codes.state import CodesState
from pages.components.dial_machine.dial_machine import (
    ALONE,
    FRAMES,
    MOST_ALONE,
    WALK,
    Dial,
    Scene,
    Track,
    Turned,
    Words,
    dial_machine,
    hand,
)
from pages.parts.say import say
from pages.parts.state import state_of

MODEL = dials.MODEL
KEY = "dial machine"
FACES = ("nobody-262", "nobody-464", "nobody-57", "nobody-309", "astronaut", "grace-hopper")  # to begin with
ENDS = 3.0  # places of the two thumbnails: a little beyond where 95 % of photographs lie
SMALL = 64  # pixels of a thumbnail
STOPS = 17  # faces along a track; two neighbours laid over each other are the face between them within 4 of 255
NOTED = 0.2  # deviations that another dial must move along to be named


def titles() -> list[str]:
    """Whose face the dials can begin at."""
    return [*(face.title for face in gallery.gallery().values()), MEAN, NOBODY]


def show() -> str:
    """The machine, and below it whose face it is, the film to keep, and arithmetic."""
    state = state_of(CodesState)
    st.session_state.setdefault("start", title_of(FACES[0]))
    shapes = dial_address.take()
    place = st.container()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        start = st.selectbox(say("dials.start"), titles(), key="start", persist_state="session", width=260)
        keep = st.container()
    shapes = shapes if start == state.linked else []
    code = code_of(start, shapes, state.seed)
    turned, count = hand(KEY, str(state.turns), state.turned, dial_address.MOST, dials.NAMES)
    state.turned = turned
    dial_address.tell(start, state)
    other = code_of(title_of(FACES[state.to]), (), 0)
    here = dials.dials().turned(code, turned.values, turned.number, turned.much)
    painted = turned.painted and not (start == MEAN and turned.still and turned.walk < 1)
    with place:
        shown = track(code, here, other, turned) if turned.held else scene(start, code, here, other, painted, turned)
        machine(turned, count, shown)
    with keep:
        st.download_button(
            say("dials.keep"),
            lambda: walk_film(here, other, painted),
            "walk.webp",
            "image/webp",
            icon=":material/download:",
            on_click="ignore",
        )
    if shapes:
        st.caption(say("dials.under-its-mask"))
    if turned.painted and not painted:
        st.caption(say("dials.mean-is-nobody"))
    st.caption(say("dials.made", faces=len(maps.face_codes())))
    if st.toggle(say("dials.arithmetic"), key="arithmetic too", persist_state="session"):
        arithmetic.show()
    return code_lines(start, shapes, turned, painted)


def machine(turned: Turned, count: int, shown: Scene | Track) -> None:
    """The component, and what a tap on it changes."""
    state = state_of(CodesState)

    def take(number: int) -> None:
        if number < len(FACES):
            st.session_state["start"] = title_of(FACES[number])
            state.to = (number + 1) % len(FACES) if state.to == number else state.to

    def another() -> None:
        if st.session_state.get("start") == NOBODY:
            state.seed = (state.seed + 1) % (dial_address.LAST_SEED + 1)
        st.session_state["start"] = NOBODY

    def aim(number: int) -> None:
        state.to = number % len(FACES)

    dial_machine(turned, count, shown, key=KEY, on_face=take, on_another=another, on_to=aim)


def track(code: Tensor, here: Tensor, other: Tensor, turned: Turned) -> Track:
    """The decoder's faces all along what the hand holds. code, here, other: (1, 300), as it began, as it is turned, and
    at the end of the film."""
    known, values = dials.dials(), list(turned.values)
    if turned.held == WALK:
        low, high, codes = 0.0, FRAMES - 1.0, interpolation.straight(here[0], other[0], FRAMES)
    elif turned.held == ALONE:
        low, high = -MOST_ALONE, MOST_ALONE
        stops = torch.linspace(low, high, STOPS).tolist()
        codes = torch.cat([known.turned(code, values, turned.number or 1, much) for much in stops])
    else:
        dial = dials.NAMES.index(turned.held)
        place = known.places(code)[0, dial].item()
        low, high = max(-dials.MOST - place, -dial_address.MOST), min(dials.MOST - place, dial_address.MOST)
        stops = torch.linspace(low, high, STOPS).tolist()
        turns = [[*values[:dial], stop, *values[dial + 1 :]] for stop in stops]
        codes = torch.cat([known.turned(code, steps, turned.number, turned.much) for steps in turns])
    return Track(turned.held, low, high, len(codes), images.data_url(images.tiled(decode(codes), len(codes)), "jpeg"))


def scene(start: str, code: Tensor, here: Tensor, other: Tensor, painted: bool, turned: Turned) -> Scene:
    """All that the machine shows. code, here, other: as for `track`; painted: whether the large face is finished."""
    state, known = state_of(CodesState), dials.dials()
    places, titles = known.places(code)[0].tolist(), [title_of(name) for name in FACES]
    walked = decode(interpolation.straight(here[0], other[0], FRAMES))
    face = walked[max(turned.walk, 0)].unsqueeze(0)
    return Scene(
        face=images.data_url(enhancement.finish(face) if painted else face),
        name=say("dials.between") if turned.walk > 0 else start,
        note=note(start, turned, titles[state.to]),
        dials=[
            Dial(
                name,
                say(f"dials.{name}"),
                say(f"dials.{name}.low"),
                say(f"dials.{name}.high"),
                place,
                (low, high),
                along(number),
                (-ENDS - place, ENDS - place),
            )
            for number, (name, place, (low, high)) in enumerate(
                zip(dials.NAMES, places, dials.usual().tolist(), strict=True)
            )
        ],
        numbers=hundredths(dials.deviations(code)[0]),
        directions=[hundredths(row) for row in dials.steps()],
        thumbnails=thumbnails(known, code),
        film=sheet(walked, FRAMES),
        faces=small_faces(),
        titles=titles,
        chosen=titles.index(start) if start in titles else -1,
        to=state.to,
        most=dial_address.MOST,
        span=dials.MOST,
        words=Words(**{field.name: say(f"dials.words.{field.name}") for field in fields(Words)}),
    )


def note(start: str, turned: Turned, other: str) -> str:
    """The line under the title: how far on the walk, or the seed and what is turned."""
    if turned.walk > 0:
        return say("dials.on-the-way", share=f"{turned.walk / (FRAMES - 1):.0%}", other=other)
    said = [say("dials.seed", seed=state_of(CodesState).seed)] if start == NOBODY else []
    said += [
        f"{say(f'dials.{name}').lower()} {value:+.1f}"
        for name, value in zip(dials.NAMES, turned.values, strict=True)
        if value
    ]
    if turned.number and turned.much:
        said.append(say("dials.alone", number=turned.number, much=f"{turned.much:+.1f}"))
    return " · ".join(said) or say("dials.untouched")


def along(number: int) -> str:
    """Which other dials move when this one is turned up by one, and by how much: their directions are not at right
    angles, as these things are not in the faces that the network has learnt from."""
    moved = dials.moves_along()[number].tolist()
    others = [
        f"{say(f'dials.{name}').lower()} {share:+.1f}"
        for other, (name, share) in enumerate(zip(dials.NAMES, moved, strict=True))
        if other != number and abs(share) >= NOTED
    ]
    title, more = say(f"dials.{dials.NAMES[number]}"), say(f"dials.{dials.NAMES[number]}.along")
    said = say("dials.along", dial=title, others=", ".join(others)) if others else say("dials.along-none", dial=title)
    return f"{said} {more}".strip()


def hundredths(values: Tensor) -> list[int]:
    return (values.clamp(-9.99, 9.99) * 100).round().int().tolist()


def title_of(name: str) -> str:
    return gallery.gallery()[name].title


@st.cache_data(show_spinner=False, max_entries=200)
def code_of(start: str, shapes: Sequence[Shape], seed: int) -> Tensor:
    """The code of a gallery face under its mask, of the mean, or of the nobody of that seed (1, 300)."""
    if start == MEAN:
        return dials.dials().mean.unsqueeze(0)
    if start == NOBODY:
        face = face_generator.face(seed)
    else:
        face = next(face.image for face in gallery.gallery().values() if face.title == start)
        face = masks.hide(face, masks.shape_mask(list(shapes)))
    with torch.inference_mode():
        return weights.shared(MODEL, Autoencoder).encode(face)


def decode(codes: Tensor) -> Tensor:
    with torch.inference_mode():
        return weights.shared(MODEL, Autoencoder).decode(codes)


def sheet(faces: Tensor, columns: int) -> str:
    """Faces, made small, in rows: the address of one picture."""
    small = torch.nn.functional.interpolate(faces, (SMALL, SMALL), mode="area")
    return images.data_url(images.tiled(small, columns))


@st.cache_data(show_spinner=False, max_entries=200, hash_funcs={Tensor: lambda code: code.numpy().tobytes()})
def thumbnails(_known: dials.Dials, code: Tensor) -> str:
    """Both ends of every dial of that face, a row each."""
    steps = torch.stack([-ENDS - _known.places(code)[0], ENDS - _known.places(code)[0]], 1)  # (8, 2)
    ends = code + steps.unsqueeze(2) * _known.directions.unsqueeze(1)  # (8, 2, 300)
    return sheet(decode(ends.flatten(0, 1)), 2)


@st.cache_data(show_spinner=False)
def small_faces() -> str:
    return sheet(torch.cat([gallery.gallery()[name].image for name in FACES]), len(FACES))


def walk_film(here: Tensor, other: Tensor, painted: bool) -> bytes:
    """The walk to take home, an animated WebP."""
    faces = decode(interpolation.straight(here[0], other[0], FRAMES))
    finished = torch.cat([enhancement.finish(face) for face in faces.split(1)]) if painted else faces
    return film.of_walk(finished, say("dials.film-note"))


def code_lines(start: str, shapes: Sequence[Shape], turned: Turned, painted: bool) -> str:
    """The lines that make the turned face."""
    turns = f"{list(turned.values)}" + (f", {turned.number}, {turned.much}" if turned.number else "")
    imports = "from engine.restoration import enhancement\n" if painted else ""
    face = f"network.decode(known.turned(start, {turns}))"
    return f"""{"from engine.corruptions import masks" + chr(10) if shapes else ""}from engine.latent import dials
from engine.models import weights
from engine.photos import gallery
{imports}{"from engine.restoration import face_generator" + chr(10) if start == NOBODY else ""}
known, network = dials.dials(), weights.load("{MODEL}")
{beginning(start, shapes)}
face = {f"enhancement.finish({face})" if painted else face}"""


def beginning(start: str, shapes: Sequence[Shape]) -> str:
    """The line that gives the code of that title under its mask."""
    if start == MEAN:
        return "start = known.mean.unsqueeze(0)"
    if start == NOBODY:
        return f"start = network.encode(face_generator.face({state_of(CodesState).seed}))"
    name = next(name for name, face in gallery.gallery().items() if face.title == start)
    face = f'gallery.gallery()["{name}"].image'
    return f"start = network.encode({f'masks.hide({face}, masks.shape_mask({shapes}))' if shapes else face})"
