"""Any layer opened: a digit, perhaps one's own, beside a face, and what a layer of each network answers to it."""

import streamlit as st
from torch import Tensor

from engine import images
from engine.datasets import mnist
from engine.latent import activations
from engine.models import weights
from engine.networks import Autoencoder
from engine.photos import gallery
from pages.components.digit_canvas.digit_canvas import canvas_alone
from pages.components.picture_row.picture_row import Picture, picture_row
from pages.lessons.choice import choose, seen
from pages.lessons.step import Shown
from pages.parts.say import say

DIGITS, FACES = "digit-code-50", "face-autoencoder"
SOURCES, FEW, FIRST = ("test", "own"), 3, 18  # faces of the gallery; the test digit


def show() -> Shown:
    """Two pictures, a slider along the layers of each one's network, and the answer of the layer it stands at."""
    left, right = st.columns(2, gap="large")
    with left:
        source, _ = choose(
            say("lesson.layers.digit"), SOURCES, "test", lambda name: say(f"lesson.layers.{name}"), key="opened digit"
        )
        digit = mnist.test_half().images[FIRST : FIRST + 1].float() / 255
        if source == "own":
            drawing = canvas_alone("opened canvas")
            digit = digit if drawing is None else mnist.centre(drawing).digit
        opened, _ = open_layer(DIGITS, digit)
    with right:
        known = gallery.gallery()
        face, _ = choose(
            say("lesson.layers.face"),
            list(known)[:FEW],
            next(iter(known)),
            lambda one: known[one].title,
            key="opened face",
        )
        opened_too, answers = open_layer(FACES, known[face].image)
    maps = [layer.shape[0] for layer in answers[: [layer.is_code for layer in answers].index(True)]]
    return Shown(
        opened and opened_too,
        {"maps": ", ".join(map(str, maps)), "first": maps[0]},
        f"""from engine.latent import activations
from engine.models import weights
from engine.photos import gallery

face = gallery.gallery()["{face}"].image  # (1, 3, 128, 128)
for layer in activations.layers(weights.load("{FACES}"), face):
    print(layer.name, layer.answer.shape)
opened = activations.as_picture(activations.layers(weights.load("{FACES}"), face)[0])""",
    )


def open_layer(model: str, image: Tensor) -> tuple[bool, list[activations.Layer]]:
    """The slider and three pictures: what goes in, the layer, what comes back. Whether several layers were seen, and
    all of them."""
    found = activations.layers(weights.shared(model, Autoencoder), image)
    at = st.select_slider(
        say("lesson.layers.layer", count=len(found)),
        range(len(found)),
        0,
        format_func=lambda number: f"{number + 1}: {found[number].name}",
        key=f"layer of {model}",
        persist_state="session",
    )
    layer = found[at]
    kind = "code" if layer.is_code else "numbers" if len(layer.shape) == 1 else "maps"
    picture_row(
        [
            Picture(say("lesson.layers.given"), images.data_url(image, "png")),
            Picture(
                say(f"lesson.layers.{kind}", count=layer.shape[0]),
                images.data_url(activations.as_picture(layer), "png"),
                layer.name,
            ),
            Picture(say("lesson.layers.back"), images.data_url(found[-1].answer, "png")),
        ],
        key=f"opened {model}",
        pixelated=True,
        min_width=110,
        tap=True,
    )
    return len(seen(f"layers of {model}", at)) > 1, found
