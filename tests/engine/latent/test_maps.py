"""The maps a visitor can choose: a place has a picture, a picture has a place, bad places are one sentence; and the
shipped files say what the models say now."""

import json
import math
import struct
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from torch import Tensor

from engine import images
from engine.datasets import mnist
from engine.datasets.faces import FaceFiles
from engine.latent import maps
from engine.latent.codes import nearest_neighbour_accuracy, principal_components
from engine.models import weights
from engine.networks import Autoencoder
from engine.problem import Problem
from tests.engine.conftest import FaceFolder

DECODING = [name for name in maps.NAMES if name != "umap"]


def read_points(path: Path) -> tuple[Tensor, Tensor]:
    """Points (N, 2) and classes (N,) of a file of pages/static."""
    content = path.read_bytes()
    (count,) = struct.unpack_from("<I", content)
    assert len(content) == 4 + 9 * count
    points = np.frombuffer(content, "<f4", 2 * count, 4).reshape(count, 2)
    return torch.from_numpy(points.copy()), torch.from_numpy(
        np.frombuffer(content, np.uint8, count, 4 + 8 * count).copy()
    )


@pytest.mark.parametrize("name", maps.NAMES)
def test_a_map_is_whole(name: str) -> None:
    one = maps.load_map(name)
    left, right, bottom, top = one.extent
    assert one.points.shape == (len(one.points), 2) and one.points.isfinite().all()
    assert left < one.points[:, 0].min() and one.points[:, 0].max() < right
    assert bottom < one.points[:, 1].min() and one.points[:, 1].max() < top
    assert one.labels is None or len(one.labels) == len(one.points)
    assert one.decodes == (name != "umap")


@pytest.mark.parametrize("name", [name for name in maps.NAMES if name != "faces"])
def test_a_test_digit_has_its_own_place(name: str) -> None:
    one = maps.load_map(name)
    images = mnist.test_half().images[:20].float() / 255
    away = (one.place(images) - one.points[:20]).norm(dim=1)
    left, right, *_ = one.extent
    # UMAP cannot place anything: the middle of the nearest ones must do
    assert away.median() <= (1e-4 if one.decodes else 0.05) * (right - left)


@pytest.mark.parametrize("name", DECODING)
def test_a_place_decodes_to_a_picture(name: str) -> None:
    one = maps.load_map(name)
    pictures = one.decode(one.points[:3])
    assert pictures.shape == ((3, 3, 128, 128) if name == "faces" else (3, 1, 28, 28))
    assert pictures.min() >= 0 and pictures.max() <= 1 and not pictures.requires_grad
    if name != "faces":
        images = mnist.test_half().images[:3].float() / 255
        assert (pictures - images).square().mean() < 0.08  # two numbers say something of a digit


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf, 1e6, -1e30])
@pytest.mark.parametrize("name", DECODING)
def test_no_place_is_one_sentence(name: str, number: float) -> None:
    with pytest.raises(Problem, match="A code holds a number"):
        maps.load_map(name).decode(torch.tensor([[0.0, number]]))


def test_umap_cannot_decode() -> None:
    with pytest.raises(Problem, match="UMAP cannot decode"):
        maps.load_map("umap").decode(torch.zeros(1, 2))


def test_an_unknown_map() -> None:
    with pytest.raises(Problem, match="There is no map 'tsne'"):
        maps.load_map("tsne")


def test_umap_keeps_the_neighbours_of_its_codes() -> None:
    """Trustworthy enough to stand beside the others: the classes of neighbours are those of the 50-number codes."""
    one = maps.load_map("umap")
    assert one.labels is not None
    plane = nearest_neighbour_accuracy(one.points, one.labels)
    codes = nearest_neighbour_accuracy(maps.digit_codes(maps.UMAP_OF), one.labels)
    assert plane > 0.93 and abs(plane - codes) < 0.03


@pytest.mark.parametrize("name", maps.NAMES)
def test_the_files_a_browser_fetches_are_those_of_the_map(name: str) -> None:
    """Nobody forgot `python -m engine data maps`."""
    one = maps.load_map(name)
    points, classes = read_points(maps.FOLDER / f"{one.file}.bin")
    assert torch.allclose(points, one.points, atol=1e-3)
    assert torch.equal(classes.long(), torch.zeros(len(points)) if one.labels is None else one.labels)
    grid = maps.FOLDER / f"{one.file}-grid.webp"
    assert grid.exists() == one.decodes
    if one.decodes:
        shipped = images.to_tensor(Image.open(grid))
        drawn = maps.draw_manifold(one.decode, one.extent)
        assert (shipped[:, : drawn.shape[1]] - drawn).abs().mean() < 0.02


def test_damaged_umap_coordinates_are_one_sentence(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    maps.load_map("umap")
    monkeypatch.setattr(weights, "folder", lambda name: tmp_path)
    maps.umap_points.cache_clear()
    try:
        with pytest.raises(Problem, match="UMAP coordinates are missing"):
            maps.umap_points()
    finally:
        maps.umap_points.cache_clear()


def test_the_figures_under_a_map_are_those_of_its_two_numbers() -> None:
    one, found = maps.load_map("pca"), maps.read_figures("pca")
    assert one.labels is not None
    assert found["knn_accuracy"] == pytest.approx(nearest_neighbour_accuracy(one.points, one.labels), abs=2e-3)
    assert found["mse"] == pytest.approx(0.0557, abs=0.001)  # two principal components, clipped to a picture
    assert "mse" not in maps.read_figures("umap") and maps.read_figures("faces") == {}


def test_the_face_map_is_the_models_own() -> None:
    found, codes = maps.load_map("faces"), maps.face_codes()
    assert codes.shape == (len(found.points), 300)
    assert torch.equal(principal_components(codes).project(codes), found.points)
    atlas = Image.open(maps.FOLDER / "face-codes.webp")
    assert atlas.size == (maps.COLUMNS * maps.TILE, -(-len(codes) // maps.COLUMNS) * maps.TILE)


def test_the_shipped_codes_are_those_of_the_test_faces(shared_data: Path) -> None:
    """Codes alone are shipped: no photograph; they are what the shipped encoder returns for the intact faces."""
    files = FaceFiles([shared_data / "faces" / "test.tar"], "ffhq_")
    codes = maps.face_codes()
    assert len(codes) == len(files) == 438
    some = torch.arange(0, 438, 30)
    with torch.inference_mode():
        now = weights.shared("face-autoencoder", Autoencoder).encode(files.batch(some).float() / 255)
    assert torch.allclose(codes[some], now, atol=0.02, rtol=2e-3)  # they are shipped in half precision


@pytest.mark.parametrize("name", ["autoencoder", "faces"])
def test_a_picture_has_its_place_on_the_map(name: str) -> None:
    if name == "autoencoder":
        images, expected = mnist.test_half().images[:5].float() / 255, maps.load_map("autoencoder").points[:5]
    else:
        images = torch.rand(3, 3, 128, 128, generator=torch.Generator().manual_seed(0))
        with torch.inference_mode():
            codes = weights.shared(maps.FACES, Autoencoder).encode(images)
        expected = principal_components(maps.face_codes()).project(codes)
    assert torch.allclose(maps.load_map(name).place(images), expected, atol=1e-3)


def test_the_atlas_shows_each_code_in_its_tile() -> None:
    codes = maps.face_codes()[: maps.COLUMNS + 3]
    atlas, side = maps.draw_atlas(codes), maps.TILE
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
    """The map of the faces alone, its weights in a folder of the test's own, nothing remembered of the shipped ones."""
    (tmp_path / "weights" / maps.FACES).mkdir(parents=True)
    for file in ("config.json", "model.safetensors", "codes.json", "codes.safetensors"):
        (tmp_path / "weights" / maps.FACES / file).write_bytes((weights.FOLDER / maps.FACES / file).read_bytes())
    monkeypatch.setattr(weights, "FOLDER", tmp_path / "weights")
    monkeypatch.setattr(maps, "FOLDER", tmp_path / "static")
    monkeypatch.setattr(maps, "_MAKERS", {"faces": maps._MAKERS["faces"]})
    forget()
    yield tmp_path
    forget()


def forget() -> None:
    for found in vars(maps).values():
        if hasattr(found, "cache_clear"):
            found.cache_clear()


def test_the_files_are_written_from_the_pictures(own_folder: Path, face_folder: FaceFolder) -> None:
    files = FaceFiles([face_folder.folder])
    paths = maps.write_maps(files)
    sheets = {"digits.webp", "face-codes.webp"}
    assert {path.name for path in paths} == sheets | {f"face-codes{part}" for part in (".bin", "-grid.webp")}
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
