"""Average of chosen faces, and A - B + C."""

from dataclasses import replace

import streamlit as st
import torch

from engine import images
from engine.latent import maps
from engine.models import weights
from engine.networks import Autoencoder
from pages.codes import finish
from pages.components.picture_row.picture_row import Picture, picture_row
from pages.parts.say import say

AVERAGE = "Average"


def show() -> None:
    """Three test faces by their numbers, their average and A - B + C."""
    st.caption(say("arithmetic.how"))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        a, b, c = (
            st.number_input(letter, 0, len(maps.face_codes()) - 1, first, key=f"face {letter}", persist_state="session")
            for letter, first in (("A", 3), ("B", 40), ("C", 96))
        )
        finished = finish.switch()
    pictures = mixed(a, b, c, finished)
    shown = [replace(one, caption=say("arithmetic.average")) if one.caption == AVERAGE else one for one in pictures]
    picture_row(shown, key="arithmetic", min_width=110, tap=True)


@st.cache_data(show_spinner=False, max_entries=100)
def mixed(first: int, second: int, third: int, finished: bool) -> list[Picture]:
    """Of three test faces by their numbers: each, their average and A - B + C."""
    a, b, c = (maps.face_codes()[number : number + 1] for number in (first, second, third))
    codes = {"A": a, "B": b, "C": c, AVERAGE: (a + b + c) / 3, "A - B + C": a - b + c}
    with torch.inference_mode():
        decoded = weights.shared(maps.FACES, Autoencoder).decode(torch.cat(list(codes.values())))
    faces = finish.as_chosen(decoded, finished)
    return [Picture(title, images.data_url(face)) for title, face in zip(codes, faces.split(1), strict=True)]
