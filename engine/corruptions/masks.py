"""Holes: boxes and brush strokes become a *hidden* mask, bool (N, 1, H, W), True where the network must not look.

One place, used by training, evaluation and the app alike. Every random draw takes a `torch.Generator`, so the same
seed gives the same mask.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch import Tensor

from engine.problem import Problem

Box = tuple[int, int, int, int]  # left, top, width, height in whole pixels
Line = tuple[float, Sequence[tuple[float, float]]]  # width and the points (x, y) of one brush stroke, in pixels
ARTICLE_SIDE = 28  # the article hides one 28x28 box of a 128x128 face
AT_ONCE = 16  # segments of a stroke: few enough to lie close together, so that the window around them stays small
FEATURES: dict[str, Box] = {  # where a 128x128 face in FFHQ framing has them, read off the mean of the 438 test faces;
    "left eye": (34, 49, 27, 20),  # left and right as seen
    "right eye": (67, 49, 27, 20),
    "both eyes": (33, 49, 62, 20),
    "nose": (52, 62, 24, 24),
    "mouth": (44, 84, 40, 22),
}


def hide(images: Tensor, hidden: Tensor) -> Tensor:
    """Paint the hidden part black: images (N, C, H, W) in [0, 1], hidden bool (N or 1, 1, H, W).

    `masked_fill` rather than a product: 0 * NaN is NaN, and a hidden pixel must never reach the network.
    """
    check_mask(images, hidden)
    return images.masked_fill(hidden, 0.0)


def check_mask(images: Tensor, hidden: Tensor) -> None:
    """Raise `Problem` unless `hidden` is a bool mask (N or 1, 1, H, W) that fits `images`."""
    fits = hidden.dtype == torch.bool and hidden.dim() == 4 and hidden.shape[1] == 1
    if not fits or hidden.shape[2:] != images.shape[2:] or hidden.shape[0] not in (1, images.shape[0]):
        raise Problem(
            f"The mask ({tuple(hidden.shape)}, {hidden.dtype}) does not fit the picture {tuple(images.shape)}:"
            " draw it on this picture, or load the mask that belongs to it."
        )


def box_mask(boxes: Sequence[Box], size: int = 128) -> Tensor:
    """Boxes (left, top, width, height) -> hidden (1, 1, size, size).

    A negative width or height is a box drawn right to left or upwards; what lies beyond the edge is cut off.
    Raises `Problem` for a box without any pixel inside the picture.
    """
    hidden = torch.zeros(1, 1, size, size, dtype=torch.bool)
    for x, y, width, height in boxes:
        left, right = sorted((x, x + width))
        top, bottom = sorted((y, y + height))
        left, top, right, bottom = max(left, 0), max(top, 0), min(right, size), min(bottom, size)
        if left >= right or top >= bottom:
            raise Problem(
                f"The box {x},{y},{width},{height} covers no pixel of the {size}x{size} picture:"
                " give left, top, width and height of at least one pixel inside it."
            )
        hidden[:, :, top:bottom, left:right] = True
    return hidden


def box_around(hidden: Tensor) -> Box:
    """The smallest box (left, top, width, height) that holds the hidden part of one mask (1, 1, H, W)."""
    rows, columns = hidden[0, 0].any(1).nonzero().flatten(), hidden[0, 0].any(0).nonzero().flatten()
    if len(rows) == 0:
        raise Problem("Nothing is hidden, so there is no box around it: hide a part first.")
    left, top = int(columns[0]), int(rows[0])
    return left, top, int(columns[-1]) - left + 1, int(rows[-1]) - top + 1


def random_boxes(
    n: int,
    size: int = 128,
    *,
    count: tuple[int, int] = (1, 1),
    side: tuple[int, int] = (ARTICLE_SIDE, ARTICLE_SIDE),
    generator: torch.Generator,
) -> Tensor:
    """Boxes at random places, wholly inside the picture -> hidden (n, 1, size, size).

    `count` and `side` are inclusive ranges of boxes a picture and of width and height in pixels.
    The defaults are the article's corruption: one 28x28 box. Raises `Problem` for a range that no box can fill.
    """
    if not (0 <= count[0] <= count[1] and 1 <= side[0] <= side[1] <= size):
        raise Problem(
            f"Boxes of {side[0]} to {side[1]} pixels, {count[0]} to {count[1]} a picture, do not fit a {size}x{size}"
            f" picture: give a side of 1 to {size} pixels."
        )
    device = generator.device
    most = count[1]
    shape = (n, most, 1, 1)
    amount = torch.randint(count[0], most + 1, (n, 1, 1, 1), generator=generator, device=device)
    width, height = (torch.randint(side[0], side[1] + 1, shape, generator=generator, device=device) for _ in range(2))
    left = (torch.rand(shape, generator=generator, device=device) * (size + 1 - width)).long()
    top = (torch.rand(shape, generator=generator, device=device) * (size + 1 - height)).long()
    across = torch.arange(size, device=device)
    columns = (across >= left) & (across < left + width)  # (n, most, 1, size)
    down = across.view(-1, 1)
    rows = (down >= top) & (down < top + height)  # (n, most, size, 1)
    drawn = torch.arange(most, device=device).view(1, most, 1, 1) < amount
    return (rows & columns & drawn).any(dim=1, keepdim=True)


def stroke_mask(lines: Sequence[Line], size: int = 128) -> Tensor:
    """Brush strokes -> hidden (1, 1, size, size): every pixel whose centre lies within half a width of the line."""
    hidden = torch.zeros(size, size, dtype=torch.bool)
    for width, points in lines:
        path = torch.tensor(points, dtype=torch.float32).view(-1, 2)
        if len(path) == 0 or width <= 0 or not torch.isfinite(path).all() or not math.isfinite(width):
            raise Problem("A brush stroke needs a width above zero and at least one point: draw it again.")
        starts, ends = (path, path) if len(path) == 1 else (path[:-1], path[1:])
        for start, end in zip(starts.split(AT_ONCE), ends.split(AT_ONCE), strict=True):
            both = torch.cat([start, end])
            left, top = (both.amin(0) - width / 2).floor().clamp(0, size).long().tolist()
            right, bottom = (both.amax(0) + width / 2).ceil().clamp(0, size).long().tolist()
            x = torch.arange(left, right) + 0.5 - start[:, 0].view(-1, 1, 1)  # (segments, 1, columns)
            y = (torch.arange(top, bottom) + 0.5).view(-1, 1) - start[:, 1].view(-1, 1, 1)  # (segments, rows, 1)
            dx, dy = (end - start).view(-1, 2, 1, 1).unbind(1)
            along = ((x * dx + y * dy) / (dx * dx + dy * dy).clamp_min(1e-12)).clamp(0, 1)
            near = (x - along * dx) ** 2 + (y - along * dy) ** 2 <= (width / 2) ** 2
            hidden[top:bottom, left:right] |= near.any(0)
    return hidden.view(1, 1, size, size)


def shape_mask(shapes: Sequence[Mapping[str, Any]], size: int = 128) -> Tensor:
    """Shapes as a page or a session file keeps them -> hidden (1, 1, size, size); no shapes, nothing hidden.

    A shape is {"box": [x, y, width, height]}, {"boxes": [box, ...]}, {"stroke": {"width": w, "points": [[x, y], ...]}}
    or {"erase": {...}} like a stroke, in pixels. They lie on each other in their order: what is erased is shown, and
    what comes after it may hide it again.
    """
    hidden = torch.zeros(1, 1, size, size, dtype=torch.bool)
    for shape in shapes:
        if "erase" in shape:
            hidden &= ~stroke_mask([(shape["erase"]["width"], shape["erase"]["points"])], size)
        elif "stroke" in shape:
            hidden |= stroke_mask([(shape["stroke"]["width"], shape["stroke"]["points"])], size)
        else:
            hidden |= box_mask([tuple(box) for box in (*shape.get("boxes", ()), shape.get("box")) if box], size)
    return hidden


def random_strokes(
    n: int,
    size: int = 128,
    *,
    count: tuple[int, int] = (1, 3),
    width: tuple[float, float] = (6.0, 20.0),
    joints: int = 4,
    generator: torch.Generator,
) -> Tensor:
    """Random brush strokes as a hand draws them -> hidden (n, 1, size, size).

    Each stroke starts anywhere and takes `joints` steps of 6 to 25 % of the picture, turning by at most about 60
    degrees: a plain form of the free-form masks of Yu et al., "Free-Form Image Inpainting with Gated Convolution".
    """
    device = generator.device

    def uniform(low: float, high: float) -> Tensor:
        return low + (high - low) * torch.rand(n, generator=generator, device=device)

    amount = torch.randint(count[0], count[1] + 1, (n, 1, 1), generator=generator, device=device)
    hidden = torch.zeros(n, size, size, dtype=torch.bool, device=device)
    for stroke in range(count[1]):
        point = torch.stack((uniform(0, size), uniform(0, size)), dim=1)
        angle, thickness = uniform(0, 2 * math.pi), uniform(*width)
        for _ in range(joints):
            angle = angle + uniform(-1.0, 1.0)
            step = uniform(0.06 * size, 0.25 * size)
            end = point + step.unsqueeze(1) * torch.stack((angle.cos(), angle.sin()), dim=1)
            end = end.clamp(0, size)
            hidden |= _near_segment(point, end, thickness, size) & (stroke < amount)
            point = end
    return hidden.unsqueeze(1)


def _near_segment(start: Tensor, end: Tensor, width: Tensor, size: int) -> Tensor:
    """(N, 2), (N, 2), (N,) -> bool (N, size, size): pixel centres within width / 2 of the segment."""
    return squared_distance(start, end, size) <= (width.view(-1, 1, 1) / 2) ** 2


def squared_distance(start: Tensor, end: Tensor, size: int) -> Tensor:
    """(N, 2), (N, 2) -> (N, size, size): from each pixel's centre to the segment, squared, in pixels."""
    centres = torch.arange(size, device=start.device) + 0.5
    x, y = centres.view(1, 1, -1), centres.view(1, -1, 1)
    (ax, ay), (bx, by) = (p.view(-1, 2, 1, 1).unbind(1) for p in (start, end))
    dx, dy = bx - ax, by - ay
    along = ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy).clamp_min(1e-12)
    along = along.clamp(0, 1)
    return (x - ax - along * dx) ** 2 + (y - ay - along * dy) ** 2
