"""How do the parts work, and what did training take?"""

import streamlit as st

from pages.lessons import article, centring, colour, start, unpool
from pages.parts.lesson import exhibition, what_to_try

EXHIBITS = {
    "Pooling and the way back": unpool.show,
    "The article's seven runs": article.show,
    "A better start": start.show,
    "How a drawing becomes a digit": centring.show,
    "Grey in, colour out": colour.show,
}


def main() -> None:
    st.title("How the parts work")
    st.markdown("The pieces that an autoencoder is built of, each on its own, to take apart.")
    exhibition("Lesson", EXHIBITS)
    what_to_try(
        "Change one number of the 4×4 so that another one of its cell becomes the largest. What follows it back?",
        "Which decoder draws the best digit? Now look at what it makes of *another* code: who drew the outline?",
        "Drag the slider of *The article's seven runs*: after which epoch would you have stopped each?",
    )


main()
