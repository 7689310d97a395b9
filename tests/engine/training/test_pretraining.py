"""A classifier from two starts: what differs between them and what does not, the command, and what ships."""

import json
from pathlib import Path

import pytest
import torch

from engine.__main__ import main
from engine.datasets import mnist
from engine.models import weights
from engine.networks import Autoencoder
from engine.problem import Problem
from engine.training import pretraining


def seeded(seed: int) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def test_the_pretrained_layers_are_the_encoder_s() -> None:
    """Batch normalisation multiplied in, they do what the encoder does up to its 256 numbers."""
    images = mnist.test_half().images[:20].float() / 255
    first, second = pretraining.load_pretrained()
    ours = second(first(images.flatten(1)).relu()).relu()
    assert torch.allclose(ours, weights.shared(pretraining.MODEL, Autoencoder).encoder[:7](images), atol=1e-4)


def test_the_two_starts_differ_in_nothing_but_the_first_layers() -> None:
    random, learnt = (pretraining.build_classifier(start, seeded(1)) for start in pretraining.STARTS)
    assert torch.equal(random[4].weight, learnt[4].weight)  # type: ignore[arg-type]
    assert not torch.equal(random[0].weight, learnt[0].weight)  # type: ignore[arg-type]
    assert [tuple(value.shape) for value in random.state_dict().values()] == [
        tuple(value.shape) for value in learnt.state_dict().values()
    ]
    assert all(parameter.requires_grad for parameter in learnt.parameters())


def test_training_from_either_start_leaves_the_shipped_network_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    before = weights.shared(pretraining.MODEL, Autoencoder).encoder[1].weight.clone()  # type: ignore[operator]
    held = mnist.Digits(mnist.test_half().images[:50], mnist.test_half().labels[:50])
    images = held.images.float().flatten(1) / 255
    monkeypatch.setattr(pretraining, "STEPS", (0, 200))
    found = pretraining.measure_curve("autoencoder", "Adam", images, held.labels, held, seed=0)
    assert len(found) == len(pretraining.STEPS) and found[-1] == 1.0 > found[0]  # it knows its own digits by heart
    assert torch.equal(before, weights.shared(pretraining.MODEL, Autoencoder).encoder[1].weight)  # type: ignore[arg-type]


@pytest.fixture
def short(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A run of seconds, written into the test's own folder."""
    for name, value in {"FILE": tmp_path / "found.json", "LABELS": (20, 100), "STEPS": (0, 30, 40), "SEEDS": 2}.items():
        monkeypatch.setattr(pretraining, name, value)


def test_the_command_writes_what_the_page_reads(
    short: None, few_digits: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["train-grid", "initialisation", "--data", str(few_digits)]
    assert main(words) == 0
    found = pretraining.read_curves()
    assert pretraining.format_table(found) == capsys.readouterr().out.strip()
    assert len(found["rows"]) == 2 * 2 * 2 and found["test_digits"] == 64
    assert all(len(row["accuracy"]) == 2 and len(row["accuracy"][0]) == 3 for row in found["rows"])
    assert found["command"].startswith("python -m engine train-grid initialisation")
    assert main(words) == 0
    assert pretraining.read_curves()["rows"] == found["rows"]  # same seeds, same curves


def test_too_few_digits_are_one_sentence(few_digits: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["train-grid", "initialisation", "--data", str(few_digits)]) == 2
    assert "60,000 digits with labels are needed, and these are 192" in capsys.readouterr().err


def test_the_band_is_of_the_seeds() -> None:
    rows = [{"optimiser": "Adam", "labels": 100, "start": "random", "accuracy": [[0.1, 0.5], [0.3, 0.9]]}]
    assert pretraining.summarise_accuracies({"rows": rows}, "Adam", 100) == {
        "random": [(0.1, pytest.approx(0.2), 0.3), (0.5, pytest.approx(0.7), 0.9)]
    }


def test_what_ships_is_whole() -> None:
    found = pretraining.read_curves()
    rows = {(row["optimiser"], row["labels"], row["start"]): row["accuracy"] for row in found["rows"]}
    assert len(rows) == 24 and tuple(found["steps"]) == pretraining.STEPS
    assert all(len(curve) == len(found["steps"]) for seeds in rows.values() for curve in seeds)
    assert all(0 <= share <= 1 for seeds in rows.values() for curve in seeds for share in curve)
    for (_, labels, _), seeds in rows.items():  # more labels, fewer errors
        assert {100: 0.7, 300: 0.8, 1000: 0.88, 3000: 0.9, 10_000: 0.94, 60_000: 0.95}[labels] < min(
            curve[-1] for curve in seeds
        )
    assert all(len(seeds) == pretraining.SEEDS for seeds in rows.values())
    assert "/tmp" not in json.dumps(found)


def test_what_ships_says_what_the_lesson_claims() -> None:
    """By gradient descent ahead from 1,000 labels on, every seed; by Adam and all labels less than the seeds differ."""
    found = pretraining.read_curves()
    for labels in pretraining.LABELS[2:]:
        both = pretraining.summarise_accuracies(found, "gradient descent", labels)
        assert both["autoencoder"][-1][0] > both["random"][-1][2], labels
    both = pretraining.summarise_accuracies(found, "Adam", pretraining.LABELS[-1])
    worst, mean, best = both["random"][-1]
    assert both["autoencoder"][-1][1] - mean < best - worst


@pytest.mark.parametrize("content", ["", "{}", '{"steps": [0], "rows": []}', "[]"])
def test_a_damaged_file_is_one_sentence(content: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pretraining, "FILE", tmp_path / "found.json")
    pretraining.FILE.write_text(content)
    with pytest.raises(Problem, match="git checkout"):
        pretraining.read_curves()
