"""The nearest known face against a plain search, and codes that are missing."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
import torch.nn.functional as F

from engine.corruptions import masks
from engine.datasets.faces import FaceFiles
from engine.models import weights
from engine.networks import Autoencoder
from engine.problem import Problem
from engine.restoration import nearest_face
from tests.engine.conftest import FaceFolder

FILES = ("config.json", "model.safetensors", "known.json", "known.safetensors")


@pytest.fixture
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The autoencoder in a folder of the test's own."""
    folder = tmp_path / nearest_face.MODEL
    folder.mkdir()
    for file in FILES:
        (folder / file).write_bytes((weights.FOLDER / nearest_face.MODEL / file).read_bytes())
    monkeypatch.setattr(weights, "FOLDER", tmp_path)
    nearest_face.known.cache_clear()
    yield folder
    nearest_face.known.cache_clear()


def test_a_known_face_finds_itself_by_what_is_visible(generator: torch.Generator) -> None:
    known = nearest_face.known()
    assert len(known.codes) == nearest_face.COUNT and known.pictures.shape == (nearest_face.COUNT, 3, 32, 32)
    with torch.inference_mode():
        faces = weights.shared(nearest_face.MODEL, Autoencoder).decode(known.codes[100:104])
    hidden = masks.random_boxes(4, side=(20, 100), generator=generator)
    assert nearest_face.nearest(masks.hide(faces, hidden), hidden).tolist() == [100, 101, 102, 103]


def test_the_nearest_is_that_of_a_plain_search(generator: torch.Generator) -> None:
    """Squares of 4x4 pixels, their visible means compared one known face after the other."""
    coarse = torch.rand(3, 3, 8, 8, generator=generator)
    images, hidden = F.interpolate(coarse, size=(128, 128)), masks.random_strokes(3, generator=generator)
    given = masks.hide(images, hidden)
    for picture, hole, found in zip(given, hidden, nearest_face.nearest(given, hidden), strict=True):
        visible = (~hole).double().unfold(1, 4, 4).unfold(2, 4, 4).sum((3, 4))
        means = picture.double().unfold(1, 4, 4).unfold(2, 4, 4).sum((3, 4)) / visible.clamp_min(1)
        distances = ((nearest_face.known().pictures - means).square() * visible).sum((1, 2, 3))
        assert distances[found] <= distances.min() * (1 + 1e-4)


def test_the_codes_are_those_of_the_files(own_folder: Path, face_folder: FaceFolder) -> None:
    files = FaceFiles([face_folder.folder], "a/")
    assert nearest_face.write(files, 4) == str(own_folder / "known.safetensors")
    with torch.inference_mode():
        picked = files.batch(torch.tensor([0, 2, 3, 5])).float() / 255
        expected = weights.shared(nearest_face.MODEL, Autoencoder).encode(picked)
    assert torch.allclose(nearest_face.known().codes, expected, atol=0.02, rtol=2e-3)


@pytest.mark.parametrize("file", ["known.json", "known.safetensors"])
@pytest.mark.parametrize("content", [None, b"", b"{}", b"altered"])
def test_missing_or_altered_codes_are_one_sentence(file: str, content: bytes | None, own_folder: Path) -> None:
    path = own_folder / file
    path.unlink() if content is None else path.write_bytes(content)
    with pytest.raises(Problem, match="git checkout -- weights") as caught:
        nearest_face.known()
    assert "\n" not in str(caught.value)
