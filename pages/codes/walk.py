"""From one digit to another: straight through the code, along real neighbours, and pixel by pixel."""

import streamlit as st
import torch
from torch import Tensor

from engine import images
from engine.datasets import mnist
from engine.latent import interpolation, maps
from engine.models import weights
from engine.networks import Autoencoder
from pages.components.picture_row.picture_row import Picture, picture_row

STEPS = 9
MODELS = {"digit-map": "2 numbers", "digit-map-vae": "2 numbers, variational", "digit-code-50": "50 numbers"}


def show() -> str:
    """Three strips between two test digits, and a slider that runs through them."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        first = st.number_input("From test digit", 0, 9999, 3, key="from", bind="query-params")
        last = st.number_input("To test digit", 0, 9999, 17, key="to", bind="query-params")
        model = st.segmented_control(
            "Code",
            list(MODELS),
            format_func=MODELS.__getitem__,
            default="digit-code-50",
            required=True,
            key="code",
            bind="query-params",
        )
    codes = maps.digit_codes(model)
    path = neighbour_graph(model).path(first, last)
    ends = mnist.test_half().images[[first, last]].float() / 255
    with torch.inference_mode():
        decode = weights.shared(model, Autoencoder).decode
        rows = {
            "Straight through the code": decode(interpolation.straight(codes[first], codes[last], STEPS)),
            f"Along {len(path)} real neighbours": decode(interpolation.along(codes, path, STEPS)),
            "Pixel by pixel, no network": interpolation.crossfade(ends[:1], ends[1:], STEPS),
        }
    step = st.slider(
        "Film",
        1,
        STEPS,
        (STEPS + 1) // 2,
        key="film",
        bind="query-params",
        help="Which picture of each strip stands large below.",
    )
    films(rows, step - 1)
    for number, (title, strip) in enumerate(rows.items()):
        st.markdown(f"**{title}**")
        picture_row(
            [
                Picture("", images.data_url(picture, "png"), alt=f"{title}, step {i + 1}")
                for i, picture in enumerate(strip.split(1))
            ],
            key=f"strip {number}",
            pixelated=True,
            min_width=64,
        )
    st.caption(
        "A cross-fade shows two ghosts; a walk through the code shows one digit that changes. Where the straight line"
        " leaves the codes of real digits, the way along neighbours keeps among them."
    )
    return f"""from engine.latent import interpolation, maps
from engine.models import weights

codes = maps.digit_codes("{model}")  # of the 10,000 test digits
strip = weights.load("{model}").decode(interpolation.straight(codes[{first}], codes[{last}], {STEPS}))
path = interpolation.graph(codes).path({first}, {last})
detour = weights.load("{model}").decode(interpolation.along(codes, path, {STEPS}))"""


def films(rows: dict[str, Tensor], step: int) -> None:
    """The chosen step of every strip, large."""
    pictures = [Picture(title, images.data_url(strip[step : step + 1], "png")) for title, strip in rows.items()]
    with st.container(width=560):
        picture_row(pictures, key="films", pixelated=True, min_width=110)


@st.cache_resource(show_spinner="Joining each of 10,000 codes to its neighbours ...")
def neighbour_graph(model: str) -> interpolation.Graph:
    """The same for all visitors: it is made of the shipped test digits."""
    return interpolation.graph(maps.digit_codes(model))
