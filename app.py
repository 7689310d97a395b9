"""The front door: `streamlit run app.py` loads the networks once, then lets visitors in.

An `st.App` rather than a bare script: its script lies in `pages/`, so that every page opens by its own address on a
fresh server (a script beside a folder named `pages` would first be taken for Streamlit's old automatic pages), and
what is slow happens before the first visitor comes.
"""

import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import streamlit as st
import torch

from engine import faces, gappy, maps, nearest, weights
from engine.problem import Problem


@asynccontextmanager
async def warm(app: Any) -> AsyncIterator[None]:
    """Load what every visitor needs. A damaged file is no reason to stay shut: its page says what is wrong."""
    torch.set_num_threads(1)  # two threads collapse as soon as two visitors ask at once
    for name in weights.names():
        try:
            weights.shared(name)
        except Problem as problem:
            print(f"warning: {problem}")
    for prepare in (maps.digit_map, maps.face_map, faces.gallery, gappy.ready, nearest.known):
        try:
            prepare()
        except Problem as problem:
            print(f"warning: {problem}")
    # Streamlit collects garbage after every script run; torch's million objects would cost 100 ms each time
    gc.collect()
    gc.freeze()
    yield


app = st.App("pages/navigation.py", lifespan=warm)
