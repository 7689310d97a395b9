"""MNIST from whatever it comes in, and drawings made to fit it."""

import gzip
import hashlib
import http.client
import io
import struct
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.datasets import mnist
from engine.problem import Problem

IMAGES = np.arange(5 * 784).reshape(5, 28, 28).astype(np.uint8)
LABELS = np.array([3, 1, 4, 1, 5], np.uint8)


def idx(values: np.ndarray) -> bytes:
    """The file format of http://yann.lecun.com/exdb/mnist: magic number, sizes, bytes."""
    magic = struct.pack(">BBBB", 0, 0, 8, values.ndim)
    return magic + struct.pack(f">{values.ndim}i", *values.shape) + values.tobytes()


def idx_folder(folder: Path, packed: bool) -> Path:
    for prefix, images, labels in (("train", IMAGES, LABELS), ("t10k", IMAGES[:2], LABELS[:2])):
        for name, content in (
            (f"{prefix}-images-idx3-ubyte", idx(images)),
            (f"{prefix}-labels-idx1-ubyte", idx(labels)),
        ):
            path = folder / (f"{name}.gz" if packed else name)
            path.write_bytes(gzip.compress(content) if packed else content)
    return folder


# ---------------------------------------------------------------- the data


def test_the_test_half_is_mnists(shared_data: Path) -> None:
    with np.load(shared_data / "mnist.npz") as full:
        held = mnist.test_half()
        assert np.array_equal(held.images.squeeze(1).numpy(), full["x_test"])
        assert np.array_equal(held.labels.numpy(), full["y_test"])


def test_the_test_half_without_the_full_set() -> None:
    """The published counts of the ten classes, and the published file's md5."""
    held = mnist.test_half()
    assert held.images.shape == (10_000, 1, 28, 28) and held.images.dtype == torch.uint8
    assert held.labels.bincount().tolist() == [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]
    raw = idx(held.images.squeeze(1).numpy())
    assert hashlib.md5(raw).hexdigest() == "2646ac647ad5339dbf082846283269ea"  # of t10k-images-idx3-ubyte, unpacked


@pytest.mark.parametrize("packed", [True, False], ids=["gz", "plain"])
def test_a_folder_of_idx_files(packed: bool, tmp_path: Path) -> None:
    folder = idx_folder(tmp_path, packed)
    train, test = mnist.load(folder, "train"), mnist.load(folder, "test")
    assert np.array_equal(train.images.squeeze(1).numpy(), IMAGES) and len(test) == 2
    assert train.labels.tolist() == LABELS.tolist() and train.labels.dtype == torch.int64
    assert torch.equal(train.batch(torch.tensor([4, 0])), train.images[[4, 0]])


def test_an_npz(tiny_mnist: Path) -> None:
    assert len(mnist.load(tiny_mnist, "train")) == 192
    assert torch.equal(mnist.load(tiny_mnist, "test").images, mnist.test_half().images[192:256])


def test_a_class_is_drawn_at_random(generator: torch.Generator) -> None:
    labels = mnist.test_half().labels
    sevens = {mnist.at_random(7, generator) for _ in range(40)}
    assert {int(labels[number]) for number in sevens} == {7} and len(sevens) > 20
    anything = {int(labels[mnist.at_random(None, generator)]) for _ in range(200)}
    assert anything == set(range(10))
    assert mnist.at_random(3, generator.manual_seed(5)) == mnist.at_random(3, generator.manual_seed(5))


# ---------------------------------------------------------------- damaged data


def truncated(content: bytes) -> bytes:
    return content[: len(content) // 2]


@pytest.mark.parametrize("packed", [True, False], ids=["gz", "plain"])
@pytest.mark.parametrize("spoil", [truncated, lambda content: b"", lambda content: content[:6], lambda content: None])
def test_a_damaged_idx_file_is_named(spoil: Callable[[bytes], bytes | None], packed: bool, tmp_path: Path) -> None:
    folder = idx_folder(tmp_path, packed)
    path = folder / ("train-images-idx3-ubyte.gz" if packed else "train-images-idx3-ubyte")
    content = spoil(path.read_bytes())
    path.unlink() if content is None else path.write_bytes(content)
    with pytest.raises(Problem, match="'train-images-idx3-ubyte' in .* missing or damaged"):
        mnist.load(folder, "train")
    assert len(mnist.load(folder, "test")) == 2  # the other half is as it was


def npz(**arrays: Any) -> bytes:
    buffer = io.BytesIO()
    np.savez(buffer, **arrays)
    return buffer.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no npz at all",
        truncated(npz(x_test=IMAGES, y_test=LABELS)),
        npz(x_train=IMAGES, y_train=LABELS),  # not the half that is asked for
        npz(x_test=IMAGES),
        npz(x_test=IMAGES, y_test=LABELS[:4]),
        npz(x_test=IMAGES.astype(float), y_test=LABELS),
        npz(x_test=IMAGES[:, :20], y_test=LABELS),
        npz(x_test=IMAGES, y_test=LABELS + 9),
        npz(x_test=IMAGES, y_test=LABELS.astype(np.int64) - 9),
        npz(x_test=IMAGES, y_test=np.array(["three"] * 5)),
        npz(x_test=IMAGES, y_test=np.array(3)),
        npz(x_test=IMAGES, y_test=np.array([None] * 5, dtype=object)),  # would have to be unpickled
    ],
)
def test_a_damaged_npz_is_one_sentence(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "mine.npz"
    path.write_bytes(content)
    with pytest.raises(Problem, match="'mine.npz'") as caught:
        mnist.load(path, "test")
    assert "\n" not in str(caught.value)


def test_a_missing_or_plain_npy_file_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(Problem, match="missing, damaged"):
        mnist.load(tmp_path / "nowhere.npz", "test")
    np.save(tmp_path / "array.npy", IMAGES)
    with pytest.raises(Problem, match="array.npy"):
        mnist.load(tmp_path / "array.npy", "test")


@settings(deadline=None, max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
@pytest.mark.filterwarnings("ignore")  # numpy warns of what it finds in a header
def test_no_damage_to_an_npz_escapes(tmp_path: Path, data: st.DataObject) -> None:
    content = bytearray(npz(x_test=IMAGES[:1], y_test=LABELS[:1]))
    for _ in range(data.draw(st.integers(1, 3))):
        place = data.draw(st.integers(0, 180) | st.integers(len(content) - 300, len(content) - 1))
        content[place] = data.draw(st.integers(0, 255))
    (tmp_path / "flipped.npz").write_bytes(content)
    try:
        mnist.load(tmp_path / "flipped.npz", "test")
    except Problem as problem:
        assert "flipped.npz" in str(problem)


# ---------------------------------------------------------------- the mirrors


class Mirrors:
    """Stands in for the public mirrors: (what each address answers), and which were asked."""

    def __init__(self, answer: Callable[[str], bytes]) -> None:
        self.answer, self.asked = answer, list[str]()

    def urlopen(self, address: str, timeout: float) -> Any:
        self.asked.append(address)
        return io.BytesIO(self.answer(address))


@pytest.fixture
def published(monkeypatch: pytest.MonkeyPatch) -> dict[str, bytes]:
    """Four small files in the place of MNIST's, with their md5 as the published one."""
    files = {name: gzip.compress(name.encode()) for name in mnist.FILES}
    monkeypatch.setattr(mnist, "FILES", {name: hashlib.md5(content).hexdigest() for name, content in files.items()})
    return files


def name_of(address: str) -> str:
    return address.rsplit("/", 1)[1].removesuffix(".gz")


def test_the_second_mirror_steps_in(
    published: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def answer(address: str) -> bytes:
        if address.startswith(mnist.MIRRORS[0]):
            if "labels" in address:
                raise urllib.error.URLError("no such host")
            return b"an error page with status 200"  # the wrong md5
        return published[name_of(address)]

    mirrors = Mirrors(answer)
    monkeypatch.setattr(urllib.request, "urlopen", mirrors.urlopen)
    paths = mnist.download(tmp_path / "mnist")
    assert {path.name: path.read_bytes() for path in paths} == {f"{n}.gz": c for n, c in published.items()}
    assert len(mirrors.asked) == 8

    paths[2].write_bytes(b"damaged since")  # the next call repairs that one and asks for no other
    mirrors.asked.clear()
    mnist.download(tmp_path / "mnist")
    assert {name_of(address) for address in mirrors.asked} == {paths[2].name.removesuffix(".gz")}
    assert paths[2].read_bytes() == published[paths[2].name.removesuffix(".gz")]


@pytest.mark.parametrize(
    "failure", [b"wrong", TimeoutError("timed out"), http.client.IncompleteRead(b"half"), ConnectionResetError("reset")]
)
def test_no_mirror_is_one_sentence_and_no_file(
    failure: bytes | Exception, published: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def answer(address: str) -> bytes:
        if isinstance(failure, Exception):
            raise failure
        return failure

    monkeypatch.setattr(urllib.request, "urlopen", Mirrors(answer).urlopen)
    with pytest.raises(Problem, match="could not be fetched.*--data") as caught:
        mnist.download(tmp_path / "mnist")
    assert all(mirror in str(caught.value) for mirror in mnist.MIRRORS)
    assert "\n" not in str(caught.value)
    assert not list((tmp_path / "mnist").iterdir())


def test_a_folder_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(Problem, match="--to"):
        mnist.download(tmp_path / "file" / "mnist")


# ---------------------------------------------------------------- drawings


def drawn(digit: torch.Tensor, top: int, left: int, scale: int = 8, size: int = 400) -> np.ndarray:
    """A digit (1, 28, 28) uint8, enlarged, on an otherwise empty canvas."""
    canvas = np.zeros((size, size), np.uint8)
    large = np.kron(digit[0].numpy(), np.ones((scale, scale), np.uint8))
    canvas[top : top + len(large), left : left + len(large)] = large[: size - top, : size - left]
    return canvas


@pytest.mark.parametrize(("top", "left", "scale"), [(0, 0, 8), (176, 170, 8), (3, 240, 5), (60, 60, 3)])
def test_mnists_own_digits_come_back_as_they_were(top: int, left: int, scale: int) -> None:
    """Whoever draws a digit anywhere, at any size, gets the picture that MNIST's makers would have made of it."""
    held = mnist.test_half()
    errors = []
    for digit in held.images[:200]:
        centred = mnist.centre(drawn(digit, top, left, scale)).digit
        errors.append((centred - digit.float() / 255).square().mean().item())
    assert np.mean(errors) < 0.003  # one pixel beside, it would be 0.03
    assert np.mean(np.array(errors) < 0.006) > 0.98


def test_mnists_centre_of_mass() -> None:
    """The fact that centring rests on: on pixel 14, counted from 0, but for rounding."""
    images = mnist.test_half().images[:, 0].float()
    mass = images.sum((1, 2))
    for axis in (1, 2):
        middle = (images.sum(3 - axis) * torch.arange(28)).sum(1) / mass
        assert middle.min() >= 13.4 and middle.max() <= 14.6


def test_every_step_of_the_centring() -> None:
    canvas = np.zeros((300, 200), np.uint8)
    canvas[100:220, 30:50] = 255  # a one
    steps = mnist.centre(canvas)
    assert steps.drawn.shape == (1, 1, 28, 28)
    assert steps.cut.shape == (1, 1, 120, 20) and steps.cut.min() == 1
    assert steps.fitted.shape == (1, 1, 20, 3)
    rows, columns = steps.digit[0, 0].nonzero().unbind(1)
    assert (rows.min(), rows.max(), columns.min(), columns.max()) == (4, 23, 13, 15)
    for step in (steps.drawn, steps.cut, steps.fitted, steps.digit):
        assert step.min() >= 0 and step.max() <= 1


@pytest.mark.parametrize("shape", [(280, 280), (1, 1), (28, 28)])
def test_an_empty_drawing_is_one_sentence(shape: tuple[int, int]) -> None:
    with pytest.raises(Problem, match="no ink.*draw a digit"):
        mnist.centre(np.zeros(shape, np.uint8))


@pytest.mark.parametrize("shape", [(280, 280), (100, 400), (400, 100), (1, 1)])
def test_a_canvas_full_of_ink(shape: tuple[int, int]) -> None:
    digit = mnist.centre(np.full(shape, 255, np.uint8)).digit
    ink = digit[0, 0] > 0.5
    assert ink.any(0).sum() == round(20 * shape[1] / max(shape)) and ink.any(1).sum() == round(
        20 * shape[0] / max(shape)
    )
    assert digit.max() == 1


def test_a_single_pixel_of_ink() -> None:
    canvas = np.zeros((280, 280), np.uint8)
    canvas[0, 279] = 255
    digit = mnist.centre(canvas).digit
    assert digit.sum() == 400  # as large as any digit, and in the middle
    assert (digit[0, 0, 4:24, 4:24] == 1).all()


@settings(deadline=None, max_examples=80)
@given(st.integers(1, 60), st.integers(1, 60), st.integers(0, 2**32 - 1))
def test_any_drawing_becomes_a_digit_or_a_sentence(height: int, width: int, seed: int) -> None:
    draw = np.random.default_rng(seed)
    canvas = (draw.integers(0, 256, (height, width)) * (draw.random((height, width)) < 0.02)).astype(np.uint8)
    try:
        digit = mnist.centre(canvas).digit
    except Problem:
        assert canvas.max() <= 0.05 * 255
        return
    assert digit.shape == (1, 1, 28, 28) and digit.isfinite().all()
    assert digit.min() >= 0 and digit.max() <= 1 and digit.max() > 0


def test_another_data_set_of_the_same_names_is_not_written_over(
    published: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fashion-MNIST has the very file names of MNIST."""
    fashion = gzip.compress(struct.pack(">HBBi", 0, 8, 1, 3) + bytes(3))
    (tmp_path / "t10k-labels-idx1-ubyte.gz").write_bytes(fashion)
    monkeypatch.setattr(urllib.request, "urlopen", Mirrors(lambda address: published[name_of(address)]).urlopen)
    with pytest.raises(Problem, match="another data set.*--to"):
        mnist.download(tmp_path)
    assert (tmp_path / "t10k-labels-idx1-ubyte.gz").read_bytes() == fashion


def test_digits_on_light_paper_are_refused_with_how_to_turn_them(tmp_path: Path) -> None:
    held = mnist.test_half()
    images, labels = 255 - held.images[:9, 0].numpy(), held.labels[:9].numpy()
    np.savez(tmp_path / "paper.npz", x_train=images, y_train=labels, x_test=images, y_test=labels)
    with pytest.raises(Problem, match="255 - images"):
        mnist.load(tmp_path / "paper.npz", "test")
