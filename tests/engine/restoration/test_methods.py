"""A hidden pixel cannot reach the network, and a visible one comes out as it was."""

from pathlib import Path

import pytest
import torch
from torch import Tensor

from engine import metrics
from engine.corruptions import masks
from engine.datasets import faces
from engine.evaluation import figures
from engine.models import weights
from engine.photos import gallery
from engine.problem import Problem
from engine.restoration import methods, nearest_face
from engine.restoration.masked_images import MaskedImages
from engine.restoration.methods import METHODS, Restoration, compare, restore

NAN, INFINITY = float("nan"), float("inf")
HOLES = {
    "the article's box": masks.box_mask([(50, 60, 28, 28)]),
    "200 boxes": masks.box_mask([((37 * i) % 120, (53 * i) % 120, 3 + i % 9, 3 + i % 7) for i in range(200)]),
    "a brush stroke": masks.stroke_mask([(12.0, [(10.0, 20.0), (90.0, 70.0), (60.0, 120.0)])]),
    "everything": torch.ones(1, 1, 128, 128, dtype=torch.bool),
}
FILLING = ("inpainting", "refining", "painting", "gappy")  # the figures of models that fill holes
FACE_MODELS = [name for name in weights.names() if weights.config(name)["recipe"].get("figures") in FILLING]


@pytest.fixture(params=METHODS)
def method(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture(scope="module")
def pictures() -> Tensor:
    return torch.cat([face.image for face in gallery.gallery().values()])[:2]


def secrets(images: Tensor, hidden: Tensor) -> list[Tensor]:
    """The same pictures with something else in the hidden part."""
    noise = torch.rand(images.shape, generator=torch.Generator().manual_seed(1))
    other = [torch.full_like(images, value) for value in (1.0, NAN, INFINITY, -INFINITY)]
    return [torch.where(hidden, secret, images) for secret in (noise, *other)]


@pytest.mark.parametrize("hole", HOLES)
@pytest.mark.parametrize(
    ("method", "seamless"),
    # the seam is the same for all methods, and need not be asked for where a method is slow
    [(name, seamless) for name, one in METHODS.items() for seamless in (False, True) if not (one.slow and seamless)],
)
def test_a_hidden_pixel_cannot_reach_the_method(method: str, hole: str, seamless: bool, pictures: Tensor) -> None:
    hidden = HOLES[hole]
    seen = restore(pictures, hidden, method, seamless)
    for changed in secrets(pictures, hidden):
        again = restore(changed, hidden, method, seamless)
        assert torch.equal(again.given, seen.given)
        assert torch.equal(again.reconstruction, seen.reconstruction)
        assert torch.equal(again.composite, seen.composite)
    assert seen.composite.isfinite().all() and seen.composite.min() >= 0 and seen.composite.max() <= 1


@pytest.mark.parametrize("name", FACE_MODELS)
def test_a_hidden_pixel_cannot_reach_a_shipped_model_in_evaluation(
    name: str, pictures: Tensor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What `evaluate` measures of it is the same whatever is in the hole."""
    network, recipe = weights.load(name), weights.config(name)["recipe"]
    hidden = masks.random_boxes(2, generator=torch.Generator().manual_seed(0))
    measured: list[Restoration] = []
    measure = figures.measure

    def watched(restored: Restoration, images: Tensor, hole: Tensor) -> dict[str, Tensor]:
        measured.append(restored)
        return measure(restored, images, hole)

    monkeypatch.setattr(figures, "measure", watched)
    shown = (pictures * 255).round().to(torch.uint8)
    for changed in (shown, torch.where(hidden, 255 - shown, shown)):
        figures.figures(network, recipe, faces.FaceTensor(changed), seed=0)
    one, other = measured
    assert torch.equal(one.given, other.given) and torch.equal(one.reconstruction, other.reconstruction)
    assert (one.given.masked_select(hidden) == 0).all()


def test_the_visible_part_comes_out_as_it_was(method: str, pictures: Tensor) -> None:
    hidden = masks.random_boxes(2, count=(1, 3), generator=torch.Generator().manual_seed(0))
    restored = restore(pictures, hidden, method)
    assert torch.equal(restored.composite.masked_select(~hidden), pictures.masked_select(~hidden))
    assert torch.equal(restored.composite.masked_select(hidden), restored.reconstruction.masked_select(hidden))
    assert torch.equal(restored.given, masks.hide(pictures, hidden))


def test_nothing_hidden_changes_nothing(method: str, pictures: Tensor) -> None:
    nothing = torch.zeros(1, 1, 128, 128, dtype=torch.bool)
    assert torch.equal(restore(pictures, nothing, method).composite, pictures)


def test_everything_hidden_is_answered_as_a_black_picture(method: str, pictures: Tensor) -> None:
    everything = HOLES["everything"]
    restored = restore(pictures, everything, method)
    assert torch.equal(restored.composite, restore(torch.zeros_like(pictures), everything, method).composite)
    assert torch.allclose(restored.composite[0], restored.composite[1], atol=1e-5)  # it has nothing to tell them by
    assert restored.composite.isfinite().all() and torch.equal(restored.composite, restored.reconstruction)


def test_a_picture_does_not_depend_on_its_batch(method: str, pictures: Tensor) -> None:
    hidden = masks.random_boxes(2, generator=torch.Generator().manual_seed(4))
    together = restore(pictures, hidden, method).reconstruction
    for i in range(2):
        alone = restore(pictures[i : i + 1], hidden[i : i + 1], method).reconstruction
        difference = (alone[0] - together[i]).abs()
        if METHODS[method].slow:  # Adam's steps have one length, and so turn the last digit of a slope near 0 into more
            assert difference.mean() < 0.01
        else:
            assert difference.max() <= 1e-5


def test_a_face_is_restored_better_than_it_was_given(method: str, shared_data: Path) -> None:
    """On real test faces the hole is nearer to the truth than black, and than flat grey."""
    files = faces.FaceFiles([shared_data / "faces" / "test.tar"], "ffhq_")
    images = files.batch(torch.arange(0, 438, 20)).float() / 255
    hidden = masks.random_boxes(len(images), generator=torch.Generator().manual_seed(0))
    inside = images.masked_select(hidden)
    left = (restore(images, hidden, method).composite.masked_select(hidden) - inside).square().mean()
    share = 0.7 if method == "nearest-face" else 0.5  # it is the face of somebody else
    assert left < share * (inside - inside.mean()).square().mean()


def test_a_seamless_composite_differs_inside_the_hole_only(method: str, pictures: Tensor) -> None:
    hidden = masks.random_boxes(2, count=(1, 3), generator=torch.Generator().manual_seed(0))
    hard, smooth = (restore(pictures, hidden, method, seamless) for seamless in (False, True))
    assert torch.equal(smooth.composite.masked_select(~hidden), pictures.masked_select(~hidden))
    assert torch.equal(smooth.reconstruction, hard.reconstruction) and torch.equal(smooth.given, hard.given)
    assert smooth.composite.min() >= 0 and smooth.composite.max() <= 1


def test_a_seamless_composite_is_nearer_to_the_truth(shared_data: Path) -> None:
    """For the article's network, which has no mask and so leaves a step around the hole."""
    files = faces.FaceFiles([shared_data / "faces" / "test.tar"], "ffhq_")
    images = files.batch(torch.arange(0, 438, 10)).float() / 255
    hidden = masks.random_boxes(len(images), generator=torch.Generator().manual_seed(0))
    hard, smooth = (restore(images, hidden, "face-autoencoder", seamless).composite for seamless in (False, True))
    errors = [metrics.hole_mse(found, images, hidden).mean() for found in (hard, smooth)]
    assert metrics.psnr(errors[1]) > metrics.psnr(errors[0]) + 0.2


def test_a_method_without_its_weights_leaves_the_others_working(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pictures: Tensor
) -> None:
    """Everything is there but what lies in weights/."""
    monkeypatch.setattr(weights, "FOLDER", tmp_path)
    weights.loaded.cache_clear()
    nearest_face.known.cache_clear()
    for name, method in METHODS.items():
        if method.models:
            with pytest.raises(Problem, match=f"There is no model '({'|'.join(method.models)})'") as caught:
                restore(pictures, HOLES["a brush stroke"], name)
            assert "\n" not in str(caught.value)
        else:
            assert restore(pictures, HOLES["a brush stroke"], name).composite.isfinite().all()


def test_an_unknown_method_or_a_foreign_mask_is_one_sentence(pictures: Tensor) -> None:
    with pytest.raises(Problem, match="no method 'magic'.*face-autoencoder"):
        restore(pictures, HOLES["everything"], "magic")
    with pytest.raises(Problem, match="does not fit"):
        restore(pictures, torch.zeros(1, 1, 64, 64, dtype=torch.bool))
    with pytest.raises(Problem, match="does not fit"):
        restore(pictures, torch.zeros(1, 1, 128, 128))


def test_every_model_that_fills_holes_is_asked_for_leaks() -> None:
    """The models of all methods, so that none is left out because its figures go by another name."""
    assert {name for method in METHODS.values() for name in method.models} <= set(FACE_MODELS)


def test_the_error_map_is_black_where_nothing_differs() -> None:
    image, reference = torch.zeros(1, 3, 2, 2), torch.zeros(1, 3, 2, 2)
    image[0, :, 0, 1], image[0, :, 1, 0], image[0, :, 1, 1] = 1 / 12, 1 / 6, 1.0  # a third, two thirds, beyond
    shown = methods.error_map(image, reference)
    for place, colour in {(0, 0): (0, 0, 0), (0, 1): (1, 0, 0), (1, 0): (1, 1, 0), (1, 1): (1, 1, 1)}.items():
        assert shown[0, :, place[0], place[1]].tolist() == pytest.approx(colour, abs=1e-5)


# ---------------------------------------------------------------- several methods on one mask

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
    def broken(masked: MaskedImages) -> Tensor:
        raise Problem("Its weights are missing.")

    monkeypatch.setitem(METHODS, "broken", methods.Method("Broken", "", broken))
    answers = compare(FACE, HIDDEN, ["broken", "telea"], seamless=True)
    assert str(answers["broken"]) == "Its weights are missing."
    assert isinstance(answers["telea"], Restoration)
    assert list(compare(FACE, HIDDEN, ["broken"], seamless=True)) == ["broken"]
