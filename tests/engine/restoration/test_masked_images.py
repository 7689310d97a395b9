"""What several methods want to know of a picture with a hole is found once, and kept by whom it belongs to."""

import threading

import pytest
import torch

from engine.corruptions import masks
from engine.photos import gallery
from engine.problem import Problem
from engine.restoration import gappy_pca, methods
from engine.restoration.masked_images import Memory, masked

FACE = gallery.gallery()["astronaut"].image
MOUTH = masks.box_mask([masks.FEATURES["mouth"]])
SHARING = ["face-painter", "face-unet", "gappy-pca"]


@pytest.fixture
def solved(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many pictures were in each system of normal equations that was solved."""
    counted: list[int] = []
    posterior = gappy_pca.Prepared.posterior

    def watched(ready: gappy_pca.Prepared, given: torch.Tensor, *rest: object) -> gappy_pca.Posterior:
        counted.append(len(given))
        return posterior(ready, given, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(gappy_pca.Prepared, "posterior", watched)
    return counted


def test_three_methods_solve_the_normal_equations_once(solved: list[int]) -> None:
    together = methods.compare(FACE, MOUTH, SHARING)
    assert solved == [1]
    for name, answer in together.items():
        assert torch.equal(answer.composite, methods.restore(FACE, MOUTH, name).composite)  # type: ignore[union-attr]


def test_methods_that_are_asked_side_by_side_solve_them_once(solved: list[int]) -> None:
    memory, together, answers = Memory(), threading.Barrier(len(SHARING)), dict[str, torch.Tensor]()

    def ask(name: str) -> None:
        together.wait(30)
        answers[name] = methods.restore(FACE, MOUTH, name, memory=memory).composite

    asking = [threading.Thread(target=ask, args=[name], daemon=True) for name in SHARING]
    for one in asking:
        one.start()
    for one in asking:
        one.join(60)
    assert solved == [1]
    for name, answer in answers.items():
        assert torch.equal(answer, methods.restore(FACE, MOUTH, name).composite)


def test_a_memory_knows_a_picture_by_what_is_visible_of_it(solved: list[int]) -> None:
    memory = Memory(2)
    methods.restore(FACE, MOUTH, "gappy-pca", memory=memory)
    other_secret = torch.where(MOUTH, 0.5, FACE)
    for picture in (FACE, FACE.clone(), other_secret):
        methods.restore(picture, MOUTH, "face-painter", memory=memory)
    assert len(solved) == 1
    methods.restore(FACE.flip(3), MOUTH, "gappy-pca", memory=memory)
    methods.restore(FACE, MOUTH.flip(2), "gappy-pca", memory=memory)  # the oldest is forgotten
    methods.restore(FACE, MOUTH, "gappy-pca", memory=memory)
    assert len(solved) == 4


def test_without_a_memory_nothing_is_kept(solved: list[int]) -> None:
    for _ in range(2):
        methods.restore(FACE, MOUTH, "gappy-pca")
    assert len(solved) == 2


def test_what_is_masked_holds_no_hidden_pixel() -> None:
    found = masked(FACE.expand(2, -1, -1, -1), MOUTH)
    assert found.hidden.shape == (2, 1, 128, 128)
    assert (found.given.masked_select(found.hidden) == 0).all()
    with pytest.raises(Problem, match="does not fit"):
        masked(FACE, MOUTH[..., :64])
