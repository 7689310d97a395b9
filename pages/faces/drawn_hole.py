"""What is hidden on the faces page: drawn by hand, by the name of a part, or at random; kept for the session."""

import torch

from engine.corruptions import masks
from engine.corruptions.masks import Box
from engine.corruptions.shapes import Shape
from pages.faces.state import FacesState
from pages.parts.state import state_of

HOLES: dict[str, Box] = masks.FEATURES | {"centre": (32, 32, 64, 64), "left half": (0, 0, 64, 128)}


def keep(shapes: list[Shape], drawn_seed: int | None) -> None:
    """Remember what the visitor has drawn; a seed only if its box is what lies there."""
    state = state_of(FacesState)
    state.drawn, state.seed = shapes, None
    if drawn_seed is not None and shapes == [{"box": list(random_box(drawn_seed))}]:
        state.seed, state.seeds_used = drawn_seed, state.seeds_used + (drawn_seed == next_seed())


def draw(shapes: list[Shape], drawn_seed: int | None = None) -> None:
    """Replace what lies on the face, in a callback; drawn_seed: that of the random box, where it is one."""
    keep(shapes, drawn_seed)
    state_of(FacesState).turn += 1


def next_seed() -> int:
    """The seed of the next random box; it counts up, so that a box can be named."""
    return state_of(FacesState).seeds_used + 1


def random_box(number: int) -> Box:
    """The article's corruption: one 28x28 box anywhere, from that seed."""
    return masks.box_around(masks.random_boxes(1, generator=torch.Generator().manual_seed(number)))
