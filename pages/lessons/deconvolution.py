"""A transposed convolution on nine pixels: every pixel lays its kernel down, and the overlaps add up."""

import streamlit as st
import torch
from torch import Tensor

from engine.networks import transposed_convolution
from pages.components.lesson_grids.lesson_grids import Frame, Grid, asked, lesson_grids
from pages.lessons.choice import choose, seen
from pages.lessons.step import Shown
from pages.parts.say import say

SIDE, KEY = 3, "deconvolution grids"
ONES = [[1] * SIDE for _ in range(SIDE)]
KERNELS, STRIDES, PADDINGS = (2, 3, 4), (1, 2, 3), (0, 1)


def show() -> Shown:
    """Kernel, stride, padding; what goes in, the kernel, what comes out, with the stamp of the tapped pixel lit."""
    with st.container(horizontal=True, gap="large"):
        kernel, stride, padding = (
            choose(say(f"lesson.deconvolution.{name}"), choices, first, str, key=name)[0]
            for name, choices, first in (("kernel", KERNELS, 3), ("stride", STRIDES, 2), ("padding", PADDINGS, 0))
        )
    _, (row, column) = asked(KEY, ONES, (1, 1))
    weights = torch.ones(kernel, kernel)
    laid = transposed_convolution.stamps(torch.ones(SIDE, SIDE), weights, stride, padding)
    answer = laid.sum((0, 1))
    lit = [(r, c) for r, c in (laid[row, column] != 0).nonzero().tolist()]
    most = int(answer.max().item())
    lesson_grids(
        [
            Grid(say("lesson.deconvolution.given"), say("lesson.deconvolution.tap"), ONES, largest=6),
            Grid(say("lesson.deconvolution.kernel"), say("lesson.deconvolution.ones"), weights.tolist(), largest=6),
            Grid(
                say("lesson.deconvolution.answer", side=len(answer)),
                say("lesson.deconvolution.overlaps"),
                answer.tolist(),
                lit=lit,
                largest=6,
                figure=say("lesson.deconvolution.most", most=most, least=int(answer.min().item())),
            ),
        ],
        ONES,
        (1, 1),
        "",
        False,
        key=KEY,
        frames=frames(laid),
        play=(say("lesson.deconvolution.play"), say("lesson.deconvolution.halt")),
    )
    tried = seen(KEY, (kernel, stride))
    even = any(one % step == 0 and step > 1 for one, step in tried)
    uneven = any(one % step for one, step in tried)
    return Shown(
        even and uneven,
        {"kernel": kernel, "stride": stride, "most": most, "least": int(answer.min().item())},
        f"""import torch
import torch.nn.functional as F
from engine.networks import transposed_convolution

picture, kernel = torch.ones({SIDE}, {SIDE}), torch.ones({kernel}, {kernel})
answer = transposed_convolution.transposed_convolution(picture, kernel, stride={stride}, padding={padding})
again = F.conv_transpose2d(picture[None, None], kernel[None, None], stride={stride}, padding={padding})[0, 0]
assert torch.equal(answer, again)""",
    )


def frames(laid: Tensor) -> list[Frame]:
    """One a pixel, row by row: all stamps so far, the newest lit. laid: (rows, columns, H, W), the stamp of each."""
    found, so_far = [], torch.zeros_like(laid[0, 0])
    for row in range(laid.shape[0]):
        for column in range(laid.shape[1]):
            stamp = laid[row, column]
            so_far = so_far + stamp
            lit = [(r, c) for r, c in (stamp != 0).nonzero().tolist()]
            found.append(Frame((row, column), so_far.tolist(), lit))
    return found
