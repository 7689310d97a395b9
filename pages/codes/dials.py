"""The 300 numbers of a face as dials along their principal directions; averages and arithmetic of faces."""

from collections.abc import Sequence
from functools import lru_cache

import streamlit as st
import torch
from torch import Tensor

from engine import images
from engine.corruptions import masks
from engine.corruptions.shapes import Shape
from engine.latent import maps
from engine.latent.codes import Projection, nearest, principal_components
from engine.models import weights
from engine.networks import Autoencoder
from engine.photos import gallery
from engine.problem import Problem
from pages.codes import finish
from pages.codes.dial_row import dials
from pages.codes.state import CodesState
from pages.components.picture_row.picture_row import Picture, picture_row
from pages.parts.address import ANY, MASK, check_address, shapes_of
from pages.parts.foreign import as_text
from pages.parts.state import state_of

MODEL = "face-autoencoder"
DIALS = 8
MOST = 3.0  # standard deviations that a dial turns
MEAN = "The mean face"


def show() -> str:
    """Dials at the left, the face at the right; below, the arithmetic."""
    axes, spread, usual = directions()
    titles = [*(face.title for face in gallery.gallery().values()), MEAN]
    check_address(face=titles, mask=ANY)
    linked, shapes = linked_face(titles)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        start = st.selectbox("Start from", titles, key="start", persist_state="session", width=260)
        finished = finish.switch()
    shapes = shapes if start == linked else []
    if shapes:
        st.caption("Its code as the encoder makes it of the face with its hole.")
    left, right = st.columns(2, gap="large")
    with left:
        st.caption("Each dial moves the code along one direction in which faces differ most, in standard deviations.")
        turned = dials("dial", DIALS, MOST)
    code = code_of(start, axes, shapes) + (torch.tensor(turned) * spread) @ axes.axes
    painted = finished and start != MEAN
    with right:
        face = finish.as_chosen(decode(code), painted)
        title = "What the painter makes of it" if painted else "What the decoder draws"
        picture_row([Picture(title, images.data_url(face))], key="dialled", min_width=260)
        if finished and not painted:
            st.caption(
                "The mean of all faces is nobody's, and the painter finds no face in it: this is as it was decoded."
            )
        away = nearest(code, maps.face_codes())[0].item()
        st.caption(f"Distance to the nearest test face's code {away:.1f}; between neighbours usually {usual:.1f}.")
    arithmetic(finished)
    hides = "from engine.corruptions import masks\n" if shapes else ""
    return f"""import torch
{hides}from engine.latent import codes, maps
from engine.models import weights
from engine.photos import gallery
{finish.imported(painted)}
known = maps.face_codes()
axes = codes.principal_components(known, {DIALS})
network = weights.load("{MODEL}")
{beginning(start, shapes)}
code = start + (torch.tensor({turned}) * axes.project(known).std(0)) @ axes.axes
face = {finish.call("network.decode(code)", painted)}"""


def beginning(start: str, shapes: Sequence[Shape]) -> str:
    """The line that gives the code of that title under its mask."""
    names = [name for name, face in gallery.gallery().items() if face.title == start]
    if names:
        face = f'gallery.gallery()["{names[0]}"].image'
        return f"start = network.encode({f'masks.hide({face}, masks.shape_mask({shapes}))' if shapes else face})"
    return "start = axes.mean.unsqueeze(0)"


@lru_cache(maxsize=1)
def directions() -> tuple[Projection, Tensor, float]:
    """In which directions the known codes differ most, how far in each, and the usual distance of two neighbours."""
    known = maps.face_codes()
    axes = principal_components(known, DIALS)
    return axes, axes.project(known).std(0), nearest(known, known, 2)[0][:, 1].median().item()


def linked_face(titles: Sequence[str]) -> tuple[str, list[Shape]]:
    """The face that the address names and what is hidden of it; the first time it is named, it is chosen, too."""
    state, title = state_of(CodesState), st.query_params.get("face", "")
    if title not in titles:
        return "", []
    if state.linked != title:
        state.linked = st.session_state["start"] = title
    try:
        return title, shapes_of(text) if (text := st.query_params.get(MASK)) else []
    except Problem as problem:
        st.info(as_text(str(problem)), icon=":material/link_off:")
        return title, []


def code_of(title: str, axes: Projection, shapes: Sequence[Shape] = ()) -> Tensor:
    """The code of the mean or of a gallery face under its mask (1, 300)."""
    for face in gallery.gallery().values():
        if face.title == title:
            with torch.inference_mode():
                return weights.shared(MODEL, Autoencoder).encode(masks.hide(face.image, masks.shape_mask(list(shapes))))
    return axes.mean.unsqueeze(0)


def decode(code: Tensor) -> Tensor:
    with torch.inference_mode():
        return weights.shared(MODEL, Autoencoder).decode(code)


def arithmetic(finished: bool) -> None:
    """Average of chosen faces, and A - B + C."""
    st.markdown("**Average and arithmetic of faces**")
    st.caption("Faces by their number among the test faces, drawn from their codes: find them on the map of faces.")
    with st.container(horizontal=True):
        a, b, c = (
            st.number_input(letter, 0, len(maps.face_codes()) - 1, first, key=f"face {letter}", persist_state="session")
            for letter, first in (("A", 3), ("B", 40), ("C", 96))
        )
    picture_row(mixed(a, b, c, finished), key="arithmetic", min_width=110, tap=True)


@st.cache_data(show_spinner=False, max_entries=100)
def mixed(first: int, second: int, third: int, finished: bool) -> list[Picture]:
    """Of three test faces by their numbers: each, their average and A - B + C; a dial changes nothing of it."""
    a, b, c = (maps.face_codes()[number : number + 1] for number in (first, second, third))
    codes = {"A": a, "B": b, "C": c, "Average": (a + b + c) / 3, "A - B + C": a - b + c}
    faces = finish.as_chosen(decode(torch.cat(list(codes.values()))), finished)
    return [Picture(title, images.data_url(face)) for title, face in zip(codes, faces.split(1), strict=True)]
