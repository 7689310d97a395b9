"""The maps a visitor can choose: a place has a picture, a picture has a place, and bad places are one sentence."""

import math
from pathlib import Path

import pytest
import torch

from engine.datasets import mnist
from engine.latent import maps, views
from engine.latent.codes import nearest_neighbour_accuracy
from engine.latent.views import view
from engine.models import weights
from engine.problem import Problem

DECODING = [name for name in views.NAMES if name != "umap"]


@pytest.mark.parametrize("name", views.NAMES)
def test_a_map_is_whole(name: str) -> None:
    one = view(name)
    left, right, bottom, top = one.extent
    assert one.points.shape == (len(one.points), 2) and one.points.isfinite().all()
    assert left < one.points[:, 0].min() and one.points[:, 0].max() < right
    assert bottom < one.points[:, 1].min() and one.points[:, 1].max() < top
    assert one.labels is None or len(one.labels) == len(one.points)
    assert one.decodes == (name != "umap")


@pytest.mark.parametrize("name", [name for name in views.NAMES if name != "faces"])
def test_a_test_digit_has_its_own_place(name: str) -> None:
    one = view(name)
    images = mnist.test_half().images[:20].float() / 255
    away = (one.place(images) - one.points[:20]).norm(dim=1)
    left, right, *_ = one.extent
    # UMAP cannot place anything: the middle of the nearest ones must do
    assert away.median() <= (1e-4 if one.decodes else 0.05) * (right - left)


@pytest.mark.parametrize("name", DECODING)
def test_a_place_decodes_to_a_picture(name: str) -> None:
    one = view(name)
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
        view(name).decode(torch.tensor([[0.0, number]]))


def test_umap_cannot_decode() -> None:
    with pytest.raises(Problem, match="UMAP cannot decode"):
        view("umap").decode(torch.zeros(1, 2))


def test_an_unknown_map() -> None:
    with pytest.raises(Problem, match="There is no map 'tsne'"):
        view("tsne")


def test_umap_keeps_the_neighbours_of_its_codes() -> None:
    """Trustworthy enough to stand beside the others: the classes of neighbours are those of the 50-number codes."""
    one = view("umap")
    assert one.labels is not None
    plane = nearest_neighbour_accuracy(one.points, one.labels)
    codes = nearest_neighbour_accuracy(views.digit_codes(views.UMAP_OF), one.labels)
    assert plane > 0.93 and abs(plane - codes) < 0.03


@pytest.mark.parametrize("name", views.NAMES)
def test_the_files_a_browser_fetches_are_those_of_the_map(name: str) -> None:
    one = view(name)
    assert (maps.FOLDER / f"{one.file}.bin").read_bytes()[:4] == len(one.points).to_bytes(4, "little")
    xy = (maps.FOLDER / f"{one.file}.bin").read_bytes()[4 : 4 + 8 * len(one.points)]
    shipped = torch.frombuffer(bytearray(xy), dtype=torch.float32).view(-1, 2)
    left, right, *_ = one.extent
    assert (shipped - one.points).abs().max() < 1e-3 * (right - left), "run `python -m engine data maps`"
    assert (maps.FOLDER / f"{one.file}-veil.webp").read_bytes()[8:12] == b"WEBP"
    assert (maps.FOLDER / f"{one.file}-grid.webp").exists() == one.decodes


def test_damaged_umap_coordinates_are_one_sentence(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    view("umap")
    monkeypatch.setattr(weights, "folder", lambda name: tmp_path)
    views.umap_points.cache_clear()
    try:
        with pytest.raises(Problem, match="UMAP coordinates are missing"):
            views.umap_points()
    finally:
        views.umap_points.cache_clear()


def test_the_figures_under_a_map_are_those_of_its_two_numbers() -> None:
    one, found = view("pca"), views.figures("pca")
    assert one.labels is not None
    assert found["knn_accuracy"] == pytest.approx(nearest_neighbour_accuracy(one.points, one.labels), abs=2e-3)
    assert found["mse"] == pytest.approx(0.0557, abs=0.001)  # two principal components, clipped to a picture
    assert "mse" not in views.figures("umap") and views.figures("faces") == {}
