"""The visitor's own digits or codes on the map, from a file; they stay in this session's memory."""

import streamlit as st
import torch

from engine import images
from engine.latent import code_file, maps
from engine.latent.code_file import Points
from engine.latent.codes import nearest
from pages.codes.state import CodesState
from pages.components.latent_map.latent_map import DIGITS, Marker, Scatter, latent_map
from pages.components.picture_row.picture_row import Picture, picture_row
from pages.parts.problems import problems_said
from pages.parts.say import say
from pages.parts.state import state_of

SHOWN = 40
KINDS = ["npz", "npy", "csv", "tsv", "txt"]


def show() -> str:
    """An .npz or CSV in; its rows on the map; their codes out."""
    state = state_of(CodesState)
    view = maps.load_map("autoencoder")
    told, shown = st.columns([2, 3], gap="large")
    with told:
        st.markdown(say("own.about"))
        file = st.file_uploader(say("own.file"), KINDS, max_upload_size=20, key="own file")
        if file is not None:
            with problems_said():  # what was there before stays
                state.points = code_file.load(file.name, file.getvalue())
        codes = torch.zeros(0, 2)
        if (mine := state.points) is None:
            st.info(say("own.nothing"), icon=":material/upload:")
            st.download_button(say("own.example"), example(), "codes.csv", "text/csv", icon=":material/download:")
        else:
            mine = light_on_black(mine)
            codes = view.place(mine.values) if mine.kind == "images" else mine.values
            of_ones_own(view, mine, codes)
    with shown:
        scatter = Scatter(
            f"app/static/{view.file}.bin",
            view.extent,
            classes=[str(digit) for digit in range(10)],
            markers=[Marker(x, y, str(row), "noisy") for row, (x, y) in enumerate(codes[:SHOWN].tolist())],
            sprite=DIGITS,
            reach=view.familiarity.reach(view.extent),
            uncharted=say("map.no-digit"),
            height=520,
        )
        latent_map(scatter, key="own map")
    return """from pathlib import Path
from engine.latent import code_file, maps

file = Path("codes.csv")  # yours
if file.exists():
    mine = code_file.load(file.name, file.read_bytes())
    view = maps.load_map("autoencoder")
    codes = view.place(mine.values) if mine.kind == "images" else mine.values"""


def of_ones_own(view: maps.Map, mine: Points, codes: torch.Tensor) -> None:
    """How many there are, what they look like, how far they lie from real digits, and their codes to take home."""
    st.markdown(say("own.rows", count=f"{len(codes):,}", shown=min(SHOWN, len(codes))))
    pictures = (mine.values if mine.kind == "images" else view.decode(mine.values[:12]))[:12]
    picture_row(
        [
            Picture("", images.data_url(one, "png"), say("own.row", row=row))
            for row, one in enumerate(pictures.split(1))
        ],
        key="own pictures",
        pixelated=True,
        min_width=70,
    )
    away = nearest(codes, view.points)[0].median().item()
    st.caption(say("own.median", distance=f"{away:.2f}"))
    st.download_button(
        say("own.csv"),
        code_file.to_csv(codes, mine.labels),
        "codes.csv",
        "text/csv",
        icon=":material/download:",
    )


def light_on_black(mine: Points) -> Points:
    """Digits as the visitor wants them: the switch turns those that a file's brightness made us turn back, and others
    that it did not."""
    if mine.kind != "images":
        return mine
    if mine.turned:
        st.info(say("own.turned"), icon=":material/invert_colors:")
    wanted = st.toggle(say("own.turn"), value=mine.turned, key=f"turned {mine.turned}", persist_state="session")
    return mine if wanted == mine.turned else mine.negative()


def example() -> str:
    """The first twenty test digits' codes, as a CSV that can be loaded again."""
    view = maps.load_map("autoencoder")
    return code_file.to_csv(view.points[:20], None if view.labels is None else view.labels[:20])
