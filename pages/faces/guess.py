"""Guess first: three pictures of one face, and the visitor says which is the original before any figure does."""

import streamlit as st

from engine import images
from engine.photos import gallery
from engine.restoration import quiz
from engine.restoration.methods import METHODS, Restoration, describe_hole
from engine.restoration.quiz import LETTERS, Round
from pages.components.picture_row.picture_row import Picture, picture_row
from pages.faces.state import FacesState, Game
from pages.parts.problems import problems_said
from pages.parts.state import state_of


@st.fragment
@problems_said()
def guess_first(shown: str = "") -> None:
    """The whole game; it draws its own faces and holes. shown: the face elsewhere on the page, which it does not ask.

    Draws a round as soon as it is shown (two methods, about as long as a stroke on the pad), so put it where it is
    only called when it is seen, as in `if tab.open:`.
    """
    game = state_of(FacesState).game
    asked = quiz.candidates(gallery.gallery().values(), shown)
    if game.round is None or (game.chosen is None and game.round.face not in {face.name for face in asked}):
        game.round = quiz.draw_round(asked, game.seed, game.before)
    st.markdown("One of these is the original. In the other two a method has filled the hole. Which is which?")
    _show(game.round, game.chosen is not None)
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        for number, letter in enumerate(LETTERS):
            st.button(
                f"{letter} is the original",
                key=f"guess {letter}",
                disabled=game.chosen is not None,
                on_click=choose,
                args=[game, number],
            )
        if game.chosen is not None:
            st.button("Next round", icon=":material/arrow_forward:", key="guess next", on_click=_next, args=[game])
    if game.chosen is not None:
        right, truth = game.chosen == game.round.truth, LETTERS[game.round.truth]
        st.markdown(f"**{'Right' if right else 'No'}: {truth} is the original.** {score(game.right, game.rounds)}")


def score(right: int, rounds: int) -> str:
    """The score in a sentence, beside what chance would have brought: a third."""
    return f"You found {right} of {rounds}; by chance {rounds / len(LETTERS):.1f}."


def _show(played: Round, revealed: bool) -> None:
    """Input and the three pictures; before the choice they differ in nothing but their pixels and letters."""
    pictures = [Picture("Input", images.data_url(played.given), "where the hole was")]
    for number, letter in enumerate(LETTERS):
        image = played.pictures[number : number + 1]
        pictures.append(Picture(letter, images.data_url(image), _about(played, number) if revealed else ""))
    picture_row(pictures, key="guess", min_width=150, tap=True)


def _about(played: Round, number: int) -> str:
    """What made a picture, with its figures in the hole."""
    if not (method := played.methods[number]):
        return "the original"
    composite, truth = (played.pictures[n : n + 1] for n in (number, played.truth))
    answer = Restoration(played.given, composite, composite)
    return f"{METHODS[method].title}\n{describe_hole(answer, truth, played.hidden)}"


def choose(game: Game, number: int) -> None:
    """The visitor's answer; a round takes one."""
    if game.round is None or game.chosen is not None:  # a second click that was already on its way
        return
    game.chosen = number
    game.rounds += 1
    game.right += number == game.round.truth


def _next(game: Game) -> None:
    if game.round is not None:
        game.seed, game.before, game.round, game.chosen = game.seed + 1, game.round.face, None, None
