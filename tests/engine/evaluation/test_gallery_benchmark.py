"""How far the gallery's painted faces lie from training faces: against explicit distances, and what ships."""

import json

import torch

from engine.evaluation import gallery_benchmark
from engine.models import weights
from engine.networks import Autoencoder
from engine.photos import gallery
from tests.conftest import ROOT


def test_distances_are_those_to_the_nearest_training_face() -> None:
    face = gallery.gallery()["astronaut"].image
    code = weights.shared(gallery_benchmark.MODEL, Autoencoder).encode(face)
    training = torch.cat([code + 3, code + 5])  # 300 numbers, each off by 3: sqrt(300 * 9)
    test = torch.cat([training[:1] + step for step in (0.0, 1.0, 2.0, 4.0)])
    found = gallery_benchmark.measure({"astronaut": face}, training, test)
    assert abs(found["gallery"]["astronaut"] - (300 * 9) ** 0.5) < 0.01
    expected = torch.tensor([0.0, 0.0, 1.0, 2.0]) * 300**0.5  # 2 lies on the second training code, 4 two beyond it
    assert torch.allclose(torch.tensor(found["test"]), expected, atol=0.01)
    assert abs(found["limit"] - expected.quantile(0.05).item()) < 0.01
    assert "| 1 |" in gallery_benchmark.markdown(found | {"hardware": "CPU", "date": "2026-11-26"})


def test_no_painted_face_of_the_gallery_is_close_to_a_training_face() -> None:
    found = json.loads(gallery_benchmark.FILE.read_text())
    assert found["gallery"].keys() == gallery_benchmark.painted().keys()
    assert len(found["gallery"]) >= 32 and found["training_faces"] == 13_091 and found["test_faces"] == 438
    assert min(found["gallery"].values()) >= found["limit"]


def test_the_histogram_in_the_documents_is_the_one_that_was_measured() -> None:
    found = json.loads(gallery_benchmark.FILE.read_text())
    assert gallery_benchmark.markdown(found) in (ROOT / "docs" / "results.md").read_text("utf-8")
