"""The figures of a model on its fixed test data: what `python -m engine evaluate` prints and the cards carry."""

from collections.abc import Callable
from typing import Any, Protocol

import torch
from torch import Tensor, nn

from engine import corruptions, metrics
from engine.corruptions import ARTICLE_SIDE
from engine.digits import Digits
from engine.latent import nearest_neighbour_accuracy
from engine.networks import Autoencoder
from engine.restoration import Restoration, composite

SIGMAS = (0.0, 0.1, 0.3, 0.5, 0.8)
BATCH = 146  # a third of the 438 FFHQ test faces


def figures(
    network: nn.Module, recipe: dict[str, Any], data: Any, *, seed: int = 0, box_size: int = ARTICLE_SIDE
) -> dict[str, float]:
    """The figures that belong on the card of a model trained by `recipe` (as a dict, from its config.json)."""
    if recipe["data"] == "faces":
        return faces(lambda given, hidden: network(given), data, seed=seed, box_size=box_size)
    if recipe["corruption"] == "none" and isinstance(network, Autoencoder):
        return map_of_digits(network, data)
    return denoiser(network, data, seed=seed)


class Pictures(Protocol):
    """Test pictures: as many as len() says, uint8 (n, C, H, W) by index."""

    def __len__(self) -> int: ...

    def batch(self, indices: Tensor) -> Tensor: ...


def faces(
    reconstruct: Callable[[Tensor, Tensor], Tensor],
    data: Pictures,
    *,
    seed: int = 0,
    box_size: int = ARTICLE_SIDE,
) -> dict[str, float]:
    """Figures of a face method with one black box a face, its place drawn once from `seed`.

    `reconstruct` maps (given, hidden) to the reconstruction. Means of `measure` over all faces; `hole_psnr` is the
    PSNR of the mean hole MSE.
    """
    hidden = corruptions.random_boxes(
        len(data), side=(box_size, box_size), generator=torch.Generator().manual_seed(seed)
    )
    rows = []
    with torch.inference_mode():
        for indices in torch.arange(len(data)).split(BATCH):
            images, hole = data.batch(indices).float().cpu() / 255, hidden[indices]
            given = corruptions.hide(images, hole)
            reconstruction = reconstruct(given, hole).cpu()
            rows.append(
                measure(Restoration(given, reconstruction, composite(given, reconstruction, hole)), images, hole)
            )
    columns = {name: [row[name] for row in rows] for name in rows[0]}
    mean = {name: torch.cat(values).double().mean() for name, values in columns.items()}
    figures = {name: value.item() for name, value in mean.items()}
    hole_psnr = metrics.psnr(mean["hole_mse"]).item()
    return {"faces": len(data), "hole_psnr": hole_psnr, **figures}


def measure(restored: Restoration, images: Tensor, hidden: Tensor) -> dict[str, Tensor]:
    """Figures of restorations of `images` (N, 3, H, W), each (N,): inside the hole first, then the whole picture.

    Hole figures are NaN where nothing is hidden. SSIM in the hole is taken on the composite, so that the blurred
    surroundings of a reconstruction do not count.
    """
    return {
        "hole_mse": metrics.hole_mse(restored.reconstruction, images, hidden),
        "hole_ssim": metrics.hole_ssim(restored.composite, images, hidden),
        "sharpness": metrics.sharpness(restored.reconstruction, images, hidden),
        "whole_mse": metrics.mse(restored.reconstruction, images),
        "composite_mse": metrics.mse(restored.composite, images),
        "largest_channel_agreement": metrics.largest_channel_agreement(restored.reconstruction, images),
    }


def denoiser(network: nn.Module, data: Digits, *, seed: int = 0) -> dict[str, float]:
    """Mean squared error and SSIM on the test digits at each of `SIGMAS` (Gaussian noise, clipped to [0, 1])."""
    images = data.images.float() / 255
    figures: dict[str, float] = {"digits": len(data)}
    with torch.inference_mode():
        for sigma in SIGMAS:
            noisy = corruptions.gaussian_noise(images, sigma, torch.Generator().manual_seed(seed))
            restored = network(noisy)
            figures[f"mse_sigma_{sigma}"] = metrics.mse(restored, images).double().mean().item()
            figures[f"ssim_sigma_{sigma}"] = metrics.ssim(restored, images).double().mean().item()
    return figures


def map_of_digits(network: Autoencoder, data: Digits) -> dict[str, float]:
    """Reconstruction error of the test digits, and how well the classes separate in the code (10 nearest neighbours)."""
    images = data.images.float() / 255
    with torch.inference_mode():
        codes = network.encode(images)
        error = metrics.mse(network(images), images).double().mean().item()
    return {"digits": len(data), "mse": error, "knn_accuracy": nearest_neighbour_accuracy(codes, data.labels)}
