"""What does it make of your own photo?"""

import streamlit as st

from engine.photos import examples
from pages.parts.address import check_address
from pages.parts.lesson import what_to_try
from pages.parts.methods import FAST, title
from pages.parts.state import state_of
from pages.photo import small_copy
from pages.photo.answers import ADDRESS
from pages.photo.hide import hide_and_put_back
from pages.photo.source import photo_source
from pages.photo.state import PhotoState

TASKS = {"Hide a part": hide_and_put_back, "From 16 pixels": small_copy.from_few_pixels}
EXAMPLE = "Below is an example, until you bring a photo. "
NOT_TAKEN = "The file could not be taken: below is still what was there before it. "


def main() -> None:
    examples_and_methods = {"example": list(examples.EXAMPLES), "method of photo": [title(name) for name in FAST]}
    check_address(task=list(TASKS), **examples_and_methods, **ADDRESS, **small_copy.ADDRESS)
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center", gap="small"):
        st.title("Your own photo", width="content")
        task = st.segmented_control(
            "What to do with it",
            list(TASKS),
            default=next(iter(TASKS)),
            required=True,
            key="task",
            bind="query-params",
            persist_state="session",
            label_visibility="collapsed",
            width="content",
        )
    st.markdown("Bring a photo, hide a part of a face or make it tiny, and see what the network puts back into it.")
    photo = photo_source()
    st.caption(
        (NOT_TAKEN if state_of(PhotoState).problem else EXAMPLE if photo.example else "")
        + "Your photo stays in the server's memory, for you alone: it is never saved, logged or learnt from, and is"
        " gone about a minute after you close this tab."
    )
    TASKS[task](photo)
    below()


def below() -> None:
    """What the fold hides."""
    with st.expander("Why does the square matter?", icon=":material/crop_rotate:"):
        st.markdown(
            """
The network has only ever seen faces in one framing, that of the FFHQ photographs: eyes, nose and mouth always at the
same place, the head upright. A detector (YuNet) finds the eyes and the corners of the mouth, and the square is laid
so that they come to lie where the network expects them. Turn it by 30°, and the network no longer knows what it sees.

On the way back only what you have hidden is replaced. It comes from 128×128 pixels, so in a large photo it is soft:
the network has never seen anything sharper.
"""
        )
    what_to_try(
        "Hide your mouth while you smile. Does the network smile too? Then turn the square by 30° and look again.",
        "Open *From 16 pixels*. From how many pixels would you still know the face, and which of the six answers do you"
        " believe?",
        "Look at the cat, the cartoon and the mask above, or bring your own: how many of the test faces are less"
        " strange?",
    )


main()
