"""What does the code look like?"""

from pathlib import Path

import streamlit as st

from pages.codes import compress, dial_address, faces, finish, generate, nobody, own, roam, strangers, walk
from pages.parts.address import ANY, check_address
from pages.parts.lesson import exhibition, what_to_try
from pages.parts.named_choice import called
from pages.parts.say import say

EXHIBITS = {
    "Faces": faces.show,
    "Map": roam.show,
    "Walk": walk.show,
    "By chance": generate.show,
    "Nobody": nobody.show,
    "Squeeze": compress.show,
    "Strangers": strangers.show,
    "Your own file": own.show,
}


def main() -> None:
    st.html(Path(__file__).with_name("page.css"))
    chosen = st.session_state.get("exhibit") or st.query_params.get("exhibit", next(iter(EXHIBITS)))
    st.title(say({"Faces": "codes.faces", "Map": "codes.digits"}.get(chosen, "codes.others")))
    dial_address.check(faces.titles(), faces.FACES)
    check_address(
        **dict.fromkeys(("from", "to", "squeezed", "draw"), (0, 9999)),
        map=list(roam.TITLES.values()),
        drawn=list(roam.DRAWN),
        at=ANY,
        code=list(walk.MODELS),
        film=(1, walk.STEPS),
        gaussians=(1, generate.MAX_GAUSSIANS),
        bytes=[str(count) for count in compress.KEEP],
        stranger=strangers.KINDS,
        finish=finish.CHOICES,
    )
    exhibition("exhibit", EXHIBITS, say("codes.exhibits"), lambda name: called("codes.exhibit", name))
    what_to_try(*(say(f"codes.ask.{task}") for task in ("place", "sea", "letter")))


main()
