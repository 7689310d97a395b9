"""What can it put back under a black box?"""

import random
import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from torch import Tensor

from engine.corruptions import masks
from engine.photos import gallery
from engine.photos.gallery import GalleryFace
from engine.restoration import drafts, film, session_file
from engine.restoration.latent_search import STEPS
from engine.restoration.methods import METHODS, Restoration
from engine.restoration.session_file import Session
from pages.components.face_machine.face_machine import Answers, Hand, Verdict, hand, machine, rest
from pages.faces import drawn_hole, latent_search
from pages.faces.asked import Asked, asked
from pages.faces.chosen_face import (
    chosen_face,
    each_face_its_own,
    face_and_mask,
    known_faces,
    picture_of,
    strip,
    take_face,
)
from pages.faces.close_up import six_and_their_mean, where_it_guesses, wipe_between_two
from pages.faces.exercise import ask, covered, covered_picture, only, told
from pages.faces.guess import guess_first
from pages.faces.keepsake import keepsake
from pages.faces.lead_on import DIALS, dials_of, lead_on
from pages.faces.row import SIX, answered, place, row, six
from pages.faces.state import FIRST, FacesState
from pages.faces.turns import LATER, STARVED, TURNS
from pages.parts.address import ANY, ON_OFF, brought, check_address, exercise, shapes_in_address, text_of, write
from pages.parts.face_code import about_the_map, code_map, five_pictures, in_figures
from pages.parts.foreign import as_text
from pages.parts.lesson import code_of_this, what_to_try
from pages.parts.methods import every_method, title
from pages.parts.named_choice import bring, called, note
from pages.parts.newer_stroke import drawn_again, give_way
from pages.parts.problems import problems_said
from pages.parts.say import explained, say
from pages.parts.several_answers import how_bold
from pages.parts.state import state_of

MACHINE = "machine"  # the widget
TABS = "tabs"  # the widget
LOOKS = [
    *("Map of codes", "Step by step", "Six answers", "Wipe", "Where is it guessing?", "Latent search"),
    *("Every method", "Guess first", "Keep it"),
]


def main() -> None:
    st.html(Path(__file__).with_name("page.css"))
    st.title(say("faces.title"), anchor=False)
    with problems_said():  # without a gallery there is no machine, and the rest stands
        check_address(
            face=[face.title for face in known_faces().values()],
            method=[title(name) for name in row()],
            mask=ANY,
            look=LOOKS,
            seamless=ON_OFF,
            bold=(0, drafts.BOLDEST),
            steps=(latent_search.MIN_STEPS, latent_search.MAX_STEPS),
        )
        hide_and_restore()
    below()


@st.fragment
@problems_said()
def hide_and_restore() -> None:
    """The machine and what looks closer at its answer: one fragment, so that a stroke reruns nothing else."""
    leave_for_another_page()
    face, methods, state = chosen_face(), row(), state_of(FacesState)
    if (linked := shapes_in_address()) is not None:
        drawn_hole.draw(linked)
    large = chosen_method(methods)
    done = hand(MACHINE, str(state.turn), state.drawn, state.seed, large)
    drawn_hole.keep(done.shapes, done.seed)
    method = state.method = done.method if done.method in methods else methods[0]
    top, bottom = st.container(), st.container()
    with bottom, st.container(horizontal=True, vertical_alignment="center", gap="large"):
        seamless, boldness = seamless_edge(), how_bold()
        each_face_its_own()
    question = asked(state.asked, face, masks.shape_mask(done.shapes), seamless, boldness)
    if searched := latent_search.found(face.image, question.hidden, seamless):
        question = replace(question, answers=question.answers | searched)
    state.asked, cover = question, covered(face, question.hidden)
    verdict = show_machine(question, done, methods, method, cover, top)
    in_the_address(face, method, methods)
    with top:
        if cover is not None:
            return ask(face, [name for name in methods if isinstance(question.answers.get(name), Restoration)])
        told(face, verdict)
        lead_on(face)
        closer(question, method, done)
    with bottom:
        st.caption(say("faces.credit", credit=as_text(face.credit)))


def seamless_edge() -> bool:
    """Whether the guess is shifted in colour to meet the picture."""
    return st.toggle(
        say("faces.seamless"),
        value=True,
        key="seamless",
        bind="query-params",
        help=say("faces.seamless.help"),
    )


def show_machine(
    question: Asked, done: Hand, methods: list[str], method: str, cover: Tensor | None, top: DeltaGenerator
) -> Verdict:
    """All of the row, in the container `top`. cover: what is not to be seen yet.

    The eye waits for the large answer: that of a stroke goes out alone, and the others follow when nobody waits for a
    large one, or this visitor has waited for a row too long.
    """
    state, hide_figures = state_of(FacesState), cover is not None
    stroke, now = bool(state.since), time.monotonic()
    with top, TURNS.turn(state.since or now):
        if stroke:
            give_way_once()
        apart = stroke and not (TURNS.busy and time.monotonic() > state.row_due)
        shown = answered(question, methods, [method] if apart else methods, method, done.nth, hide_figures)
        message = send_machine(question, done, methods.index(method), cover, shown)
    state.since, state.gave_way = 0.0, False
    if apart:
        with top, TURNS.turn(time.monotonic() + LATER, hurried):
            give_way_once()
            shown = answered(question, methods, methods, method, done.nth, hide_figures)
            rest(shown, message=message, key=f"{MACHINE}-rest")
    state.row_due = time.monotonic() + random.uniform(*STARVED)
    assert shown.verdict
    return shown.verdict


def hurried() -> bool:
    """Whether the visitor has drawn again, who waits for a large answer from that moment on."""
    state = state_of(FacesState)
    if drawn_again():
        state.since = state.since or time.monotonic()
    return bool(state.since)


def give_way_once() -> None:
    """As `give_way`, but once a wait: whoever draws without a pause is answered, too."""
    state = state_of(FacesState)
    if not state.gave_way and drawn_again():
        state.gave_way = True
        give_way()


def send_machine(question: Asked, done: Hand, large: int, cover: Tensor | None, shown: Answers) -> int:
    """The machine with what is answered so far -> the number of the message; large: the number of the method that
    stands large."""
    face, known = question.face, known_faces()
    number = drawn_hole.next_seed()
    return machine(
        done,
        picture_of(face) if cover is None else covered_picture(face, cover),
        strip() if cover is None else only(face, cover),
        list(known).index(face.name) if cover is None else 0,
        key=MACHINE,
        asked=question.name,
        hidden=bool(question.hidden.any()),
        holes=drawn_hole.HOLES,
        random=(number, drawn_hole.random_box(number)),
        codes=dials_of(face),
        answers=shown,
        six=six(question, shown.methods[large]) if done.six else (),
        hide=exercise().hide | ({"turn"} if cover is not None else set()),  # there the face is shown
        locked=exercise().locked,
        on_now=drawn,
        on_face=lambda number: take_face(list(known.values())[number] if cover is None else face),
        on_go=go,
    )


def chosen_method(methods: list[str]) -> str:
    """The one that stands large: named in the address that the visitor brings, or chosen before, or the first."""
    state, wanted = state_of(FacesState), brought("method")
    first = state.method if state.method in methods else methods[0]
    named = next((name for name in methods if title(name) == wanted), first)
    if named != first:
        state.turn += 1  # the machine has to learn of it
    return named


def in_the_address(face: GalleryFace, method: str, methods: list[str]) -> None:
    """Face, mask and method where they are not what the page would show anyway; an own face is nobody else's."""
    own, shapes = face.name == session_file.OWN, state_of(FacesState).drawn
    write(
        face="" if own or face.name == next(iter(known_faces())) else face.title,
        method="" if method == methods[0] else title(method),
        mask="" if own or shapes == FIRST else text_of(shapes),
    )


def drawn() -> None:
    """A stroke was drawn, or a switch turned; a callback."""
    state = state_of(FacesState)
    state.since = state.since or time.monotonic()


def go(where: str, number: int) -> None:
    """To the codes, with one of the numbers chosen (0: none), or to a slow method, which starts; a callback."""
    if where == "codes":
        state = state_of(FacesState)
        state.leaves_for, state.number = where, number
    elif METHODS[where].slow:
        st.session_state["look"] = "Latent search"


def leave_for_another_page() -> None:
    """Where a card or the machine has asked for it: a callback cannot go."""
    state = state_of(FacesState)
    where, state.leaves_for = state.leaves_for, ""
    number, state.number = state.number, 0
    if where == "codes":
        alone = {"number": str(number)} if number else {}
        st.switch_page("codes/page.py", query_params={"exhibit": DIALS} | face_and_mask(chosen_face()) | alone)
    elif where == "photo":
        st.switch_page("photo/page.py")


def closer(question: Asked, method: str, done: Hand) -> None:
    """A closer look, in tabs; only the open one is computed, and only where it is on the screen."""
    face, hidden = question.face, question.hidden
    answers = {name: answer for name, answer in question.answers.items() if isinstance(answer, Restoration)}
    if (restored := answers.get(method)) is None:  # its method has said why
        return
    now = session_file.of_face(
        face,
        done.shapes,
        method=method,
        methods=tuple(answers),
        seamless=question.seamless,
        steps=st.session_state.get("steps", STEPS),
        seed=state_of(FacesState).seed,
    )

    def the_map() -> None:
        where = place(question)
        large, words = st.columns([2, 3], gap="medium", vertical_alignment="center")
        with large:
            code_map(where.intact, where.hole, key="face codes")
        with words:
            about_the_map()

    def step_by_step() -> None:
        five_pictures(restored, face.image, key="five")
        in_figures(restored, face.image, hidden)

    looks = (
        the_map,
        step_by_step,
        lambda: six_and_their_mean(question),
        lambda: wipe_between_two(answers, method, face.image),
        lambda: where_it_guesses(restored, face.image, hidden, method),
        lambda: latent_search.latent_search(face.image, hidden, question.seamless),
        lambda: every_method(question.answer, face, hidden),
        lambda: guess_first(face.name),
        lambda: keepsake(
            face,
            now,
            hidden,
            {title(name): answer for name, answer in answers.items()},
            bring_back,
            drawn_hole.draw,
            (lambda: moving(question)) if drafts.MODEL in answers and hidden.any() else None,
        ),
    )
    bring("look", LOOKS, LOOKS[0])
    names = {called("faces.look", look): look for look in LOOKS}
    st.session_state[TABS] = called("faces.look", st.session_state["look"])
    tabs = st.tabs(list(names), key=TABS, on_change=turn_to, args=[names])
    note("look", st.session_state["look"], LOOKS[0])
    on_screen = done.below or state_of(FacesState).search is not None  # which goes on wherever the visitor looks
    for tab, look in zip(tabs, looks, strict=True):
        if tab.open and on_screen:
            with tab, problems_said():
                look()
    code_of_this(code(face, now))


def turn_to(names: Mapping[str, str]) -> None:
    """The tab that was opened, by its name in the address. names: those by what the tabs show."""
    st.session_state["look"] = names.get(st.session_state[TABS], LOOKS[0])


def moving(question: Asked) -> bytes:
    """The painter's first six answers after each other, as a file."""
    found = [question.another(nth) for nth in range(SIX)]
    composites = [one.composite for one in found if isinstance(one, Restoration)]
    return film.of_answers(composites, question.hidden, title(drafts.MODEL))


def bring_back(loaded: Session) -> None:
    """A session out of a file, put in the place of what is on the page; a callback."""
    take_face(session_file.face_of(loaded))
    drawn_hole.draw(loaded.shapes, loaded.seed)
    state_of(FacesState).method = loaded.method
    st.session_state["seamless"] = loaded.seamless
    st.session_state["steps"] = min(max(loaded.steps, latent_search.MIN_STEPS), latent_search.MAX_STEPS)


def code(face: GalleryFace, now: Session) -> str:
    """The lines that make this very picture."""
    opened = f'gallery.gallery()["{face.name}"].image  # (1, 3, 128, 128) in [0, 1]'
    if face.name not in gallery.gallery():
        opened = 'session_file.load(Path("own-session.json").read_bytes()).own  # saved under "Keep it"'
    return f"""from pathlib import Path
from engine.corruptions import masks
from engine.photos import gallery
from engine.restoration import methods, session_file

face = {opened}
hidden = masks.shape_mask({now.shapes})  # True = hidden from the method
restored = methods.restore(face, hidden, "{now.method}", seamless={now.seamless})
restored.composite  # the large answer; every method: methods.METHODS"""


def below() -> None:
    """What the fold hides."""
    with st.expander(say("faces.is-it"), icon=":material/help:"):
        st.markdown(explained(say("faces.it-is")), unsafe_allow_html=True)
    with st.expander(say("faces.figures"), icon=":material/straighten:"):
        st.markdown(explained(say("faces.about-figures")), unsafe_allow_html=True)
    what_to_try(*((say(f"faces.ask.{task}"), say(f"faces.try.{task}")) for task in ("mouth", "eyes", "guessing")))


main()
