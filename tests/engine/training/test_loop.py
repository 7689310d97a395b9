"""The training loop: interrupted and resumed it ends where it would have ended, and nothing is lost on the way."""

import errno
import io
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import safetensors.torch
import torch
from torch import Tensor, nn

from engine import files, networks
from engine.datasets.faces import FaceFiles, FaceTensor
from engine.datasets.mnist import Digits, load
from engine.models import weights
from engine.models.recipes import RECIPES, Recipe
from engine.problem import Problem
from engine.restoration import unet_input
from engine.training import batches, loop, pictures, supervised
from engine.training.loop import Trained
from engine.training.place import Place
from tests.engine.conftest import FaceFolder

CPU = Place(torch.device("cpu"))
DIGITS = replace(RECIPES["digit-denoiser"], batch=64, epochs=4)
MAP = replace(RECIPES["digit-map"], options={"sizes": [16, 8, 2]}, batch=64, epochs=4)
CLOUDS = replace(RECIPES["digit-map-vae"], options={"sizes": [16, 8, 2]}, batch=64, epochs=4)
FACES = replace(
    RECIPES["face-autoencoder"], options={"channels": [4, 4, 8, 8], "code_size": 8}, batch=6, epochs=4, jitter=False
)


@pytest.fixture(scope="module")
def tiny(tiny_mnist: Path) -> Digits:
    return load(tiny_mnist, "train")


@pytest.fixture(scope="module")
def few_faces() -> FaceTensor:
    images = torch.randint(0, 256, (18, 3, 128, 128), dtype=torch.uint8, generator=torch.Generator().manual_seed(0))
    return FaceTensor(images, tuple(f"{'ffhq_' if i % 3 else 'sd3_'}x/{i}.webp" for i in range(18)))


def same(one: nn.Module, other: nn.Module) -> bool:
    pairs = zip(one.state_dict().values(), other.state_dict().values(), strict=True)
    return all(torch.equal(a, b) for a, b in pairs)


def losses(trained: Trained) -> list[float]:
    return [row["loss"] for row in trained.history]


class Stopped(Exception):
    """As abrupt as a kill: nothing in the engine catches it."""


def stop_before_epoch(monkeypatch: pytest.MonkeyPatch, number: int, error: BaseException) -> None:
    """Let the epoch of that number, counted from 0, raise instead of starting."""
    real = batches.epoch_order

    def order(data: loop.Pictures, shares: dict[str, float], seed: int, epoch: int) -> Tensor:
        if epoch == number:
            raise error
        return real(data, shares, seed, epoch)

    monkeypatch.setattr(batches, "epoch_order", order)


# ---------------------------------------------------------------- the parts of the loop


def test_an_epoch_shows_every_picture_once_and_never_in_the_same_order(tiny: Digits) -> None:
    orders = [pictures.epoch_order(tiny, {}, seed, epoch) for seed, epoch in ((0, 0), (0, 1), (1, 0))]
    for order in orders:
        assert torch.equal(order.sort().values, torch.arange(192))
    assert len({tuple(order.tolist()) for order in orders}) == 3
    assert torch.equal(orders[1], pictures.epoch_order(tiny, {}, 0, 1))


def test_shares_say_how_often_a_face_is_shown(few_faces: FaceTensor) -> None:
    names = ("train/gan_hatatori/0.webp", "train/mebeauty_y/ffhq_1.webp", "train/ffhq_x/gan_hatatori.webp")
    faces = FaceTensor(few_faces.images[:3], names)
    shares = RECIPES["face-autoencoder"].shares
    orders = [pictures.epoch_order(faces, shares, 0, epoch) for epoch in range(2000)]
    shown = torch.cat(orders).bincount(minlength=3)
    assert (shown / 6000).tolist() == pytest.approx([0.4 / 4.4, 1 / 4.4, 3 / 4.4], abs=0.03)


@pytest.mark.parametrize("mirror", [True, False])
def test_every_second_face_is_mirrored_left_to_right(
    mirror: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    image = torch.zeros(1, 3, 128, 128, dtype=torch.uint8)
    image[:, :, :64, :32] = 255  # white in the upper left only
    seen: list[Tensor] = []
    monkeypatch.setitem(unet_input.CORRUPTIONS, "article box", lambda target, generator: seen.append(target) or target)
    recipe = replace(FACES, mirror=mirror, epochs=1, batch=40)
    loop.train(recipe, FaceTensor(image.expand(40, -1, -1, -1)), tmp_path, place=CPU, quiet=True)
    mirrored = (seen[0] == image.flip(3) / 255).flatten(1).all(1)
    as_it_was = (seen[0] == image / 255).flatten(1).all(1)
    assert (mirrored ^ as_it_was).all()
    assert (8 < mirrored.sum() < 32) if mirror else not mirrored.any()


# ---------------------------------------------------------------- training


def test_training_learns_and_keeps_its_history(tiny: Digits, tmp_path: Path) -> None:
    asked: list[bool] = []

    def test(network: nn.Module) -> dict[str, float]:
        asked.append(network.training)
        return {"test_mse": 0.5}

    recipe = replace(DIGITS, epochs=20)
    trained = loop.train(recipe, tiny, tmp_path, place=CPU, test=test, quiet=True)
    history = [json.loads(line) for line in (tmp_path / "history.jsonl").read_text().splitlines()]
    assert trained.finished and not trained.network.training
    assert history == trained.history
    assert [row["epoch"] for row in history] == list(range(1, 21))
    assert losses(trained)[-1] < 0.7 * losses(trained)[0]
    assert all(row["images_per_second"] > 0 and row["learning_rate"] > 0 for row in history)
    assert [row["epoch"] for row in history if "test_mse" in row] == list(range(2, 21, 2))
    assert not any(asked)  # in eval mode, all ten times


def test_the_same_seed_trains_the_same_network(tiny: Digits, tmp_path: Path) -> None:
    runs = [
        loop.train(replace(DIGITS, seed=seed), tiny, tmp_path / str(i), place=CPU, quiet=True)
        for i, seed in enumerate((3, 3, 4))
    ]
    assert same(runs[0].network, runs[1].network)
    assert not same(runs[0].network, runs[2].network)


@pytest.mark.parametrize("recipe", [DIGITS, MAP, CLOUDS], ids=lambda recipe: recipe.name)
@pytest.mark.parametrize("ema", [0.999, 0.0])
def test_a_killed_run_resumed_ends_where_an_unbroken_one_does(
    recipe: Recipe, ema: float, tiny: Digits, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    check_resumed(replace(recipe, ema=ema), tiny, tmp_path, monkeypatch)


@pytest.mark.parametrize("optimiser", ["adamw", "adam", "sgd", "rmsprop"])
def test_so_does_one_with_convolutions_and_any_optimiser(
    optimiser: Any, few_faces: FaceTensor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The convolutions' weights lie channels last, and so must what the optimiser knows of each of them."""
    check_resumed(replace(FACES, optimiser=optimiser), few_faces, tmp_path, monkeypatch)


def check_resumed(recipe: Recipe, data: loop.Pictures, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    unbroken = loop.train(recipe, data, folder / "unbroken", place=CPU, quiet=True)
    with monkeypatch.context() as broken:
        stop_before_epoch(broken, 2, Stopped())
        with pytest.raises(Stopped):
            loop.train(recipe, data, folder / "killed", place=CPU, quiet=True)
    torch.rand(7)  # whatever else drew from torch's global state in between
    resumed = loop.train(recipe, data, folder / "killed", place=CPU, resume=True, quiet=True)
    assert losses(resumed) == losses(unbroken)
    assert same(resumed.network, unbroken.network)
    assert resumed.seconds >= resumed.history[1]["seconds"], "the time before the kill counts too"


def test_ctrl_c_keeps_what_was_learnt(tiny: Digits, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as broken:
        stop_before_epoch(broken, 2, KeyboardInterrupt())
        stopped = loop.train(DIGITS, tiny, tmp_path / "run", place=CPU, quiet=True)
    assert not stopped.finished
    assert len(stopped.history) == 2
    resumed = loop.train(DIGITS, tiny, tmp_path / "run", place=CPU, resume=True, quiet=True)
    unbroken = loop.train(DIGITS, tiny, tmp_path / "unbroken", place=CPU, quiet=True)
    assert resumed.finished and same(resumed.network, unbroken.network)


@pytest.mark.parametrize("mirror", [True, False])
def test_faces_from_disk_and_from_memory_train_the_same_network(
    mirror: bool, face_folder: FaceFolder, tmp_path: Path
) -> None:
    recipe = replace(FACES, mirror=mirror, epochs=2)
    streamed = loop.train(recipe, FaceFiles([face_folder.tar]), tmp_path / "a", place=CPU, quiet=True)
    memory = FaceFiles([face_folder.folder]).in_memory()
    held = loop.train(recipe, memory, tmp_path / "b", place=CPU, quiet=True)
    assert losses(streamed) == losses(held)
    assert same(streamed.network, held.network)


def test_bfloat16_trains_on_a_cpu_nearly_as_well(few_faces: FaceTensor, tmp_path: Path) -> None:
    half, full = (
        loop.train(FACES, few_faces, tmp_path / str(bf16), place=replace(CPU, bf16=bf16), quiet=True)
        for bf16 in (True, False)
    )
    assert losses(half) == pytest.approx(losses(full), rel=0.02)
    assert losses(half) != losses(full), "no autocast took place"
    assert {value.dtype for value in half.network.state_dict().values()} == {torch.float32, torch.int64}


def test_closed_form_needs_no_epochs(tiny: Digits, tmp_path: Path) -> None:
    trained = loop.train(RECIPES["digit-pca"], tiny, tmp_path, place=CPU, quiet=True)
    assert trained.finished and len(trained.history) == 1
    with pytest.raises(Problem, match="closed form"):
        loop.train(replace(DIGITS, optimiser="closed form"), tiny, tmp_path, place=CPU, quiet=True)


# ---------------------------------------------------------------- what goes wrong


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EROFS])
def test_a_full_disk_costs_nothing_but_the_last_epoch(
    code: int, tiny: Digits, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, written = files.save, []

    def write(path: Path, content: bytes) -> str:
        if path.name.startswith("checkpoint"):
            written.append(path)
        with monkeypatch.context() as full:
            if len(written) == 3:
                full.setattr(Path, "open", lambda path, mode: FullDisk(path, mode))
            return real(path, content)

    class FullDisk(io.FileIO):
        def write(self, content: Any) -> int:
            super().write(content[:1000])  # it takes a part
            raise OSError(code, "No space left on device")

    with monkeypatch.context() as counted:
        counted.setattr(files, "save", write)
        with pytest.raises(Problem, match="could not be written to 'run'.*free some space"):
            loop.train(DIGITS, tiny, tmp_path / "run", place=CPU, quiet=True)
    assert sorted(path.name for path in (tmp_path / "run").iterdir()) == ["checkpoint.safetensors", "history.jsonl"]
    assert len((tmp_path / "run" / "history.jsonl").read_text().splitlines()) == 2
    resumed = loop.train(DIGITS, tiny, tmp_path / "run", place=CPU, resume=True, quiet=True)
    unbroken = loop.train(DIGITS, tiny, tmp_path / "unbroken", place=CPU, quiet=True)
    assert same(resumed.network, unbroken.network)


def test_a_folder_that_cannot_be_written_is_refused_before_the_first_epoch(
    tiny: Digits, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file stands in its way: for root, whom the permissions of a read-only folder do not stop, the same error."""
    (tmp_path / "run").write_text("in the way")
    stop_before_epoch(monkeypatch, 0, AssertionError("trained all the same"))
    with pytest.raises(Problem, match="another folder with --out"):
        loop.train(DIGITS, tiny, tmp_path / "run", place=CPU, quiet=True)


def lose_a_layer(path: Path) -> None:
    with safetensors.safe_open(path, "pt") as file:
        header, content = file.metadata(), {name: file.get_tensor(name).clone() for name in sorted(file.keys())}
    del content[next(name for name in content if name.startswith("network/"))]
    path.write_bytes(safetensors.torch.save(content, header))


def halve(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


@pytest.mark.parametrize(
    ("spoil", "change", "sentence"),
    [
        (Path.unlink, {}, "no readable checkpoint in 'run'.*without --resume"),
        (halve, {}, "no readable checkpoint in 'run'.*without --resume"),
        (lambda path: path.write_bytes(b""), {}, "no readable checkpoint"),
        (lambda path: path.write_bytes(weights.pack({"x": torch.ones(1)})), {}, "no readable checkpoint"),
        (lose_a_layer, {}, "does not hold all that this network is made of"),
        (lambda path: None, {"epochs": 9}, "belongs to another recipe"),
        (lambda path: None, {"seed": 9}, "belongs to another recipe"),
        (lambda path: None, {"options": {"sizes": [20]}}, "belongs to another recipe"),
    ],
)
def test_a_checkpoint_that_does_not_fit_is_refused_and_kept(
    spoil: Callable[[Path], Any], change: dict[str, Any], sentence: str, tiny: Digits, tmp_path: Path
) -> None:
    loop.train(DIGITS, tiny, tmp_path / "run", place=CPU, quiet=True)
    checkpoint = tmp_path / "run" / "checkpoint.safetensors"
    spoil(checkpoint)
    before = checkpoint.read_bytes() if checkpoint.exists() else None
    with pytest.raises(Problem, match=sentence) as caught:
        loop.train(replace(DIGITS, **change), tiny, tmp_path / "run", place=CPU, resume=True, quiet=True)
    assert "\n" not in str(caught.value)
    assert (checkpoint.read_bytes() if checkpoint.exists() else None) == before


def test_a_checkpoint_that_saw_other_pictures_is_refused_and_kept(tiny: Digits, tmp_path: Path) -> None:
    loop.train(DIGITS, tiny, tmp_path / "run", place=CPU, quiet=True)
    before = (tmp_path / "run" / "checkpoint.safetensors").read_bytes()
    other = Digits(tiny.images.clone(), tiny.labels)
    other.images[100, 0, 3, 3] += 1
    with pytest.raises(Problem, match="learnt from other pictures: give the same --data"):
        loop.train(DIGITS, other, tmp_path / "run", place=CPU, resume=True, quiet=True)
    assert (tmp_path / "run" / "checkpoint.safetensors").read_bytes() == before
    same_pictures = Digits(tiny.images.clone(), tiny.labels)
    assert loop.train(DIGITS, same_pictures, tmp_path / "run", place=CPU, resume=True, quiet=True).finished


def test_a_batch_that_cannot_be_filled_is_refused(tiny: Digits, tmp_path: Path) -> None:
    with pytest.raises(Problem, match="193.*192 pictures.*--batch of 1 to 192"):
        loop.train(replace(DIGITS, batch=193), tiny, tmp_path, place=CPU, quiet=True)


def test_a_run_that_went_astray_keeps_its_last_good_checkpoint(
    tiny: Digits, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    astray: dict[str, Any] = dict(supervised.LOSSES)
    astray["bce"] = lambda guess, target: guess.mean() * float("nan")
    with monkeypatch.context() as broken:
        stop_before_epoch(broken, 2, Stopped())
        with pytest.raises(Stopped):
            loop.train(DIGITS, tiny, tmp_path, place=CPU, quiet=True)
    before = (tmp_path / "checkpoint.safetensors").read_bytes()
    monkeypatch.setattr(supervised, "LOSSES", astray)
    with pytest.raises(Problem, match="astray in epoch 3.*--learning-rate"):
        loop.train(DIGITS, tiny, tmp_path, place=CPU, resume=True, quiet=True)
    assert (tmp_path / "checkpoint.safetensors").read_bytes() == before


@pytest.mark.parametrize("device", ["tpu", "cuda:99", "nonsense"])
def test_a_device_that_is_not_there_is_one_sentence(device: str) -> None:
    with pytest.raises(Problem, match=f"no device '{device}'"):
        Place.here(device)


def test_training_may_begin_with_the_weights_of_another_model() -> None:
    network = networks.build("dense-autoencoder", {"sizes": [50]})
    supervised.load_weights("digit-denoiser", network)
    known = weights.load("digit-denoiser").state_dict()
    assert all(torch.equal(value, known[name]) for name, value in network.state_dict().items())


@pytest.mark.parametrize("start", ["digit-map", "digit-code-50"])
def test_weights_that_do_not_fit_are_no_start(start: str) -> None:
    with pytest.raises(Problem, match="choose another --start"):
        supervised.load_weights(start, networks.build("dense-autoencoder", {"sizes": [50]}))
