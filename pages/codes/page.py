"""What does the code look like?"""

import streamlit as st

from pages.codes import compress, dials, finish, generate, nobody, own, roam, strangers, walk
from pages.parts.address import ANY, check_address
from pages.parts.lesson import exhibition, what_to_try

EXHIBITS = {
    "Roam the map": roam.show,
    "Walk between two": walk.show,
    "Let it generate": generate.show,
    "A face of nobody": nobody.show,
    "Turn the dials of a face": dials.show,
    "Compress": compress.show,
    "Find the stranger": strangers.show,
    "Bring your own": own.show,
}


def main() -> None:
    st.title("Walk through the codes")
    st.markdown(
        "An autoencoder turns a picture into a few numbers: a place. Every place has a picture, also the empty ones."
    )
    check_address(
        **dict.fromkeys(("from", "to", "squeezed", "draw", "nobody"), (0, 9999)),
        **{f"dial{number}": (-dials.MOST, dials.MOST) for number in range(1, dials.DIALS + 1)},
        map=list(roam.TITLES.values()),
        at=ANY,
        code=list(walk.MODELS.values()),
        film=(1, walk.STEPS),
        gaussians=(1, generate.MAX_GAUSSIANS),
        bytes=[str(count) for count in compress.KEEP],
        stranger=strangers.KINDS,
        finish=finish.CHOICES,
    )
    exhibition("Exhibit", EXHIBITS)
    what_to_try(
        "Find the place between the ones and the sevens. What is drawn there, and how far is it from any real code?",
        "Compare the veil over the autoencoder's map with that over the variational autoencoder's. Which has gaps?",
        "Under *Find the stranger*, which letter does the network take for a digit?",
    )


main()
