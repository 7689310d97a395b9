"""Grey in, colour out: what a network believes the colours of a face to be."""

import streamlit as st
import torch

from engine import corruptions, faces, images, metrics, weights
from pages.parts.pictures import Picture, picture_row


def show() -> str:
    """The faces of the gallery without their colours, coloured, and as they were."""
    network = weights.shared("face-colouriser")
    for name, face in faces.gallery().items():
        grey = corruptions.grey(face.image)
        with torch.inference_mode():
            coloured = network(grey)
        error = metrics.mse(coloured, face.image).item()
        picture_row(
            [
                Picture("Grey", images.data_url(grey), "what the network sees"),
                Picture("Coloured", images.data_url(coloured), f"MSE {error:.4f}"),
                Picture(
                    "Original", images.data_url(face.image), f"grey is {metrics.mse(grey, face.image).item():.4f} away"
                ),
            ],
            key=f"coloured {name}",
            min_width=110,
            tap=True,
        )
    st.caption(
        "The grey picture carries all the detail; the network adds colour at a quarter of the width. Where it does not"
        " know (a blue or a red suit?) it paints the average: brown. Skin and sky it knows."
    )
    return """from engine import corruptions, faces, weights

grey = corruptions.grey(faces.gallery()["astronaut"].image)  # (1, 1, 128, 128)
coloured = weights.load("face-colouriser")(grey)  # (1, 3, 128, 128)"""
