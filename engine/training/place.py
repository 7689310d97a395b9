"""Where a process computes: its device, its number among others, its precision."""

import os
from dataclasses import dataclass

import torch
import torch.distributed as dist
from torch import nn

from engine.models.recipes import Recipe
from engine.problem import Problem


@dataclass(frozen=True)
class Place:
    """A device, and which of how many processes this one is."""

    device: torch.device
    rank: int = 0
    world: int = 1
    bf16: bool = False

    @staticmethod
    def here(device: str | None = None, bf16: bool | None = None) -> "Place":
        """CUDA if there is one; a rank if `torchrun` started this process; bf16 on CUDA (on a CPU where asked for).

        Raises `Problem` for a device that is not there. Nothing is set: `prepare` does that.
        """
        rank, world = int(os.environ.get("RANK", 0)), int(os.environ.get("WORLD_SIZE", 1))
        name = device or ("cuda" if torch.cuda.is_available() else "cpu")
        if name == "cuda":
            name = f"cuda:{os.environ.get('LOCAL_RANK', 0)}"
        try:
            found = torch.empty(0, device=name).device
        except (RuntimeError, AssertionError) as error:  # torch has several ways to say so
            raise Problem(f"There is no device '{name}' here: choose cpu, or leave --device out.") from error
        return Place(found, rank, world, found.type == "cuda" if bf16 is None else bf16)

    def prepare(self) -> None:
        """Make the device the one that torch takes by itself, and meet the other processes."""
        if self.device.type == "cuda":
            torch.cuda.set_device(self.device)
            torch.backends.cudnn.benchmark = True  # every batch has the same shape: the fastest way is worth a search
        if self.world > 1 and not dist.is_initialized():
            dist.init_process_group("nccl" if self.device.type == "cuda" else "gloo")

    def share(self, batch: int) -> slice:
        """Which pictures of a batch are this process's."""
        return slice(self.rank * batch // self.world, (self.rank + 1) * batch // self.world)

    def average_gradients(self, network: nn.Module) -> None:
        """Give every process the mean of all processes' gradients, in one message."""
        if self.world == 1:
            return
        gradients = [weight.grad for weight in network.parameters() if weight.grad is not None]
        message = torch.cat([gradient.flatten() for gradient in gradients])
        dist.all_reduce(message)
        parts = (message / self.world).split([gradient.numel() for gradient in gradients])
        for gradient, part in zip(gradients, parts, strict=True):
            gradient.copy_(part.view_as(gradient))

    def autocast(self) -> torch.autocast:
        """bfloat16 where this place computes in it; nothing is kept of a cast, which a CUDA graph could not see."""
        return torch.autocast(self.device.type, torch.bfloat16, enabled=self.bf16, cache_enabled=False)

    def records(self, recipe: Recipe) -> bool:
        """Whether a step may be replayed as a CUDA graph here: on one GPU, with an optimiser whose step can be."""
        return self.device.type == "cuda" and self.world == 1 and recipe.optimiser in ("adam", "adamw")
