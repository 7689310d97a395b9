"""From one digit or face to another: straight through the code, along real neighbours, and pixel by pixel."""

from dataclasses import dataclass

import streamlit as st
import torch
from torch import Tensor

from engine import images
from engine.datasets import mnist
from engine.latent import interpolation, maps
from engine.models import weights
from engine.networks import Autoencoder
from pages.codes import finish
from pages.components.picture_row.picture_row import Picture, picture_row
from pages.parts.address import check_address
from pages.parts.named_choice import choose
from pages.parts.say import say

STEPS = 9
FACES = "face-autoencoder"
MODELS = {  # by their names in the address
    "2 numbers": "digit-map",
    "2 numbers, variational": "digit-map-vae",
    "50 numbers": "digit-code-50",
    "Faces": FACES,
}
FIRST = "50 numbers"


@dataclass(frozen=True)
class Walk:
    """Two ends among the known codes of a network."""

    model: str
    first: int
    last: int
    finished: bool  # whether the painter goes over what is decoded

    @property
    def faces(self) -> bool:
        return self.model == FACES

    @property
    def codes(self) -> Tensor:
        return maps.face_codes() if self.faces else maps.digit_codes(self.model)


def show() -> str:
    """Three strips between two known codes, and a slider that runs through them."""
    walk = asked()
    with st.spinner(say("walk.joining")):
        path = neighbour_graph(walk.model).path(walk.first, walk.last)
    titles = {
        "straight": say("walk.straight"),
        "along": say("walk.along", count=len(path)),
        "pixels": say("walk.pixels"),
    }
    rows = {titles[name]: strip for name, strip in strips(walk, path).items()}
    step = st.slider(
        say("walk.film"),
        1,
        STEPS,
        (STEPS + 1) // 2,
        key="film",
        bind="query-params",
        help=say("walk.film.help"),
    )
    films(rows, step - 1, walk.faces)
    for number, (title, strip) in enumerate(rows.items()):
        st.markdown(f"**{title}**")
        picture_row(
            [Picture("", picture, alt=say("walk.alt", title=title, step=i + 1)) for i, picture in enumerate(strip)],
            key=f"strip {number} {walk.faces}",
            pixelated=not walk.faces,
            min_width=64,
        )
    st.caption(say("walk.how-face" if walk.faces else "walk.how-digit"))
    return code(walk)


def asked() -> Walk:
    """What the visitor walks through, and between which two."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        name = choose(
            "code",
            list(MODELS),
            FIRST,
            say("walk.code"),
            lambda name: say(f"walk.model.{MODELS[name]}"),
            label_visibility="visible",
        )
        model = MODELS[name]
        if model == FACES:
            most = len(maps.face_codes()) - 1
            check_address(face1=(0, most), face2=(0, most))
            first, last = end(say("walk.from-face"), most, 3, "face1"), end(say("walk.to-face"), most, 40, "face2")
        else:
            first, last = end(say("walk.from-digit"), 9999, 3, "from"), end(say("walk.to-digit"), 9999, 17, "to")
        finished = model == FACES and finish.switch()
    return Walk(model, first, last, finished)


def end(title: str, most: int, number: int, key: str) -> int:
    """The number of a known picture, in the address as well."""
    return st.number_input(title, 0, most, number, key=key, bind="query-params", width=160)


@st.cache_data(show_spinner=False, max_entries=50)
def strips(walk: Walk, path: list[int]) -> dict[str, list[str]]:
    """By kind, `STEPS` pictures each, ready for the page; the same for all visitors."""
    codes, network = walk.codes, weights.shared(walk.model, Autoencoder)
    with torch.inference_mode():
        straight = network.decode(interpolation.straight(codes[walk.first], codes[walk.last], STEPS))
        along = network.decode(interpolation.along(codes, path, STEPS))
    ends = straight[[0, -1]]  # photographs of test faces are never shown, their codes are
    if not walk.faces:
        ends = mnist.test_half().images[[walk.first, walk.last]].float() / 255
    rows = {
        "straight": finish.as_chosen(straight, walk.finished),
        "along": finish.as_chosen(along, walk.finished),
        "pixels": interpolation.crossfade(ends[:1], ends[1:], STEPS),
    }
    kind = "webp" if walk.faces else "png"  # a digit's pixels are kept as they are
    return {name: [images.data_url(one, kind) for one in strip.split(1)] for name, strip in rows.items()}


def code(walk: Walk) -> str:
    """The lines that walk the same way."""
    known = "maps.face_codes()" if walk.faces else f'maps.digit_codes("{walk.model}")'
    straight = f"network.decode(interpolation.straight(codes[{walk.first}], codes[{walk.last}], {STEPS}))"
    along = f"network.decode(interpolation.along(codes, path, {STEPS}))"
    return f"""from engine.latent import interpolation, maps
from engine.models import weights
{finish.imported(walk.finished)}
codes, network = {known}, weights.load("{walk.model}")  # of the test {"faces" if walk.faces else "digits"}
strip = {finish.call(straight, walk.finished)}
path = interpolation.graph(codes).path({walk.first}, {walk.last})
detour = {finish.call(along, walk.finished)}"""


def films(rows: dict[str, list[str]], step: int, faces: bool) -> None:
    """The chosen step of every strip, large."""
    pictures = [Picture(title, strip[step]) for title, strip in rows.items()]
    with st.container(width=720 if faces else 560):
        picture_row(pictures, key=f"films {faces}", pixelated=not faces, min_width=110)


@st.cache_resource(show_spinner=False)
def neighbour_graph(model: str) -> interpolation.Graph:
    """The same for all visitors: it is made of shipped codes."""
    return interpolation.graph(maps.face_codes() if model == FACES else maps.digit_codes(model))
