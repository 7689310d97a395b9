"""What is done to a picture before the network sees it: black boxes, brush strokes and noise.

One place, used by training, evaluation and the app alike. A *hidden* mask is bool (N, 1, H, W), True where the
network must not look. Every random draw takes a `torch.Generator`, so the same seed gives the same picture.
"""

import math
from collections.abc import Callable, Mapping, Sequence
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


# ---------------------------------------------------------------- hidden parts


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

    A shape is {"box": [x, y, width, height]}, {"boxes": [box, ...]} or {"stroke": {"width": w, "points": [[x, y],
    ...]}}, in pixels.
    """
    boxes = [tuple(box) for shape in shapes for box in (*shape.get("boxes", ()), shape.get("box")) if box]
    lines = [(shape["stroke"]["width"], shape["stroke"]["points"]) for shape in shapes if "stroke" in shape]
    return box_mask(boxes, size) | stroke_mask(lines, size)


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
    return _squared_distance(start, end, size) <= (width.view(-1, 1, 1) / 2) ** 2


def _squared_distance(start: Tensor, end: Tensor, size: int) -> Tensor:
    """(N, 2), (N, 2) -> (N, size, size): from each pixel's centre to the segment, squared, in pixels."""
    centres = torch.arange(size, device=start.device) + 0.5
    x, y = centres.view(1, 1, -1), centres.view(1, -1, 1)
    (ax, ay), (bx, by) = (p.view(-1, 2, 1, 1).unbind(1) for p in (start, end))
    dx, dy = bx - ax, by - ay
    along = ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy).clamp_min(1e-12)
    along = along.clamp(0, 1)
    return (x - ax - along * dx) ** 2 + (y - ay - along * dy) ** 2


# ---------------------------------------------------------------- noise


def gaussian_noise(images: Tensor, sigma: float | Tensor, generator: torch.Generator) -> Tensor:
    """Add N(0, sigma^2) to every pixel and clip to [0, 1]; `sigma` is one number or one per image (N,)."""
    strength = _per_image(images, sigma, "sigma")
    noise = torch.randn(images.shape, generator=generator, device=images.device)
    return (images + strength * noise).clamp(0, 1)


def salt_and_pepper(images: Tensor, amount: float | Tensor, generator: torch.Generator) -> Tensor:
    """Turn the share `amount` (0 to 1, one number or one per image) of the pixels black or white, half each."""
    share = _per_image(images, amount, "amount").clamp(max=1)
    n, _, height, width = images.shape
    draw = torch.rand(n, 1, height, width, generator=generator, device=images.device)
    images = torch.where(draw < share / 2, torch.zeros_like(images), images)
    return torch.where(draw > 1 - share / 2, torch.ones_like(images), images)


def erase_box(images: Tensor, share: float | Tensor, generator: torch.Generator) -> Tensor:
    """Paint the share `share` of the picture black: one square around a point drawn in the middle half."""
    n, _, height, width = images.shape
    point = 0.25 + 0.5 * torch.rand(2, n, 1, 1, generator=generator, device=images.device)
    across = (torch.arange(width, device=images.device) + 0.5 - width * point[0]).abs()  # (N, 1, W)
    down = (torch.arange(height, device=images.device) + 0.5 - height * point[1]).abs()  # (N, 1, H)
    return _erase_nearest(images, share, torch.maximum(across, down.transpose(1, 2)))


def erase_stroke(images: Tensor, share: float | Tensor, generator: torch.Generator) -> Tensor:
    """Paint the share `share` of the picture black along one bent line of three points: a brush that grows thicker."""
    points = images.shape[-1] * torch.rand(
        3, len(images), 2, generator=generator, device=images.device, dtype=images.dtype
    )
    first, second = (_squared_distance(points[i], points[i + 1], images.shape[-1]) for i in (0, 1))
    return _erase_nearest(images, share, torch.minimum(first, second))


def stripes(images: Tensor, strength: float | Tensor, generator: torch.Generator) -> Tensor:
    """Add `strength` to two of every four rows, from a row drawn for each image, and clip."""
    value, n = _per_image(images, strength, "strength"), len(images)
    rows = torch.arange(images.shape[2], device=images.device).view(1, 1, -1, 1)
    start = torch.randint(4, (n, 1, 1, 1), generator=generator, device=images.device)
    return (images + value * ((rows + start) % 4 < 2)).clamp(0, 1)


def blur(images: Tensor, strength: float | Tensor, generator: torch.Generator | None = None) -> Tensor:
    """Gaussian blur with a standard deviation of 4 * `strength` pixels; nothing is drawn. Black beyond the edge."""
    sigma = 4 * _per_image(images, strength, "strength").clamp(min=1e-4).view(-1, 1)
    offsets = torch.arange(-12, 13, device=images.device, dtype=images.dtype)
    window = torch.exp(-0.5 * (offsets / sigma) ** 2).expand(len(images), -1)
    window = (window / window.sum(1, keepdim=True)).repeat_interleave(images.shape[1], 0)  # (N * C, 25)
    flat = images.reshape(1, -1, *images.shape[2:])
    for kernel in (window[:, None, :, None], window[:, None, None, :]):
        padding = (kernel.shape[2] // 2, kernel.shape[3] // 2)
        flat = torch.nn.functional.conv2d(flat, kernel, padding=padding, groups=flat.shape[1])
    return flat.view(images.shape).clamp(0, 1)


def inversion(images: Tensor, strength: float | Tensor, generator: torch.Generator | None = None) -> Tensor:
    """From the picture (0) over flat grey (0.5) to its negative (1); nothing is drawn."""
    return torch.lerp(images, 1 - images, _per_image(images, strength, "strength").clamp(max=1))


def grey(images: Tensor, generator: torch.Generator | None = None) -> Tensor:
    """Colour (N, 3, H, W) -> luminance (N, 1, H, W), weighted as JPEG does (BT.601); nothing is drawn."""
    return (images * images.new_tensor([0.299, 0.587, 0.114]).view(1, 3, 1, 1)).sum(1, keepdim=True)


# Each takes images, a strength from 0 (none) to 1 (the worst there is) and a generator.
NOISES: dict[str, Callable[[Tensor, float, torch.Generator], Tensor]] = {
    "Gaussian": gaussian_noise,
    "Salt and pepper": salt_and_pepper,
    "Erased box": erase_box,
    "Erased stroke": erase_stroke,
    "Stripes": stripes,
    "Blur": blur,
    "Inversion": inversion,
}
STRENGTHS: dict[str, str] = {  # what the strength of each noise means
    "Gaussian": "Standard deviation σ",
    "Salt and pepper": "Share of the pixels",
    "Erased box": "Share of the picture",
    "Erased stroke": "Share of the picture",
    "Stripes": "Brightness of the stripes",
    "Blur": "Standard deviation σ, in units of 4 pixels",
    "Inversion": "Share of the negative",
}
NEVER_TRAINED_ON = ("Stripes", "Blur", "Inversion")  # by any network here: to see them fail


def _erase_nearest(images: Tensor, share: float | Tensor, away: Tensor) -> Tensor:
    """Paint black the share of pixels with the smallest distance `away` (N, H, W): a larger share only adds to them."""
    share = _per_image(images, share, "share").clamp(max=1).view(-1, 1, 1)
    rank = away.flatten(1).argsort(dim=1, stable=True).argsort(dim=1).view(away.shape)
    return images.masked_fill((rank < (share * away.shape[1:].numel()).round()).unsqueeze(1), 0.0)


def _per_image(images: Tensor, strength: float | Tensor, name: str) -> Tensor:
    value = torch.as_tensor(strength, dtype=images.dtype, device=images.device)
    if not torch.isfinite(value).all() or (value < 0).any():
        raise Problem(f"The noise {name} must be a finite number of at least 0: choose one with the slider.")
    return value.view(-1, 1, 1, 1)


# ---------------------------------------------------------------- by name, for recipes and evaluation

Corruption = Callable[[Tensor, torch.Generator], Tensor]  # images -> what the network is given


def _article_box(images: Tensor, generator: torch.Generator) -> Tensor:
    size = images.shape[-1]
    side = ARTICLE_SIDE * size // 128  # in proportion, where the faces are not 128x128
    return hide(images, random_boxes(len(images), size, side=(side, side), generator=generator))


def _gaussian_range(images: Tensor, generator: torch.Generator) -> Tensor:
    sigma = 0.8 * torch.rand(len(images), generator=generator, device=images.device)
    return gaussian_noise(images, sigma, generator)


def _all_noises(images: Tensor, generator: torch.Generator) -> Tensor:
    """Half of a batch Gaussian, a sixth each salt and pepper, erased boxes and erased strokes; of every strength."""
    given, kinds = images.clone(), (gaussian_noise,) * 3 + (salt_and_pepper, erase_box, erase_stroke)
    for first, (kind, most) in enumerate(zip(kinds, (1.0, 1.0, 1.0, 0.8, 0.4, 0.4), strict=True)):
        part = images[first :: len(kinds)]
        strength = most * torch.rand(len(part), generator=generator, device=images.device)
        given[first :: len(kinds)] = kind(part, strength, generator)
    return given


def _visitor_holes(images: Tensor, generator: torch.Generator) -> Tensor:
    """What a visitor hides, and the mask as one more channel (N, C + 1, H, W).

    Of twelve pictures seven have one to four boxes, four have brush strokes and one has a single large box.
    """
    n, size = len(images), images.shape[-1]
    hidden = random_boxes(n, size, count=(1, 4), side=(size // 16, size // 3), generator=generator)
    hidden[::3] = random_strokes(len(hidden[::3]), size, generator=generator)
    hidden[1::12] = random_boxes(len(hidden[1::12]), size, side=(size // 3, 3 * size // 4), generator=generator)
    return torch.cat([hide(images, hidden), hidden.float()], dim=1)


CORRUPTIONS: dict[str, Corruption] = {
    "none": lambda images, generator: images,
    "grey": grey,
    "all noises": _all_noises,
    "article box": _article_box,  # one black 28x28 box
    "visitor holes": _visitor_holes,  # boxes of many sizes and brush strokes; the mask is one more channel
    "gaussian 0-0.8": _gaussian_range,  # sigma ~ U(0, 0.8), one for each image
}
