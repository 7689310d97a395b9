"""The row of methods: what each of them puts under the visitor's own mask."""

import streamlit as st
from torch import Tensor

from engine import images
from engine.models import weights
from engine.problem import Problem
from engine.restoration.methods import METHODS, Answers, Restoration, describe_hole
from pages.components.picture_row.picture_row import Picture, picture_row

FAST = [name for name, method in METHODS.items() if not method.slow]  # these follow the hand


def title(method: str) -> str:
    """What the page calls a method; the address as well."""
    return METHODS[method].title


def choose_methods() -> list[str]:
    """Which of the fast methods the row shows, in its own order; at first all whose models are shipped."""
    shipped = weights.names()
    chosen = st.pills(
        "Methods",
        FAST,
        selection_mode="multi",
        default=[method for method in FAST if set(METHODS[method].models) <= set(shipped)],
        format_func=title,
        wrap=True,
        key="row",
        bind="query-params",
        label_visibility="collapsed",
    )
    return [method for method in FAST if method in chosen]


def show_methods(answers: Answers, original: Tensor, hidden: Tensor) -> None:
    """One tile a method; tap one to enlarge it. A slow method without an answer says where it is started."""
    if not answers:
        st.info("No method is chosen: choose at least one.", icon=":material/touch_app:")
        return
    tiles = [tile(method, answer, original, hidden) for method, answer in answers.items()]
    for method in METHODS:
        if METHODS[method].slow and method not in answers:
            tiles.append(Picture(title(method), "", more=f"Takes its time: open “{title(method)}” below to start it."))
    picture_row(tiles, key="methods", min_width=104, tap=True)


def tile(method: str, answer: Restoration | Problem, original: Tensor, hidden: Tensor) -> Picture:
    """A method's composite with its figures, or why there is none."""
    if isinstance(answer, Problem):
        return Picture(title(method), "", more=str(answer))
    return Picture(
        title(method),
        images.data_url(answer.composite),
        describe_hole(answer, original, hidden),
        alt=f"{title(method)}: restored face",
        more=METHODS[method].says,
    )
