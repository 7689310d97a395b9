"""Two processes that share each batch train what one process trains alone."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from engine.__main__ import main
from engine.models import weights
from tests.conftest import ROOT

EPOCHS = 4
WORDS = ["train", "digit-denoiser", "--batch", "48", "--epochs", str(EPOCHS), "--device", "cpu", "--quiet"]


@pytest.mark.measure
@pytest.mark.timeout(300)
def test_two_processes_equal_one(tiny_mnist: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`torchrun` with gloo, and the same global batch. 784-50-784 has no batch normalisation, whose figures differ."""
    monkeypatch.chdir(tmp_path)
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1", "GLOO_SOCKET_IFNAME": "lo"}
    words = [*WORDS, "--data", str(tiny_mnist)]
    torchrun = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2", "-m", "engine"]
    done = subprocess.run(
        [*torchrun, *words, "--out", "two"], env=environment, capture_output=True, text=True, timeout=280
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("two: {") == 1, "each process reported"
    assert main([*words, "--out", "one"]) == 0

    two, one = weights.history("two"), weights.history("one")
    assert len(two) == len(one) == EPOCHS
    assert [row["loss"] for row in two] == pytest.approx([row["loss"] for row in one], rel=1e-5)
    assert one[0]["loss"] > 1.05 * one[-1]["loss"], "hardly trained: no proof of anything"
    pairs = zip(weights.load("two").parameters(), weights.load("one").parameters(), strict=True)
    for ours, theirs in pairs:
        assert torch.allclose(ours, theirs, rtol=2e-3, atol=2e-5)  # shipped in half precision
    assert weights.config("two")["figures"] == pytest.approx(weights.config("one")["figures"], rel=1e-3)
    assert sorted(path.name for path in Path("two").iterdir()) == sorted(path.name for path in Path("one").iterdir())
