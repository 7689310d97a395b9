"""What does it make of your own photo?"""

from pathlib import Path

import streamlit as st

from engine.photos import examples
from pages.parts.address import check_address
from pages.parts.lesson import what_to_try
from pages.parts.methods import FAST, title
from pages.parts.named_choice import bring, called, choose
from pages.parts.say import explained, say
from pages.parts.state import state_of
from pages.photo import small_copy
from pages.photo.answers import ADDRESS
from pages.photo.hide import hide_and_put_back
from pages.photo.source import photo_source
from pages.photo.state import PhotoState

TASKS = {"Hide a part": hide_and_put_back, "From 16 pixels": small_copy.from_few_pixels}
FIRST = next(iter(TASKS))
OLD = "<style>.st-key-exhibit { opacity: 0.3; filter: grayscale(1); pointer-events: none; }</style>"


def main() -> None:
    for sheet in ("page.css", "hide.css", "small.css"):
        st.html(Path(__file__).with_name(sheet))
    examples_and_methods = {"example": list(examples.EXAMPLES), "method of photo": [title(name) for name in FAST]}
    check_address(task=list(TASKS), **examples_and_methods, **ADDRESS, **small_copy.ADDRESS)
    with st.container(
        horizontal=True, horizontal_alignment="distribute", vertical_alignment="center", gap="small", key="top"
    ):
        bring("task", list(TASKS), FIRST)
        st.title(called("photo.title", st.session_state["task"] or FIRST), anchor=False, width="content")
        task = choose(
            "task",
            list(TASKS),
            FIRST,
            say("photo.task"),
            lambda name: called("photo.task", name),
            persist_state="session",
            width="content",
        )
    photo = photo_source()
    if state_of(PhotoState).problem:  # nothing below may be taken for what the new file gave
        st.html(OLD)
    with st.container(key="exhibit"):
        TASKS[task](photo)
    below()


def below() -> None:
    """What the fold hides."""
    with st.expander(say("photo.square"), icon=":material/crop_rotate:"):
        st.markdown(explained(say("photo.about-the-square")), unsafe_allow_html=True)
    what_to_try(*((say(f"photo.ask.{task}"), say(f"photo.try.{task}")) for task in ("smile", "tiny", "strange")))


main()
