"""Batches out of tars: each process has faces and holes of its own, and `train --stream` learns from them."""

import io
import json
import tarfile
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from engine.__main__ import main
from engine.datasets.faces import FaceFiles
from engine.datasets.shards import FaceShards
from engine.models.recipes import RECIPES
from engine.training.batches import Batches
from engine.training.place import Place
from tests.conftest import ROOT

GALLERY = ROOT / "engine" / "data" / "gallery"


@pytest.fixture(scope="module")
def tars(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twelve faces in three tars."""
    folder = tmp_path_factory.mktemp("tars")
    pictures = sorted(GALLERY.glob("*.png"))[:12]
    for shard in range(3):
        with tarfile.open(folder / f"{shard:06}.tar", "w") as tar:
            for number in range(4 * shard, 4 * shard + 4):
                content = pictures[number].read_bytes()
                member = tarfile.TarInfo(f"{number:06}.png")
                member.size = len(content)
                tar.addfile(member, io.BytesIO(content))
    return folder


def test_each_process_learns_from_faces_and_holes_of_its_own(tars: Path) -> None:
    recipe = replace(RECIPES["face-autoencoder"], batch=4, mirror=False, jitter=False)
    shards, seen = FaceShards(FaceFiles([tars])), []
    for rank in range(2):
        batches = Batches(recipe, shards, Place(torch.device("cpu"), rank, 2))
        found = [*batches.epoch(0, batches.generator(0))]
        assert len(found) == batches.steps == 3 and all(batch.target.shape == (2, 3, 128, 128) for batch in found)
        seen.append({batch.target[face].numpy().tobytes() for batch in found for face in range(2)})
        seen.append({(batch.given[face] == 0).numpy().tobytes() for batch in found for face in range(2)})
    faces, holes, others, other_holes = seen
    assert not faces & others and not holes & other_holes


def test_training_streams_a_folder_of_tars(tars: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(FaceFiles, "batch", None)  # no face is read at a place drawn by chance
    words = ["train", "face-autoencoder", "--data", str(tars), "--stream", "--batch", "4", "--epochs", "1"]
    assert main([*words, "--device", "cpu", "--quiet", "--out", str(tmp_path / "run")]) == 0
    said = json.loads((tmp_path / "run" / "config.json").read_text())
    assert said["data"]["pictures"] == 12 and "--stream" in said["command"]
