"""Trainings that are watched: what they say, that they are the loop's, and that nobody's goes on for nobody."""

import base64
import json
import time
from typing import Any

import pytest
import safetensors.torch
import torch

from engine.datasets import mnist
from engine.networks import build
from engine.problem import Problem
from engine.training import live, live_worker, loop
from engine.training.digit_grid import SHOWN

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
    assert "Nobody was looking" in second.why and not second.points
    wait(first)
    assert not first.why and first.weights and first.points[-1][0] == 1
    assert live.LINE.ahead_of(second) == 0 and not live.LINE.runs


def test_a_stopped_run_makes_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "LINE", live.Line())
    run = live.start(live.Settings(epochs=30))
    run.stop("Enough.")
    assert run.ended and run.why == "Enough." and not live.LINE.runs
    assert run.process is not None
    assert run.process.wait() != 0
