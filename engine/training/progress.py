"""How a run is getting on: its error on test pictures, and a sheet of faces as the network answers them now."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from engine import images
from engine.files import save
from engine.models.recipes import Recipe
from engine.photos import gallery
from engine.restoration import unet_input
from engine.training.place import Place

SHEET = "sheet.webp"
COLUMNS = 8
BATCH = 146  # a third of the 438 FFHQ test faces


@dataclass(frozen=True)
class Progress:
    """Cheap enough to be asked during a run: network -> figures."""

    recipe: Recipe
    place: Place
    held: Any = None  # test pictures, on the device; None: no figures
    sheet: Path | None = None  # where the sheet goes, written anew each time

    def __call__(self, network: nn.Module) -> dict[str, float]:
        """Whole-picture error on the test pictures, corrupted as in training."""
        if self.sheet and self.place.rank == 0:
            save(self.sheet, images.encode(self.drawn(network)))
        if self.held is None:
            return {}
        generator, summed = torch.Generator(self.place.device).manual_seed(0), 0.0
        with torch.inference_mode():
            for indices in torch.arange(len(self.held)).split(BATCH):
                target = self.held.batch(indices).float() / 255
                summed += (network(self.shown(target, generator)) - target).square().mean((1, 2, 3)).sum().item()
        return {"test_mse": summed / len(self.held)}

    def drawn(self, network: nn.Module) -> Tensor:
        """The first faces of the gallery, whom anybody may see: what is shown of them, and below it the answers."""
        faces = torch.cat([face.image for face in list(gallery.gallery().values())[:COLUMNS]]).to(self.place.device)
        with torch.inference_mode():
            given = self.shown(faces, torch.Generator(self.place.device).manual_seed(0))
            answers = network(given).float().clamp(0, 1)
        colours = given[:, :3].float() if given.shape[1] >= 3 else given[:, :1].float().expand(-1, 3, -1, -1)
        return images.tiled(torch.cat([colours, F.interpolate(answers, size=faces.shape[2:])]).cpu(), COLUMNS)

    def shown(self, target: Tensor, generator: torch.Generator) -> Tensor:
        """What the recipe's network is shown of pictures."""
        shown = unet_input.shown(target, self.recipe.corruption, self.recipe.refines, generator)
        return shown.to(self.place.device)
