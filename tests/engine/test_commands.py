"""The command line as a person meets it: what it writes, what it says, and one sentence for whatever goes wrong."""

import json
import re
import shlex
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from engine import arguments, images
from engine.__main__ import COMMANDS, main
from engine.corruptions import masks
from engine.datasets import faces, mnist
from engine.evaluation import face_benchmark, model_benchmark
from engine.models import weights
from engine.photos import gallery
from engine.problem import Problem
from engine.restoration import methods
from tests.engine.conftest import FaceFolder

Says = pytest.CaptureFixture[str]
TINY = ["--batch", "64", "--device", "cpu"]


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever a command writes by default falls into the test's own folder."""
    monkeypatch.chdir(tmp_path)


def fails(words: list[str], says: Says) -> str:
    """The one sentence that a command says when it cannot do what it was asked."""
    assert main(words) == 2
    out, error = says.readouterr()
    lines = [line for line in error.splitlines() if line.startswith("engine: ")]
    assert len(lines) == 1 and error.rstrip().endswith(lines[0]), error
    assert "Traceback" not in error + out
    return lines[0]


# ---------------------------------------------------------------- help


@pytest.mark.parametrize("words", [[], *([name] for name in COMMANDS)], ids=lambda words: " ".join(words) or "engine")
def test_help_teaches(words: list[str], capsys: Says) -> None:
    with pytest.raises(SystemExit) as done:
        main([*words, "--help"])
    said = capsys.readouterr().out
    assert done.value.code == 0 and said.startswith("usage: python -m engine")
    assert all(name in said for name in (words if words else COMMANDS))
    assert len(said.splitlines()) > 8


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["paint"],
        ["train"],
        ["train", "digit-map", "--epochs", "many"],
        ["restore", "a.png", "-o", "b.png"],
        ["restore", "a.png", "-o", "b.png", "--box", "1,2,3"],
        ["restore", "a.png", "-o", "b.png", "--box", "1,2,3,x"],
        ["data", "cats"],
    ],
)
def test_a_command_that_cannot_be_read_says_why(words: list[str], capsys: Says) -> None:
    with pytest.raises(SystemExit) as done:
        main(words)
    assert done.value.code == 2
    assert "usage: python -m engine" in (error := capsys.readouterr().err) and "error: " in error


# ---------------------------------------------------------------- train


def test_train_writes_a_whole_weights_folder(few_digits: Path, capsys: Says) -> None:
    words = ["train", "digit-denoiser", "--data", str(few_digits), *TINY, "--epochs", "2", "--seed", "5", "--quiet"]
    assert main(words) == 0
    out = Path("runs/digit-denoiser")
    assert sorted(path.name for path in out.iterdir()) == [
        "README.md", "config.json", "history.jsonl", "model.safetensors"
    ]  # fmt: skip
    content = weights.config(out)
    assert content["command"] == shlex.join(["python", "-m", "engine", *words[:3], "MNIST", *words[4:-1]])
    assert content["evaluate"] == "python -m engine evaluate runs/digit-denoiser"
    assert content["recipe"]["seed"] == 5 and content["recipe"]["epochs"] == 2 and content["recipe"]["batch"] == 64
    assert content["data"]["pictures"] == 192
    assert len(weights.history(out)) == 2 and all("test_mse" in row for row in weights.history(out))
    assert "0.0" in capsys.readouterr().out

    assert main(["evaluate", "runs/digit-denoiser", "--json"]) == 0  # the card's own command
    assert json.loads(capsys.readouterr().out) == pytest.approx(content["figures"], rel=1e-6)
    card = (out / "README.md").read_text()
    assert f"{content['figures']['mse_sigma_0.3']:.5g}" in card and content["command"] in card


def test_figures_written_again_come_with_their_command(few_digits: Path, capsys: Says) -> None:
    """Figures taken with another seed must not stand beside the old command."""
    assert main(["train", "digit-denoiser", "--data", str(few_digits), *TINY, "--epochs", "1", "--quiet"]) == 0
    out = Path("runs/digit-denoiser")
    before = weights.config(out)
    assert main(["evaluate", str(out), "--seed", "9", "--write", "--json"]) == 0
    after = weights.config(out)
    assert after["figures"] != before["figures"] and after["sha256"] == before["sha256"]
    assert after["evaluate"] == "python -m engine evaluate runs/digit-denoiser --seed 9"
    assert after["evaluate"] in (out / "README.md").read_text()


@pytest.mark.parametrize("stream", [True, False])
def test_train_on_faces_names_and_counts_what_it_skips(
    stream: bool, face_folder: FaceFolder, capsys: Says, caplog: pytest.LogCaptureFixture
) -> None:
    words = ["train", "face-autoencoder", "--data", str(face_folder.folder), "--batch", "4", "--epochs", "1", "--quiet"]
    words += ["--device", "cpu", "--bf16", "--test", str(face_folder.tar), "--test-match", "a/"]
    assert main(words + ["--stream"] * stream) == 0
    content = weights.config("runs/face-autoencoder")
    assert content["data"] == {"pictures": 12, "sources": "6 a, 6 b", "unreadable": 1}
    assert "1 unreadable pictures were skipped." in capsys.readouterr().err
    assert "skipped an unreadable picture: broken.png" in caplog.messages
    assert content["figures"]["faces"] == 6
    assert content["evaluate"].endswith("--data TEST_FACES --match a/")
    assert content["licence"] == "CC-BY-NC-SA-4.0" and "FFHQ" in Path("runs/face-autoencoder/README.md").read_text()
    assert Path("runs/face-autoencoder/model.safetensors").stat().st_size <= 12_000_000

    Path("TEST_FACES").symlink_to(face_folder.folder)
    assert main(shlex.split(content["evaluate"])[3:] + ["--json"]) == 0
    assert json.loads(capsys.readouterr().out) == pytest.approx(content["figures"], rel=1e-4)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["digit-denoise"], "no recipe 'digit-denoise'"),
        (["digit-denoiser"], "no MNIST in 'data/mnist'.*data digits"),
        (["digit-denoiser", "--data", "nowhere.npz"], "no MNIST in 'nowhere.npz'"),
        (["face-autoencoder"], "give one with --data"),
        (["face-autoencoder", "--data", "nowhere"], "There is no 'nowhere'"),
        (["digit-denoiser", "--data", "{mnist}", "--batch", "0"], "--batch 0"),
        (["digit-denoiser", "--data", "{mnist}", "--epochs", "0"], "--epochs 0"),
        (["digit-denoiser", "--data", "{mnist}", "--learning-rate", "-1"], "--learning-rate -1"),
        (["digit-denoiser", "--data", "{mnist}", "--batch", "9999"], "192 pictures"),
        (["digit-denoiser", "--data", "{mnist}", "--device", "abacus"], "no device 'abacus'"),
        (["digit-denoiser", "--data", "{mnist}", "--batch", "64", "--resume"], "no readable checkpoint"),
        (["face-autoencoder", "--data", "{faces}", "--match", "nobody"], "with 'nobody' in their names"),
        (["face-autoencoder", "--data", "{mnist}"], "neither a folder nor a readable .tar"),
    ],
)
def test_a_training_that_cannot_start_is_one_sentence(
    words: list[str], sentence: str, tiny_mnist: Path, face_folder: FaceFolder, capsys: Says
) -> None:
    filled = [word.format(mnist=tiny_mnist, faces=face_folder.folder) for word in words]
    said = fails(["train", *filled, "--quiet"], capsys)
    assert re.search(sentence, said), said


# ---------------------------------------------------------------- evaluate


def test_evaluate_prints_figures_for_people_and_for_programs(few_digits: Path, capsys: Says) -> None:
    assert main(["evaluate", "digit-map", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert main(["evaluate", "digit-map"]) == 0
    said = capsys.readouterr().out
    assert found["digits"] == 64 and f"{found['mse']:.5g}" in said and "knn accuracy" in said
    assert main(["evaluate", "digit-map", "--data", str(few_digits), "--json"]) == 0  # its test half, from the file
    assert json.loads(capsys.readouterr().out) == found


def test_evaluate_any_folder_of_faces(face_folder: FaceFolder, capsys: Says) -> None:
    words = ["evaluate", "face-autoencoder", "--data", str(face_folder.folder), "--json"]
    found = []
    for more in ([], ["--seed", "0"], ["--seed", "1"], ["--box-size", "50"], ["--match", "b/"]):
        assert main([*words, *more]) == 0
        found.append(json.loads(capsys.readouterr().out))
    assert found[0] == found[1] != found[2]
    assert {"hole_mse", "hole_psnr", "hole_ssim", "whole_mse", "largest_channel_agreement"} <= found[0].keys()
    assert found[0]["unreadable"] == 1 and found[0]["faces"] == 12
    assert found[4]["faces"] == 6 and "unreadable" not in found[4]
    assert found[3]["composite_mse"] > 1.5 * found[0]["composite_mse"]  # a larger hole


def test_without_data_faces_are_evaluated_on_the_portraits_that_ship(
    face_folder: FaceFolder, monkeypatch: pytest.MonkeyPatch, capsys: Says
) -> None:
    assert len(face_benchmark.portraits()) >= 300
    few = faces.FaceFiles([face_folder.folder]).only_readable()
    monkeypatch.setattr(face_benchmark, "portraits", lambda: few)
    assert main(["evaluate", "face-autoencoder", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["faces"] == 12


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["nonsense"], "no model 'nonsense'"),
        (["face-autoencoder", "--data", "nowhere"], "There is no 'nowhere'"),
        (["face-autoencoder", "--data", "{faces}", "--box-size", "0"], "1 to 128"),
        (["face-autoencoder", "--data", "{faces}", "--box-size", "129"], "1 to 128"),
        (["digit-map", "--data", "{faces}"], "missing or damaged"),
        (["digit-map", "--data", "nowhere.npz"], "nowhere.npz"),
    ],
)
def test_an_evaluation_that_cannot_be_made_is_one_sentence(
    words: list[str], sentence: str, face_folder: FaceFolder, capsys: Says
) -> None:
    said = fails(["evaluate", *(word.format(faces=face_folder.folder) for word in words)], capsys)
    assert sentence in said


# ---------------------------------------------------------------- restore


def face(path: Path) -> torch.Tensor:
    return images.to_tensor(Image.open(path))


def test_restore_a_file(capsys: Says) -> None:
    source = gallery.GALLERY / "astronaut.png"
    assert main(["restore", str(source), "--box", "50,60,28,28", "--box=-5,-5,20,20", "-o", "new/out.png"]) == 0
    hidden = masks.box_mask([(50, 60, 28, 28), (-5, -5, 20, 20)])
    expected = methods.restore(face(source), hidden).composite
    written = face(Path("new/out.png"))
    assert (written - expected).abs().max() < 0.003  # eight bits a channel
    assert torch.equal(written.masked_select(~hidden), face(source).masked_select(~hidden))
    for name, kind in (("out.jpg", "JPEG"), ("out.webp", "WEBP")):
        assert main(["restore", str(source), "--box", "50,60,28,28", "-o", name]) == 0
        assert Image.open(name).format == kind


def test_restore_a_folder_skips_and_counts_what_it_cannot_read(face_folder: FaceFolder, capsys: Says) -> None:
    assert main(["restore", str(face_folder.folder), "--box", "9,9,40,40", "-o", "out"]) == 2
    error = capsys.readouterr().err
    written = {path.relative_to("out").as_posix() for path in Path("out").rglob("*.png")}
    assert written == set(face_folder.pictures)
    assert "skipped broken.png: " in error and "engine: 1 of 13 pictures were skipped" in error
    for name, pixels in face_folder.pictures.items():
        outside = np.ones((128, 128), bool)
        outside[9:49, 9:49] = False
        assert np.array_equal(np.asarray(Image.open(Path("out") / name))[outside], pixels[outside])


def test_two_pictures_of_one_name_do_not_overwrite_each_other(capsys: Says) -> None:
    Path("in").mkdir()
    for name, grey in (("face.jpg", 60), ("face.png", 200)):
        Image.new("RGB", (128, 128), (grey, grey, grey)).save(Path("in") / name)
    assert main(["restore", "in", "--box", "0,0,9,9", "-o", "out"]) == 0
    corners = {np.asarray(Image.open(path))[127, 127, 0].item() for path in Path("out").glob("*.png")}
    assert corners == {60, 200}


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["nowhere.png", "--box", "1,2,3,4", "-o", "b.png"], "There is no 'nowhere.png'"),
        (["text.png", "--box", "1,2,3,4", "-o", "b.png"], "JPEG"),
        (["face.png", "--box", "1,2,0,4", "-o", "b.png"], "1,2,0,4 covers no pixel"),
        (["face.png", "--box", "1,2,3,4", "--box", "200,0,5,5", "-o", "b.png"], "200,0,5,5 covers no pixel"),
        (["face.png", "--box", "1,2,3,4", "-o", "b.png", "--model", "magic"], "no method 'magic'"),
        (["folder", "--box", "1,2,3,4", "-o", "out", "--model", "magic"], "no method 'magic'"),
        (["face.png", "--box", "1,2,3,4", "-o", "face.png"], "overwritten"),
        (["folder", "--box", "1,2,3,4", "-o", "./folder"], "overwritten"),
        (["folder", "--box", "1,2,3,4", "-o", "text.png"], "could not be written"),
        (["empty", "--box", "1,2,3,4", "-o", "out"], "no pictures in 'empty'"),
        (["broken", "--box", "1,2,3,4", "-o", "out"], "None of the 1 pictures"),
    ],
)
def test_a_restoration_that_cannot_be_made_is_one_sentence(words: list[str], sentence: str, capsys: Says) -> None:
    for folder in ("folder/x.png", "empty", "broken"):  # a folder that is called like a picture is none
        Path(folder).mkdir(parents=True)
    Image.new("RGB", (128, 128)).save("face.png")
    Image.new("RGB", (128, 128)).save("folder/face.png")
    Path("text.png").write_text("no picture")
    Path("broken/face.png").write_text("no picture")
    before = Path("face.png").read_bytes()
    assert sentence in fails(["restore", *words], capsys)
    assert Path("face.png").read_bytes() == before and not Path("b.png").exists()


# ---------------------------------------------------------------- benchmark and data


def test_benchmark_measures_every_model_side_by_side(few_digits: Path, face_folder: FaceFolder, capsys: Says) -> None:
    readme = Path("README.md")
    readme.write_text("before\n<!-- benchmark -->\nold\n<!-- /benchmark -->\nafter\n")
    assert main(["benchmark", "--data", str(face_folder.tar), "--readme", "README.md"]) == 0
    table = capsys.readouterr().out.strip()
    rows = table.splitlines()[2:]
    assert [row.split("`")[1] for row in rows] == weights.names()
    assert all(float(row.split("|")[-2]) > 0 for row in rows)
    assert readme.read_text() == f"before\n<!-- benchmark -->\n{table}\n<!-- /benchmark -->\nafter\n"


@pytest.mark.parametrize(("content", "sentence"), [(None, "check --readme"), ("no marks", "has no lines")])
def test_a_readme_without_its_marks_is_one_sentence(
    content: str | None, sentence: str, monkeypatch: pytest.MonkeyPatch, capsys: Says
) -> None:
    monkeypatch.setattr(model_benchmark, "table", lambda *_, **__: "| model |")
    if content:
        Path("README.md").write_text(content)
    assert sentence in fails(["benchmark", "--readme", "README.md"], capsys)


def test_data_checks_a_folder_of_faces(face_folder: FaceFolder, capsys: Says) -> None:
    assert main(["data", "faces", "--data", str(face_folder.folder), str(face_folder.tar)]) == 0
    assert capsys.readouterr().out.splitlines() == ["unreadable: broken.png"] * 2 + ["26 pictures, 2 unreadable"]
    assert "with --data" in fails(["data", "faces"], capsys)


def test_data_fetches_mnist(monkeypatch: pytest.MonkeyPatch, capsys: Says) -> None:
    fetched: list[Path] = []

    def download(folder: Path) -> list[Path]:
        fetched.append(folder)
        return [folder / "train-images-idx3-ubyte.gz"]

    monkeypatch.setattr(mnist, "download", download)
    assert main(["data", "digits"]) == 0
    assert main(["data", "digits", "--to", "elsewhere"]) == 0
    assert fetched == [arguments.MNIST, Path("elsewhere")]
    assert "train-images-idx3-ubyte.gz (md5 as published)" in capsys.readouterr().out


@pytest.mark.parametrize("raised", [KeyboardInterrupt(), Problem("Only this.")])
def test_whatever_stops_a_command_is_said_in_one_line(
    raised: BaseException, monkeypatch: pytest.MonkeyPatch, capsys: Says
) -> None:
    def stop(folder: Path) -> None:
        raise raised

    monkeypatch.setattr(mnist, "download", stop)
    code = main(["data", "digits"])
    said = capsys.readouterr().err
    assert (code, said) in [(130, "engine: stopped.\n"), (2, "engine: Only this.\n")]
    assert (code == 2) == isinstance(raised, Problem)
