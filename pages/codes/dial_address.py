"""What the address says of the dials: whose face, each dial, a number alone, a place on the walk."""

from collections.abc import Sequence

import streamlit as st

from engine.corruptions.shapes import Shape
from engine.latent import dials
from engine.problem import Problem
from pages.codes.state import CodesState
from pages.components.dial_machine.dial_machine import COUNT, FRAMES, MOST_ALONE, Turned
from pages.parts.address import ANY, MASK, brought, check_address, shapes_of, write
from pages.parts.problems import told
from pages.parts.state import state_of

MEAN = "The mean face"
NOBODY = "A face of nobody"
MOST = 6.0  # deviations that a dial is turned from where the face itself lies
LAST_SEED = 9999
KEYS = (*dials.NAMES, "number", "much", "walk", "decoded")


def check(titles: Sequence[str], faces: Sequence[str]) -> None:
    """Refuse, in a sentence each, what no dial can be."""
    check_address(
        **dict.fromkeys(dials.NAMES, (-MOST, MOST)),
        number=(1, COUNT),
        much=(-MOST_ALONE, MOST_ALONE),
        walk=(0, FRAMES - 1),
        decoded=["1"],
        towards=(0, len(faces) - 1),
        nobody=(0, LAST_SEED),
        face=titles,
        mask=ANY,
    )


def take() -> list[Shape]:
    """Lay what an opened link brings on the machine, once it is checked -> what is hidden of the linked face."""
    state, said = state_of(CodesState), st.query_params
    if (seed := brought("nobody")) is not None:
        state.seed = int(float(seed))
        st.session_state["start"] = NOBODY
    if (title := brought("face")) is not None:
        state.linked = st.session_state["start"] = title
    if (other := brought("towards")) is not None:
        state.to = int(float(other))
    if any(brought(key) is not None for key in KEYS):
        number = int(float(said.get("number", "0")))
        state.turned = Turned(
            tuple(float(said.get(name, "0")) for name in dials.NAMES),
            number,
            float(said.get("much", "0")) if number else 0.0,
            int(float(said.get("walk", "-1"))),
            "decoded" not in said,
        )
        state.turns += 1
    try:
        return shapes_of(text) if (text := said.get(MASK)) else []
    except Problem as problem:
        st.info(told(problem), icon=":material/link_off:")
        return []


def tell(start: str, state: CodesState) -> None:
    """Write what is turned into the address."""
    turned = state.turned
    if turned.held:
        return
    values = {name: f"{value:g}" if value else "" for name, value in zip(dials.NAMES, turned.values, strict=True)}
    write(
        **values,
        number=f"{turned.number}" if turned.number else "",
        much=f"{turned.much:g}" if turned.number and turned.much else "",
        walk=f"{turned.walk}" if turned.walk >= 0 else "",
        decoded="" if turned.painted else "1",
        towards=f"{state.to}" if turned.walk >= 0 else "",
        nobody=f"{state.seed}" if start == NOBODY else "",
        face="" if start == NOBODY else start,
    )
