"""Let the decoder draw what nobody ever wrote: why a plain autoencoder generates poorly, and what helps."""

import streamlit as st
import torch

from engine import images
from engine.latent import gaussian_mixture, maps
from engine.models import weights
from engine.networks import Autoencoder
from engine.restoration import nearest_face
from pages.components.picture_row.picture_row import Picture, picture_row

COUNT = 12
MAX_GAUSSIANS = 20  # Gaussians in a mixture
FITTED, STEPS = 2500, 20  # codes and steps that a visitor has the patience for


def show() -> str:
    """Four ways to draw codes, each decoded."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        seed = st.number_input("Seed", 0, 9999, 0, key="draw", bind="query-params")
        components = st.slider("Gaussians in the mixture", 1, MAX_GAUSSIANS, 10, key="gaussians", bind="query-params")
    rows = [
        (
            "One Gaussian over the autoencoder's codes",
            "digit-code-50",
            1,
            "Much of it lies between the digits, where nothing was ever decoded.",
        ),
        (
            f"A mixture of {components} Gaussians over the same codes",
            "digit-code-50",
            components,
            "It helps to know where the codes lie: more of the strokes hang together.",
        ),
        (
            "The variational autoencoder's own prior, N(0, 1)",
            "digit-map-vae",
            0,
            "Trained to fill this cloud without gaps, nothing has to be fitted; two numbers keep its digits coarse.",
        ),
        (
            "One Gaussian over the codes of 1,500 training faces",
            "face-autoencoder",
            1,
            "Faces of nobody, blurred: a rough cloud in 300 dimensions, and the averages that squared error likes.",
        ),
    ]
    for title, model, count, why in rows:
        generator = torch.Generator().manual_seed(seed)
        network = weights.shared(model, Autoencoder)
        codes = (mixture(model, count) if count else gaussian_mixture.normal(network.code_size)).sample(
            COUNT, generator
        )
        with torch.inference_mode():
            drawn = network.decode(codes)
        st.markdown(f"**{title}**")
        face = model == "face-autoencoder"
        pictures = [
            Picture("", images.data_url(one, "webp" if face else "png"), alt="Generated picture")
            for one in drawn.split(1)
        ]
        picture_row(pictures, key=f"drawn {title}", pixelated=not face, min_width=70, tap=face)
        st.caption(why)
    return f"""import torch
from engine.latent import gaussian_mixture, maps
from engine.models import weights

generator = torch.Generator().manual_seed({seed})
known = maps.digit_codes("digit-code-50")[:{FITTED}]
mixture = gaussian_mixture.fit(known, {components}, generator=torch.Generator().manual_seed(0), steps={STEPS})
pictures = weights.load("digit-code-50").decode(mixture.sample({COUNT}, generator))"""


@st.cache_resource(show_spinner="Fitting Gaussians to the codes ...", max_entries=50)
def mixture(model: str, components: int) -> gaussian_mixture.Mixture:
    """Fitted to shipped codes, the same for all visitors."""
    codes = nearest_face.known().codes if model == "face-autoencoder" else maps.digit_codes(model)
    return gaussian_mixture.fit(codes[:FITTED], components, generator=torch.Generator().manual_seed(0), steps=STEPS)
