"""The membrane over the hole against an explicit solution of all its equations at once."""

import pytest
import torch
from torch import Tensor

from engine.corruptions import masks
from engine.restoration.poisson_blending import membrane, smooth_seam

SIZE = 24
HOLES = {
    "a box": masks.box_mask([(5, 7, 9, 6)], SIZE),
    "a box in the corner": masks.box_mask([(0, 0, 8, 5)], SIZE),
    "from edge to edge": masks.box_mask([(0, 9, SIZE, 4)], SIZE),
    "boxes that touch at a corner": masks.box_mask([(2, 2, 4, 4), (6, 6, 5, 5)], SIZE),
    "a ring": masks.box_mask([(3, 3, 15, 15)], SIZE) & ~masks.box_mask([(7, 7, 6, 6)], SIZE),
    "one pixel": masks.box_mask([(23, 23, 1, 1)], SIZE),
    "all but one pixel": ~masks.box_mask([(11, 3, 1, 1)], SIZE),
    "a stroke": masks.stroke_mask([(4.0, [(1.0, 2.0), (20.0, 12.0), (5.0, 23.0)])], SIZE),
}


def solved(edge: Tensor, hole: Tensor) -> Tensor:
    """Every hidden pixel is the mean of its neighbours, every visible one its own value: one dense system."""
    height, width = hole.shape
    matrix = torch.eye(height * width, dtype=torch.double)
    for y, x in hole.nonzero().tolist():
        around = [(y + dy, x + dx) for dy, dx in ((0, 1), (1, 0), (0, -1), (-1, 0))]
        around = [(v, u) for v, u in around if 0 <= v < height and 0 <= u < width]
        for v, u in around:
            matrix[y * width + x, v * width + u] = -1 / len(around)
    right = edge.double().masked_fill(hole, 0).flatten(1).T
    return torch.linalg.solve(matrix, right).T.view(edge.shape).masked_fill(~hole, 0).float()


@pytest.mark.parametrize("name", HOLES)
def test_the_membrane_solves_laplaces_equation(name: str, generator: torch.Generator) -> None:
    hole, edge = HOLES[name][0, 0], torch.rand(3, SIZE, SIZE, generator=generator) - 0.5
    assert torch.allclose(membrane(edge, hole), solved(edge, hole), atol=1e-5)


def test_a_reconstruction_that_is_off_by_one_shade_comes_out_right(generator: torch.Generator) -> None:
    """The whole point: gradients are kept, and the shade is that of the surroundings."""
    image = 0.3 + 0.4 * torch.rand(2, 3, SIZE, SIZE, generator=generator)
    hidden = torch.cat([HOLES["a box in the corner"], HOLES["a stroke"]])
    given = masks.hide(image, hidden)
    off = image + torch.tensor([0.2, -0.1, 0.05]).view(1, 3, 1, 1)
    smooth = smooth_seam(given, off, hidden)
    assert torch.allclose(smooth[hidden.expand_as(smooth)], image[hidden.expand_as(image)], atol=1e-5)
    assert torch.equal(smooth.masked_select(~hidden), off.masked_select(~hidden))


@pytest.mark.parametrize("share", [False, True])
def test_nothing_or_everything_hidden_changes_nothing(share: bool, generator: torch.Generator) -> None:
    given, reconstruction = torch.rand(2, 1, 3, SIZE, SIZE, generator=generator)
    hidden = torch.full((1, 1, SIZE, SIZE), share)
    assert torch.equal(smooth_seam(given, reconstruction, hidden), reconstruction)


def test_the_result_stays_a_picture() -> None:
    hidden = HOLES["a box"]
    given, white = torch.ones(1, 3, SIZE, SIZE).masked_fill(hidden, 0), torch.full((1, 3, SIZE, SIZE), 0.2)
    white[..., 9, 8] = 1.0
    smooth = smooth_seam(given, white, hidden)
    assert smooth.min() >= 0 and smooth.max() == 1
