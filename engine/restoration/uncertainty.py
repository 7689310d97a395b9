"""Where is a method guessing? How much its answers differ when the question changes a little.

The same face is asked for again and again: mirrored, shifted by two pixels, with a slightly larger hole. What the
visible part determines comes out the same each time; what is guessed does not. The reverse does not hold: a method that
falls back on the mean face, as the article's autoencoder does under a large hole, agrees with itself.

Test-time augmentation as a measure of uncertainty: Wang et al., "Aleatoric uncertainty estimation with test-time
augmentation for medical image segmentation with convolutional neural networks" (2019).
"""

import torch
import torch.nn.functional as F
from torch import Tensor

from engine.corruptions.masks import check_mask, hide
from engine.restoration import methods

STEP = 2  # pixels: of a shift, and by which a hole grows to every side
CHANGES = (  # mirrored?, shift across and down, growth of the hole
    (False, (0, 0), 0),
    (False, (0, 0), STEP),
    (False, (STEP, 0), 0),
    (False, (0, STEP), 0),
    (True, (0, 0), 0),
    (True, (0, 0), STEP),
    (True, (STEP, 0), 0),
    (True, (0, -STEP), 0),
)


def answers(image: Tensor, hidden: Tensor, method: str) -> Tensor:
    """Composites of one image (1, 3, H, W) and its mask (1, 1, H, W), one for each of `CHANGES`, the first unchanged.

    -> (8, 3, H, W), each turned and shifted back to where the picture lies; all equal outside the hole. Raises
    `Problem` as `restoration.restore` does.
    """
    check_mask(image, hidden)
    given = hide(image, hidden)  # before anything else: no hidden pixel may be shifted out from under the mask
    holes = {growth: F.max_pool2d(hidden.float(), 2 * growth + 1, 1, growth) for growth in (0, STEP)}
    asked = torch.cat([_change(given, mirrored, shift) for mirrored, shift, _ in CHANGES])
    masks = torch.cat([_change(holes[growth], mirrored, shift) for mirrored, shift, growth in CHANGES]) > 0
    found = methods.restore(asked, masks, method).reconstruction.split(1)
    back = [_change_back(one, mirrored, shift) for one, (mirrored, shift, _) in zip(found, CHANGES, strict=True)]
    return methods.composite(given, torch.cat(back), hidden)


def spread(image: Tensor, hidden: Tensor, method: str) -> Tensor:
    """Standard deviation of the `answers` at every pixel, mean over colours -> (1, 1, H, W); 0 outside the hole."""
    deviation = answers(image, hidden, method).std(0, correction=0).mean(0)
    return deviation.masked_fill(~hidden[0, 0], 0)[None, None]  # exactly: a mean of equal numbers may be off by 1e-8


def _change(image: Tensor, mirrored: bool, shift: tuple[int, int]) -> Tensor:
    return _shift(image.flip(3) if mirrored else image, *shift)


def _change_back(image: Tensor, mirrored: bool, shift: tuple[int, int]) -> Tensor:
    image = _shift(image, -shift[0], -shift[1])
    return image.flip(3) if mirrored else image


def _shift(image: Tensor, across: int, down: int) -> Tensor:
    """The picture moved by whole pixels; at the edge it comes from, the last pixel is repeated."""
    height, width = image.shape[2:]
    wide = F.pad(image, (STEP, STEP, STEP, STEP), mode="replicate")
    return wide[..., STEP - down : STEP - down + height, STEP - across : STEP - across + width]
