"""A face that nobody has: random principal components, painted over, and once more from a small copy."""

import streamlit as st

from engine import images
from engine.restoration import drafts, face_generator
from pages.codes import finish
from pages.components.picture_row.picture_row import Picture, picture_row

COUNT = 8
FIRST = face_generator.SEEDS[0]  # a seed that comes out well
LAST = 9999


def show() -> str:
    """The face of a seed with the steps that lead to it; those of the seeds that follow."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        seed = st.number_input("Seed", 0, LAST, FIRST, key="nobody", bind="query-params", width=160)
        st.button("Another one", icon=":material/casino:", on_click=_next)
        finished = finish.switch()
    sketch, once, twice = steps(seed)
    picture_row(
        [
            Picture("The sketch", sketch, "random numbers for a few components"),
            Picture("Painted over", once, "what a face has is added"),
            Picture("Painted again", twice, "from a copy of 16 pixels before an even background: nobody has this face"),
        ],
        key="nobody large",
        min_width=200,
        tap=True,
    )
    st.caption(
        "The sketch is all that the numbers say; everything else is invented. The painter has learnt to paint over"
        " sketches so that a second network takes them for photographs. Where a sketch says little, at the edges, it"
        " leaves blotches: in the copy of 16 pixels the background is made even, as in a studio. A likeness to anybody"
        " is chance."
    )
    st.markdown(f"**The {COUNT} seeds that follow**")
    which = -1 if finished else 0
    following = [number % (LAST + 1) for number in range(seed + 1, seed + 1 + COUNT)]
    picture_row(
        [Picture(f"{number}", steps(number)[which], alt=f"Face of nobody {number}") for number in following],
        key="nobody more",
        min_width=80,
        tap=True,
    )
    return f"""from engine.restoration import drafts, face_generator
from pages.codes import finish

sketch = face_generator.sketch(face_generator.random_code({seed}))
face = face_generator.repaint(drafts.paint(sketch))  # as face_generator.face({seed})"""


def _next() -> None:
    st.session_state["nobody"] = (st.session_state["nobody"] + 1) % (LAST + 1)


@st.cache_data(show_spinner=False, max_entries=100)
def steps(seed: int) -> list[str]:
    """Sketch, first painting and second, for the page to show."""
    sketch = face_generator.sketch(face_generator.random_code(seed))
    once = drafts.paint(sketch)
    return [images.data_url(picture) for picture in (sketch, once, face_generator.repaint(once))]
