"""Eighty random numbers become a face: mixed by principal components, painted over by a network a critic taught."""

import streamlit as st
import torch

from engine import images
from engine.restoration import face_generator
from pages.codes.dial_row import dials
from pages.components.picture_row.picture_row import Picture, picture_row

DIALS = 6
COUNT = 12
FIRST = 5  # a seed that comes out well


def show() -> str:
    """A face by its seed and its dials, large; a dozen more by the seeds that follow."""
    left, right = st.columns([2, 3], gap="large")
    with left:
        seed = st.number_input("Seed", 0, 9999, FIRST, key="nobody", bind="query-params")
        spread = st.slider(
            "How far from the mean face",
            0.0,
            1.5,
            face_generator.SPREAD,
            0.05,
            key="spread",
            bind="query-params",
            help="1 is as far as the training faces are; 0 is their mean.",
        )
        st.caption("And along the directions in which faces differ most, in standard deviations:")
        turned = dials("turn", DIALS, 2.0)
    code = face_generator.random_codes(1, torch.Generator().manual_seed(seed), spread)
    code[0, :DIALS] += torch.tensor(turned) * face_generator.deviations()[:DIALS]
    with right:
        picture_row(
            [
                Picture(
                    "The sketch", images.data_url(face_generator.sketch(code), "png"), "80 numbers times 80 pictures"
                ),
                Picture("Painted over", images.data_url(face_generator.paint(code), "png"), "nobody has this face"),
            ],
            key="nobody large",
            min_width=220,
            tap=True,
        )
        st.caption(
            "The sketch is all that the numbers say. The network has learnt to paint over sketches of training faces"
            " so that a critic cannot tell them from those faces: it adds what a face has, not what this one had."
        )
        st.markdown(f"**The {COUNT} seeds that follow**")
        pictures = [
            Picture(f"{seed + 1 + number}", url, alt=f"Generated face {seed + 1 + number}")
            for number, url in enumerate(following(seed, spread))
        ]
        picture_row(pictures, key="nobody more", min_width=80, tap=True)
    return f"""import torch
from engine.restoration import face_generator

code = face_generator.random_codes(1, torch.Generator().manual_seed({seed}), {spread})
code[0, :{DIALS}] += torch.tensor({turned}) * face_generator.deviations()[:{DIALS}]
sketch, face = face_generator.sketch(code), face_generator.paint(code)  # each (1, 3, 128, 128)"""


@st.cache_data(show_spinner=False, max_entries=100)
def following(seed: int, spread: float) -> list[str]:
    """The faces of the seeds after this one, which no dial turns."""
    seeds = range(seed + 1, seed + 1 + COUNT)
    codes = [face_generator.random_codes(1, torch.Generator().manual_seed(number), spread) for number in seeds]
    return [images.data_url(face) for face in face_generator.paint(torch.cat(codes)).split(1)]
