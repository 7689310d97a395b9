"""The 300 numbers between a picture and its answer, and the verdict in words."""

import pytest
import torch

from engine.corruptions import masks
from engine.corruptions.masks import FEATURES
from engine.latent import maps
from engine.models import weights
from engine.networks import Autoencoder, MirroredComponents
from engine.photos import gallery
from engine.restoration import drafts, gappy_pca, methods, verdict
from engine.restoration.masked_images import masked
from engine.restoration.numbers import MOVED, code_numbers, deviations, drawn_numbers, place
from engine.restoration.verdict import Figures, Verdict

FACE = gallery.gallery()["astronaut"].image
EYES, NOTHING = masks.box_mask([FEATURES["both eyes"]]), torch.zeros(1, 1, 128, 128, dtype=torch.bool)


def test_the_draft_is_what_least_squares_finds_and_decodes_to_its_answer() -> None:
    numbers = code_numbers("gappy-pca", FACE, EYES)
    assert numbers is not None and numbers.values.shape == (300,)
    network = weights.shared(gappy_pca.MODEL, MirroredComponents)
    decoded = network.decode((numbers.values * network.variances.sqrt()).unsqueeze(0))
    answer = methods.restore(FACE, EYES, "gappy-pca").reconstruction
    assert torch.allclose(decoded, answer, atol=2e-4)
    unet = code_numbers("face-unet", FACE, EYES)  # which paints over the same draft
    assert unet is not None and torch.equal(unet.values, numbers.values)


def test_a_drawn_answers_numbers_decode_to_the_draft_that_it_is_painted_over() -> None:
    pictures = masked(FACE, EYES)
    found = drawn_numbers(pictures, 3, deviations("gappy-pca", FACE, NOTHING))
    network = weights.shared(gappy_pca.MODEL, MirroredComponents)
    decoded = network.decode((found.values * network.variances.sqrt()).unsqueeze(0))
    (draft,) = drafts.drawn(pictures, 1, drafts.BOLDNESS, 3)
    hole = EYES.expand_as(FACE)
    assert torch.allclose(decoded.clamp(0, 1)[hole], draft[hole], atol=2e-4)
    assert found.count > 0


def test_the_autoencoders_are_its_code_over_the_known_faces_deviations() -> None:
    numbers = code_numbers("face-autoencoder", FACE, EYES)
    assert numbers is not None
    code = weights.shared("face-autoencoder", Autoencoder).encode(masks.hide(FACE, EYES))[0].detach()
    known = maps.face_codes()
    assert torch.allclose(numbers.values * known.std(0) + known.mean(0), code, atol=1e-4)


def test_a_code_lies_where_the_map_of_faces_has_it() -> None:
    found = code_numbers("face-autoencoder", FACE, EYES)
    assert found is not None
    (expected,) = maps.load_map("faces").encoder(masks.hide(FACE, EYES)).tolist()
    assert place(found.values) == pytest.approx(expected, abs=1e-3)


def test_a_hole_moves_numbers_and_no_hole_moves_none() -> None:
    for method in ("gappy-pca", "face-autoencoder"):
        nothing, eyes = (code_numbers(method, FACE, hole) for hole in (NOTHING, EYES))
        assert nothing is not None and eyes is not None
        assert nothing.count == 0 and eyes.count > 0
        assert torch.equal(eyes.moved, (eyes.values - nothing.values).abs() >= MOVED)
        again = code_numbers(method, FACE, EYES, intact=deviations(method, FACE, NOTHING))
        assert again is not None and torch.equal(again.moved, eyes.moved)


def test_a_hidden_pixel_moves_no_number() -> None:
    other = FACE.masked_fill(EYES, 0.7)
    for method in ("gappy-pca", "face-autoencoder"):
        one, two = (code_numbers(method, face, EYES) for face in (FACE, other))
        assert one is not None and two is not None and torch.equal(one.values, two.values)


def test_what_has_never_seen_a_face_has_no_numbers() -> None:
    assert code_numbers("telea", FACE, EYES) is None


def test_the_closest_has_the_largest_psnr_and_the_sharpest_the_originals_detail() -> None:
    figures = {
        "blurred": Figures(20.0, 0.2, True),
        "sharp": Figures(18.0, 0.9, True),
        "noisy": Figures(15.0, 3.0, True),
        "flattered": Figures(30.0, 1.0, False),
    }
    assert verdict.judge(figures) == Verdict("blurred", "sharp")
    assert verdict.judge({"flattered": figures["flattered"]}) == Verdict("", "")


def test_on_a_painted_face_only_what_did_not_paint_it_counts() -> None:
    answers = {method: methods.restore(FACE, EYES, method) for method in ("gappy-pca", "telea")}
    photograph = verdict.all_figures(answers, FACE, EYES, photograph=True)
    assert all(one.counts for one in photograph.values())
    painted = verdict.all_figures(answers, FACE, EYES, photograph=False)
    assert {method: one.counts for method, one in painted.items()} == {"gappy-pca": False, "telea": True}
    assert verdict.judge(painted) == Verdict("telea", "telea")
    assert verdict.all_figures(answers, FACE, NOTHING, photograph=True) == {}
