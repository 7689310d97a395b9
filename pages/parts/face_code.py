"""What the network makes of one framed face: figures, its code among the known ones, and how strange it finds it."""

import streamlit as st
import torch
from torch import Tensor

from engine import images, metrics
from engine.latent import codes, maps, typicality
from engine.models import weights
from engine.networks import Autoencoder
from engine.restoration import methods
from pages.components.latent_map.latent_map import FACES, Marker, Scatter, latent_map
from pages.components.picture_row.picture_row import Picture, picture_row
from pages.parts import charts
from pages.parts.say import explained, say
from pages.parts.state import once_a_picture

MODEL = "face-autoencoder"
NEIGHBOURS = 3


def in_figures(restored: methods.Restoration, original: Tensor, hidden: Tensor) -> None:
    """Inside the hole first; the whole picture beside it, under its own name; original (1, 3, 128, 128)."""
    share = hidden.float().mean().item()
    if share == 0:
        st.info(
            say("figures.nothing"),
            icon=":material/gesture:",
        )
        return
    if share == 1:
        st.info(
            say("figures.everything"),
            icon=":material/contrast:",
        )
    hole_mse = metrics.hole_mse(restored.composite, original, hidden)
    with st.container(horizontal=True, gap="medium"):
        st.metric(say("figures.psnr"), f"{metrics.psnr(hole_mse).item():.1f} dB")
        st.metric(say("figures.ssim"), f"{metrics.hole_ssim(restored.composite, original, hidden).item():.2f}")
        st.metric(say("figures.mse"), f"{hole_mse.item():.4f}")
        st.metric(say("figures.whole"), f"{metrics.mse(restored.reconstruction, original).item():.4f}")
    gain = metrics.psnr(torch.tensor(share)).item()
    st.caption(
        explained(say("figures.why-hole", share=f"{100 * share:.1f}", gain=f"{gain:.1f}")), unsafe_allow_html=True
    )


def five_pictures(restored: methods.Restoration, original: Tensor, *, key: str) -> None:
    """All the way from what the network sees to what it got wrong."""
    error = methods.error_map(restored.composite, original)
    picture_row(
        [
            Picture(say("look.input"), images.data_url(restored.given), say("look.input.note")),
            Picture(say("look.whole"), images.data_url(restored.reconstruction), say("look.whole.note")),
            Picture(say("look.composite"), images.data_url(restored.composite), say("look.composite.note")),
            Picture(say("look.original"), images.data_url(original), say("look.never-shown")),
            Picture(say("look.error"), images.data_url(error), say("look.error.note")),
        ],
        key=key,
        min_width=100,
        tap=True,
    )


def places_on_the_map(original: Tensor, given: Tensor, *, key: str) -> list[tuple[float, float]]:
    """Where a face's code lies among those of the test faces, intact and with its hole."""
    known = maps.load_map("faces")
    return [
        once_a_picture(f"{key} {which}", picture, lambda one: tuple(known.place(one)[0].tolist()))
        for which, picture in (("intact", original), ("given", given))
    ]


def code_map(intact: tuple[float, float], hole: tuple[float, float], *, key: str) -> None:
    """The scatter of the test faces' codes with this face's, intact and with its hole."""
    scatter = Scatter(
        "app/static/face-codes.bin",
        maps.load_map("faces").extent,
        say("places.map"),
        markers=[Marker(*intact, say("places.intact"), "clean"), Marker(*hole, say("places.hole"), "noisy")],
        path=True,
        sprite=FACES,
        height=400,
    )
    latent_map(scatter, key=key)


def about_the_map() -> None:
    """What its dots and its arrow are."""
    st.caption(explained(say("places.about")), unsafe_allow_html=True)


def how_typical(original: Tensor) -> None:
    """How far code and reconstruction are from those of faces, and the nearest codes as the decoder draws them."""
    judged, neighbours = once_a_picture("photo typical", original, judge)
    said = say(
        "typical.measured",
        verdict=verdict(judged),
        distance=f"{judged.distance:.2f}",
        error=f"{judged.error:.4f}",
        median=f"{maps.face_errors().median():.4f}",
        order=say("typical.in-place" if judged.order > 0 else "typical.out-of-place"),
    )
    st.markdown(explained(said), unsafe_allow_html=True)
    edges, counts = typicality.histogram()
    charts.histogram(
        edges.tolist(),
        counts.tolist(),
        says=say("typical.chart"),
        x=say("typical.x"),
        y=say("typical.y"),
        at=judged.score,
        height=180,
    )
    st.caption(say("typical.limit", limit=f"{typicality.faces().limit.item():.1f}"))
    picture_row(neighbours, key="photo neighbours", min_width=100, tap=True)
    st.caption(explained(say("typical.nearest")), unsafe_allow_html=True)


def judge(original: Tensor) -> tuple[typicality.Judgement, list[Picture]]:
    """How typical a face is, and what the decoder draws of its code and of the nearest known ones."""
    network = weights.shared(MODEL, Autoencoder)
    with torch.inference_mode():
        code = network.encode(original)
        distances, nearest = codes.nearest(code, maps.face_codes(), NEIGHBOURS)
        own, *near = network.decode(torch.cat([code, maps.face_codes()[nearest[0]]])).split(1)
    pictures = [Picture(say("typical.this"), images.data_url(own), say("typical.decoded"))]
    for image, distance in zip(near, distances[0].tolist(), strict=True):
        pictures.append(
            Picture(say("typical.near"), images.data_url(image), say("typical.distance", distance=f"{distance:.0f}"))
        )
    return typicality.judge(original), pictures


def verdict(judged: typicality.Judgement) -> str:
    """One sentence on how typical it is."""
    if judged.unusual and judged.share == 1:
        return say("typical.very")
    if judged.unusual:
        return say("typical.unusual", share=f"{100 * judged.share:.1f}")
    return say("typical.ordinary", share=f"{100 * judged.share:.0f}")
