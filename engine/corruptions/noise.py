"""Noise on images (N, C, H, W) in [0, 1], of a strength from 0 to 1; the same seed gives the same noise."""

from collections.abc import Callable

import torch
from torch import Tensor

from engine.corruptions.masks import squared_distance
from engine.problem import Problem


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
    first, second = (squared_distance(points[i], points[i + 1], images.shape[-1]) for i in (0, 1))
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
        raise Problem("The noise {name} must be a finite number of at least 0: choose one with the slider.", name=name)
    return value.view(-1, 1, 1, 1)
