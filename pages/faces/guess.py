"""Guess first: five rounds of three pictures; the visitor says which is the original before any figure does."""

from collections import Counter

import streamlit as st

from engine import images
from engine.photos import gallery
from engine.restoration import quiz
from engine.restoration.methods import Restoration, describe_hole
from engine.restoration.quiz import LETTERS, ROUNDS, Round
from pages.components.picture_row.picture_row import Picture, picture_row
from pages.faces.state import FacesState, Fooled, Game
from pages.parts.methods import called
from pages.parts.problems import problems_said
from pages.parts.say import say
from pages.parts.state import state_of

MOST_FOOLED = 12  # pictures that are shown again


@st.fragment
@problems_said()
def guess_first(shown: str = "") -> None:
    """The whole game; it draws its own faces and holes. shown: the face elsewhere on the page, which it does not ask.

    Draws a round as soon as it is shown (two methods, about as long as a stroke on the pad), so put it where it is
    only called when it is seen, as in `if tab.open:`.
    """
    game = state_of(FacesState).game
    asked = quiz.candidates(gallery.gallery().values(), shown)
    if game.round is None or (game.chosen is None and game.round.face == shown and len(asked) > 1):
        if game.round is not None:
            game.played.pop()
        game.round = quiz.draw_round(asked, game.seed, game.played)
        game.played.append(game.round.face)
    number = game.answered + (game.chosen is None)
    hole = say(f"guess.{game.round.hole}")
    st.markdown(say("guess.question", number=number, rounds=ROUNDS, hole=hole))
    _show(game.round, game.chosen is not None)
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        for letter_number, letter in enumerate(LETTERS):
            st.button(
                say("guess.choice", letter=letter),
                key=f"guess {letter}",
                disabled=game.chosen is not None,
                on_click=choose,
                args=[game, letter_number],
            )
        if game.chosen is not None:
            over = game.answered == ROUNDS
            label, icon = ("guess.again", "replay") if over else ("guess.next", "arrow_forward")
            st.button(say(label), icon=f":material/{icon}:", key="guess next", on_click=_next, args=[game])
    if game.chosen is not None:
        truth = LETTERS[game.round.truth]
        said = say("guess.right" if game.chosen == game.round.truth else "guess.wrong", letter=truth)
        st.markdown(f"**{said}** {score(game.right, game.answered)}")
        if game.answered == ROUNDS:
            _who_fooled(game)
    st.caption(say("guess.credit", credit=game.round.credit))


def score(right: int, answered: int) -> str:
    """The score in a sentence, beside what chance would have brought: a third."""
    return say("guess.score", right=right, answered=answered, chance=f"{answered / len(LETTERS):.1f}")


def _who_fooled(game: Game) -> None:
    """After the last round: which painted parts the visitor took for the photograph, in all games of this visit."""
    if not game.fooled:
        st.markdown(say("guess.nobody-fooled"))
        return
    holes = Counter(one.hole for one in game.fooled)
    listed = ", ".join(f"{count} × {say(f'guess.{hole}')}" for hole, count in holes.most_common())
    st.markdown(say("guess.fooled", listed=listed))
    pictures = [
        Picture(say(f"guess.{one.hole}"), one.url, called(one.method), more=one.credit)
        for one in game.fooled[-MOST_FOOLED:]
    ]
    picture_row(pictures, key="fooled", min_width=104, tap=True)


def _show(played: Round, revealed: bool) -> None:
    """Input and the three pictures; before the choice they differ in nothing but their pixels and letters."""
    pictures = [Picture(say("guess.input"), images.data_url(played.given), say("guess.was-hidden"))]
    for number, letter in enumerate(LETTERS):
        pictures.append(Picture(letter, _url(played, number), _about(played, number) if revealed else ""))
    picture_row(pictures, key="guess", min_width=150, tap=True)


def _url(played: Round, number: int) -> str:
    return images.data_url(played.pictures[number : number + 1])


def _about(played: Round, number: int) -> str:
    """What made a picture, with its figures in the hole."""
    if not (method := played.methods[number]):
        return say("guess.original")
    composite, truth = (played.pictures[n : n + 1] for n in (number, played.truth))
    answer = Restoration(played.given, composite, composite)
    return f"{called(method)}\n{describe_hole(answer, truth, played.hidden)}"


def choose(game: Game, number: int) -> None:
    """The visitor's answer; a round takes one."""
    if game.round is None or game.chosen is not None:  # a second click that was already on its way
        return
    played, game.chosen = game.round, number
    game.answered += 1
    game.right += number == played.truth
    if method := played.methods[number]:
        game.fooled.append(Fooled(_url(played, number), played.hole, method, played.credit))


def _next(game: Game) -> None:
    """The next round, or after the last one another game; a callback."""
    if game.chosen is None:
        return
    game.seed, game.round, game.chosen = game.seed + 1, None, None
    if game.answered >= ROUNDS:
        game.played, game.right, game.answered = [], 0, 0
