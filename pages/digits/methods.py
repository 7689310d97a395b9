"""Every way to clean a digit in one row, and how each fares as the noise grows."""

import altair as alt
import streamlit as st
from torch import Tensor

from engine import images, metrics
from engine.corruptions import noise
from engine.restoration import denoising
from pages.components.picture_row.picture_row import Picture, picture_row
from pages.parts import charts
from pages.parts.problems import problems_said
from pages.parts.say import say

FIRST, CLEAN = "784-50-784", "784-50-784, clean"
METHODS = {  # of the row: name -> its key in the catalogue and its colour
    FIRST: ("denoiser", "painter"),
    "U-Net": ("u-net", "mean"),
    CLEAN: ("clean", "autoencoder"),
    "PCA-50": ("pca", "gappy-pca"),
    "Median": ("median", "telea"),
    "Total variation": ("variation", "telea"),
    "Non-local means": ("non-local", "telea"),
}


@problems_said()
def side_by_side(clean: Tensor, noisy: Tensor, kind: str, strength: float, seed: int) -> None:
    """Every method on this digit (1, 1, 28, 28), and a curve for each."""
    st.header(say("every.title"))
    names = st.pills(
        say("digits.methods"),
        denoising.NAMES[1:],
        selection_mode="multi",
        default=["784-50-784", "U-Net", "PCA-50", "Median"],
        format_func=called,
        key="methods",
        persist_state="session",
        label_visibility="collapsed",
    )
    if not names:
        st.info(say("every.none"), icon=":material/touch_app:")
        return
    restored = {name: denoising.denoise(noisy, name, strength) for name in names}
    picture_row(
        [Picture(called(name), images.data_url(one, "png"), decibels(one, clean)) for name, one in restored.items()],
        key="methods row",
        pixelated=True,
        min_width=100,
        tap=True,
    )
    rows = [
        {"strength": level, "PSNR": psnr, "method": called(name)}
        for name in names
        for level, psnr in zip(denoising.STRENGTHS, denoising.curve(clean, kind, name, seed=seed, draws=1), strict=True)
    ]
    charts.line_chart(
        rows,
        alt.X("strength", type="quantitative", title=say("digits.strength")),
        alt.Y("PSNR", type="quantitative", title=say("every.psnr"), scale=alt.Scale(zero=False)),
        says=say("every.chart"),
        series="method",
        names=[called(name) for name in denoising.NAMES[1:]],
        at=strength,
    )
    st.caption(say("every.unmet" if kind in noise.NEVER_TRAINED_ON else "every.met"))


def called(name: str) -> str:
    """What the page calls a method."""
    return say(f"digits.{METHODS[name][0]}.name")


def decibels(image: Tensor, reference: Tensor) -> str:
    """PSNR and MSE of images against their references, for a note: of all of them together."""
    error = metrics.mse(image, reference).mean()
    psnr = metrics.psnr(error).item()
    return f"{psnr:.1f} dB · MSE {error.item():.4f}" if error.item() > 0 else say("every.equal")
