"""Grey in, colour out: what a network believes the colours of a face to be."""

import streamlit as st
import torch

from engine import images, metrics
from engine.corruptions import noise
from engine.models import weights
from engine.photos import gallery
from engine.restoration import photo_restoration
from pages.components.picture_row.picture_row import Picture, picture_row
from pages.lessons.choice import choose
from pages.lessons.step import Shown
from pages.parts.say import say
from pages.parts.state import state_of
from pages.photo.state import PhotoState

FEW = 4  # faces of the gallery


def show() -> Shown:
    """The visitor's own face and the first of the gallery: without their colours, coloured, and as they were."""
    network = weights.shared("face-colouriser")
    pictures = {name: face.image for name, face in list(gallery.gallery().items())[:FEW]}
    own = state_of(PhotoState)
    if own.photo:  # what was brought to "Your photo" in this visit
        squares = own.squares or list(own.photo.framings)
        pictures = {"own": photo_restoration.crop_squares(own.photo.picture, squares[:1])} | pictures
    else:
        st.caption(say("lesson.colour.own"))
    chosen, seen = choose(say("lesson.colour.face"), list(pictures), next(iter(pictures)), _title, key="coloured face")
    facts = {}
    for name, image in pictures.items():
        if name != chosen:
            continue
        grey = noise.grey(image)
        with torch.inference_mode():
            coloured = network(grey)
        error, away = metrics.mse(coloured, image).item(), f"{metrics.mse(grey, image).item():.4f}"
        picture_row(
            [
                Picture(say("lesson.colour.grey"), images.data_url(grey), say("lesson.colour.sees")),
                Picture(
                    say("lesson.colour.coloured"), images.data_url(coloured), say("lesson.error", error=f"{error:.4f}")
                ),
                Picture(say("lesson.original"), images.data_url(image), say("lesson.colour.away", error=away)),
            ],
            key="coloured",
            min_width=110,
            tap=True,
        )
        facts = {"error": f"{error:.4f}", "away": away}
    return Shown(
        len(seen) > 1,
        facts,
        """from engine.corruptions import noise
from engine.models import weights
from engine.photos import gallery

grey = noise.grey(gallery.gallery()["astronaut"].image)  # (1, 1, 128, 128)
coloured = weights.load("face-colouriser")(grey)  # (1, 3, 128, 128)""",
    )


def _title(name: str) -> str:
    return say("lesson.colour.yours") if name == "own" else gallery.gallery()[name].title
