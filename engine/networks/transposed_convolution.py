"""A transposed convolution taken apart: every pixel lays its kernel down, and where two overlap they add up.

Odena, Dumoulin, Olah, "Deconvolution and Checkerboard Artifacts" (Distill, 2016): where the kernel's side is no
multiple of the stride, some pixels are laid on more often than their neighbours, which is seen as a checkerboard.
"""

import torch
from torch import Tensor

from engine.problem import Problem


def output_size(side: int, kernel: int, stride: int, padding: int) -> int:
    """Side of what `side` pixels become; raises `Problem` where nothing would be left of it."""
    size = (side - 1) * stride + kernel - 2 * padding
    if size < 1 or kernel < 1 or stride < 1 or padding < 0:
        raise Problem(
            "A kernel of {kernel} with stride {stride} and padding {padding} leaves nothing of {side}"
            " pixels: choose a larger kernel or less padding.",
            kernel=kernel,
            stride=stride,
            padding=padding,
            side=side,
        )
    return size


def stamps(picture: Tensor, kernel: Tensor, stride: int, padding: int) -> Tensor:
    """What each pixel lays down: picture (H, W) and kernel (K, K) -> (H, W, H', W'); their sum is the answer."""
    (height, width), side = picture.shape, len(kernel)
    tall, wide = output_size(height, side, stride, padding), output_size(width, side, stride, padding)
    laid = torch.zeros(height, width, tall + 2 * padding, wide + 2 * padding)
    for row in range(height):
        for column in range(width):
            top, left = row * stride, column * stride
            laid[row, column, top : top + side, left : left + side] = picture[row, column] * kernel
    return laid[:, :, padding : padding + tall, padding : padding + wide]


def transposed_convolution(picture: Tensor, kernel: Tensor, stride: int, padding: int) -> Tensor:
    """Picture (H, W) -> (H', W'), as `torch.nn.functional.conv_transpose2d` has it."""
    return stamps(picture, kernel, stride, padding).sum((0, 1))
