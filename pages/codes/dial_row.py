"""Dials along the principal directions of a face, with a button that turns them all back."""

import streamlit as st


def dials(key: str, count: int, most: float) -> list[float]:
    """How far each is turned, -`most` to `most` standard deviations; kept for the session, and in the address."""
    keys = [f"{key}{number}" for number in range(1, count + 1)]
    turned = [
        st.slider(f"Direction {number}", -most, most, 0.0, 0.25, key=one, bind="query-params", persist_state="session")
        for number, one in enumerate(keys, 1)
    ]
    st.button("All to zero", icon=":material/restart_alt:", on_click=_to_zero, args=[keys])
    return turned


def _to_zero(keys: list[str]) -> None:
    for key in keys:
        st.session_state[key] = 0.0
