"""Let the decoder draw what nobody ever wrote: why a plain autoencoder generates poorly, and what helps."""

import streamlit as st
import torch

from engine import images
from engine.latent import gaussian_mixture, maps
from engine.models import weights
from engine.networks import Autoencoder
from engine.restoration import nearest_face
from pages.components.picture_row.picture_row import Picture, picture_row
from pages.parts.say import say

COUNT = 12
MAX_GAUSSIANS = 20  # Gaussians in a mixture
FITTED, STEPS = 2500, 20  # codes and steps that a visitor has the patience for


def show() -> str:
    """Four ways to draw codes, each decoded."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        seed = st.number_input(say("codes.seed"), 0, 9999, 0, key="draw", bind="query-params")
        components = st.slider(say("chance.gaussians"), 1, MAX_GAUSSIANS, 10, key="gaussians", bind="query-params")
    rows = (("one", "digit-code-50", 1), ("mixture", "digit-code-50", components), ("prior", "digit-map-vae", 0))
    for name, model, count in (*rows, ("faces", "face-autoencoder", 1)):
        generator = torch.Generator().manual_seed(seed)
        network = weights.shared(model, Autoencoder)
        with st.spinner(say("chance.fitting")):
            drawn_from = mixture(model, count) if count else gaussian_mixture.normal(network.code_size)
        codes = drawn_from.sample(COUNT, generator)
        with torch.inference_mode():
            drawn = network.decode(codes)
        title = say("chance.mixture", count=count) if name == "mixture" else say(f"chance.{name}")
        st.markdown(f"**{title}**")
        face = model == "face-autoencoder"
        pictures = [
            Picture("", images.data_url(one, "webp" if face else "png"), alt=say("chance.picture"))
            for one in drawn.split(1)
        ]
        picture_row(pictures, key=f"drawn {name}", pixelated=not face, min_width=70, tap=face)
        st.caption(say(f"chance.{name}.why"))
    return f"""import torch
from engine.latent import gaussian_mixture, maps
from engine.models import weights

generator = torch.Generator().manual_seed({seed})
known = maps.digit_codes("digit-code-50")[:{FITTED}]
mixture = gaussian_mixture.fit(known, {components}, generator=torch.Generator().manual_seed(0), steps={STEPS})
pictures = weights.load("digit-code-50").decode(mixture.sample({COUNT}, generator))"""


@st.cache_resource(show_spinner=False, max_entries=50)
def mixture(model: str, components: int) -> gaussian_mixture.Mixture:
    """Fitted to shipped codes, the same for all visitors."""
    codes = nearest_face.known().codes if model == "face-autoencoder" else maps.digit_codes(model)
    return gaussian_mixture.fit(codes[:FITTED], components, generator=torch.Generator().manual_seed(0), steps=STEPS)
