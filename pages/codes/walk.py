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

STEPS = 9
FACES = "face-autoencoder"
MODELS = {
    "digit-map": "2 numbers",
    "digit-map-vae": "2 numbers, variational",
    "digit-code-50": "50 numbers",
    FACES: "Faces",
}


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
    path = neighbour_graph(walk.model).path(walk.first, walk.last)
    rows = strips(walk, path)
    step = st.slider(
        "Film",
        1,
        STEPS,
        (STEPS + 1) // 2,
        key="film",
        bind="query-params",
        help="Which picture of each strip stands large below.",
    )
    films(rows, step - 1, walk.faces)
    for number, (title, strip) in enumerate(rows.items()):
        st.markdown(f"**{title}**")
        picture_row(
            [Picture("", picture, alt=f"{title}, step {i + 1}") for i, picture in enumerate(strip)],
            key=f"strip {number} {walk.faces}",
            pixelated=not walk.faces,
            min_width=64,
        )
    st.caption(
        f"A cross-fade shows two ghosts; a walk through the code shows one {'face' if walk.faces else 'digit'} that"
        f" changes. Where the straight line leaves the codes of real {'faces' if walk.faces else 'digits'}, the way"
        " along neighbours keeps among them."
    )
    return code(walk)


def asked() -> Walk:
    """What the visitor walks through, and between which two."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        model = st.segmented_control(
            "Code",
            list(MODELS),
            format_func=MODELS.__getitem__,
            default="digit-code-50",
            required=True,
            key="code",
            bind="query-params",
        )
        if model == FACES:
            most = len(maps.face_codes()) - 1
            check_address(face1=(0, most), face2=(0, most))
            first, last = end("From test face", most, 3, "face1"), end("To test face", most, 40, "face2")
        else:
            first, last = end("From test digit", 9999, 3, "from"), end("To test digit", 9999, 17, "to")
        finished = model == FACES and finish.switch()
    return Walk(model, first, last, finished)


def end(title: str, most: int, number: int, key: str) -> int:
    """The number of a known picture, in the address as well."""
    return st.number_input(title, 0, most, number, key=key, bind="query-params", width=160)


@st.cache_data(show_spinner=False, max_entries=50)
def strips(walk: Walk, path: list[int]) -> dict[str, list[str]]:
    """By title, `STEPS` pictures each, ready for the page; the same for all visitors."""
    codes, network = walk.codes, weights.shared(walk.model, Autoencoder)
    with torch.inference_mode():
        straight = network.decode(interpolation.straight(codes[walk.first], codes[walk.last], STEPS))
        along = network.decode(interpolation.along(codes, path, STEPS))
    ends = straight[[0, -1]]  # photographs of test faces are never shown, their codes are
    if not walk.faces:
        ends = mnist.test_half().images[[walk.first, walk.last]].float() / 255
    rows = {
        "Straight through the code": finish.as_chosen(straight, walk.finished),
        f"Along {len(path)} real neighbours": finish.as_chosen(along, walk.finished),
        "Pixel by pixel, no network": interpolation.crossfade(ends[:1], ends[1:], STEPS),
    }
    kind = "webp" if walk.faces else "png"  # a digit's pixels are kept as they are
    return {title: [images.data_url(one, kind) for one in strip.split(1)] for title, strip in rows.items()}


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


@st.cache_resource(show_spinner="Joining each of the codes to its neighbours ...")
def neighbour_graph(model: str) -> interpolation.Graph:
    """The same for all visitors: it is made of shipped codes."""
    return interpolation.graph(maps.face_codes() if model == FACES else maps.digit_codes(model))
