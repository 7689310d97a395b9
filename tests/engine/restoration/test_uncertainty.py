"""Where a method is guessing: the spread of its answers knows no hidden pixel and lies in the hole."""

from collections.abc import Callable

import pytest
import torch
from torch import Tensor

from engine.corruptions import masks
from engine.corruptions.masks import FEATURES
from engine.photos import gallery
from engine.restoration import methods
from engine.restoration.masked_images import MaskedImages
from engine.restoration.uncertainty import CHANGES, answers, spread

AUTOENCODER = "face-autoencoder"


@pytest.fixture(scope="module")
def face() -> Tensor:
    return gallery.gallery()["astronaut"].image


@pytest.mark.parametrize("method", [AUTOENCODER, "telea"])
def test_a_hidden_pixel_does_not_reach_the_spread(face: Tensor, method: str) -> None:
    hidden = masks.box_mask([FEATURES["mouth"], (0, 0, 20, 9), (127, 100, 1, 28)])  # two of them at the edge
    other = torch.where(hidden, torch.full_like(face, float("nan")), face)
    assert torch.equal(answers(face, hidden, method), answers(other, hidden, method))


@pytest.mark.parametrize("method", [AUTOENCODER, "telea"])
def test_the_spread_lies_in_the_hole(face: Tensor, method: str) -> None:
    hidden = masks.box_mask([FEATURES["both eyes"]])
    found = spread(face, hidden, method)
    assert found.shape == (1, 1, 128, 128)
    assert (found[~hidden] == 0).all() and found[hidden].mean() > 0.01


def test_the_first_answer_is_the_methods_own_and_all_lie_where_it_does(face: Tensor) -> None:
    hidden = masks.box_mask([FEATURES["mouth"]])
    found = answers(face, hidden, AUTOENCODER)
    assert found.shape == (len(CHANGES), 3, 128, 128)
    torch.testing.assert_close(found[:1], methods.restore(face, hidden, AUTOENCODER).composite)
    assert (found - face).masked_fill(hidden, 0).eq(0).all()


def test_a_method_that_sees_every_change_as_it_is_does_not_guess(face: Tensor, monkeypatch: pytest.MonkeyPatch) -> None:
    """Painting all of a hole in one colour moves, turns and grows with it: any spread would be a shift not undone."""

    def grey(masked: MaskedImages) -> Tensor:
        return masked.given.masked_fill(masked.hidden, 0.5)

    monkeypatch.setitem(methods.METHODS, "grey", methods.Method("Grey", "", grey))
    assert spread(face, masks.box_mask([FEATURES["nose"]]), "grey").max() == 0


def test_a_shift_is_undone_exactly(face: Tensor, monkeypatch: pytest.MonkeyPatch) -> None:
    """A method that could see everything would answer the same each time, apart from what a shift pushes out."""
    hidden = masks.box_mask([(20, 30, 50, 50)])
    monkeypatch.setattr("engine.restoration.uncertainty.hide", lambda image, hidden: image)
    monkeypatch.setitem(methods.METHODS, "cheat", methods.Method("Cheat", "", lambda masked: masked.given))
    monkeypatch.setattr("engine.restoration.masked_images.hide", lambda image, hidden: image)
    assert spread(face, hidden, "cheat").max() == 0


@pytest.mark.parametrize("side", [8, 28, 64])
def test_the_larger_the_hole_the_larger_the_spread_of_a_method_that_goes_by_its_size(
    face: Tensor, side: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It paints the share that is hidden: two answers in eight see a hole that is four pixels wider and higher."""

    def share(masked: MaskedImages) -> Tensor:
        return masked.hidden.float().mean((1, 2, 3), keepdim=True).expand_as(masked.given)

    monkeypatch.setitem(methods.METHODS, "share", methods.Method("Share", "", share))
    hidden = masks.box_mask([(20, 30, side, side)])
    expected = ((side + 4) ** 2 - side**2) / 128**2 * (1 / 4 * 3 / 4) ** 0.5  # of a coin that falls once in four
    torch.testing.assert_close(spread(face, hidden, "share"), hidden * expected, atol=1e-6, rtol=0)


@pytest.mark.parametrize(
    ("axis", "found"),  # the answers at a place, in the order of CHANGES, worked out by hand
    [
        (3, lambda x: [x, x, x + 2, x, 127 - x, 127 - x, 129 - x, 127 - x]),
        (2, lambda y: [y, y, y, y + 2, y, y, y, y - 2]),
    ],
    ids=["across", "down"],
)
def test_a_picture_that_does_not_turn_with_the_face_spreads(
    face: Tensor, axis: int, found: Callable[[Tensor], list[Tensor]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A method that always paints the same ramp: mirroring and shifts are undone on what was never mirrored."""
    place = torch.arange(128.0).view(1, 1, *((1, -1) if axis == 3 else (-1, 1)))
    ramp = (place / 127).expand(1, 3, 128, 128)
    ramps = methods.Method("Ramp", "", lambda masked: ramp.expand_as(masked.given))
    monkeypatch.setitem(methods.METHODS, "ramp", ramps)
    hidden = masks.box_mask([(10, 20, 90, 70)])
    expected = torch.stack(found(place)).std(0, correction=0) / 127
    torch.testing.assert_close(spread(face, hidden, "ramp"), hidden * expected, atol=1e-6, rtol=0)


def test_nothing_hidden_is_nothing_guessed_and_all_hidden_is_one_answer(face: Tensor) -> None:
    nothing = torch.zeros(1, 1, 128, 128, dtype=torch.bool)
    assert spread(face, nothing, AUTOENCODER).max() == 0
    everything = answers(face, ~nothing, AUTOENCODER)
    assert torch.isfinite(everything).all()
    torch.testing.assert_close(everything[0], everything[4].flip(2))  # a black picture, mirrored back
