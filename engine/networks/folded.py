"""A trained network in the form that runs fast on a CPU: the same function."""

from itertools import pairwise

import torch
from torch import nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

from engine.networks.fast_painter import FastPainter
from engine.networks.painter import Painter


def folded(network: nn.Module) -> nn.Module:
    """A network in eval mode, which is used up: a painter as `FastPainter`; of others each batch normalisation that
    follows a convolution lies in its weights, and channels lie side by side in memory."""
    if isinstance(network, Painter):
        return FastPainter(network)
    for group in network.modules():
        if isinstance(group, nn.Sequential):
            for (first, layer), (second, after) in pairwise(list(group.named_children())):
                if isinstance(layer, nn.Conv2d | nn.ConvTranspose2d) and isinstance(after, nn.BatchNorm2d):
                    joined = fuse_conv_bn_eval(layer, after, transpose=isinstance(layer, nn.ConvTranspose2d))
                    group.set_submodule(first, joined)
                    group.set_submodule(second, nn.Identity())
    return network.to(memory_format=torch.channels_last)  # pyright: ignore[reportCallIssue]
