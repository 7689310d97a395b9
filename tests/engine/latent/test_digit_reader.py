"""The reader of digits: right on clean ones, and what it is told is what it says."""

import json

import pytest
import torch

from engine.datasets import mnist
from engine.latent import digit_reader
from engine.models import weights


def test_it_reads_clean_digits_as_often_as_its_file_says() -> None:
    held = mnist.test_half()
    chances = digit_reader.read(held.images.float() / 255)
    assert torch.allclose(chances.sum(1), torch.ones(len(held)), atol=1e-5)
    right = (chances.argmax(1) == held.labels).float().mean().item()
    described = json.loads((weights.folder(digit_reader.MODEL) / "reader.json").read_text("utf-8"))
    assert right == pytest.approx(described["test accuracy"], abs=1e-3) and right > 0.9  # shipped in half precision
