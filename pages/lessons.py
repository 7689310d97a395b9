"""How do the parts work?"""

import streamlit as st

from pages.exhibits import centring, colour, unpool
from pages.parts.lesson import code_of_this, what_to_try
from pages.parts.problems import problems_said

EXHIBITS = {
    "Pooling and the way back": unpool.show,
    "How a drawing becomes a digit": centring.show,
    "Grey in, colour out": colour.show,
}


def main() -> None:
    st.title("How the parts work")
    st.markdown("The pieces that an autoencoder is built of, each on its own, to take apart.")
    lesson = st.pills(
        "Lesson",
        list(EXHIBITS),
        default="Pooling and the way back",
        required=True,
        key="lesson",
        bind="query-params",
        label_visibility="collapsed",
    )
    look(lesson)
    what_to_try(
        "Change one number of the 4×4 so that another one of its cell becomes the largest. What follows it back?",
        "Which decoder draws the best digit? Now look at what it makes of *another* code: who drew the outline?",
        "Draw a digit small, in a corner, and switch the centring off. What does the network see?",
    )


@st.fragment
@problems_said()
def look(lesson: str) -> None:
    """The chosen lesson, in a fragment of its own."""
    code_of_this(EXHIBITS[lesson]())


main()
