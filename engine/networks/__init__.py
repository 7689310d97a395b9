"""The networks, one architecture a file; each maps image -> code -> image and reads like its diagram.

Every `Autoencoder` has `encode(images) -> codes`, `decode(codes) -> images` and `forward = decode(encode(images))`;
what lets the picture go around the code, as the skips of a U-Net do, is none.
"""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn

from engine.networks.autoencoder import Autoencoder
from engine.networks.cnn_autoencoder import CnnAutoencoder
from engine.networks.colouriser import Colouriser
from engine.networks.conv_denoiser import ConvDenoiser
from engine.networks.dense_autoencoder import DenseAutoencoder
from engine.networks.face_autoencoder import FaceAutoencoder
from engine.networks.face_framing import Framer
from engine.networks.face_unet import FaceUNet
from engine.networks.mirrored_pca import MirroredComponents
from engine.networks.painter import Painter
from engine.networks.pca import LinearAutoencoder
from engine.networks.variational_autoencoder import VariationalAutoencoder
from engine.problem import Problem

ARCHITECTURES: dict[str, Callable[..., nn.Module]] = {
    "face-autoencoder": FaceAutoencoder,
    "face-unet": FaceUNet,
    "painter": Painter,
    "dense-autoencoder": DenseAutoencoder,
    "linear-autoencoder": LinearAutoencoder,
    "mirrored-components": MirroredComponents,
    "variational-autoencoder": VariationalAutoencoder,
    "cnn-autoencoder": CnnAutoencoder,
    "conv-denoiser": ConvDenoiser,
    "colouriser": Colouriser,
    "framer": Framer,
}


def build(architecture: str, options: dict[str, Any]) -> nn.Module:
    """The network of that name with fresh random weights; raises `Problem` for a name or option unknown here."""
    if architecture not in ARCHITECTURES:
        raise Problem(
            "There is no architecture '{architecture}': choose one of {known}.",
            architecture=architecture,
            known=", ".join(ARCHITECTURES),
        )
    try:
        return ARCHITECTURES[architecture](**options)
    except (TypeError, ValueError, IndexError, RuntimeError) as error:  # wrong name, count or size of an option
        raise Problem(
            "The options {options} do not fit the architecture '{architecture}': {error}.",
            options=options,
            architecture=architecture,
            error=error,
        ) from error


def count_parameters(network: nn.Module) -> int:
    """How many numbers training may change."""
    return sum(parameter.numel() for parameter in network.parameters())


def in_parts(network: Callable[[Tensor], Tensor], images: Tensor, size: int = 500) -> Tensor:
    """What a network makes of many images (N, ...), some at a time, so that memory stays small."""
    with torch.inference_mode():
        # colours side by side where there are any: a CPU convolves a third faster so
        parts = (part.to(memory_format=torch.channels_last) if part.dim() == 4 else part for part in images.split(size))
        return torch.cat([network(part) for part in parts])


__all__ = [
    "ARCHITECTURES",
    "Autoencoder",
    "CnnAutoencoder",
    "Colouriser",
    "ConvDenoiser",
    "DenseAutoencoder",
    "FaceAutoencoder",
    "FaceUNet",
    "Framer",
    "LinearAutoencoder",
    "MirroredComponents",
    "Painter",
    "VariationalAutoencoder",
    "build",
    "count_parameters",
    "in_parts",
]
