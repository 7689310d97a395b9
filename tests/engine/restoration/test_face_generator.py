"""Faces of nobody: drawn from the training faces' distribution, painted twice, the same for the same seed."""

import json
from pathlib import Path

import pytest
import torch

from engine import images
from engine.photos import gallery
from engine.restoration import enhancement, face_generator, gappy_pca
from engine.restoration.drafts import paint


def test_random_codes_have_the_training_faces_spread_in_their_first_components() -> None:
    codes = torch.cat([face_generator.random_code(seed) for seed in range(600)])
    deviations = gappy_pca.ready().network.variances.sqrt()
    counts = (codes != 0).sum(1)
    assert counts.min() >= 40 and counts.max() <= 150 and 60 < counts.float().median() < 95
    assert all((code[count:] == 0).all() for code, count in zip(codes, counts, strict=True))
    spread = codes[:, :40].std(0) / deviations[:40]
    assert 0.78 < spread.mean() < 0.82
    assert torch.equal(face_generator.random_code(7), face_generator.random_code(7))


def test_a_sketch_is_what_its_code_decodes_to() -> None:
    code = face_generator.random_code(3)
    torch.testing.assert_close(face_generator.sketch(code), gappy_pca.ready().network.decode(code), atol=1e-4, rtol=0)


def test_a_face_is_painted_twice_and_repeats() -> None:
    face = face_generator.face(5)
    assert face.shape == (1, 3, 128, 128) and face.isfinite().all() and face.min() >= 0 and face.max() <= 1
    assert torch.equal(face_generator.face(5), face)
    once = paint(face_generator.sketch(face_generator.random_code(5)))
    small = face_generator.even_background(enhancement.reduce(once, face_generator.SMALL))
    again = paint(enhancement.enlarge(small))
    assert torch.equal(face, again)
    assert not torch.equal(face_generator.face(6), face)


def test_what_lies_around_a_person_becomes_a_plane(generator: torch.Generator) -> None:
    """Face and clothes stay; the corners are the mean of what was around, and hair that falls beside the face stays."""
    small = torch.rand(1, 3, 16, 16, generator=generator) * 0.2 + 0.6
    dark = torch.tensor([0.1, 0.05, 0.02]).view(3, 1, 1)
    small[0, :, 1:4, 6:10] = dark  # the top of the head
    small[0, :, 9:13, 2:4] = dark  # hair, beside the chin
    small[0, :, 2, 0] = 0.0  # a blotch
    even = face_generator.even_background(small)
    assert torch.equal(even[..., 5:11, 6:10], small[..., 5:11, 6:10])
    assert (even[0, :, 9:13, 3] - dark[..., 0]).abs().max() < 0.05
    corners = even[0, :, :3, [0, 1, 14, 15]]
    assert (corners - 0.7).abs().max() < 0.15 and corners[:, 2, 0].min() > 0.55
    flat = torch.full((1, 3, 16, 16), 0.4)
    torch.testing.assert_close(face_generator.even_background(flat), flat)


def test_the_gallery_holds_the_faces_of_the_chosen_seeds() -> None:
    assert len(set(face_generator.SEEDS)) >= 32
    shown = {name: face for name, face in gallery.gallery().items() if name.startswith("nobody-")}
    assert list(shown) == [f"nobody-{seed}" for seed in face_generator.SEEDS]
    for seed in face_generator.SEEDS[::8]:
        painted = face_generator.face(seed)
        # another processor rounds a few pixels the other way
        assert (shown[f"nobody-{seed}"].image - painted).abs().mean() < 1 / 255
        assert not shown[f"nobody-{seed}"].photograph


def test_the_gallery_is_written_whole(gallery_copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(face_generator, "GALLERY", gallery_copy)
    monkeypatch.setattr(face_generator, "SEEDS", (3, 1))
    before = json.loads((gallery_copy / "credits.json").read_text("utf-8"))
    assert face_generator.write_gallery() == ["nobody-3", "nobody-1"]
    listed = json.loads((gallery_copy / "credits.json").read_text("utf-8"))
    assert list(listed) == [*(name for name in before if "nobody" not in name), "nobody-3", "nobody-1"]
    assert {path.stem for path in gallery_copy.glob("*.png")} == set(listed)
    assert "face-painter" in listed["nobody-3"]["credit"] and listed["nobody-3"]["photograph"] is False
    written = images.to_tensor(images.open_image(gallery_copy / "nobody-3.png"))
    assert (written - face_generator.face(3)).abs().max() <= 0.5 / 255 + 1e-6
