"""How every page ends: three tasks, and the engine lines that made what is on the screen."""

import streamlit as st


def what_to_try(*tasks: str) -> None:
    """Three things to do on this page."""
    st.subheader("What to try")
    st.markdown("\n".join(f"{number}. {task}" for number, task in enumerate(tasks, 1)))


def code_of_this(code: str) -> None:
    """The lines that made this very picture; they run as they are in the repository's folder."""
    with st.expander("Show the code", icon=":material/code:"):
        st.code(code, language=None)
