"""Several answers to one hole: how bold they are drawn, and what their mean is."""

from collections.abc import Callable, Sequence

import streamlit as st
import torch
from torch import Tensor

from engine import images
from engine.restoration.drafts import BOLDEST, BOLDNESS, gain_of_mean, honest_gain
from pages.components.picture_row.picture_row import Picture, picture_row

BOLD = "bold"  # the widget, and in the address


def how_bold(on_change: Callable[[], None] | None = None) -> float:
    """A slider for the boldness of drawn answers, 0 to `BOLDEST`; on_change: called before the page runs again."""
    boldness = st.slider(
        "How bold",
        0.0,
        BOLDEST,
        BOLDNESS,
        0.1,
        key=BOLD,
        bind="query-params",
        persist_state="session",
        on_change=on_change,
        width=220,
        help="How far drawn answers go from the most probable one: 0 not at all, 1 as far as real faces do. Beyond what"
        " the hole bears it smears.",
    )
    if boldness > 1:
        st.caption("Bolder than real faces are: beyond what the hole bears it smears.", width="content")
    return boldness


def mean_of(answers: Sequence[Tensor], original: Tensor, hidden: Tensor, key: str) -> None:
    """The mean of the answers, and how much nearer to the truth it is than one of them: measured, and by the law."""
    together = torch.cat(list(answers))
    gain, law = gain_of_mean(together[None], original, hidden), honest_gain(len(together))
    mean = Picture("Their mean", images.data_url(together.mean(0, keepdim=True)), alt="Mean of the six answers")
    picture, words = st.columns([1, 5], gap="small", vertical_alignment="center")
    with picture:
        picture_row([mean], key=key, min_width=60, tap=True)
    words.markdown(
        f"Their **mean** is {gain:.1f} dB nearer to the photo than they are on average, and blurred. If the truth were"
        f" drawn as these are, it would be 10 log₁₀(2 / (1 + 1/{len(together)})) ="
        f" {law:.1f} dB. That is why a network that is taught to be near paints a blur."
    )
