"""Groups of faces by how light their skin is in the photograph: a number from pixels, nothing that anybody said."""

import torch
from torch import Tensor

THIRDS = ("darkest", "middle", "lightest")
LEFT, RIGHT = (slice(74, 86), slice(36, 48)), (slice(74, 86), slice(80, 92))  # the cheeks: rows and columns


def thirds(images: Tensor) -> list[Tensor]:
    """The numbers of the darkest, middle and lightest third of faces (N, 3, 128, 128); fewer for fewer than 3 faces."""
    groups = lightness(images).argsort(stable=True).tensor_split(len(THIRDS))
    return [group for group in groups if len(group)]


def lightness(images: Tensor) -> Tensor:
    """CIE L* of the median luminance of both cheeks of faces (N, 3, 128, 128) in FFHQ framing -> (N,), 0 to 100.

    The light and the exposure decide as much as the person does.
    """
    cheeks = torch.cat([images[:, :, rows, columns].flatten(2) for rows, columns in (LEFT, RIGHT)], 2)
    linear = torch.where(cheeks <= 0.04045, cheeks / 12.92, ((cheeks + 0.055) / 1.055) ** 2.4)  # sRGB
    luminance = (linear * torch.tensor([0.2126, 0.7152, 0.0722]).view(1, 3, 1)).sum(1).median(1).values
    return torch.where(luminance > 0.008856, 116 * luminance.clamp_min(1e-9) ** (1 / 3) - 16, 903.3 * luminance)
