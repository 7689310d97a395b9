"""Two processes that share each batch train what one process trains alone."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import safetensors.torch
import torch

from engine.__main__ import main
from engine.models import weights
from tests.conftest import ROOT
from tests.engine.training import two_processes

EPOCHS = 4
TORCHRUN = ("-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2")


def run(*words: str) -> str:
    """What Python printed that was given these words."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1", "GLOO_SOCKET_IFNAME": "lo"}
    done = subprocess.run([sys.executable, *words], env=environment, capture_output=True, text=True, timeout=280)
    assert done.returncode == 0, done.stderr
    return done.stdout


def trained(recipe: str, digits: Path, *more: str) -> tuple[list[dict[str, float]], list[dict[str, float]]]:
    """The histories of a recipe trained on two processes and on one, in the folders "two" and "one"."""
    words = ["train", recipe, "--epochs", str(EPOCHS), "--device", "cpu", "--quiet", "--data", str(digits), *more]
    said = run(*TORCHRUN, "-m", "engine", *words, "--out", "two")
    assert said.count("two: {") == 1, "each process reported"
    assert main([*words, "--out", "one"]) == 0
    two, one = weights.history("two"), weights.history("one")
    assert len(two) == len(one) == EPOCHS
    assert one[0]["loss"] > 1.05 * one[-1]["loss"], "hardly trained: no proof of anything"
    return two, one


@pytest.mark.measure
def test_two_processes_equal_one(tiny_mnist: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`torchrun` with gloo, and the same global batch. 784-50-784 has no batch normalisation, whose figures differ."""
    monkeypatch.chdir(tmp_path)
    two, one = trained("digit-denoiser", tiny_mnist, "--batch", "48")
    assert [row["loss"] for row in two] == pytest.approx([row["loss"] for row in one], rel=1e-5)
    pairs = zip(weights.load("two").parameters(), weights.load("one").parameters(), strict=True)
    for ours, theirs in pairs:
        assert torch.allclose(ours, theirs, rtol=2e-3, atol=2e-5)  # shipped in half precision
    assert weights.config("two")["figures"] == pytest.approx(weights.config("one")["figures"], rel=1e-3)
    assert sorted(path.name for path in Path("two").iterdir()) == sorted(path.name for path in Path("one").iterdir())


@pytest.mark.measure
def test_with_batch_normalisation_the_loss_lies_within_two_hundredths(
    tiny_mnist: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each process normalises by the figures of its own half."""
    monkeypatch.chdir(tmp_path)
    two, one = trained("digit-code-50", tiny_mnist, "--batch", "96")
    assert two[-1]["loss"] == pytest.approx(one[-1]["loss"], rel=0.02)
    assert two[-1]["loss"] != one[-1]["loss"]  # or nothing was shared


@pytest.mark.measure
def test_two_processes_paint_as_one(tmp_path: Path) -> None:
    """The adversarial recipe: each process takes whole groups, over which the discriminator measures its deviation."""
    folders = [tmp_path / "two", tmp_path / "one"]
    run(*TORCHRUN, "-m", two_processes.__name__, str(folders[0]))
    run("-m", two_processes.__name__, str(folders[1]))
    histories = [json.loads((folder / "history.json").read_text()) for folder in folders]
    for two, one in zip(*histories, strict=True):
        for name in ("loss", "generator_loss", "discriminator_loss", "colour_loss"):
            assert two[name] == pytest.approx(one[name], rel=1e-3), name
    assert histories[0][0]["r1"] == pytest.approx(histories[1][0]["r1"], rel=1e-4)  # at the first step
    learnt = [safetensors.torch.load_file(folder / "learnt.safetensors") for folder in folders]
    moved = max(float((learnt[1][name]).abs().max()) for name in learnt[1])
    for name, one in learnt[1].items():
        assert torch.allclose(learnt[0][name], one, rtol=1e-2, atol=1e-3 * moved), name
