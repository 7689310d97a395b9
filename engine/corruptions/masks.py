"""Holes: boxes and brush strokes become a *hidden* mask, bool (N, 1, H, W), True where the network must not look.

One place, used by training, evaluation and the app alike. Every random draw takes a `torch.Generator`, so the same
seed gives the same mask.
"""

import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor

from engine.problem import Problem

Box = tuple[int, int, int, int]  # left, top, width, height in whole pixels
Line = tuple[float, Sequence[tuple[float, float]]]  # width and the points (x, y) of one brush stroke, in pixels
ARTICLE_SIDE = 28  # the article hides one 28x28 box of a 128x128 face
AT_ONCE = 128  # segments whose runs are computed together
HALF = np.float32(0.5)  # from the edge of a pixel to its centre
TOUCH = np.float32(1e-4)  # pixels: a centre that lies on the very edge is within it, whichever way it was rounded
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
    corners = np.zeros((size + 1, size + 1), np.int32)  # 1 where a box begins, -1 beyond it: summed up, it is a box
    for x, y, width, height in boxes:
        left, right = sorted((x, x + width))
        top, bottom = sorted((y, y + height))
        left, top, right, bottom = max(left, 0), max(top, 0), min(right, size), min(bottom, size)
        if left >= right or top >= bottom:
            raise Problem(
                f"The box {x},{y},{width},{height} covers no pixel of the {size}x{size} picture:"
                " give left, top, width and height of at least one pixel inside it."
            )
        corners[top, left] += 1
        corners[bottom, right] += 1
        corners[top, right] -= 1
        corners[bottom, left] -= 1
    return torch.from_numpy(corners.cumsum(0).cumsum(1)[:size, :size] > 0).view(1, 1, size, size)


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
    """Brush strokes -> hidden (1, 1, size, size): every pixel whose centre lies within half a width of the line.

    A segment with its round ends is convex, so a row of pixels meets it in one run at most. Where each run begins and
    ends has a closed form: the cost is segments x rows, however wide the brush.
    """
    begins = np.zeros(size * (size + 1), np.int64)  # 1 where a run begins, -1 beyond it
    for start, end, radius in _segments(lines):
        top = max(0, math.floor(min(start[:, 1].min(), end[:, 1].min()) - radius.max()))
        bottom = min(size, math.ceil(max(start[:, 1].max(), end[:, 1].max()) + radius.max()))
        left, right = _runs(start, end, radius, np.arange(top, bottom, dtype=np.float32) + HALF)
        row = np.broadcast_to(np.arange(top, bottom) * (size + 1), left.shape)
        met = ~np.isnan(left)
        first = np.ceil(left[met] - (HALF + TOUCH)).clip(0, size).astype(np.int64)
        beyond = np.floor(right[met] + (HALF + TOUCH)).clip(0, size).astype(np.int64)
        begins += np.bincount(row[met] + first, minlength=len(begins))
        begins -= np.bincount(row[met] + np.maximum(first, beyond), minlength=len(begins))
    covered = begins.reshape(size, size + 1).cumsum(1)[:, :size] > 0
    return torch.from_numpy(covered).view(1, 1, size, size)


def _segments(lines: Sequence[Line]) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """Starts (S, 2), ends (S, 2) and radii (S,) of segments, at most `AT_ONCE` of one line; a point is one, too."""
    for width, points in lines:
        path = np.array(points, np.float32).reshape(-1, 2)
        if len(path) == 0 or width <= 0 or not np.isfinite(path).all() or not math.isfinite(width):
            raise Problem("A brush stroke needs a width above zero and at least one point: draw it again.")
        starts, ends = (path, path) if len(path) == 1 else (path[:-1], path[1:])
        for at in range(0, len(starts), AT_ONCE):
            start = starts[at : at + AT_ONCE]
            yield start, ends[at : at + AT_ONCE], np.full(len(start), width / 2, np.float32)


def _runs(start: np.ndarray, end: np.ndarray, radius: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Where rows at heights y (R,) enter and leave segments with round ends, (S, R) each; NaN where they do not meet.

    The hull of three runs: through the discs at both ends and through the strip between them, whose four edges bound x.
    Division by zero and the root of a negative number are meant: what they give says that an edge bounds nothing, or
    that a row passes by.
    """
    ax, ay, bx, by = (side[:, None] for side in (*start.T, *end.T))
    dx, dy, r = bx - ax, by - ay, radius[:, None]
    length = np.hypot(dx, dy)
    down = y - ay
    with np.errstate(invalid="ignore", divide="ignore"):
        chords = np.sqrt(r * r - down * down), np.sqrt(r * r - (y - by) ** 2)
        left, right = np.fmin(ax - chords[0], bx - chords[1]), np.fmax(ax + chords[0], bx + chords[1])
        along = -down * dy / dx, (length * length - down * dy) / dx  # from one end of the strip to the other
        across = (down * dx - r * length) / dy, (down * dx + r * length) / dy  # from one side to the other
        enters = ax + np.fmax(np.fmin(*along), np.fmin(*across))
        leaves = ax + np.fmin(np.fmax(*along), np.fmax(*across))
        strip = enters <= leaves
        left = np.where(strip, np.fmin(left, enters), left)
        right = np.where(strip, np.fmax(right, leaves), right)
    return left, right


def shape_mask(shapes: Sequence[Mapping[str, Any]], size: int = 128) -> Tensor:
    """Shapes as a page or a session file keeps them -> hidden (1, 1, size, size); no shapes, nothing hidden.

    A shape is {"box": [x, y, width, height]}, {"boxes": [box, ...]}, {"stroke": {"width": w, "points": [[x, y], ...]}}
    or {"erase": {...}} like a stroke, in pixels. They lie on each other in their order: what is erased is shown, and
    what comes after it may hide it again.
    """
    hidden = torch.zeros(1, 1, size, size, dtype=torch.bool)
    for kind, some in itertools.groupby(shapes, _kind):
        if kind == "boxes":
            boxes = [tuple(box) for one in some for box in (*one.get("boxes", ()), one.get("box")) if box]
            hidden |= box_mask(boxes, size)
            continue
        drawn = stroke_mask([(one[kind]["width"], one[kind]["points"]) for one in some], size)
        hidden = hidden & ~drawn if kind == "erase" else hidden | drawn
    return hidden


def _kind(shape: Mapping[str, Any]) -> str:
    return next((kind for kind in ("erase", "stroke") if kind in shape), "boxes")


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
