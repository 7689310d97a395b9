"""Several answers to one hole: how bold they are drawn, and what their mean is."""

from collections.abc import Callable, Sequence

import streamlit as st
import torch
from torch import Tensor

from engine import images
from engine.restoration.drafts import BOLDEST, BOLDNESS, gain_of_mean, honest_gain
from pages.components.picture_row.picture_row import Picture, picture_row
from pages.parts.say import say

BOLD = "bold"  # the widget, and in the address


def how_bold(on_change: Callable[[], None] | None = None) -> float:
    """A slider for the boldness of drawn answers, 0 to `BOLDEST`; on_change: called before the page runs again."""
    boldness = st.slider(
        say("six.bold"),
        0.0,
        BOLDEST,
        BOLDNESS,
        0.1,
        key=BOLD,
        bind="query-params",
        persist_state="session",
        on_change=on_change,
        width=220,
        help=say("six.bold.help"),
    )
    if boldness > 1:
        st.caption(say("six.too-bold"), width="content")
    return boldness


def mean_of(answers: Sequence[Tensor], original: Tensor, hidden: Tensor, key: str) -> None:
    """The mean of the answers, and how much nearer to the truth it is than one of them: measured, and by the law."""
    together = torch.cat(list(answers))
    gain, law = gain_of_mean(together[None], original, hidden), honest_gain(len(together))
    mean = Picture(say("six.mean"), images.data_url(together.mean(0, keepdim=True)), alt=say("six.mean.alt"))
    picture, words = st.columns([1, 5], gap="small", vertical_alignment="center")
    with picture:
        picture_row([mean], key=key, min_width=60, tap=True)
    words.markdown(say("six.mean.says", gain=f"{gain:.1f}", count=len(together), law=f"{law:.1f}"))
