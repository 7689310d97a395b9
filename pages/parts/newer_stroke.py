"""A newer stroke of the same visitor, which need not wait for the answers to the one before."""

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.scriptrunner_utils.script_requests import ScriptRequestType


def drawn_again() -> bool:
    """Whether the visitor's next run waits for this one, of a fragment, to end.

    Streamlit ends a run for a newer one by itself, but not for that of a fragment, and has no name for asking.
    """
    context = get_script_run_ctx(suppress_warning=True)
    if context is None or not context.fragment_ids_this_run:
        return False
    return getattr(context.script_requests, "_state", None) == ScriptRequestType.RERUN


def give_way() -> None:
    """End this run of a fragment where the visitor has drawn again meanwhile, and begin the newer one."""
    if drawn_again():
        st.rerun(scope="fragment")
