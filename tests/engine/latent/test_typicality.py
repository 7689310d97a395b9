"""Typical faces: against figures counted by hand, and what ships calls ordinary what is a face and nothing else."""

from pathlib import Path

import pytest
import torch

from engine import images
from engine.latent import disorder, maps, typicality
from engine.models import weights
from engine.networks import Autoencoder
from engine.photos import alignment, examples, gallery
from engine.problem import Problem
from engine.restoration import photo_restoration


def made_up(count: int = 400) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Codes of faces, their errors, and codes of faces in disorder, which lie two deviations off along one number."""
    generator = torch.Generator().manual_seed(0)
    deviations = torch.linspace(9, 1, 300)
    codes = 3 + deviations * torch.randn(count, 300, generator=generator)
    errors = 0.004 * (0.4 * torch.randn(count, generator=generator)).exp()
    strange = 3 + deviations * torch.randn(count // 2, 300, generator=generator)
    strange[:, 0] += 6 * deviations[0]
    return codes, errors, strange


def test_the_figures_are_those_counted_by_hand() -> None:
    codes, errors, strange = made_up()
    known = typicality.measure(codes, errors, strange)
    found = typicality.figures(codes[:5], errors[:5], known)
    kept = codes[::2].double()
    covariance = torch.cov(kept.T, correction=0)
    values, vectors = torch.linalg.eigh(covariance)
    along = (codes[:5].double() - kept.mean(0)) @ vectors.flip(1) / values.flip(0).clamp_min(1e-12).sqrt()
    for number, (first, last) in enumerate(typicality.GROUPS[:3]):  # 200 faces span 199 directions only
        expected = along[:, first:last].square().mean(1).log()
        assert torch.allclose(found[:, number].double(), expected, atol=1e-3), number
    assert torch.allclose(found[:, 5], errors[:5].log())
    assert found.shape == (5, 7) and (found[:, 6] <= known.orderly).all()
    assert (typicality.figures(strange, errors[:200], known)[:, 6] < 0).float().mean() > 0.95


def test_too_little_is_as_strange_as_too_much() -> None:
    codes, errors, strange = made_up()
    known = typicality.measure(codes, errors, strange)

    def score(code: torch.Tensor, error: float) -> float:
        figures = typicality.figures(code.unsqueeze(0), torch.tensor([error]), known)
        return typicality._score(figures, known.centre, known.whitening).item()

    usual = errors.median().item()
    middling = score(codes[1], usual)
    assert score(codes[1], usual / 100) > middling + 2 and score(codes[1], usual * 100) > middling + 2
    assert score(known.mean, usual) > middling + 2  # nobody lies in the middle of 300 directions
    assert score(known.mean + 4 * (codes[1] - known.mean), usual) > middling + 2


def test_two_in_a_hundred_faces_kept_aside_are_beyond_the_limit() -> None:
    codes, errors, strange = made_up()
    known = typicality.measure(codes, errors, strange)
    kept = typicality._score(typicality.figures(codes[1::2], errors[1::2], known), known.centre, known.whitening)
    assert (kept > known.limit).sum() == 4  # of 200


def test_the_two_photographs_are_ordinary_and_what_is_no_face_is_not() -> None:
    for name in ("astronaut", "grace-hopper"):
        assert not typicality.judge(gallery.gallery()[name].image).unusual, name
    cat = images.open_image(examples.cat())
    pictures = {
        "cat": photo_restoration.crop_squares(cat, [alignment.default_framing(cat)]),
        "blue": torch.tensor([0.0, 0.0, 0.6]).view(1, 3, 1, 1).expand(1, 3, 128, 128),
        "black": torch.zeros(1, 3, 128, 128),
        "noise": torch.rand(1, 3, 128, 128, generator=torch.Generator().manual_seed(0)),
    }
    assert {name for name, picture in pictures.items() if typicality.judge(picture).unusual} == pictures.keys()


def test_at_most_one_test_face_in_twenty_is_unusual() -> None:
    scores = typicality.usual()
    assert len(scores) == 438 and (scores > typicality.faces().limit).float().mean() <= 0.05
    edges, counts = typicality.histogram(20)
    assert len(edges) == 21 and counts.sum() == 438


def test_a_judgement_is_of_this_very_picture() -> None:
    face = gallery.gallery()["astronaut"].image
    judged = typicality.judge(face)
    with torch.inference_mode():
        network = weights.shared("face-autoencoder", Autoencoder)
        code = network.encode(face)
        reconstruction = network.decode(code)
    error = (reconstruction - face).square().mean()
    assert judged.error == pytest.approx(error.item(), rel=1e-4)
    assert judged.score == pytest.approx(typicality.scores(code, error.reshape(1)).item(), rel=1e-3)
    assert judged.share == pytest.approx((typicality.usual() < judged.score).float().mean().item())
    # many pictures lie in memory in another order than one: the sums are rounded otherwise
    assert torch.allclose(judged.reconstruction, reconstruction, atol=1e-5)


def test_disorder_moves_every_pixel_somewhere_and_loses_none() -> None:
    face = torch.arange(3 * 16 * 16).float().view(1, 3, 16, 16)
    made = disorder.disordered(face.repeat(4, 1, 1, 1), torch.Generator().manual_seed(0))
    for one in made[:3]:
        assert sorted(one[0].flatten().tolist()) == sorted(face[0, 0].flatten().tolist())
        assert not torch.equal(one, face[0])
        assert torch.equal(one[1] - one[0], face[0, 1] - face[0, 0])  # colours stay together
    assert made[3].min() >= face.min() and made[3].max() <= face.max()


def test_a_missing_file_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(weights, "folder", lambda name: tmp_path)
    typicality.faces.cache_clear()
    with pytest.raises(Problem, match="git checkout"):
        typicality.faces()
    typicality.faces.cache_clear()


def test_the_codes_of_the_test_faces_are_those_that_ship() -> None:
    assert len(maps.face_codes()) == len(typicality.usual())
