"""The critic of adversarial training: which patches of a picture were painted by a network?

Isola et al., "Image-to-Image Translation" (PatchGAN, 2017), with the spectral normalisation of Miyato et al. (2018), as
in DeepFill v2 (Yu et al., 2019). It is needed for training only and is not shipped.
"""

import torch
from torch import Tensor, nn
from torch.nn.utils.parametrizations import spectral_norm


def halve(before: int, after: int) -> nn.Sequential:
    """Half the height and width, with a slope of at most about one."""
    return nn.Sequential(spectral_norm(nn.Conv2d(before, after, 4, stride=2, padding=1)), nn.LeakyReLU(0.2))


class Critic(nn.Module):
    """Faces (N, 3, H, W) and what was hidden of them (N, 1, H, W), as numbers -> one score a patch (N, 1, H/8, W/8).

    A patch is the 38x38 pixels around it: large enough for an eye's outline, too small to tell whose face it is.
    """

    def __init__(self, channels: int = 32):
        super().__init__()
        c = channels
        self.layers = nn.ModuleList(
            [
                halve(4, c),  # 4x64x64 -> 32x32x32
                halve(c, 2 * c),  # -> 64x16x16
                halve(2 * c, 4 * c),  # -> 128x8x8
                nn.Sequential(spectral_norm(nn.Conv2d(4 * c, 4 * c, 3, padding=1)), nn.LeakyReLU(0.2)),  # -> 128x8x8
            ]
        )
        self.score = spectral_norm(nn.Conv2d(4 * c, 1, 1))  # -> 1x8x8

    def features(self, faces: Tensor, hidden: Tensor) -> list[Tensor]:
        """What every layer makes of it, the scores last."""
        found = [torch.cat([faces - 0.5, hidden], dim=1)]
        for layer in [*self.layers, self.score]:
            found.append(layer(found[-1]))
        return found[1:]

    def forward(self, faces: Tensor, hidden: Tensor) -> Tensor:
        """The scores: above zero, a photograph."""
        return self.features(faces, hidden)[-1]
