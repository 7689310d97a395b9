"""The transposed convolution of the lesson against torch's own."""

import pytest
import torch
import torch.nn.functional as F

from engine.networks import transposed_convolution
from engine.problem import Problem


@pytest.mark.parametrize("kernel", [1, 2, 3, 4])
@pytest.mark.parametrize("stride", [1, 2, 3])
@pytest.mark.parametrize("padding", [0, 1])
def test_it_is_torch_s(kernel: int, stride: int, padding: int, generator: torch.Generator) -> None:
    picture, weights = torch.randn(3, 3, generator=generator), torch.randn(kernel, kernel, generator=generator)
    expected = F.conv_transpose2d(picture[None, None], weights[None, None], stride=stride, padding=padding)[0, 0]
    found = transposed_convolution.transposed_convolution(picture, weights, stride, padding)
    assert torch.allclose(found, expected, atol=1e-6)
    assert len(found) == transposed_convolution.output_size(3, kernel, stride, padding)


def test_a_checkerboard_comes_where_the_stride_does_not_divide_the_kernel() -> None:
    for kernel in (2, 3, 4):
        laid = transposed_convolution.transposed_convolution(torch.ones(6, 6), torch.ones(kernel, kernel), 2, 0)
        assert (laid[4:-4, 4:-4].unique().numel() == 1) == (kernel % 2 == 0), kernel


def test_nothing_left_is_one_sentence() -> None:
    with pytest.raises(Problem, match="leaves nothing"):
        transposed_convolution.output_size(1, 1, 1, 1)
