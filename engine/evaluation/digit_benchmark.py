"""Everything about the digits measured in one run: noise x strength x method, maps, un-pooling, compression, anomalies.

`python -m engine benchmark digits` prints it as Markdown and writes it to weights/benchmark-digits.json for the pages.
"""

import json
import time
from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch import Tensor

from engine import files, metrics, tables
from engine.corruptions.noise import NOISES
from engine.datasets import mnist
from engine.evaluation import model_benchmark
from engine.evaluation.figures import coding, unpooling
from engine.latent import anomaly, compression, gaussian_mixture, linear_probe, maps
from engine.latent.codes import nearest_neighbour_accuracy
from engine.models import weights
from engine.networks import Autoencoder, in_parts
from engine.restoration.denoising import NAMES, denoise

FILE = maps.BENCHMARK
DRAWN = 500  # pictures of each way to draw codes
COUNT = 1000  # every tenth test digit carries the noise tables; the maps have all 10,000
STRENGTHS = (0.1, 0.2, 0.4, 0.6, 0.8)
SHOWN = (0.2, 0.4, 0.8)  # in Markdown; the JSON has them all
CNNS = ("digit-cnn-switches", "digit-cnn-repeat", "digit-cnn-transposed")
CODED = ("digit-map", "digit-map-vae", "digit-autoencoder", "digit-code-50", "digit-pca")

Row = dict[str, Any]


def denoising(seed: int = 0, strengths: Sequence[float] = STRENGTHS) -> list[Row]:
    """A row a noise, strength and method: MSE, PSNR of the mean MSE, SSIM."""
    clean, rows = sample(), []
    for noise, disturb in NOISES.items():
        for strength in strengths:
            noisy = disturb(clean, strength, torch.Generator().manual_seed(seed))
            for name in NAMES:
                restored = denoise(noisy, name, strength)
                mse = metrics.mse(restored, clean).double().mean()
                ssim = metrics.ssim(restored, clean).double().mean()
                figures = {"mse": mse.item(), "psnr": metrics.psnr(mse).item(), "ssim": ssim.item()}
                rows.append({"noise": noise, "strength": strength, "method": name, **figures})
    return rows


def sample() -> Tensor:
    """The digits of the noise tables (1000, 1, 28, 28)."""
    return mnist.test_half().images[:: len(mnist.test_half()) // COUNT].float() / 255


def coded() -> list[Row]:
    """A row a kind of code, over all test digits: how many numbers, error, 10 nearest neighbours, linear probe."""
    held, rows = mnist.test_half(), []
    for name in CODED:
        figures = coding(weights.shared(name), held)
        rows.append({"code": name, "numbers": weights.shared(name, Autoencoder).code_size, **figures})
    flat = {maps.MEASURED["pca"]: maps.load_map("pca").points, maps.MEASURED["umap"]: maps.umap_points()}
    for name, points in flat.items():
        row: Row = {"code": name, "numbers": 2, "digits": len(held)}
        if name == maps.MEASURED["pca"]:
            images = held.images.float() / 255
            row["mse"] = metrics.mse(maps.load_map("pca").decode(points), images).double().mean().item()
        row["knn_accuracy"] = nearest_neighbour_accuracy(points, held.labels)
        rows.append({**row, "probe_accuracy": linear_probe.accuracy(points, held.labels)})
    return rows


def unpooled() -> list[Row]:
    """A row a way back up: error, and what the remembered positions leak."""
    return [
        {"model": name, **unpooling(weights.shared(name), mnist.test_half()), **weights.sizes(name)} for name in CNNS
    ]


def compressed() -> list[Row]:
    """A row a method and size: bytes a digit and error."""
    pictures, rows = sample(), []
    for name, keep in {
        "digit-code-50": (1, 2, 5, 10, 20, 30, 50),
        "digit-pca": (1, 2, 5, 10, 20, 30, 50),
        "digit-map": (2,),
    }.items():
        codes = maps.digit_codes(name)
        rows += compression.by_code(name, weights.shared(name, Autoencoder), pictures, codes, keep)
    rows += compression.by_file("jpeg", pictures, (1, 10, 30, 60, 90))
    rows += compression.by_file("webp", pictures, (0, 10, 30, 60, 90))
    return [{"method": one.method, "bytes": one.bytes, "mse": one.error.double().mean().item()} for one in rows]


def generated(seed: int = 0) -> list[Row]:
    """A row a way to draw codes: mean squared error of the decoded pictures to the nearest test digit."""
    real, rows = mnist.test_half().images.float().flatten(1) / 255, []
    own = torch.cdist(real[::20], real).topk(2, largest=False).values[:, 1]
    rows.append({"drawn": "test digits, to the nearest other one", "mse": own.square().mean().item() / 784})
    for name, drawn, components in (
        ("digit-code-50", "N(0, 1), not fitted", 0),
        ("digit-code-50", "one Gaussian", 1),
        ("digit-code-50", "20 Gaussians", 20),
        ("digit-map", "one Gaussian", 1),
        ("digit-map", "20 Gaussians", 20),
        ("digit-map-vae", "its prior", 0),
    ):
        generator, network = torch.Generator().manual_seed(seed), weights.shared(name, Autoencoder)
        codes = maps.digit_codes(name)
        normal = gaussian_mixture.normal(codes.shape[1])
        found = gaussian_mixture.fit(codes, components, generator=generator) if components else normal
        pictures = in_parts(network.decode, found.sample(DRAWN, generator)).flatten(1)
        near = torch.cdist(pictures, real).min(1).values.square().mean().item() / 784
        rows.append({"drawn": f"{name}, {drawn}", "mse": near})
    return rows


def anomalies() -> list[Row]:
    """A row a model: how often a letter is rebuilt worse than a test digit (the area under the ROC curve)."""
    alphabet = torch.cat([*anomaly.letters("ABCDEFGHJKLMNPQRTUVWXY").values()])
    rows = []
    for name in CODED:
        strange, usual = anomaly.errors(alphabet, name), anomaly.usual(name)
        rows.append({"model": name, "auc": (torch.searchsorted(usual, strange) / len(usual)).mean().item()})
    return rows


def write(*, seed: int = 0) -> str:
    """Measure everything, write the JSON, return the Markdown."""
    began = time.perf_counter()
    found = model_benchmark.header("python -m engine benchmark digits", seed) | {
        "digits": COUNT,
        "denoising": denoising(seed),
        "codes": coded(),
        "unpooling": unpooled(),
        "compression": compressed(),
        "generation": generated(seed),
        "anomaly": anomalies(),
    }
    found["seconds"] = round(time.perf_counter() - began)
    files.save(FILE, json.dumps(found, indent=1).encode())
    return markdown(found)


def shipped() -> dict[str, Any] | None:
    """What `write` found when the weights were shipped; None where the file is missing or damaged."""
    return tables.read_shipped(FILE, markdown)


def markdown(found: Mapping[str, Any]) -> str:
    """The tables of `write` for a document: noise at the `SHOWN` strengths, PSNR in dB and SSIM in a cell."""
    cells = {
        (row["noise"], row["strength"], row["method"]): f"{row['psnr']:.1f} dB, {row['ssim']:.3f}"
        for row in found["denoising"]
    }
    wanted = [(noise, strength) for noise in NOISES for strength in SHOWN]
    rows = [(noise, f"{strength}", *(cells[noise, strength, name] for name in NAMES)) for noise, strength in wanted]
    parts = [tables.markdown(("noise", "strength", *NAMES), rows)]
    others = {
        "codes": ("code", "numbers", "mse", "knn_accuracy", "probe_accuracy"),
        "unpooling": ("model", "mse", "mse_code_of_another_digit", "mse_without_positions", "parameters"),
        "compression": ("method", "bytes", "mse"),
        "generation": ("drawn", "mse"),
        "anomaly": ("model", "auc"),
    }
    for name, columns in others.items():
        heads = [column.replace("_", " ") for column in columns]
        parts.append(tables.markdown(heads, [[row.get(column) for column in columns] for row in found[name]]))
    return "\n\n".join(parts)
