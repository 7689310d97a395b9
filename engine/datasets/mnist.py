"""MNIST: the test half that ships with the app, the full set for training, and hand-drawn digits made to fit.

Y. LeCun, C. Cortes, C. Burges: 60,000 training and 10,000 test digits, 28x28 grey, white ink on black.
"""

import gzip
import hashlib
import http.client
import struct
import urllib.request
import zlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from engine.files import save
from engine.problem import Problem

TEST_HALF = Path(__file__).parents[1] / "data" / "mnist-test.npz"
MIRRORS = (
    "https://ossci-datasets.s3.amazonaws.com/mnist/",
    "https://storage.googleapis.com/cvdf-datasets/mnist/",
)
FILES = {  # md5 of the .gz files as published
    "train-images-idx3-ubyte": "f68b3c2dcbeaaa9fbdd348bbdeb94873",
    "train-labels-idx1-ubyte": "d53e105ee54ea40749a09fcbcd1e9432",
    "t10k-images-idx3-ubyte": "9fb629c4189551a2d022fa330f9573f3",
    "t10k-labels-idx1-ubyte": "ec29112dd5afa0611ce80d1b7f02629c",
}


@dataclass(frozen=True)
class Digits:
    """Digits and their classes: images uint8 (N, 1, 28, 28), labels int64 (N,)."""

    images: Tensor
    labels: Tensor

    def __len__(self) -> int:
        return len(self.images)

    def batch(self, indices: Tensor) -> Tensor:
        """uint8 (len(indices), 1, 28, 28), on the device where the digits lie."""
        return self.images[indices.to(self.images.device)]

    def to(self, device: torch.device | str) -> "Digits":
        """The same digits with the images in that device's memory."""
        return Digits(self.images.to(device), self.labels)


@lru_cache(maxsize=1)
def test_half() -> Digits:
    """The 10,000 test digits that ship with the app."""
    return _from_npz(TEST_HALF, "test")


# not a test, whatever pytest thinks of its name
test_half.__test__ = False  # pyright: ignore[reportAttributeAccessIssue]


def at_random(label: int | None, generator: torch.Generator) -> int:
    """The number of a test digit of that class, or of any class for None."""
    labels = test_half().labels
    numbers = torch.arange(len(labels)) if label is None else (labels == label).nonzero().flatten()
    return int(numbers[torch.randint(len(numbers), (1,), generator=generator)])


def load(source: Path, half: str) -> Digits:
    """The "train" or "test" half from an .npz (x_train, y_train, x_test, y_test) or a folder of idx files (.gz or not).

    Raises `Problem` for a missing, damaged or foreign file.
    """
    if source.is_dir():
        prefix = "train" if half == "train" else "t10k"
        images = _from_idx(source, f"{prefix}-images-idx3-ubyte", (28, 28))
        labels = _from_idx(source, f"{prefix}-labels-idx1-ubyte", ())
        return _checked(images, labels, source)
    return _from_npz(source, half)


def _from_npz(path: Path, half: str) -> Digits:
    try:
        with np.load(path, allow_pickle=False) as file:
            images, labels = file[f"x_{half}"], file[f"y_{half}"]
    # a damaged .npz raises any of a dozen kinds: of zip, of zlib, of numpy, of Python's parser
    except Exception as error:
        raise Problem(
            "The digits in '{file}' could not be read ({error}): the file is missing, damaged or no "
            "MNIST .npz; fetch it again with `python -m engine data digits`.",
            file=path.name,
            error=type(error).__name__,
        ) from error
    return _checked(images, labels, path)


def _from_idx(folder: Path, name: str, shape: tuple[int, ...]) -> np.ndarray:
    """The array of one idx file: a big-endian header (magic, sizes), then bytes."""
    plain, packed = folder / name, folder / f"{name}.gz"
    try:
        content = plain.read_bytes() if plain.exists() else gzip.decompress(packed.read_bytes())
        count = struct.unpack(">i", content[4:8])[0]
        offset = 8 + 4 * len(shape)
        return np.frombuffer(content, np.uint8, offset=offset).reshape(count, *shape)
    except (OSError, EOFError, ValueError, struct.error, zlib.error) as error:
        raise Problem(
            "The MNIST file '{name}' in '{folder}' is missing or damaged ({error}): fetch it again "
            "with `python -m engine data digits`.",
            name=name,
            folder=folder.name,
            error=type(error).__name__,
        ) from error


def _checked(images: np.ndarray, labels: np.ndarray, path: Path) -> Digits:
    fits = images.shape == (labels.size, 28, 28) and images.dtype == np.uint8
    if not fits or labels.ndim != 1 or labels.dtype.kind not in "iu" or not np.isin(labels, range(10)).all():
        raise Problem(f"'{path.name}' holds {images.dtype} {images.shape}, not 28x28 digits: use MNIST as published.")
    if len(images) and images.mean() > 0.6 * 255:
        raise Problem(
            f"The digits in '{path.name}' are dark ink on light paper, and the networks know light ink on black: turn"
            " them, images = 255 - images."
        )
    return Digits(torch.from_numpy(images.copy()).unsqueeze(1), torch.from_numpy(labels.astype(np.int64)))


def download(folder: Path) -> list[Path]:
    """Fetch the four .gz files from the public mirrors into `folder`; each is kept only with its published md5.

    Raises `Problem` where no mirror has them or the folder cannot be written.
    """
    paths = []
    for name, md5 in FILES.items():
        path = folder / f"{name}.gz"
        try:
            there = path.read_bytes() if path.exists() else b""
            if hashlib.md5(there).hexdigest() != md5:
                if _is_idx(there):  # Fashion-MNIST goes by the same names
                    raise Problem(f"'{path}' is another data set and stays as it is: choose another folder with --to.")
                folder.mkdir(parents=True, exist_ok=True)
                save(path, _fetch(f"{name}.gz", md5))
        except OSError as error:
            raise Problem(
                f"'{path.name}' could not be written to '{folder.name}' ({error.strerror}): free some space or choose"
                " another folder with --to."
            ) from error
        paths.append(path)
    return paths


def _is_idx(content: bytes) -> bool:
    """Whether it is a whole packed idx file, of whichever data set."""
    try:
        return gzip.decompress(content)[:3] == b"\0\0\x08"
    except (OSError, EOFError, zlib.error):
        return False


def _fetch(name: str, md5: str) -> bytes:
    reasons = []
    for mirror in MIRRORS:
        try:
            with urllib.request.urlopen(mirror + name, timeout=30) as answer:
                content = answer.read()
        except (OSError, http.client.HTTPException) as error:
            reasons.append(f"{mirror}: {error}")
            continue
        if hashlib.md5(content).hexdigest() == md5:
            return content
        reasons.append(f"{mirror}: wrong md5")
    raise Problem(f"'{name}' could not be fetched ({'; '.join(reasons)}): try again later, or give the file by --data.")


@dataclass(frozen=True)
class Centring:
    """How a drawing became a digit: each step an image (1, 1, H, W), the last one 28x28."""

    drawn: Tensor  # as drawn, shrunk to 28x28 without any care
    cut: Tensor  # cut to its ink
    fitted: Tensor  # longest side 20 pixels
    digit: Tensor  # centre of mass in the middle of 28x28


def centre(drawing: np.ndarray) -> Centring:
    """Normalise a drawing (H, W) uint8, white ink on black, as NIST digits were for MNIST.

    The ink is cut out, scaled so that its longest side is 20 pixels, and laid into 28x28 with its centre of mass in
    the middle (LeCun et al., 1998; the MNIST page). Raises `Problem` for a drawing without ink.
    """
    ink = torch.from_numpy(np.array(drawing, dtype=np.float32)) / 255
    rows, columns = (ink > 0.05).any(1).nonzero().flatten(), (ink > 0.05).any(0).nonzero().flatten()
    if len(rows) == 0:
        raise Problem("There is no ink on the canvas yet: draw a digit first.")
    drawn = F.adaptive_avg_pool2d(ink.view(1, 1, *ink.shape), 28)
    cut = ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1].view(1, 1, len(ink[rows[0] : rows[-1] + 1]), -1)
    scale = 20 / max(cut.shape[2:])
    size = [max(1, round(side * scale)) for side in cut.shape[2:]]
    fitted = F.interpolate(cut, size=size, mode="bilinear", antialias=True).clamp(0, 1)
    return Centring(drawn, cut, fitted, _by_centre_of_mass(fitted))


def _by_centre_of_mass(fitted: Tensor) -> Tensor:
    """Lay a digit into 28x28 so that its centre of mass falls on pixel 14, counted from 0.

    There MNIST's digits have it: from 13.5, which a tie gives, to just under 14.5.
    """
    height, width = fitted.shape[2:]
    mass = fitted.sum()
    y = (fitted.sum(3).flatten() * torch.arange(height)).sum() / mass
    x = (fitted.sum(2).flatten() * torch.arange(width)).sum() / mass
    top = min(max(round(13.9999 - y.item()), 0), 28 - height)
    left = min(max(round(13.9999 - x.item()), 0), 28 - width)
    digit = torch.zeros(1, 1, 28, 28)
    digit[:, :, top : top + height, left : left + width] = fitted
    return digit
