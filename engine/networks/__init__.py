"""The networks, one architecture a file; each maps image -> code -> image and reads like its diagram.

Every `Autoencoder` has `encode(images) -> codes`, `decode(codes) -> images` and `forward = decode(encode(images))`.
"""

from collections.abc import Callable
from typing import Any

from torch import nn

from engine.networks.autoencoder import Autoencoder
from engine.networks.dense_autoencoder import DenseAutoencoder
from engine.networks.face_autoencoder import FaceAutoencoder
from engine.problem import Problem

ARCHITECTURES: dict[str, Callable[..., nn.Module]] = {
    "face-autoencoder": FaceAutoencoder,
    "dense-autoencoder": DenseAutoencoder,
}


def build(architecture: str, options: dict[str, Any]) -> nn.Module:
    """The network of that name with fresh random weights; raises `Problem` for a name or option unknown here."""
    if architecture not in ARCHITECTURES:
        raise Problem(f"There is no architecture '{architecture}': choose one of {', '.join(ARCHITECTURES)}.")
    try:
        return ARCHITECTURES[architecture](**options)
    except (TypeError, ValueError, IndexError, RuntimeError) as error:  # wrong name, count or size of an option
        raise Problem(f"The options {options} do not fit the architecture '{architecture}': {error}.") from error


def count_parameters(network: nn.Module) -> int:
    """How many numbers training may change."""
    return sum(parameter.numel() for parameter in network.parameters())


__all__ = ["ARCHITECTURES", "Autoencoder", "DenseAutoencoder", "FaceAutoencoder", "build", "count_parameters"]
