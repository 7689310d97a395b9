"""The game of guessing: the same seed asks the same, and nothing but the pixels in the hole tells the truth."""

from dataclasses import replace

import pytest
import torch

from engine.corruptions import masks
from engine.models import weights
from engine.photos import gallery
from engine.problem import Problem
from engine.restoration import quiz

FACES = quiz.candidates(gallery.gallery().values())
QUICK = ("telea", "navier-stokes")  # no network


def test_the_same_seed_asks_the_same() -> None:
    one, again, other = (quiz.draw_round(FACES, seed, methods=QUICK) for seed in (5, 5, 6))
    assert torch.equal(one.pictures, again.pictures) and one.methods == again.methods and one.face == again.face
    assert not torch.equal(one.pictures, other.pictures)


@pytest.mark.parametrize("seed", range(8))
def test_the_pictures_differ_in_the_hole_only_and_one_is_the_photograph(seed: int) -> None:
    asked = quiz.draw_round(FACES, seed, methods=QUICK)
    assert sorted(asked.methods) == ["", "navier-stokes", "telea"]
    shown = asked.pictures.masked_fill(asked.hidden, 0.0)
    assert all(torch.equal(picture, asked.given[0]) for picture in shown)
    photograph = {face.name: face.image for face in FACES}[asked.face]
    truth = asked.pictures[asked.truth]
    assert torch.equal(truth, photograph[0]) or torch.equal(truth, photograph[0].flip(-1))
    assert not any(torch.equal(truth, other) for number, other in enumerate(asked.pictures) if number != asked.truth)


def test_the_truth_lies_anywhere_and_every_face_is_asked() -> None:
    """Of 150 rounds 50 are expected at each of three places, with a standard deviation of 5.8."""
    rounds = [quiz.draw_round(FACES, seed, methods=QUICK) for seed in range(150)]
    places = torch.bincount(torch.tensor([one.truth for one in rounds]), minlength=3)
    assert places.min() >= 30 and places.max() <= 70
    assert {one.face for one in rounds} == {face.name for face in FACES}


def test_no_face_comes_twice_while_there_is_another() -> None:
    played: list[str] = []
    for seed in range(len(FACES)):
        played.append(quiz.draw_round(FACES, seed, played, QUICK).face)
    assert sorted(played) == sorted(face.name for face in FACES)
    assert quiz.draw_round(FACES, 0, played, QUICK).face in played


def test_what_is_shown_is_credited() -> None:
    credits = {face.name: face.credit for face in FACES}
    for seed in range(4):
        asked = quiz.draw_round(FACES, seed, methods=QUICK)
        assert asked.credit == credits[asked.face]
    assert all(credits[name] == "official portrait, public domain" for name in credits if name.startswith("portrait"))


def test_only_photographs_are_asked_and_not_the_one_that_is_shown() -> None:
    one, other = FACES[:2]
    painted = replace(one, name="nobody-1", photograph=False)

    def names(*known: gallery.GalleryFace, shown: str = "") -> list[str]:
        return [face.name for face in quiz.candidates(known, shown)]

    assert names(one, painted, other) == names(one, painted, other, shown="nobody-1") == [one.name, other.name]
    assert names(one, painted, other, shown=one.name) == [other.name]
    assert names(one, painted, shown=one.name) == [one.name]  # there is no other


def test_one_face_asked_again_and_again_is_another_question() -> None:
    rounds = [quiz.draw_round(FACES[:1], seed, [FACES[0].name], QUICK) for seed in range(40)]
    asked = {(masks.box_around(one.hidden), one.given[0, 0, 0, -1].item()) for one in rounds}
    assert {one.hole for one in rounds} == set(quiz.HOLES) and len(asked) == 2 * len(quiz.HOLES)  # mirrored or not


def test_no_face_at_all_is_one_sentence() -> None:
    with pytest.raises(Problem, match="no photograph"):
        quiz.draw_round([], 0)


def test_each_round_hides_one_of_the_holes() -> None:
    for seed in range(8):
        asked = quiz.draw_round(FACES, seed, methods=QUICK)
        assert masks.box_around(asked.hidden) == quiz.HOLES[asked.hole]


def test_missing_weights_leave_the_next_best(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str, kind: object = None) -> None:
        raise Problem("There is no model.")

    monkeypatch.setattr(weights, "shared", missing)
    monkeypatch.setattr(weights, "load", missing)
    assert {"navier-stokes", "telea"} >= set(quiz.draw_round(FACES, 0).methods) - {"", "gappy-pca"}


def test_no_two_methods_are_one_sentence() -> None:
    with pytest.raises(Problem, match="no two methods"):
        quiz.draw_round(FACES, 0, methods=("telea", "magic"))
