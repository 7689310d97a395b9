"""Trainings that are watched: what they say, that they are the loop's, and that nobody's goes on for nobody."""

import base64
import json
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest
import safetensors.torch
import torch

from engine.datasets import mnist
from engine.networks import build
from engine.problem import Problem
from engine.training import live, live_script, live_worker, loop
from engine.training.digit_grid import SHOWN
from tests.notebooks import run_cell

Said = list[dict[str, Any]]


def trained(**settings: Any) -> Said:
    said: Said = []
    live_worker.train(live.Settings(**settings), said.append)
    return json.loads(json.dumps(said))


def wait(run: live.Run) -> None:
    """Until it has ended."""
    while not run.ended:
        time.sleep(0.05)


def test_the_split_is_seeded_and_its_parts_are_apart() -> None:
    known, held = live_worker.split()
    assert (len(known), len(held)) == (live.TRAINED_ON, live.JUDGED_ON)
    again = live_worker.split()
    assert torch.equal(known.images, again[0].images) and torch.equal(held.labels, again[1].labels)
    flat = {image.numpy().tobytes() for image in known.images}
    shown = mnist.test_half().images[list(SHOWN)]
    assert not any(image.numpy().tobytes() in flat for image in [*held.images[:200], *shown])


def test_a_run_is_the_loop_s(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same weights as `loop.train` makes of the same recipe and digits, and an error that falls."""
    monkeypatch.setattr(live, "TRAINED_ON", 512)
    said = trained(epochs=2, batch=64, code_size=8)
    expected = loop.train(
        live.Settings(epochs=2, batch=64, code_size=8).recipe(), live_worker.split()[0], tmp_path / "run", quiet=True
    )
    network = build("dense-autoencoder", {"sizes": [8]})
    content = base64.b64decode(said[-1]["weights"])
    network.load_state_dict({name: part.float() for name, part in safetensors.torch.load(content).items()})
    for name, part in expected.network.state_dict().items():
        assert torch.allclose(network.state_dict()[name], part, atol=1e-3), name
    points = [one for one in said if one["kind"] == "point"]
    assert points[0]["epoch"] == 0 and points[-1]["epoch"] == 2 and points[-1]["error"] < points[0]["error"]
    epochs = [one for one in said if one["kind"] == "epoch"]
    assert [one["epoch"] for one in epochs] == [0, 1, 2] and "map" not in epochs[0]


def test_two_numbers_have_a_map(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "TRAINED_ON", 256)
    epochs = [one for one in trained(epochs=1, code_size=2) if one["kind"] == "epoch"]
    assert all(len(one["map"]) == len(one["classes"]) == live_worker.ON_THE_MAP for one in epochs)


def test_a_loss_that_is_no_number_stops_the_run_and_keeps_the_curve(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "TRAINED_ON", 2048)
    said = trained(epochs=3, learning_rate=1e38, optimiser="SGD", batch=64)
    assert said[0]["kind"] == "point"
    assert said[-1]["kind"] == "stopped" and "smaller" in said[-1]["why"]


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"learning_rate": 0.0}, "above zero"),
        ({"learning_rate": float("inf")}, "above zero"),
        ({"learning_rate": float("nan")}, "above zero"),
        ({"learning_rate": -1.0}, "above zero"),
        ({"batch": live.TRAINED_ON + 1}, "cannot be filled"),
        ({"batch": 0}, "cannot be filled"),
        ({"epochs": 0}, "epochs can be watched"),
        ({"code_size": 0}, "numbers, not 0"),
        ({"optimiser": "Newton"}, "no optimiser"),
    ],
)
def test_bad_settings_are_one_sentence(settings: dict[str, Any], said: str) -> None:
    with pytest.raises(Problem, match=said):
        live.Settings(**settings)


def test_runs_wait_in_line_and_those_that_nobody_looks_at_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """In real processes: the first trains to its end, the second waits, is left alone and never begins."""
    monkeypatch.setattr(live, "LINE", live.Line())
    first = live.start(live.Settings(epochs=1))
    second = live.start(live.Settings(epochs=1))
    assert live.LINE.ahead_of(first) == 0 and live.LINE.ahead_of(second) == 1
    monkeypatch.setattr(live, "GONE_AFTER", 0.2)
    first.seen = time.monotonic() + 3600  # somebody stays
    wait(second)
    assert "Nobody was looking" in str(second.why) and not second.points
    wait(first)
    assert first.why is None and first.weights and first.points[-1][0] == 1
    assert live.LINE.ahead_of(second) == 0 and not live.LINE.runs


@pytest.mark.parametrize("optimiser", live.OPTIMISERS)
def test_a_learning_rate_of_a_thousand_million_ends_in_a_sentence_or_in_a_flat_curve(
    optimiser: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "TRAINED_ON", 512)
    said = trained(epochs=1, learning_rate=1e9, optimiser=optimiser, batch=64)
    points = [one["error"] for one in said if one["kind"] == "point"]
    assert points and all(error == error for error in points)
    if said[-1]["kind"] == "stopped":
        assert "smaller learning rate" in said[-1]["why"]
    else:
        assert said[-1]["kind"] == "done" and points[-1] > 0.05  # nothing was learnt: the shipped weights have 0.007


@pytest.fixture
def line(monkeypatch: pytest.MonkeyPatch) -> live.Line:
    """One of the test's own."""
    monkeypatch.setattr(live, "LINE", live.Line())
    return live.LINE


def begun(run: live.Run) -> live.Run:
    """It trains: its first point has come."""
    while not run.points:
        assert not run.ended, run.why
        time.sleep(0.05)
    return run


def test_a_stopped_run_makes_room(line: live.Line) -> None:
    run = live.start(live.Settings(epochs=30))
    run.stop(None)
    assert run.ended and not run.weights and not line.runs
    assert run.process is not None
    assert run.process.wait() != 0


def test_a_run_whose_tab_is_closed_in_its_middle_ends_with_its_curve(
    line: live.Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "GONE_AFTER", 3600)
    run = begun(live.start(live.Settings(epochs=30, code_size=300, batch=8)))
    monkeypatch.setattr(live, "GONE_AFTER", 0.0)
    wait(run)
    assert "Nobody was looking" in str(run.why) and run.points and not run.weights and not line.runs
    assert run.process is not None
    assert run.process.wait() != 0


@pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="this system cannot make a process stand still")
def test_a_paused_run_stands_still_and_goes_on_to_its_end(line: live.Line, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "GONE_AFTER", 3600)
    run = begun(live.start(live.Settings(epochs=2, batch=64)))
    run.pause()
    assert run.process is not None
    while state_of(run.process.pid) != "T":  # stopped by a signal
        time.sleep(0.05)
    run.pause()  # twice is once
    assert not run.ended and line.runs == [run]
    run.go_on()
    wait(run)
    assert run.why is None and run.points[-1][0] == 2


def test_a_pause_does_not_keep_others_waiting(line: live.Line, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "GONE_AFTER", 3600)
    monkeypatch.setattr(live, "LONGEST_PAUSE", 0.0)
    first, second = begun(live.start(live.Settings(epochs=2))), live.start(live.Settings(epochs=1))
    second.pause()  # it has not begun: nothing to pause
    first.pause()
    wait(first)
    wait(second)
    assert first.weights and second.weights


def state_of(process: int) -> str:
    """One letter, as Linux and macOS name it."""
    found = subprocess.run(["ps", "-o", "state=", "-p", str(process)], capture_output=True, text=True, check=True)
    return found.stdout.strip()[:1]


@pytest.fixture
def taken_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> live.Settings:
    """Settings other than the first ones, few digits, and a folder that has nothing in it."""
    monkeypatch.setattr(live, "TRAINED_ON", 512)
    monkeypatch.chdir(tmp_path)
    return live.Settings(learning_rate=0.02, optimiser="RMSprop", batch=64, epochs=1, code_size=8, noise="0.2")


def expect_the_run(settings: live.Settings, printed: str) -> None:
    """What was printed is the watched run's curve, and the weights are its own."""
    said: Said = []
    live_worker.train(settings, said.append)
    errors = [f"{one['error']:.4f}" for one in said if one["kind"] == "point"]
    assert [line.split()[-1] for line in printed.splitlines()] == errors
    assert Path("model.safetensors").read_bytes() == base64.b64decode(said[-1]["weights"])


def test_the_script_trains_the_same_run(taken_home: live.Settings, capsys: pytest.CaptureFixture[str]) -> None:
    exec(live_script.script(taken_home), {})
    expect_the_run(taken_home, capsys.readouterr().out)


def test_the_notebook_trains_the_same_run(taken_home: live.Settings, capsys: pytest.CaptureFixture[str]) -> None:
    notebook = json.loads(live_script.notebook(taken_home))
    cells = [cell["source"] for cell in notebook["cells"] if cell["cell_type"] == "code"]
    names: dict[str, Any] = {}
    shown = [run_cell(cell, names) for cell in cells]
    expect_the_run(taken_home, capsys.readouterr().out)
    assert notebook["nbformat"] == 4 and shown[-1].size == (280, 28)  # ten digits
