"""Faces from random numbers: the mix against explicit algebra, the draw against its distribution, the paint."""

import json
import shutil
from pathlib import Path

import pytest
import torch

from engine import metrics
from engine.photos.gallery import GALLERY, gallery
from engine.restoration import face_generator

FACES = torch.cat([face.image for face in gallery().values()][:2])


def test_the_sketch_is_mean_and_axes_times_numbers() -> None:
    network = face_generator.components()
    codes = face_generator.codes(FACES)
    assert codes.shape == (2, face_generator.NUMBERS)
    mean = network.decode(torch.zeros(1, network.code_size))
    mixed = mean + sum(codes[0, axis] * _axis(axis) for axis in range(face_generator.NUMBERS))
    torch.testing.assert_close(face_generator.sketch(codes)[:1], mixed.clamp(0, 1), atol=2e-4, rtol=0)


def _axis(number: int) -> torch.Tensor:
    """One axis as a picture (1, 3, 128, 128): half the difference of a step forth and a step back along it."""
    network, step = face_generator.components(), torch.zeros(1, 300)
    step[0, number] = 0.1  # so small that nothing is clipped
    return (network.decode(step) - network.decode(-step)) / 0.2


def test_numbers_that_are_kept_come_back_from_the_sketch() -> None:
    codes = face_generator.random_codes(3, torch.Generator().manual_seed(0), 0.2)  # near the mean nothing is clipped
    torch.testing.assert_close(face_generator.codes(face_generator.sketch(codes)), codes, atol=2e-3, rtol=0)


def test_random_codes_are_as_wide_as_the_faces_times_the_spread() -> None:
    codes = face_generator.random_codes(4000, torch.Generator().manual_seed(0), 0.5)
    wanted = face_generator.components().variances[: face_generator.NUMBERS].sqrt() / 2
    torch.testing.assert_close(codes.std(0), wanted, rtol=0.06, atol=0)
    assert (codes.mean(0).abs() < 0.1 * wanted).all()
    assert (face_generator.random_codes(2, torch.Generator(), 0.0) == 0).all()


def test_the_network_is_shown_the_sketch_and_nothing_else() -> None:
    shown = face_generator.shown(face_generator.codes(FACES))
    assert shown.shape == (2, 10, 128, 128)
    assert torch.equal(shown[:, :3], face_generator.sketch(face_generator.codes(FACES)))
    assert (shown[:, 3] == 1).all() and (shown[:, 7] == 1).all() and (shown[:, 4:7] == 0).all()


def test_the_gallery_holds_what_the_seeds_paint() -> None:
    """Other processors add in another order: a level of 255 here and there."""
    assert len(set(face_generator.SEEDS)) >= 24
    shown = {name: face for name, face in gallery().items() if name.startswith("nobody-")}
    assert list(shown) == [f"nobody-{seed}" for seed in face_generator.SEEDS]
    assert not any(face.photograph for face in shown.values())
    for seed in face_generator.SEEDS[::6]:
        painted = face_generator.faces(1, seed)
        assert (shown[f"nobody-{seed}"].image - painted).abs().mean() < 1 / 255


def test_writing_the_gallery_keeps_the_photographs_and_drops_what_is_no_longer_chosen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(GALLERY, tmp_path / "gallery")
    monkeypatch.setattr(face_generator, "GALLERY", tmp_path / "gallery")
    monkeypatch.setattr(face_generator, "SEEDS", (3, 1))
    assert face_generator.write_gallery() == ["nobody-3", "nobody-1"]
    listed = json.loads((tmp_path / "gallery" / "credits.json").read_text("utf-8"))
    assert list(listed) == ["astronaut", "grace-hopper", "nobody-3", "nobody-1"]
    assert {path.stem for path in (tmp_path / "gallery").glob("*.png")} == set(listed)


def test_a_seed_is_a_face_and_paint_is_sharper_than_its_sketch() -> None:
    faces = face_generator.faces(4, seed=3)
    assert faces.shape == (4, 3, 128, 128) and faces.min() >= 0 and faces.max() <= 1
    assert torch.equal(face_generator.faces(4, seed=3), faces)
    sketch = face_generator.sketch(face_generator.random_codes(4, torch.Generator().manual_seed(3)))
    everywhere = torch.ones(1, 1, 128, 128, dtype=torch.bool)
    assert metrics.set_sharpness(faces, sketch, everywhere) > 3
    assert (faces - sketch).abs().mean() < 0.1  # and it is still that face
