"""The small networks of the lessons: what was measured says what the lessons claim, and the command measures it."""

import json
from pathlib import Path

import pytest
import torch

from engine.datasets import mnist
from engine.problem import Problem
from engine.training import digit_grid


def test_the_shipped_figures_say_what_the_lessons_claim() -> None:
    found = digit_grid.read()
    first, last = (digit_grid.errors(found, size) for size in (digit_grid.SIZES[0], digit_grid.SIZES[-1]))
    assert min(first, key=first.__getitem__) == digit_grid.DEEP
    assert min(last, key=last.__getitem__) == digit_grid.COMPONENTS
    clean, noisy = (digit_grid.errors_under_noise(found, level) for level in (0.0, 0.8))
    assert clean["gaussian 0-0.8"] < clean["gaussian 0.6"] and noisy["gaussian 0-0.8"] == min(noisy.values())


def test_the_command_writes_what_the_page_reads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(digit_grid, "FILE", tmp_path / "grid.json")
    for name, few in (("SIZES", (2, 4)), ("TAUGHT", ("none",)), ("LEVELS", (0.0, 0.5)), ("EPOCHS", 1)):
        monkeypatch.setattr(digit_grid, name, few)
    held = mnist.test_half()
    few = mnist.Digits(held.images[:300], held.labels[:300])
    monkeypatch.setattr(mnist, "test_half", lambda: few)
    monkeypatch.setattr(digit_grid, "SHOWN", tuple(range(10)))
    written = digit_grid.write(few, "the command")
    assert digit_grid.read() == json.loads(json.dumps(written))
    linear = [digit_grid.errors(written, size)[digit_grid.COMPONENTS] for size in (2, 4)]
    flat = few.images.float().flatten(1) / 255
    axes = torch.linalg.svd(flat - flat.mean(0), full_matrices=False).Vh
    for count, error in zip((2, 4), linear, strict=True):
        rebuilt = (flat - flat.mean(0)) @ axes[:count].T @ axes[:count] + flat.mean(0)
        assert error == pytest.approx((rebuilt.clamp(0, 1) - flat).square().mean().item(), abs=2e-5)


def test_a_damaged_file_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(digit_grid, "FILE", tmp_path / "nothing.json")
    with pytest.raises(Problem, match="git checkout"):
        digit_grid.read()
