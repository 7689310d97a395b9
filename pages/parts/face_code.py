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
from pages.parts.state import once_a_picture

MODEL = "face-autoencoder"
NEIGHBOURS = 3


def in_figures(restored: methods.Restoration, original: Tensor, hidden: Tensor) -> None:
    """Inside the hole first; the whole picture beside it, under its own name; original (1, 3, 128, 128)."""
    share = hidden.float().mean().item()
    if share == 0:
        st.info(
            "Nothing is hidden yet: drag over the face. Until then every method hands the picture back as it is.",
            icon=":material/gesture:",
        )
        return
    if share == 1:
        st.info(
            "Everything is hidden: what has learnt from faces answers with the face it expects, whoever it is, and what"
            " paints from the edge inwards has no edge to begin with.",
            icon=":material/contrast:",
        )
    hole_mse = metrics.hole_mse(restored.composite, original, hidden)
    with st.container(horizontal=True, gap="medium"):
        st.metric("PSNR in the hole", f"{metrics.psnr(hole_mse).item():.1f} dB")
        st.metric("SSIM in the hole", f"{metrics.hole_ssim(restored.composite, original, hidden).item():.2f}")
        st.metric("MSE in the hole", f"{hole_mse.item():.4f}")
        st.metric("MSE, whole reconstruction", f"{metrics.mse(restored.reconstruction, original).item():.4f}")
    gain = metrics.psnr(torch.tensor(share)).item()
    st.caption(
        f"The hole is {share:.1%} of the picture, so the PSNR of the whole composite is that of the hole plus"
        f" {gain:.1f} dB: a flattering number, and the reason why hole figures come first."
    )


def five_pictures(restored: methods.Restoration, original: Tensor, *, key: str) -> None:
    """All the way from what the network sees to what it got wrong."""
    error = methods.error_map(restored.composite, original)
    picture_row(
        [
            Picture("Input", images.data_url(restored.given), "what the method sees"),
            Picture("Reconstruction", images.data_url(restored.reconstruction), "all the method returns"),
            Picture("Composite", images.data_url(restored.composite), "reconstruction in the hole only"),
            Picture("Original", images.data_url(original), "never shown to the method"),
            Picture("Error", images.data_url(error), "composite against original, 4 times"),
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
        "Map of the codes of the test faces.",
        markers=[Marker(*intact, "intact", "clean"), Marker(*hole, "with the hole", "noisy")],
        path=True,
        sprite=FACES,
        height=400,
    )
    latent_map(scatter, key=key)


def about_the_map() -> None:
    """What its dots and its arrow are."""
    st.caption(
        "The map: each dot is the 300-number code of a test face, seen along the two directions in which the codes vary"
        " most. Two rings are this face's code, the inner one intact, the outer one with the black in it: often they"
        " share a place here, for the black moves other directions more; where they lie apart, an arrow joins them."
        " Point at a dot: the decoder draws its code."
    )


def how_typical(original: Tensor) -> None:
    """How far code and reconstruction are from those of faces, and the nearest codes as the decoder draws them."""
    judged, neighbours = once_a_picture("photo typical", original, judge)
    st.markdown(
        f"{verdict(judged)} Its code lies {judged.distance:.2f} times as far from the mean as those of training faces;"
        f" rebuilt, it is off by {judged.error:.4f} (MSE; the median test face by {maps.face_errors().median():.4f});"
        f" by its code, {'its parts are in place' if judged.order > 0 else '**its parts are out of place**'}."
    )
    edges, counts = typicality.histogram()
    charts.histogram(
        edges.tolist(),
        counts.tolist(),
        says="Histogram of how unlike the mean of all faces the test faces are, with this picture's mark.",
        x="how unlike faces",
        y="test faces",
        at=judged.score,
        height=180,
    )
    st.caption(
        f"The broken line is this picture; beyond {typicality.faces().limit.item():.1f} one is called unusual. Too near"
        " and rebuilt too well is as strange as too far and too badly: a flat colour is no typical face. What it does"
        " not catch: some faces on their head, some parts of a cat, some masks and digits pass for ordinary, as the"
        " table of `python -m engine benchmark typical` says."
    )
    picture_row(neighbours, key="photo neighbours", min_width=100, tap=True)
    st.caption(
        "Beside the three nearest of the test faces, as the decoder draws their codes; photographs are never shown. In"
        " 300 dimensions even the nearest lies far away."
    )


def judge(original: Tensor) -> tuple[typicality.Judgement, list[Picture]]:
    """How typical a face is, and what the decoder draws of its code and of the nearest known ones."""
    network = weights.shared(MODEL, Autoencoder)
    with torch.inference_mode():
        code = network.encode(original)
        distances, nearest = codes.nearest(code, maps.face_codes(), NEIGHBOURS)
        own, *near = network.decode(torch.cat([code, maps.face_codes()[nearest[0]]])).split(1)
    pictures = [Picture("This face", images.data_url(own), "its code, decoded")]
    for image, distance in zip(near, distances[0].tolist(), strict=True):
        pictures.append(Picture("Near it", images.data_url(image), f"at a distance of {distance:.0f}"))
    return typicality.judge(original), pictures


def verdict(judged: typicality.Judgement) -> str:
    """One sentence on how typical it is."""
    if judged.unusual and judged.share == 1:
        return "**Very strange** to this network: every one of the test faces is more typical."
    if judged.unusual:
        return f"**Unusual** to this network: {judged.share:.1%} of the test faces are more typical."
    return f"**Ordinary** to this network: {judged.share:.0%} of the test faces are more typical."
