"""The game on its page, without a browser: fair before the choice, plain after it, and a score that counts."""

from collections.abc import Sequence
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from engine.restoration import quiz
from pages.components.picture_row.picture_row import Picture
from pages.faces.guess import choose, score
from pages.faces.state import FacesState, Game
from pages.parts.methods import called

LETTERS = ["A", "B", "C"]


def script() -> None:
    import streamlit as st

    from pages.faces.guess import guess_first

    guess_first(st.session_state.get("shown", ""))


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list[Picture]:
    """The pictures of the last run."""
    pictures: list[Picture] = []

    def listen(row: Sequence[Picture], **options: Any) -> None:
        pictures[:] = row

    monkeypatch.setattr("pages.faces.guess.picture_row", listen)
    return pictures


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch) -> AppTest:
    """The game at a seed that is known, with methods that need no network."""
    monkeypatch.setattr(quiz.draw_round, "__defaults__", ((), ("telea", "navier-stokes")))
    page = AppTest.from_function(script, default_timeout=60)
    page.session_state["FacesState"] = FacesState(game=Game(11))
    page.run()
    assert not page.exception and not page.error
    return page


def press(page: AppTest, key: str) -> AppTest:
    page.button(key=f"guess {key}").click().run()
    assert not page.exception and not page.error
    return page


def test_before_the_choice_nothing_but_the_pixels_tells_the_truth(shown: list[Picture], page: AppTest) -> None:
    assert [picture.caption for picture in shown] == ["Input", *LETTERS]
    given, *tiles = shown
    assert len({tile.url for tile in tiles}) == 3
    assert all(tile.url.startswith("data:image/webp;base64,") for tile in tiles)
    assert all((tile.note, tile.alt, tile.more) == ("", "", "") for tile in tiles)
    sizes = [len(tile.url) for tile in tiles]
    assert max(sizes) < 1.2 * min(sizes), "one of them is stored otherwise"
    words = " ".join(markdown.value for markdown in page.markdown)
    assert "dB" not in words and "Telea" not in words
    assert [button.label for button in page.button] == [f"{letter} is the original" for letter in LETTERS]


@pytest.mark.parametrize("chosen", range(3))
def test_a_choice_reveals_and_counts(shown: list[Picture], page: AppTest, chosen: int) -> None:
    truth = page.session_state["FacesState"].game.round.truth
    urls = [picture.url for picture in shown]
    press(page, LETTERS[chosen])
    assert [picture.url for picture in shown] == urls  # no picture moves
    assert shown[1 + truth].note == "the original"
    assert sum("dB" in picture.note for picture in shown) == 2
    said = page.markdown[-1].value
    assert said.startswith("**Right" if chosen == truth else "**No") and f"{LETTERS[truth]} is the original" in said
    assert f"You found {int(chosen == truth)} of 1; by chance 0.3." in said


def test_a_second_click_does_not_count(shown: list[Picture], page: AppTest) -> None:
    press(page, "A")
    assert all(page.button(key=f"guess {letter}").disabled for letter in LETTERS)
    game = page.session_state["FacesState"].game
    choose(game, 1)  # as a click that was already on its way
    assert game.answered == 1 and game.chosen == 0


def test_five_rounds_are_a_game_and_no_face_comes_twice(shown: list[Picture], page: AppTest) -> None:
    game, faces = page.session_state["FacesState"].game, []
    for number in range(1, 6):
        assert f"Round {number} of 5" in page.markdown[0].value
        assert page.caption[-1].value == f"Photograph: {game.round.credit}."
        assert not any(picture.note for picture in shown[1:])
        faces.append(game.round.face)
        press(page, LETTERS[game.round.truth])
        assert page.button(key="guess next").label == ("Play again" if number == 5 else "Next round")
        if number < 5:
            press(page, "next")
    assert len(set(faces)) == 5 and (game.right, game.answered) == (5, 5)
    assert "Nothing painted has fooled you" in page.markdown[-1].value
    press(page, "next")
    assert (game.right, game.answered, len(game.played)) == (0, 0, 1) and "Round 1 of 5" in page.markdown[0].value


def test_after_the_last_round_it_says_what_fooled(shown: list[Picture], page: AppTest) -> None:
    game = page.session_state["FacesState"].game
    taken = []
    for number in range(5):
        wrong = (game.round.truth + 1) % 3
        taken.append(shown[1 + wrong].url)
        press(page, LETTERS[wrong])
        if number < 4:
            assert not any("fooled" in one.value for one in page.markdown)
            press(page, "next")
    assert [one.url for one in game.fooled] == taken == [picture.url for picture in shown]  # the last row is theirs
    assert "What fooled you during this visit: " in page.markdown[-1].value
    assert all(called(one.method) == picture.note for one, picture in zip(game.fooled, shown, strict=True))
    press(page, "next")
    assert len(game.fooled) == 5  # it stays for the visit


def test_the_face_on_the_pad_is_not_asked(shown: list[Picture], page: AppTest) -> None:
    game = page.session_state["FacesState"].game
    page.session_state["shown"] = first = game.round.face  # the visitor looks the face up on the pad
    page.run()
    assert not page.exception and game.round.face != first and game.played == [game.round.face]
    asked = game.round
    page.run()
    assert game.round is asked  # drawn once
    press(page, "A")
    page.session_state["shown"] = asked.face  # after the choice there is nothing to give away
    page.run()
    assert game.round is asked and any("dB" in picture.note for picture in shown)


def test_the_score_in_words() -> None:
    assert score(3, 5) == "You found 3 of 5; by chance 1.7."


def test_two_visitors_begin_elsewhere() -> None:
    first, second = (AppTest.from_function(script, default_timeout=60).run() for _ in range(2))
    assert first.session_state["FacesState"].game.seed != second.session_state["FacesState"].game.seed


def test_without_two_methods_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quiz.draw_round, "__defaults__", ((), ()))
    page = AppTest.from_function(script, default_timeout=60).run()
    assert not page.exception and len(page.error) == 1 and "no two methods" in page.error[0].value
