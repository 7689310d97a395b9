"""One encoder with two poolings, three decoders; and what they make of a code that is not this digit's."""

import streamlit as st
import torch

from engine import images, metrics
from engine.datasets import mnist
from engine.models import weights
from engine.networks import CnnAutoencoder
from pages.components.picture_row.picture_row import Picture, picture_row
from pages.lessons.step import Shown
from pages.parts.say import say

DECODERS = {
    "digit-cnn-switches": "remembered",
    "digit-cnn-repeat": "repeated",
    "digit-cnn-transposed": "transposed",
}
DIGIT, OTHER = 18, 0


def show() -> Shown:
    """The digit by three decoders, then the same decoders with the code of another."""
    with st.container(horizontal=True):
        number = st.number_input(
            say("lesson.code.digit"), 0, 9999, DIGIT, key="pooled digit", persist_state="session", width=220
        )
        other = st.number_input(
            say("lesson.three.other"), 0, 9999, OTHER, key="other code", persist_state="session", width=220
        )
    digit, foreign = mnist.test_half().images[[number, other]].float().div(255).split(1)
    own, leaked, errors = [], [], {}
    for model, name in DECODERS.items():
        network = weights.shared(model)
        assert isinstance(network, CnnAutoencoder)
        with torch.inference_mode():
            code, positions = network.encode_with_positions(digit)
            rebuilt = network.decode(code, positions)
            mixed = network.decode(network.encode(foreign), positions)
        errors[name] = f"{metrics.mse(rebuilt, digit).item():.4f}"
        title = say(f"lesson.three.{name}")
        own.append(Picture(title, images.data_url(rebuilt, "png"), say("lesson.error", error=errors[name])))
        leaked.append(Picture(title, images.data_url(mixed, "png"), say("lesson.three.mixed")))
    with st.container(width=720):
        picture_row(
            [Picture(say("lesson.original"), images.data_url(digit, "png")), *own],
            key="three ways",
            pixelated=True,
            min_width=110,
        )
        picture_row(
            [Picture(say("lesson.three.foreign"), images.data_url(foreign, "png")), *leaked],
            key="leak",
            pixelated=True,
            min_width=110,
        )
    return Shown(
        (number, other) != (DIGIT, OTHER),
        errors,
        f"""from engine.datasets import mnist
from engine.models import weights

digit, foreign = mnist.test_half().images[[{number}, {other}]].float().div(255).split(1)
network = weights.load("digit-cnn-switches")
code, positions = network.encode_with_positions(digit)
restored = network.decode(code, positions)
mixed = network.decode(network.encode(foreign), positions)  # the outline comes from the positions""",
    )
