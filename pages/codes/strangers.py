"""What an autoencoder cannot rebuild is unlike anything it has seen: anomaly detection."""

import streamlit as st
import torch
from torch import Tensor

from engine import images
from engine.datasets import mnist
from engine.latent import anomaly
from pages.components.digit_canvas.digit_canvas import canvas_alone
from pages.components.picture_row.picture_row import Picture, picture_row
from pages.parts import charts
from pages.parts.named_choice import called, choose
from pages.parts.say import say

KINDS = ["A letter", "A scribble", "A digit", "My drawing"]


def show() -> str:
    """A letter, a scribble, a test digit or a drawing against the histogram of the test digits' errors."""
    left, right = st.columns(2, gap="large")
    with left:
        kind = choose(
            "stranger",
            KINDS,
            KINDS[0],
            say("strangers.what"),
            lambda kind: called("strangers", kind),
            label_visibility="visible",
        )
        picture, code = chosen(kind)
        if picture is None:
            st.info(say("strangers.draw"), icon=":material/draw:")
            judged = None
        else:
            judged = anomaly.judge(picture)
            picture_row(
                [
                    Picture(say("strangers.judged"), images.data_url(picture, "png")),
                    Picture(
                        say("strangers.rebuilt"),
                        images.data_url(judged.reconstruction, "png"),
                        f"MSE {judged.error:.4f}",
                    ),
                ],
                key="judged",
                pixelated=True,
                min_width=110,
            )
    if judged is not None:
        with right:
            st.metric(say("strangers.worse"), say("strangers.share", share=f"{judged.share:.1%}"))
            histogram(judged.error)
    return f"""from engine.datasets import mnist
from engine.latent import anomaly

{code}
judged = anomaly.judge(picture)
print(judged.error, judged.share)"""


def chosen(kind: str) -> tuple[Tensor | None, str]:
    """The picture (1, 1, 28, 28), and the lines that make it."""
    if kind == "A letter":
        letters = anomaly.letters()
        letter = st.pills(
            say("strangers.letter"), list(letters), default="A", required=True, key="letter", persist_state="session"
        )
        return letters[letter], f'picture = anomaly.letters()["{letter}"]'
    if kind == "A scribble":
        seed = st.number_input(say("codes.seed"), 0, 9999, 0, key="scribble", persist_state="session")
        code = f"import torch\npicture = anomaly.scribble(torch.Generator().manual_seed({seed}))"
        return anomaly.scribble(torch.Generator().manual_seed(seed)), code
    if kind == "A digit":
        number = st.number_input(say("codes.digit"), 0, 9999, 0, key="judged digit", persist_state="session")
        return mnist.test_half().images[
            [number]
        ].float() / 255, f"picture = mnist.test_half().images[[{number}]].float() / 255"
    drawing = canvas_alone("stranger canvas")
    code = """import numpy as np
drawing = np.eye(280, dtype=np.uint8) * 255  # put your drawing here
picture = mnist.centre(drawing).digit"""
    return (None if drawing is None else mnist.centre(drawing).digit), code


def histogram(error: float) -> None:
    """The errors of the test digits, and where this picture's lies."""
    edges, counts = anomaly.histogram()
    charts.histogram(
        edges.tolist(),
        counts.tolist(),
        says=say("strangers.chart"),
        x=say("strangers.x"),
        y=say("strangers.y"),
        at=error,
    )
    st.caption(say("strangers.how"))
