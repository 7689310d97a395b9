"""How a page of exhibits goes, and how every page ends: three tasks, and the engine lines that made what is seen."""

from collections.abc import Callable, Mapping

import streamlit as st

from pages.parts.address import check_address
from pages.parts.named_choice import choose
from pages.parts.problems import problems_said
from pages.parts.say import say

Exhibit = Callable[[], str]  # shows itself and returns its code


def exhibition(key: str, exhibits: Mapping[str, Exhibit], label: str, title: Callable[[str], str]) -> None:
    """One of the exhibits, chosen by its name (in the address as well, under `key`), with its code under it.

    title: of a name, in the visitor's language.
    """
    check_address(**{key: list(exhibits)})
    names = list(exhibits)
    _look(exhibits[choose(key, names, names[0], label, title, widget=st.pills)])


@st.fragment
@problems_said()
def _look(show: Exhibit) -> None:
    """The chosen exhibit, in a fragment of its own."""
    code_of_this(show())


def what_to_try(*tasks: str | tuple[str, str]) -> None:
    """Things to do on this page; of a pair the second is the answer, behind a tap."""
    st.header(say("try.title"))
    for number, task in enumerate(tasks, 1):
        words, answer = (task, "") if isinstance(task, str) else task
        st.markdown(f"{number}. {words}")
        if answer:
            with st.expander(say("try.answer", number=number), icon=":material/check:"):
                st.markdown(answer)


def code_of_this(code: str) -> None:
    """The lines that made this very picture; they run as they are in the repository's folder."""
    with st.expander(say("try.code"), icon=":material/code:"):
        st.code(code, language=None)
