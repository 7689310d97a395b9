"""How a page says what went wrong: one sentence in place of what is missing, and the rest of the page stands."""

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from engine.problem import Problem
from pages.parts.foreign import as_text


@contextmanager
def problems_said() -> Iterator[None]:
    """Show a `Problem` raised inside; also a decorator. Put it inside a fragment, whose errors do not leave it."""
    try:
        yield
    except Problem as problem:
        st.error(as_text(str(problem)), icon=":material/error:")
