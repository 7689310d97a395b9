"""The shipped tables of the digits: their cells are measured again, and the Markdown says what the JSON says."""

import json

import pytest
import torch

from engine import metrics
from engine.corruptions.noise import NOISES
from engine.evaluation import digit_benchmark
from engine.restoration import denoising


@pytest.fixture(scope="module")
def found() -> dict:
    return json.loads(digit_benchmark.FILE.read_text())


def test_every_noise_strength_and_method_has_its_row(found: dict) -> None:
    rows = [(row["noise"], row["strength"], row["method"]) for row in found["denoising"]]
    wanted = {(n, s, m) for n in NOISES for s in digit_benchmark.STRENGTHS for m in denoising.NAMES}
    assert len(rows) == len(wanted) and set(rows) == wanted


@pytest.mark.parametrize("method", denoising.NAMES)
@pytest.mark.parametrize(("noise", "strength"), [("Gaussian", 0.4), ("Stripes", 0.2)])
def test_cells_are_reproduced(
    noise: str, strength: float, method: str, found: dict, generator: torch.Generator
) -> None:
    clean = digit_benchmark.sample()
    restored = denoising.denoise(NOISES[noise](clean, strength, generator), method, strength)
    (row,) = (
        row for row in found["denoising"] if (row["noise"], row["strength"], row["method"]) == (noise, strength, method)
    )
    assert metrics.mse(restored, clean).mean().item() == pytest.approx(row["mse"], rel=2e-3)
    assert metrics.ssim(restored, clean).mean().item() == pytest.approx(row["ssim"], abs=2e-3)


def test_compression_and_anomalies_are_reproduced(found: dict) -> None:
    for name, again in (("compression", digit_benchmark.compressed()), ("anomaly", digit_benchmark.anomalies())):
        for row, measured in zip(found[name], again, strict=True):
            for key, value in measured.items():
                assert row[key] == (pytest.approx(value, rel=5e-3) if isinstance(value, float) else value), row


def test_the_tables_say_what_the_slides_and_the_article_claim(found: dict) -> None:
    """The sentences on the pages rest on these."""
    codes = {row["code"]: row for row in found["codes"]}
    assert codes["digit-map"]["mse"] < 0.7 * codes["digit-pca, first two"]["mse"]
    assert codes["digit-map"]["knn_accuracy"] > 1.7 * codes["digit-pca, first two"]["knn_accuracy"]
    assert codes["digit-code-50"]["mse"] < 0.6 * codes["digit-pca"]["mse"]
    assert "mse" not in codes["UMAP of digit-code-50"]
    generation = {row["drawn"]: row["mse"] for row in found["generation"]}
    assert generation["digit-map-vae, its prior"] < generation["digit-code-50, one Gaussian"]


def test_markdown_has_every_table(found: dict) -> None:
    text = digit_benchmark.markdown(found)
    for noise in NOISES:
        assert f"| {noise} | 0.4 |" in text
    cell = next(
        row
        for row in found["denoising"]
        if (row["noise"], row["strength"], row["method"]) == ("Gaussian", 0.4, "U-Net")
    )
    assert f"{cell['psnr']:.1f} dB, {cell['ssim']:.3f}" in text
    assert text.count("|---") > 20 and "digit-cnn-switches" in text
