"""What every layer of an autoencoder answers to one picture, and that answer as a picture.

The habit of CNN Explainer (Wang et al., IEEE VIS 2020): any layer can be opened and shows its activations.
"""

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from engine import images
from engine.networks import Autoencoder


@dataclass(frozen=True)
class Layer:
    """One layer's answer."""

    shape: tuple[int, ...]  # (C, H, W) of maps, (D,) of numbers
    answer: Tensor  # (1, *shape)
    is_code: bool  # the last one of the encoder

    @property
    def name(self) -> str:
        """Its shape as the field writes it: 16×64×64, or 300."""
        return "×".join(str(size) for size in self.shape)


def layers(network: Autoencoder, image: Tensor) -> list[Layer]:
    """The answers to one picture (1, C, H, W): of every layer of encoder and decoder that changes shape or bends.

    A layer and what only rearranges, scales or bends its numbers are one: the last of them is shown.
    """
    found: list[Layer] = []
    with torch.inference_mode():
        answer = image
        for part in (network.encoder, network.decoder):
            for at, layer in enumerate(part):
                answer = layer(answer)
                if at + 1 == len(part) or not isinstance(part[at + 1], _FOLLOWS) and not isinstance(layer, nn.Flatten):
                    is_code = part is network.encoder and at + 1 == len(part)
                    found.append(Layer(tuple(answer.shape[1:]), answer, is_code))
    return found


_FOLLOWS = (nn.ReLU, nn.BatchNorm1d, nn.Sigmoid, nn.Unflatten)  # what goes with the layer before it


def as_picture(layer: Layer) -> Tensor:
    """A layer's answer as one grey square (1, 1, S, S) in [0, 1]: grey is zero, white the most, black its negative.

    Maps side by side, each to its own largest; numbers as cells, row by row; three colours as they are.
    """
    answer = layer.answer.detach().float()
    if answer.ndim == 4 and answer.shape[1] in (1, 3):
        return answer.clamp(0, 1)
    if answer.ndim == 2:
        side = _side(answer.shape[1])
        cells = F.pad(answer[0], (0, side * side - answer.shape[1]))
        return _grey(cells.view(1, 1, side, side))
    maps = _grey(answer[0].unsqueeze(1))  # C x 1 x H x W
    columns = _side(len(maps))
    maps = torch.cat([maps, torch.full((columns**2 - len(maps), *maps.shape[1:]), 0.5)])
    return images.tiled(maps, columns)


def _side(count: int) -> int:
    """Of the smallest square that holds so many."""
    side = 1
    while side * side < count:
        side += 1
    return side


def _grey(pictures: Tensor) -> Tensor:
    return 0.5 + 0.5 * pictures / pictures.abs().amax((1, 2, 3), keepdim=True).clamp_min(1e-9)
