"""Small data sets for the engine's tests, made of what ships with the repository or drawn from a seed."""

import io
import tarfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from engine.datasets import mnist
from engine.photos.alignment import Framing
from engine.photos.compositing import visible_squares
from engine.restoration import methods
from engine.restoration.photo_restoration import PhotoRestoration


@pytest.fixture(scope="session")
def tiny_mnist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An .npz laid out as mnist.npz with 192 training and 64 test digits."""
    path = tmp_path_factory.mktemp("mnist") / "tiny.npz"
    held = mnist.test_half()
    images, labels = held.images.squeeze(1).numpy(), held.labels.numpy().astype(np.uint8)
    np.savez_compressed(
        path, x_train=images[:192], y_train=labels[:192], x_test=images[192:256], y_test=labels[192:256]
    )
    return path


@pytest.fixture
def few_digits(tiny_mnist: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Figures are taken on 64 test digits instead of 10,000."""
    held = mnist.load(tiny_mnist, "test")
    monkeypatch.setattr(mnist, "test_half", lambda: held)
    return tiny_mnist


@dataclass(frozen=True)
class FaceFolder:
    """The same twelve pictures as a folder and as a tar; one more, `broken.png`, is no picture."""

    folder: Path
    tar: Path
    pictures: dict[str, np.ndarray]  # name -> uint8 (128, 128, 3), what a loader must make of it


@pytest.fixture(scope="session")
def face_folder(tmp_path_factory: pytest.TempPathFactory) -> FaceFolder:
    """PNG files in two levels of folders, 128x128, with one unreadable file among them."""
    root = tmp_path_factory.mktemp("faces")
    draw = np.random.default_rng(0)
    pictures, files = {}, {"broken.png": b"this is not a picture"}
    for number in range(12):
        coarse = Image.fromarray(draw.integers(0, 256, (6, 6, 3), dtype=np.uint8))
        picture = coarse.resize((128, 128), Image.Resampling.BICUBIC)
        content = io.BytesIO()
        picture.save(content, "PNG")
        name = f"{'ab'[number % 2]}/{number:02}.png"
        pictures[name], files[name] = np.asarray(picture), content.getvalue()
    for name, content in files.items():
        path = root / "folder" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    with tarfile.open(root / "faces.tar", "w") as tar:
        for name in sorted(files):
            member = tarfile.TarInfo(name)
            member.size = len(files[name])
            tar.addfile(member, io.BytesIO(files[name]))
    return FaceFolder(root / "folder", root / "faces.tar", pictures)


@pytest.fixture
def noisy_pair(generator: torch.Generator) -> tuple[torch.Tensor, torch.Tensor]:
    """Two batches of smooth colour images (4, 3, 128, 128) that resemble each other."""
    coarse = torch.rand(4, 3, 12, 12, generator=generator)
    image = torch.nn.functional.interpolate(coarse, size=(128, 128), mode="bicubic").clamp(0, 1)
    noise = 0.1 * torch.randn(image.shape, generator=generator)
    return (image + noise).clamp(0, 1), image


def put_all_back(
    picture: Image.Image, squares: Sequence[Framing], reconstructions: torch.Tensor, hidden: torch.Tensor
) -> Image.Image:
    """The photo with the holes of its squares filled from reconstructions (N, 3, S, S) of the test's own."""
    given, holes = visible_squares(picture, squares, hidden)
    faces = methods.finished(given, reconstructions, holes, seamless=True)
    return PhotoRestoration(tuple(squares), hidden, holes, faces, faces.composite).lay_on(picture)
