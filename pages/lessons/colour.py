"""Grey in, colour out: what a network believes the colours of a face to be."""

import streamlit as st
import torch

from engine import images, metrics
from engine.corruptions import noise
from engine.models import weights
from engine.photos import gallery
from engine.restoration import photo_restoration
from pages.components.picture_row.picture_row import Picture, picture_row
from pages.parts.state import state_of
from pages.photo.state import PhotoState

FEW = 4  # faces of the gallery


def show() -> str:
    """The visitor's own face and the first of the gallery: without their colours, coloured, and as they were."""
    network = weights.shared("face-colouriser")
    pictures = {name: face.image for name, face in list(gallery.gallery().items())[:FEW]}
    own = state_of(PhotoState)
    if own.photo:  # what was brought to "Your photo" in this visit
        squares = own.squares or list(own.photo.framings)
        pictures = {"own": photo_restoration.crop_squares(own.photo.picture, squares[:1])} | pictures
    else:
        st.caption("A face that you bring to *Your photo* appears here too.")
    for name, image in pictures.items():
        grey = noise.grey(image)
        with torch.inference_mode():
            coloured = network(grey)
        error = metrics.mse(coloured, image).item()
        picture_row(
            [
                Picture("Grey", images.data_url(grey), "what the network sees"),
                Picture("Coloured", images.data_url(coloured), f"MSE {error:.4f}"),
                Picture("Original", images.data_url(image), f"grey is {metrics.mse(grey, image).item():.4f} away"),
            ],
            key=f"coloured {name}",
            min_width=110,
            tap=True,
        )
    st.caption(
        "The grey picture carries all the detail; the network adds colour at a quarter of the width. Where it does not"
        " know (a blue or a red suit?) it paints the average: brown. Skin and sky it knows."
    )
    return """from engine.corruptions import noise
from engine.models import weights
from engine.photos import gallery

grey = noise.grey(gallery.gallery()["astronaut"].image)  # (1, 1, 128, 128)
coloured = weights.load("face-colouriser")(grey)  # (1, 3, 128, 128)"""
