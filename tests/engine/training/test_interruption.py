"""Training killed and stopped for real, in a process of its own: nothing is lost."""

import os
import shlex
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from engine.__main__ import main
from engine.models import weights
from tests.conftest import ROOT

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]
TRAIN = ["train", "digit-denoiser", "--batch", "64", "--device", "cpu"]
DRIVER = """
import signal, sys
from pathlib import Path
from engine import __main__
from engine.datasets import mnist
held = mnist.load(Path(sys.argv[1]), "test")
mnist.test_half = lambda: held  # a few test digits instead of 10,000
signal.signal(signal.SIGINT, signal.default_int_handler)  # a test may run in the background, where Ctrl-C is ignored
sys.exit(__main__.main(sys.argv[2:]))
"""


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def started(mnist: Path, words: list[str]) -> subprocess.Popen[str]:
    """The command in a process of its own, once it has finished three epochs."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
    process = subprocess.Popen(
        [sys.executable, "-c", DRIVER, str(mnist), *words], env=environment, stderr=subprocess.PIPE, text=True
    )
    history = Path("runs/digit-denoiser/history.jsonl")
    deadline = time.monotonic() + 200
    while not history.exists() or history.read_text().count("\n") < 3:
        if process.poll() is not None or time.monotonic() > deadline:
            process.kill()
            pytest.fail(f"training did not get to its third epoch: {process.communicate()[1]}")
        time.sleep(0.01)
    return process


def test_a_run_killed_for_real_resumes_to_the_same_weights(few_digits: Path) -> None:
    words = [*TRAIN, "--data", str(few_digits), "--epochs", "60", "--quiet"]
    killed = started(few_digits, words)
    killed.kill()
    killed.communicate()
    assert killed.returncode == -signal.SIGKILL
    assert not Path("runs/digit-denoiser/model.safetensors").exists()
    done = Path("runs/digit-denoiser/history.jsonl").read_text().count("\n")
    assert 3 <= done < 60

    assert main([*words, "--resume"]) == 0
    assert main([*words, "--out", "unbroken"]) == 0
    resumed, unbroken = weights.config("runs/digit-denoiser"), weights.config("unbroken")
    assert resumed["sha256"] == unbroken["sha256"]
    told = ["MNIST" if word == str(few_digits) else word for word in words[:-1]]
    assert resumed["command"] == shlex.join(["python", "-m", "engine", *told])  # what it takes to start afresh
    assert not Path("runs/digit-denoiser/checkpoint.safetensors").exists()


def test_ctrl_c_for_real_keeps_what_was_learnt(few_digits: Path) -> None:
    words = [*TRAIN, "--data", str(few_digits), "--epochs", "100000", "--quiet"]
    stopped = started(few_digits, words)
    stopped.send_signal(signal.SIGINT)
    _, error = stopped.communicate(timeout=60)
    assert stopped.returncode == 0 and "Traceback" not in error, error
    content = weights.config("runs/digit-denoiser")
    assert content["data"]["stopped after epoch"] == len(weights.history("runs/digit-denoiser")) >= 3
    assert weights.load("runs/digit-denoiser")
    assert Path("runs/digit-denoiser/checkpoint.safetensors").exists()  # to go on from
