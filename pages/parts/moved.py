"""A visitor whose server has gone, or has forgotten the visit, and who is served anew."""

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from pages.parts.say import say

TOLD = "told of the move"  # in the session state
_PROTOCOLS = "Sec-WebSocket-Protocol"  # Streamlit's browser side names there itself, a token, and the visit it was in


@st.fragment(run_every=86_400.0)
def ask_again() -> None:
    """Nothing to see, once a day. A page that has something to do from time to time asks its server for a run as soon
    as it has found one again; any other would stay as it was until it is touched, and then ask for what the new one has
    not."""


def tell_the_moved() -> None:
    """Say it once to a browser that asks for a visit which this server does not have."""
    ask_again()
    context = get_script_run_ctx()
    if context is None or TOLD in st.session_state:
        return
    st.session_state[TOLD] = True
    asked = [word.strip() for word in (st.context.headers.get(_PROTOCOLS) or "").split(",")]
    if len(asked) > 2 and asked[2] and asked[2] != context.session_id:
        st.toast(say("head.moved"), icon=":material/sync:", duration="infinite")
