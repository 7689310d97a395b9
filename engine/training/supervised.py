"""The supervised step: the network answers, the loss says how far off, the optimiser moves."""

from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn.parallel import DistributedDataParallel

from engine import networks
from engine.models import weights
from engine.models.recipes import Recipe
from engine.networks.layout import MASK
from engine.problem import Problem
from engine.training.batches import Batch
from engine.training.cuda_graph import recorded
from engine.training.losses import IN_THE_HOLE, LOSSES, hole_error
from engine.training.place import Place
from engine.training.schedule import average, optimiser


class Supervised:
    """A network that learns from what it should have answered, and the average of its weights."""

    def __init__(self, recipe: Recipe, place: Place, graphs: bool):
        self.recipe, self.place = recipe, place
        self.network = build(recipe, place)
        self.averaged = networks.build(recipe.architecture, recipe.options).to(place.device).requires_grad_(False)
        self.averaged.load_state_dict(self.network.state_dict())
        self.networks = {"network": self.network, "averaged": self.averaged}
        self.optimisers = {"network": optimiser(recipe, self.network)}
        self.model = self.network
        if place.world > 1:
            if place.device.type == "cuda":
                self.model = nn.SyncBatchNorm.convert_sync_batchnorm(self.model)
            self.model = DistributedDataParallel(self.model)
        self.descend = recorded(self.learn_from, graphs)

    @property
    def best(self) -> nn.Module:
        """What is measured and shipped, in eval mode."""
        return (self.averaged if self.recipe.ema else self.network).eval()

    def learn(self, batch: Batch, number: int, generator: torch.Generator) -> dict[str, Tensor]:
        """One step, the `number`th of the run -> its loss."""
        found = self.descend(batch.given, batch.target)
        average(self.averaged, self.network, self.recipe.ema, number)
        return found

    def learn_from(self, given: Tensor, target: Tensor) -> dict[str, Tensor]:
        """One step down the loss of what the network answers to `given`."""
        self.network.train()
        with self.place.autocast():
            answer = self.model(given)
            if self.recipe.loss == IN_THE_HOLE:
                loss = hole_error(answer, target, given[:, MASK])
            else:
                loss = LOSSES[self.recipe.loss](answer, target)
        self.optimisers["network"].zero_grad(set_to_none=True)
        loss.backward()
        self.optimisers["network"].step()
        return {"loss": loss.detach()}


def build(recipe: Recipe, place: Place) -> nn.Module:
    """The recipe's network on its device, with fresh weights or those of `recipe.start`."""
    network = networks.build(recipe.architecture, recipe.options).to(place.device)
    network.to(memory_format=torch.channels_last)  # pyright: ignore[reportCallIssue]
    if recipe.start:
        load_weights(recipe.start, network)
    return network


def load_weights(start: str, network: nn.Module) -> None:
    """Give the network the weights of a model, by name or folder; layers that it lacks stay as they are.

    Raises `Problem` if it has layers that the network has not, or of another size.
    """
    try:
        lacking = network.load_state_dict(weights.load(start).state_dict(), strict=False)
    except RuntimeError as error:
        raise Problem(f"The layers of '{Path(start).name}' have other sizes: choose another --start.") from error
    if lacking.unexpected_keys:
        raise Problem(f"'{Path(start).name}' has other layers than the network to be trained: choose another --start.")
