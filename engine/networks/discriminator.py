"""The critic of adversarial training: which patches of a picture were painted by a network?

Isola et al., "Image-to-Image Translation" (PatchGAN, 2017), with the spectral normalisation of Miyato et al. (2018), as
in DeepFill v2 (Yu et al., 2019). It is needed for training only and is not shipped.
"""

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.nn.utils.parametrizations import spectral_norm

from engine.networks.position_encoding import Position

FINE, MIDDLE, COARSE = 10.0, 4.0, 1.0  # how strongly each band of a picture is shown: about equally, in faces


def bands(faces: Tensor) -> Tensor:
    """Faces (N, 3, H, W) as three layers of a Laplacian pyramid at full size (N, 9, H, W).

    Blur is an absence of what is fine, and what is fine is faint: shown as it is, a critic of bounded slope needs
    thousands of steps to find it. (Denton et al., "Laplacian Pyramid of Adversarial Networks", 2015.)
    """

    def smooth(side: int) -> Tensor:
        return F.avg_pool2d(faces, side, stride=1, padding=side // 2, count_include_pad=False)

    near, far = smooth(3), smooth(9)
    return torch.cat([FINE * (faces - near), MIDDLE * (near - far), COARSE * (far - 0.5)], dim=1)


def halve(before: int, after: int) -> nn.Sequential:
    """Half the height and width, with a slope of at most about one."""
    return nn.Sequential(spectral_norm(nn.Conv2d(before, after, 4, stride=2, padding=1)), nn.LeakyReLU(0.2))


class Critic(nn.Module):
    """Faces (N, 3, H, W) and `draft.seen` of them (N, 10, H, W) -> one score a patch (N, 1, H/8, W/8).

    Of what the painter was shown it is told the mask and the place alone. A patch is the 38x38 pixels around it: large
    enough for an eye's outline, too small to tell whose face it is.
    """

    def __init__(self, channels: int = 32):
        super().__init__()
        c = channels
        self.layers = nn.ModuleList(
            [
                halve(10, c),  # 10x64x64 -> 32x32x32
                halve(c, 2 * c),  # -> 64x16x16
                halve(2 * c, 4 * c),  # -> 128x8x8
            ]
        )
        self.position = Position(4 * c, 8)  # -> 128x8x8
        self.judge = nn.Sequential(spectral_norm(nn.Conv2d(4 * c, 4 * c, 3, padding=1)), nn.LeakyReLU(0.2))
        self.score = spectral_norm(nn.Conv2d(4 * c, 1, 1))  # -> 1x8x8

    def features(self, faces: Tensor, seen: Tensor) -> list[Tensor]:
        """What every layer makes of it, the scores last."""
        found = [torch.cat([bands(faces), seen[:, 3:4]], dim=1)]
        for layer in self.layers:
            found.append(layer(found[-1]))
        found.append(self.judge(found[-1] + self.position(seen[:, 8:])))
        return [*found[1:], self.score(found[-1])]

    def forward(self, faces: Tensor, seen: Tensor) -> Tensor:
        """The scores: above zero, a photograph."""
        return self.features(faces, seen)[-1]
