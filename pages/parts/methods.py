"""What the pages call the methods, and the table of all of them."""

from collections.abc import Callable

import streamlit as st
from torch import Tensor

from engine import images
from engine.photos.gallery import GalleryFace
from engine.problem import Problem
from engine.restoration.methods import METHODS, Restoration, describe_hole
from pages.components.picture_row.picture_row import Picture, picture_row

FAST = [name for name, method in METHODS.items() if not method.slow]  # these follow the hand


def title(method: str) -> str:
    """What the page calls a method; the address as well."""
    return METHODS[method].title


def every_method(answer: Callable[[str], Restoration | Problem], face: GalleryFace, hidden: Tensor) -> None:
    """All methods on one face and mask, with their figures; `answer` gives that of a method. A slow method without one
    says where it is started."""
    tiles = [tile(method, answer(method), face.image, hidden) for method in FAST]
    for method in METHODS:
        if METHODS[method].slow:
            tiles.append(Picture(title(method), "", more=f"Takes its time: open “{title(method)}” to start it."))
    picture_row(tiles, key="methods", min_width=104, tap=True)
    st.caption(
        "PSNR in the hole, and its sharpness: the strength of detail over the original's. A blurred guess is rewarded"
        " by PSNR and shows in its sharpness. Tap a picture to enlarge it."
    )


def tile(method: str, answer: Restoration | Problem, original: Tensor, hidden: Tensor) -> Picture:
    """A method's composite with its figures, or why there is none."""
    if isinstance(answer, Problem):
        return Picture(title(method), "", more=str(answer))
    return Picture(
        title(method),
        images.data_url(answer.composite),
        describe_hole(answer, original, hidden),
        alt=f"{title(method)}: restored face",
        more=METHODS[method].says,
    )
