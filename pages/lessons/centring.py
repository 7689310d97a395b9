"""The steps from a drawing to a digit as MNIST has them, and what happens without."""

import streamlit as st
import torch

from engine import images
from engine.datasets import mnist
from engine.models import weights
from pages.components.digit_canvas.digit_canvas import digit_canvas
from pages.components.picture_row.picture_row import Picture, picture_row


def show() -> str:
    """The canvas, the steps, and the denoiser's answer with and without them."""
    left, right = st.columns([2, 3], gap="large")
    with left:
        drawing = digit_canvas("centring canvas")
        centred = st.toggle("Centre it the MNIST way", value=True, key="centred", persist_state="session")
    with right:
        if drawing is None:
            st.info(
                "Draw a digit small and in a corner: the steps appear as soon as there is ink.", icon=":material/draw:"
            )
        else:
            steps = mnist.centre(drawing)
            seen = steps.digit if centred else steps.drawn
            with torch.inference_mode():
                rebuilt = weights.shared("digit-denoiser")(seen)
            row = [Picture("1 As drawn", images.data_url(steps.drawn, "png"), "shrunk to 28×28")]
            if centred:
                row += [
                    Picture("2 Cut to its ink", images.data_url(steps.cut, "png")),
                    Picture("3 Fitted", images.data_url(steps.fitted, "png"), "longest side 20"),
                    Picture("4 Centred", images.data_url(steps.digit, "png"), "centre of mass in the middle"),
                ]
            row.append(Picture("Through the network", images.data_url(rebuilt, "png"), "784-50-784"))
            picture_row(row, key="centring steps", pixelated=True, min_width=90)
            st.caption("The network has only ever seen centred digits of one size: anything else is noise to it.")
    return """import numpy as np
from engine.datasets import mnist
from engine.models import weights

drawing = np.zeros((280, 280), np.uint8)
drawing[20:90, 30:40] = 255  # put your drawing here: white ink on black
steps = mnist.centre(drawing)  # drawn, cut, fitted, digit
restored = weights.load("digit-denoiser")(steps.digit)"""
