"""The figures of a model on its fixed test data: what `python -m engine evaluate` prints and the cards carry."""

from collections.abc import Callable
from typing import Any, Protocol

import torch
from torch import Tensor, nn

from engine import metrics
from engine.corruptions import masks, noise
from engine.corruptions.masks import ARTICLE_SIDE
from engine.datasets.mnist import Digits
from engine.evaluation import skin_lightness
from engine.latent import linear_probe
from engine.latent.codes import nearest_neighbour_accuracy
from engine.models import model_card, weights
from engine.networks import Autoencoder, CnnAutoencoder, Framer, MirroredComponents, Painter, face_framing, in_parts
from engine.problem import Problem
from engine.restoration import drafts, gappy_pca, unet_input
from engine.restoration.masked_images import MaskedImages
from engine.restoration.methods import Restoration, composite
from engine.training import losses

SIGMAS = (0.0, 0.1, 0.3, 0.5, 0.8)
KERAS_SIGMA = 0.4
FACE_WIDTH = 0.55  # of a face in FFHQ's frame, in shares of its side: the mean of what YuNet says of the test faces
BATCH = 146  # a third of the 438 FFHQ test faces


def figures(
    network: nn.Module, recipe: dict[str, Any], data: Any, *, seed: int = 0, box_size: int = ARTICLE_SIDE
) -> dict[str, float]:
    """The figures that belong on the card of a model trained by `recipe` (as a dict, from its config.json)."""
    kind = recipe.get("figures", "inpainting")  # configurations older than the field are of faces
    if kind not in FIGURES:
        raise Problem(f"There are no figures called '{kind}': the config.json is of another version; train it again.")
    return FIGURES[kind](network, data, seed, box_size)


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

    `reconstruct` maps (given, hidden) to the reconstruction. Figures as `summarise` gives them, and the PSNR of groups.
    """
    hidden = masks.random_boxes(len(data), side=(box_size, box_size), generator=torch.Generator().manual_seed(seed))
    truth, parts = [], []
    with torch.inference_mode():
        for indices in torch.arange(len(data)).split(BATCH):
            images, hole = data.batch(indices).float().cpu() / 255, hidden[indices]
            given = masks.hide(images, hole)
            reconstruction = reconstruct(given, hole).cpu()
            truth.append(images)
            parts.append((given, reconstruction, composite(given, reconstruction, hole)))
    restored, images = Restoration(*(torch.cat(pictures) for pictures in zip(*parts, strict=True))), torch.cat(truth)
    return summarise(restored, images, hidden) | _by_lightness(restored.reconstruction, images, hidden)


def _by_lightness(reconstruction: Tensor, images: Tensor, hidden: Tensor) -> dict[str, float]:
    """PSNR in the hole of each third of faces by the lightness of their skin; nothing for fewer than three faces."""
    if len(images) < len(skin_lightness.THIRDS):
        return {}
    error, thirds = metrics.hole_mse(reconstruction, images, hidden), skin_lightness.thirds(images)
    psnr = {name: metrics.psnr(error[some].mean()) for name, some in zip(skin_lightness.THIRDS, thirds, strict=True)}
    return {model_card.GROUP.format(name): value.item() for name, value in psnr.items()}


def summarise(restored: Restoration, images: Tensor, hidden: Tensor) -> dict[str, float]:
    """Means of `measure` over images (N, 3, H, W), but for `hole_psnr`, that of the mean hole MSE, and `set_sharpness`,
    of all holes together: a mean of single sharpnesses is ruled by flat holes (see `metrics.set_sharpness`)."""
    parts = torch.arange(len(images)).split(BATCH)
    rows = [
        measure(
            Restoration(restored.given[part], restored.reconstruction[part], restored.composite[part]),
            images[part],
            hidden[part],
        )
        for part in parts
    ]
    mean = {name: torch.cat([row[name] for row in rows]).double().mean() for name in rows[0]}
    return {
        "faces": len(images),
        "hole_psnr": metrics.psnr(mean["hole_mse"]).item(),
        **{name: value.item() for name, value in mean.items()},
        "set_sharpness": metrics.set_sharpness(restored.reconstruction, images, hidden).item(),
    }


def measure(restored: Restoration, images: Tensor, hidden: Tensor) -> dict[str, Tensor]:
    """Figures of restorations of `images` (N, 3, H, W), each (N,): inside the hole first, then the whole picture.

    Hole figures are NaN where nothing is hidden. SSIM in the hole is taken on the composite, so that the blurred
    surroundings of a reconstruction do not count.
    """
    return {
        "hole_mse": metrics.hole_mse(restored.reconstruction, images, hidden),
        "hole_ssim": metrics.hole_ssim(restored.composite, images, hidden),
        "whole_mse": metrics.mse(restored.reconstruction, images),
        "composite_mse": metrics.mse(restored.composite, images),
        "largest_channel_agreement": metrics.largest_channel_agreement(restored.reconstruction, images),
    }


def denoiser(network: nn.Module, data: Digits, *, seed: int = 0) -> dict[str, float]:
    """Mean squared error and SSIM on the test digits at each of `SIGMAS` (Gaussian noise, clipped to [0, 1]).

    `bce_sigma_0.4` is the cross-entropy that the convolutional denoiser of keras.io prints: 0.0839 there.
    """
    images = data.images.float() / 255
    figures: dict[str, float] = {"digits": len(data)}
    for sigma in (*SIGMAS, KERAS_SIGMA):
        noisy = noise.gaussian_noise(images, sigma, torch.Generator().manual_seed(seed))
        restored = in_parts(network, noisy)
        if sigma == KERAS_SIGMA:
            figures[f"bce_sigma_{sigma}"] = losses.binary_cross_entropy(restored, images).item()
        else:
            figures[f"mse_sigma_{sigma}"] = metrics.mse(restored, images).double().mean().item()
            figures[f"ssim_sigma_{sigma}"] = metrics.ssim(restored, images).double().mean().item()
    return figures


def coding(network: nn.Module, data: Digits) -> dict[str, float]:
    """Reconstruction error of the test digits, and how well the classes separate in the code: by the 10 nearest
    neighbours and by a linear probe, both in five folds over the test digits."""
    network, images = _with_code(network), data.images.float() / 255
    codes = in_parts(network.encode, images)
    return {
        "digits": len(data),
        "mse": metrics.mse(in_parts(network, images), images).double().mean().item(),
        "knn_accuracy": nearest_neighbour_accuracy(codes, data.labels),
        "probe_accuracy": linear_probe.accuracy(codes, data.labels),
    }


def unpooling(network: nn.Module, data: Digits) -> dict[str, float]:
    """The figures of `coding`, and two errors that show how much of a digit its positions carry without the code.

    One takes a digit's positions with the code of the *next* digit: if it is as low as with the digit's own code, the
    positions say everything. The other takes its own code and no positions.
    """
    if not isinstance(network, CnnAutoencoder):
        raise Problem("Only an auto-encoder for CNN has positions: choose another model.")
    images, figures = data.images.float() / 255, coding(network, data)
    parts, foreign, blind = images.split(500), [], []
    with torch.inference_mode():
        for part in parts:
            codes, positions = network.encode_with_positions(part)
            foreign.append(metrics.mse(network.decode(codes.roll(-1, 0), positions), part))
            blind.append(metrics.mse(network.decode(codes), part))
    figures["mse_code_of_another_digit"] = torch.cat(foreign).double().mean().item()
    figures["mse_without_positions"] = torch.cat(blind).double().mean().item()
    return figures


def colouring(network: nn.Module, data: Pictures) -> dict[str, float]:
    """Error of the coloured faces, and of the grey ones, which is what no idea of colour leaves."""
    coloured, uncoloured = [], []
    for indices in torch.arange(len(data)).split(BATCH):
        images = data.batch(indices).float().cpu() / 255
        given = noise.grey(images)
        coloured.append(metrics.mse(in_parts(network, given), images))
        uncoloured.append(metrics.mse(given, images))
    mse, grey = (torch.cat(errors).double().mean() for errors in (coloured, uncoloured))
    return {
        "faces": len(data),
        "mse": mse.item(),
        "psnr": metrics.psnr(mse).item(),
        "mse_of_grey": grey.item(),
        "psnr_of_grey": metrics.psnr(grey).item(),
    }


def framing(network: nn.Module, data: Pictures, *, seed: int = 0) -> dict[str, float]:
    """Shares of faces whose frame is found again, after each was set askew by random numbers from training's range.

    Found are: the centre, within 4 % of the face's width; the angle, within 4 degrees; both; and, for comparison, both
    where nothing is done.
    """
    if not isinstance(network, Framer):
        raise Problem("This model frames no faces: choose face-framing.")
    farthest = torch.tensor(face_framing.FARTHEST)
    drawn, left = 2 * torch.rand(len(data), 4, generator=torch.Generator().manual_seed(seed)) - 1, []
    with torch.inference_mode():
        for indices in torch.arange(len(data)).split(BATCH):
            askew = face_framing.look(data.batch(indices).float().cpu() / 255, drawn[indices], face_framing.SIZE)
            left.append(network.offsets(askew) - drawn[indices])

    def within(offsets: Tensor) -> tuple[Tensor, Tensor]:
        off = offsets * farthest
        return off[:, :2].norm(dim=1) < 0.04 * FACE_WIDTH, off[:, 3].abs() < 4

    (centre, angle), (centre_before, angle_before) = within(torch.cat(left)), within(drawn)
    shares = {
        "centre_within_4_percent": centre,
        "angle_within_4_degrees": angle,
        "frame_found": centre & angle,
        "frame_found_by_chance": centre_before & angle_before,
    }
    return {"faces": len(data), **{name: share.double().mean().item() for name, share in shares.items()}}


def _with_code(network: nn.Module) -> Autoencoder:
    if not isinstance(network, Autoencoder):
        raise Problem("This model has no code: choose an autoencoder.")
    return network


# (network, test data, seed, side of the hole) -> figures, by the name a recipe gives
FIGURES: dict[str, Callable[[nn.Module, Any, int, int], dict[str, float]]] = {
    "inpainting": lambda network, data, seed, side: faces(
        lambda given, hidden: network(given), data, seed=seed, box_size=side
    ),
    "refining": lambda network, data, seed, side: faces(
        lambda given, hidden: network(unet_input.for_unet(MaskedImages(given, hidden))),
        data,
        seed=seed,
        box_size=side,
    ),
    "painting": lambda network, data, seed, side: faces(
        lambda given, hidden: drafts.fill(MaskedImages(given, hidden), weights.of_kind(network, Painter)),
        data,
        seed=seed,
        box_size=side,
    ),
    "gappy": lambda network, data, seed, side: faces(
        lambda given, hidden: gappy_pca.fill(weights.of_kind(network, MirroredComponents), given, hidden),
        data,
        seed=seed,
        box_size=side,
    ),
    "denoising": lambda network, data, seed, side: denoiser(network, data, seed=seed),
    "coding": lambda network, data, seed, side: coding(network, data),
    "unpooling": lambda network, data, seed, side: unpooling(network, data),
    "colouring": lambda network, data, seed, side: colouring(network, data),
    "framing": lambda network, data, seed, side: framing(network, data, seed=seed),
}
