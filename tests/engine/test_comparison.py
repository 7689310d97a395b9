"""Several methods on one mask answer as each of them does alone."""

import pytest
import torch

from engine import corruptions, faces, restoration
from engine.comparison import compare
from engine.problem import Problem
from engine.restoration import METHODS, Restoration

FACE = faces.gallery()["grace-hopper"].image
HIDDEN = corruptions.box_mask([corruptions.FEATURES["mouth"], (0, 100, 9, 28)])
NAMES = ["telea", "face-autoencoder", "navier-stokes"]


@pytest.mark.parametrize("seamless", [False, True])
def test_each_answers_as_it_does_alone(seamless: bool) -> None:
    together = compare(FACE, HIDDEN, NAMES, seamless)
    assert list(together) == NAMES
    for name, answer in together.items():
        assert isinstance(answer, Restoration)
        assert torch.equal(answer.composite, restoration.restore(FACE, HIDDEN, name, seamless).composite)


def test_a_known_answer_is_not_asked_for_again(monkeypatch: pytest.MonkeyPatch) -> None:
    known = {"telea": restoration.restore(FACE, HIDDEN, "telea")}
    monkeypatch.delitem(METHODS, "telea")
    assert compare(FACE, HIDDEN, ["telea", "navier-stokes"], known=known)["telea"] is known["telea"]


def test_a_method_that_cannot_answer_says_why_and_the_others_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(given: torch.Tensor, hidden: torch.Tensor) -> torch.Tensor:
        raise Problem("Its weights are missing.")

    monkeypatch.setitem(METHODS, "broken", restoration.Method("Broken", "", broken))
    answers = compare(FACE, HIDDEN, ["broken", "telea"], seamless=True)
    assert str(answers["broken"]) == "Its weights are missing."
    assert isinstance(answers["telea"], Restoration)
    assert list(compare(FACE, HIDDEN, ["broken"], seamless=True)) == ["broken"]
