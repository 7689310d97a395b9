"""Several methods on one mask answer as each of them does alone."""

import pytest
import torch

from engine.corruptions import masks
from engine.photos import gallery
from engine.problem import Problem
from engine.restoration import methods
from engine.restoration.comparison import compare
from engine.restoration.methods import METHODS, Restoration

FACE = gallery.gallery()["grace-hopper"].image
HIDDEN = masks.box_mask([masks.FEATURES["mouth"], (0, 100, 9, 28)])
NAMES = ["telea", "face-autoencoder", "navier-stokes"]


@pytest.mark.parametrize("seamless", [False, True])
def test_each_answers_as_it_does_alone(seamless: bool) -> None:
    together = compare(FACE, HIDDEN, NAMES, seamless)
    assert list(together) == NAMES
    for name, answer in together.items():
        assert isinstance(answer, Restoration)
        assert torch.equal(answer.composite, methods.restore(FACE, HIDDEN, name, seamless).composite)


def test_a_known_answer_is_not_asked_for_again(monkeypatch: pytest.MonkeyPatch) -> None:
    known = {"telea": methods.restore(FACE, HIDDEN, "telea")}
    monkeypatch.delitem(METHODS, "telea")
    assert compare(FACE, HIDDEN, ["telea", "navier-stokes"], known=known)["telea"] is known["telea"]


def test_a_method_that_cannot_answer_says_why_and_the_others_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(given: torch.Tensor, hidden: torch.Tensor) -> torch.Tensor:
        raise Problem("Its weights are missing.")

    monkeypatch.setitem(METHODS, "broken", methods.Method("Broken", "", broken))
    answers = compare(FACE, HIDDEN, ["broken", "telea"], seamless=True)
    assert str(answers["broken"]) == "Its weights are missing."
    assert isinstance(answers["telea"], Restoration)
    assert list(compare(FACE, HIDDEN, ["broken"], seamless=True)) == ["broken"]
