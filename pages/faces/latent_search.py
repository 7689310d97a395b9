"""Latent search: the slow method, in slices, so that the pad stays quick and what is found so far is seen."""

import streamlit as st
from torch import Tensor

from engine import images
from engine.corruptions.masks import hide
from engine.restoration.latent_search import STEPS, search
from engine.restoration.methods import Restoration, describe_hole
from pages.components.picture_row.picture_row import Picture, picture_row
from pages.faces.state import FacesState, Search
from pages.parts.problems import problems_said
from pages.parts.say import explained, say
from pages.parts.state import state_of

METHOD = "latent-search"
SLICE = 0.2  # seconds of searching until the page looks whether the visitor wants something else
MIN_STEPS, MAX_STEPS = 10, 200  # steps


def found(original: Tensor, hidden: Tensor, seamless: bool) -> dict[str, Restoration]:
    """The answer of the last search under the method's name, where it is one for this picture and mask."""
    kept = state_of(FacesState).search
    if kept is None or kept.last is None or not kept.asks(hide(original, hidden), hidden):
        return {}
    return {METHOD: kept.answer(kept.last, seamless)}


def latent_search(original: Tensor, hidden: Tensor, seamless: bool) -> None:
    """Show the search for the code of this picture. A search that is under way stops here and keeps what it has found:
    the page around it has been run again, so the visitor does something else."""
    if (kept := state_of(FacesState).search) is not None:
        kept.running, kept.in_row = False, True
    _searching(original, hidden, seamless)


@st.fragment
@problems_said()
def _searching(original: Tensor, hidden: Tensor, seamless: bool) -> None:
    """Slider, buttons, progress and pictures; runs itself again while it searches."""
    steps = st.slider(say("search.steps"), MIN_STEPS, MAX_STEPS, STEPS, 10, key="steps", bind="query-params")
    given = hide(original, hidden)
    kept = state_of(FacesState).search
    if kept is not None and not kept.asks(given, hidden):
        kept = state_of(FacesState).search = None
    if kept is not None and kept.running:
        st.button(say("search.cancel"), icon=":material/stop_circle:", key="search stop", on_click=_stop, args=[kept])
        kept.go_on(SLICE)
    else:
        word = say("search.start" if kept is None else "search.again")
        st.button(word, icon=":material/search:", key="search start", on_click=_start, args=[given, hidden, steps])
    if kept is None or kept.first is None or kept.last is None:
        st.caption(explained(say("search.about")), unsafe_allow_html=True)
        return
    step = kept.last
    st.progress(
        step.number / kept.steps,
        say(
            "search.step", number=step.number, steps=kept.steps, now=f"{step.loss:.4f}", first=f"{kept.first.loss:.4f}"
        ),
    )
    answers = {
        say("search.encoder"): kept.answer(kept.first, seamless),
        say("search.after", number=step.number): kept.answer(step, seamless),
    }
    picture_row(
        [
            *(
                Picture(title, images.data_url(answer.composite), describe_hole(answer, original, hidden))
                for title, answer in answers.items()
            ),
            Picture(say("look.original"), images.data_url(original), say("look.never-shown")),
        ],
        key="search pictures",
        min_width=120,
        tap=True,
    )
    if kept.running:
        st.rerun(scope="fragment")
    elif not kept.in_row:
        st.rerun()


def _start(given: Tensor, hidden: Tensor, steps: int) -> None:
    state_of(FacesState).search = Search(given, hidden, steps, search(given, hidden, steps))


def _stop(kept: Search) -> None:
    """That search; there may be none in the session any more, where a stroke came before the click."""
    kept.running = False
