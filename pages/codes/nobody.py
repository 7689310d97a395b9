"""A face that nobody has: random principal components, painted over, and once more from a small copy."""

import streamlit as st

from engine import images
from engine.restoration import drafts, face_generator
from pages.codes import finish
from pages.components.picture_row.picture_row import Picture, picture_row
from pages.parts.say import say

COUNT = 8
FIRST = face_generator.SEEDS[0]  # a seed that comes out well
LAST = 9999


def show() -> str:
    """The face of a seed with the steps that lead to it; those of the seeds that follow."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        seed = st.number_input(say("codes.seed"), 0, LAST, FIRST, key="nobody", bind="query-params", width=160)
        st.button(say("nobody.another"), icon=":material/casino:", on_click=_next)
        finished = finish.switch()
    sketch, once, twice = steps(seed)
    picture_row(
        [
            Picture(say("nobody.sketch"), sketch, say("nobody.sketch.note")),
            Picture(say("nobody.once"), once, say("nobody.once.note")),
            Picture(say("nobody.twice"), twice, say("nobody.twice.note")),
        ],
        key="nobody large",
        min_width=200,
        tap=True,
    )
    st.caption(say("nobody.how"))
    st.markdown(f"**{say('nobody.following', count=COUNT)}**")
    which = -1 if finished else 0
    following = [number % (LAST + 1) for number in range(seed + 1, seed + 1 + COUNT)]
    picture_row(
        [Picture(f"{number}", steps(number)[which], alt=say("nobody.alt", number=number)) for number in following],
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
