"""The maps' shipped files say what the models say now, and the atlas shows tile by tile what its codes decode to."""

import json
import struct
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from torch import Tensor

from engine.datasets import mnist
from engine.datasets.faces import FaceFiles
from engine.latent import maps
from engine.latent.codes import principal_components
from engine.models import weights
from engine.networks import Autoencoder
from engine.problem import Problem
from tests.engine.conftest import FaceFolder


def read_points(path: Path) -> tuple[Tensor, Tensor]:
    """Points (N, 2) and classes (N,) of a file of pages/static."""
    content = path.read_bytes()
    (count,) = struct.unpack_from("<I", content)
    assert len(content) == 4 + 9 * count
    points = np.frombuffer(content, "<f4", 2 * count, 4).reshape(count, 2)
    return torch.from_numpy(points.copy()), torch.from_numpy(
        np.frombuffer(content, np.uint8, count, 4 + 8 * count).copy()
    )


def test_the_digit_map_is_the_models_own() -> None:
    points, classes = read_points(maps.FOLDER / "digit-map.bin")
    assert torch.equal(classes.long(), mnist.test_half().labels)
    assert torch.allclose(points, maps.digit_map().points, atol=1e-3)
    assert points.shape == (10_000, 2)


def test_the_face_map_is_the_models_own() -> None:
    points, _ = read_points(maps.FOLDER / "face-codes.bin")
    found, codes = maps.face_map(), maps.face_codes()
    assert torch.allclose(points, found.points, atol=1e-3)
    assert codes.shape == (len(points), 300)
    assert found.projection is not None
    assert torch.equal(found.projection.project(codes), found.points)
    atlas = Image.open(maps.FOLDER / "face-codes.webp")
    assert atlas.size == (maps.COLUMNS * maps.TILE, -(-len(points) // maps.COLUMNS) * maps.TILE)


def test_the_shipped_codes_are_those_of_the_test_faces(shared_data: Path) -> None:
    """Codes alone are shipped: no photograph; they are what the shipped encoder returns for the intact faces."""
    files = FaceFiles([shared_data / "faces" / "test.tar"], "ffhq_")
    codes = maps.face_codes()
    assert len(codes) == len(files) == 438
    some = torch.arange(0, 438, 30)
    with torch.inference_mode():
        now = weights.shared("face-autoencoder", Autoencoder).encode(files.batch(some).float() / 255)
    assert torch.allclose(codes[some], now, atol=0.02, rtol=2e-3)  # they are shipped in half precision


@pytest.mark.parametrize("model", ["digit-map", "face-autoencoder"])
def test_a_picture_has_its_place_on_the_map(model: str) -> None:
    if model == "digit-map":
        images, expected = mnist.test_half().images[:5].float() / 255, maps.digit_map().points[:5]
    else:
        images = torch.rand(3, 3, 128, 128, generator=torch.Generator().manual_seed(0))
        with torch.inference_mode():
            codes = weights.shared(model, Autoencoder).encode(images)
        expected = principal_components(maps.face_codes()).project(codes)
    assert torch.allclose(maps.place(model, images), expected, atol=1e-3)


def test_the_frame_holds_every_point() -> None:
    for found in (maps.digit_map(), maps.face_map()):
        left, right, bottom, top = found.extent
        assert (found.points > torch.tensor([left, bottom])).all()
        assert (found.points < torch.tensor([right, top])).all()


def test_the_atlas_shows_each_code_in_its_tile() -> None:
    codes = maps.face_codes()[: maps.COLUMNS + 3]
    atlas, side = maps.atlas(codes), maps.TILE
    assert atlas.shape == (1, 3, 2 * side, maps.COLUMNS * side)
    for number in (0, 5, maps.COLUMNS, maps.COLUMNS + 2):
        with torch.inference_mode():
            face = weights.shared("face-autoencoder", Autoencoder).decode(codes[number : number + 1])
        small = torch.nn.functional.interpolate(face, size=(side, side), mode="area")[0]
        row, column = divmod(number, maps.COLUMNS)
        tile = atlas[0, :, row * side : (row + 1) * side, column * side : (column + 1) * side]
        assert torch.allclose(tile, small, atol=1e-5)
    assert atlas[0, :, side:, 3 * side :].abs().max() == 0  # no code, no face


@pytest.fixture
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The weights of the two maps in a folder of the test's own, with nothing remembered of the shipped ones."""
    for name in ("face-autoencoder", "digit-map"):
        (tmp_path / "weights" / name).mkdir(parents=True)
        for file in ("config.json", "model.safetensors", "codes.json", "codes.safetensors"):
            source = weights.FOLDER / name / file
            if source.exists():
                (tmp_path / "weights" / name / file).write_bytes(source.read_bytes())
    monkeypatch.setattr(weights, "FOLDER", tmp_path / "weights")
    monkeypatch.setattr(maps, "FOLDER", tmp_path / "static")
    forget()
    yield tmp_path
    forget()


def forget() -> None:
    for found in vars(maps).values():
        if hasattr(found, "cache_clear"):
            found.cache_clear()


def test_the_files_are_written_from_the_pictures(own_folder: Path, face_folder: FaceFolder) -> None:
    files = FaceFiles([face_folder.folder])
    paths = maps.write(files)
    assert {path.name for path in paths} == {"digit-map.bin", "face-codes.bin", "face-codes.webp"}
    assert all(path.parent == own_folder / "static" and path.exists() for path in paths)
    with torch.inference_mode():
        codes = weights.shared("face-autoencoder", Autoencoder).encode(files.batch(torch.arange(13)).float() / 255)
    assert torch.allclose(maps.face_codes(), codes, atol=0.02, rtol=2e-3)
    assert len(read_points(own_folder / "static" / "face-codes.bin")[0]) == 13
    described = json.loads((own_folder / "weights" / "face-autoencoder" / "codes.json").read_text())
    assert described["faces"] == 13


@pytest.mark.parametrize("file", ["codes.json", "codes.safetensors"])
@pytest.mark.parametrize("content", [None, b"", b"{}", b"altered"])
def test_missing_or_altered_codes_are_one_sentence(file: str, content: bytes | None, own_folder: Path) -> None:
    path = own_folder / "weights" / "face-autoencoder" / file
    path.unlink() if content is None else path.write_bytes(content)
    with pytest.raises(Problem, match="git checkout -- weights") as caught:
        maps.face_codes()
    assert "\n" not in str(caught.value)
