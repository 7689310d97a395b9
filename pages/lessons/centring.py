"""The steps from a drawing to a digit as MNIST has them, and what happens without."""

import streamlit as st
import torch

from engine import images
from engine.datasets import mnist
from engine.models import weights
from pages.components.digit_canvas.digit_canvas import canvas_alone
from pages.components.picture_row.picture_row import Picture, picture_row
from pages.lessons.choice import seen
from pages.lessons.step import Shown
from pages.parts.say import say

KEY = "centring"


def show() -> Shown:
    """The canvas, the steps, and the denoiser's answer with and without them."""
    left, right = st.columns([2, 3], gap="large")
    with left:
        drawing = canvas_alone("centring canvas")
        centred = st.toggle(say("lesson.centring.centre"), value=True, key="centred", persist_state="session")
    with right:
        if drawing is None:
            st.info(say("lesson.centring.draw"), icon=":material/draw:")
        else:
            seen(KEY, centred)
            steps = mnist.centre(drawing)
            seen_by_network = steps.digit if centred else steps.drawn
            with torch.inference_mode():
                rebuilt = weights.shared("digit-denoiser")(seen_by_network)
            row = [_picture("drawn", steps.drawn)]
            if centred:
                row += [_picture("cut", steps.cut), _picture("fitted", steps.fitted), _picture("digit", steps.digit)]
            row.append(_picture("network", rebuilt))
            picture_row(row, key="centring steps", pixelated=True, min_width=90)
    return Shown(
        len(seen(KEY)) == 2,
        {},
        """import numpy as np
from engine.datasets import mnist
from engine.models import weights

drawing = np.zeros((280, 280), np.uint8)
drawing[20:90, 30:40] = 255  # put your drawing here: white ink on black
steps = mnist.centre(drawing)  # drawn, cut, fitted, digit
restored = weights.load("digit-denoiser")(steps.digit)""",
    )


def _picture(name: str, image: torch.Tensor) -> Picture:
    return Picture(say(f"lesson.centring.{name}"), images.data_url(image, "png"), say(f"lesson.centring.{name}-note"))
