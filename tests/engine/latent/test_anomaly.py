"""What is no digit is rebuilt badly; the share of test digits below it, against counting."""

import pytest
import torch

from engine import metrics
from engine.datasets import mnist
from engine.latent import anomaly
from engine.models import weights


def test_the_share_is_counted() -> None:
    picture = mnist.test_half().images[100:101].float() / 255
    found = anomaly.judge(picture)
    error = metrics.mse(weights.shared(anomaly.MODEL)(picture), picture)
    assert found.error == pytest.approx(error.item(), rel=1e-5)
    assert found.share == pytest.approx((anomaly.usual() < error).float().mean().item(), abs=2e-4)


def test_letters_are_no_digits() -> None:
    letters = anomaly.letters("AEHKMNRWX")
    shares = {letter: anomaly.judge(image).share for letter, image in letters.items()}
    assert min(shares.values()) > 0.9, shares


def test_most_scribbles_are_no_digits() -> None:
    shares = [anomaly.judge(anomaly.scribble(torch.Generator().manual_seed(seed))).share for seed in range(20)]
    assert sum(share > 0.75 for share in shares) >= 15


def test_the_histogram_counts_every_digit() -> None:
    edges, counts = anomaly.histogram(30)
    assert len(edges) == 31 and len(counts) == 30 and counts.sum() == 10_000
    inside = (anomaly.usual() >= edges[3]) & (anomaly.usual() < edges[4])
    assert counts[3].item() == pytest.approx(inside.sum().item(), abs=1)


def test_a_letter_is_centred_as_a_digit() -> None:
    image = anomaly.letters("K")["K"]
    assert image.shape == (1, 1, 28, 28) and 0.9 < image.max() <= 1
    rows, columns = image[0, 0].any(1).nonzero(), image[0, 0].any(0).nonzero()
    assert max(rows[-1] - rows[0], columns[-1] - columns[0]) <= 20
