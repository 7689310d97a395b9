"""How good is a reconstruction? Plain figures, inside the hole first.

Images are float32 (N, C, H, W) in [0, 1]; `hidden` is bool (N or 1, 1, H, W), True inside the hole.
Functions return one number per image, shape (N,), unless they say otherwise; take the mean yourself.
"""

from functools import lru_cache

import torch
from torch import Tensor


def mse(image: Tensor, reference: Tensor) -> Tensor:
    """Mean squared error over all pixels and channels -> (N,)."""
    return (image - reference).square().flatten(1).mean(1)


def psnr(error: Tensor) -> Tensor:
    """Peak signal-to-noise ratio in dB of a mean squared error, peak 1; infinite for an error of 0.

    For a set of pictures give it the *mean* error: the mean of decibels is another, higher number.
    """
    return -10 * torch.log10(error)


def hole_mse(image: Tensor, reference: Tensor, hidden: Tensor) -> Tensor:
    """Mean squared error over the hidden pixels -> (N,); NaN where nothing is hidden."""
    return _hole_mean((image - reference).square().mean(1, keepdim=True), hidden)


def _hole_mean(values: Tensor, hidden: Tensor) -> Tensor:
    """(N, 1, H, W) -> (N,): mean over the hidden pixels."""
    hidden = hidden.expand_as(values)
    return (values * hidden).flatten(1).sum(1) / hidden.flatten(1).sum(1)


def ssim_map(image: Tensor, reference: Tensor) -> Tensor:
    """Structural similarity around every pixel, mean over channels -> (N, 1, H, W).

    Wang, Bovik, Sheikh, Simoncelli (2004): 11x11 Gaussian window of sigma 1.5, K1 = 0.01, K2 = 0.03, range 1;
    mirrored edges. Equals scikit-image's `structural_similarity(gaussian_weights=True,
    use_sample_covariance=False, data_range=1, full=True)`.
    """
    c1, c2 = 0.01**2, 0.03**2
    mean_x, mean_y = _blur(image), _blur(reference)
    var_x = _blur(image * image) - mean_x * mean_x
    var_y = _blur(reference * reference) - mean_y * mean_y
    covariance = _blur(image * reference) - mean_x * mean_y
    top = (2 * mean_x * mean_y + c1) * (2 * covariance + c2)
    bottom = (mean_x * mean_x + mean_y * mean_y + c1) * (var_x + var_y + c2)
    return (top / bottom).mean(1, keepdim=True)


def _blur(image: Tensor) -> Tensor:
    """Gaussian window of sigma 1.5 cut at radius 5, edges mirrored with the edge pixel repeated.

    As two matrix products, down and across: four times as fast on a CPU as a convolution channel by channel.
    """
    down, across = (_window(length).to(image) for length in image.shape[2:])
    return down @ image @ across.T


@lru_cache(maxsize=8)
@torch.inference_mode(False)  # or a window first made for an evaluation could never serve a loss
def _window(length: int) -> Tensor:
    """The window around every position of a line, mirrored back at its ends -> (length, length), rows add up to 1."""
    offsets = torch.arange(-5, 6)
    weight = torch.exp(-0.5 * (offsets / 1.5).double() ** 2)
    rows = torch.arange(length).view(-1, 1)
    columns = rows + offsets  # (length, 11)
    columns = torch.where(columns < 0, -1 - columns, columns)
    columns = torch.where(columns >= length, 2 * length - 1 - columns, columns)
    window = torch.zeros(length, length, dtype=torch.double)
    window.index_put_(
        (rows.expand_as(columns), columns), (weight / weight.sum()).expand(columns.shape), accumulate=True
    )
    return window


def ssim(image: Tensor, reference: Tensor) -> Tensor:
    """Mean of `ssim_map` without a 5-pixel edge, as scikit-image's headline value has it -> (N,)."""
    return ssim_map(image, reference)[:, :, 5:-5, 5:-5].flatten(1).mean(1)


def hole_ssim(image: Tensor, reference: Tensor, hidden: Tensor) -> Tensor:
    """Mean of `ssim_map` over the hidden pixels -> (N,); compare composites, or the blurred surroundings leak in."""
    return _hole_mean(ssim_map(image, reference), hidden)


def largest_channel_agreement(image: Tensor, reference: Tensor) -> Tensor:
    """Share of pixels whose largest colour channel is the right one -> (N,).

    This is what Keras's string "accuracy" means for a picture (categorical accuracy over the last axis), and so
    what the article's "accuracy 85.10 %" says. It is no measure of how good a reconstruction looks. Ties go to the
    first channel, as with Keras's argmax.
    """
    return (_largest_channel(image) == _largest_channel(reference)).flatten(1).float().mean(1)


def _largest_channel(image: Tensor) -> Tensor:
    """(N, C, H, W) -> (N, H, W): number of the first largest channel. `argmax` over so few is ten times slower."""
    found = torch.zeros_like(image[:, 0], dtype=torch.uint8)
    largest = image[:, 0]
    for number in range(1, image.shape[1]):
        found.masked_fill_(image[:, number] > largest, number)
        largest = torch.maximum(largest, image[:, number])
    return found


def sharpness(image: Tensor, reference: Tensor, hidden: Tensor) -> Tensor:
    """Gradient energy inside the hole over the truth's -> (N,): 1 is as sharp as the photograph, 0 is flat.

    Only differences between two hidden neighbours count, so that a hard edge of the hole does not pass for detail.
    """
    return _gradient_energy(image, hidden) / _gradient_energy(reference, hidden).clamp_min(1e-12)


def set_sharpness(image: Tensor, reference: Tensor, hidden: Tensor) -> Tensor:
    """Gradient energy inside all holes together over the truth's, one number: `sharpness` for a set of pictures.

    The mean of `sharpness` over the set is another, higher number, ruled by holes over flat skin or background, where
    the truth has next to no gradient and the ratio is large whatever is painted.
    """
    hidden = hidden.expand(len(image), -1, -1, -1)
    return _gradient_energy(image, hidden).sum() / _gradient_energy(reference, hidden).sum().clamp_min(1e-12)


def _gradient_energy(image: Tensor, hidden: Tensor) -> Tensor:
    across = (image[..., 1:] - image[..., :-1]).square() * (hidden[..., 1:] & hidden[..., :-1])
    down = (image[..., 1:, :] - image[..., :-1, :]).square() * (hidden[..., 1:, :] & hidden[..., :-1, :])
    return across.flatten(1).sum(1) + down.flatten(1).sum(1)
