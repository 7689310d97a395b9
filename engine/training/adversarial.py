"""The adversarial step: a generator paints over drafts, a discriminator learns to tell its paint from photographs.

A squared error is smallest for the mean of all that could be there, and a mean of mouths is a blurred mouth. A
discriminator has no use for a mean: it asks for *one* mouth that could be there. Logistic loss (Goodfellow et al.,
2014, non-saturating), the R1 penalty every few steps (Mescheder et al., "Which Training Methods for GANs do actually
Converge?", 2018; lazily as in Karras et al., 2020). What can be known is asked for as well: the features that a VGG16
sees, and the colours of a 16x16 copy, both the more, the more of the face is visible.
"""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from engine import networks
from engine.models.recipes import Recipe
from engine.networks import vgg_features
from engine.networks.discriminator import Discriminator
from engine.networks.equalised import equalise, fold
from engine.problem import Problem
from engine.training.batches import Batch, DraftBatch
from engine.training.place import Place
from engine.training.schedule import average, optimiser
from engine.training.supervised import build

R1_GAMMA, R1_EVERY = 0.15, 16  # weight of the penalty, and the steps between two
COLOURS, COLOUR_SIDE = 20.0, 16  # weight of the colours of a copy of that side
PERCEPTUAL_PART = 8  # one picture in so many is looked at by the VGG
RECOLOURED = 0.3  # share of pictures whose colours are changed before the discriminator sees them


def generator_loss(scores: Tensor) -> Tensor:
    """Smallest where painted pictures are taken for photographs: scores (N, 1), above 0 a photograph."""
    return F.softplus(-scores).mean()


def discriminator_loss(real: Tensor, painted: Tensor) -> Tensor:
    """Smallest where photographs score high and painted pictures low, each (N, 1)."""
    return F.softplus(-real).mean() + F.softplus(painted).mean()


def r1_penalty(discriminator: nn.Module, photographs: Tensor, hidden: Tensor) -> Tensor:
    """The squared gradient of the scores by photographs (N, 3, H, W), mean over them: a scalar."""
    photographs = photographs.detach().requires_grad_(True)
    (slope,) = torch.autograd.grad(discriminator(photographs, hidden).sum(), photographs, create_graph=True)
    return slope.float().square().sum((1, 2, 3)).mean()


def colour_loss(painted: Tensor, batch: DraftBatch) -> Tensor:
    """Squared error of a copy of `COLOUR_SIDE` pixels, by how much that counts."""
    side = painted.shape[-1] // COLOUR_SIDE
    errors = (F.avg_pool2d(painted, side) - F.avg_pool2d(batch.colours, side)).square().mean((1, 2, 3))
    return (errors * batch.colour_likeness).mean()


def recoloured(one: Tensor, other: Tensor, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """The same change of contrast, colours and saturation on some pairs of pictures (N, 3, H, W): the discriminator
    sees more kinds of faces than there are."""

    def drawn(channels: int, most: float) -> Tensor:
        numbers = torch.rand(len(one), channels, 1, 1, generator=generator, device=one.device)
        return changed * most * (2 * numbers - 1)

    changed = torch.rand(len(one), 1, 1, 1, generator=generator, device=one.device) < RECOLOURED
    gain, shift, saturation = 1 + drawn(1, 0.25), drawn(3, 0.1), 1 + drawn(1, 0.5)

    def apply(images: Tensor) -> Tensor:
        grey = images.mean(1, keepdim=True)
        return ((images - grey) * saturation + grey) * gain + shift

    return apply(one), apply(other)


class Adversarial:
    """Generator, discriminator and the average of the generator's weights; all layers learn at the same pace."""

    def __init__(self, recipe: Recipe, place: Place, compiled: bool):
        if place.world > 1:
            raise Problem("Adversarial training runs on one process: start it without torchrun.")
        if recipe.refines != "draft" or recipe.crop:
            raise Problem("Adversarial training shows whole pictures with a draft: choose another loss in the recipe.")
        self.recipe, self.place = recipe, place
        self.generator = equalise(build(recipe, place))
        self.averaged = equalise(networks.build(recipe.architecture, recipe.options)).to(place.device)
        self.averaged.requires_grad_(False).load_state_dict(self.generator.state_dict())
        size = recipe.options.get("size", 128)
        self.discriminator = equalise(Discriminator(**recipe.discriminator, size=size)).to(place.device)
        self.discriminator.to(memory_format=torch.channels_last)  # pyright: ignore[reportCallIssue]
        self.features = vgg_features.load().to(place.device) if recipe.perceptual else None
        self.networks = {
            "generator": self.generator,
            "averaged": self.averaged,
            "discriminator": self.discriminator,
        }
        self.optimisers = {
            "generator": optimiser(recipe, self.generator),
            "discriminator": optimiser(recipe, self.discriminator),
        }
        self.paint, self.judge = self.generator, self.discriminator
        if compiled:
            self.paint, self.judge = torch.compile(self.generator), torch.compile(self.discriminator)

    @property
    def best(self) -> nn.Module:
        """What is measured and shipped, its scales multiplied in, in eval mode."""
        network = networks.build(self.recipe.architecture, self.recipe.options).to(self.place.device)
        kept = self.averaged if self.recipe.ema else self.generator
        equalise(network).load_state_dict(kept.state_dict())
        return fold(network).eval().requires_grad_(False)

    def learn(self, batch: Batch, number: int, generator: torch.Generator) -> dict[str, Tensor]:
        """One step of the discriminator, then one of the generator, on the same painting -> their losses."""
        assert isinstance(batch, DraftBatch)
        self.generator.train()
        hidden = batch.given[:, 3:]
        with self.place.autocast():
            painted = self.paint(batch.given).float()
        losses = {"discriminator_loss": self.learn_to_tell(painted.detach(), batch.target, hidden, generator)}
        if number % R1_EVERY == 0:
            losses["r1"] = self.flatten(batch.target[::2], hidden[::2])
        parts = self.generator_losses(painted, batch, generator)
        loss = torch.stack([*parts.values()]).sum()
        self.step("generator", loss)
        average(self.averaged, self.generator, self.recipe.ema, number)
        return {"loss": loss.detach()} | {name: part.detach() for name, part in parts.items()} | losses

    def learn_to_tell(self, painted: Tensor, photographs: Tensor, hidden: Tensor, generator: torch.Generator) -> Tensor:
        """A step of the discriminator -> its loss."""
        photographs, painted = recoloured(photographs, painted, generator)
        with self.place.autocast():
            real, fake = self.judge(torch.cat([photographs, painted]), torch.cat([hidden, hidden])).chunk(2)
        loss = discriminator_loss(real, fake)
        self.step("discriminator", loss)
        return loss.detach()

    def flatten(self, photographs: Tensor, hidden: Tensor) -> Tensor:
        """A step towards a discriminator without slope where photographs are -> the penalty. Not compiled: torch
        compiles no second derivative."""
        with self.place.autocast():
            penalty = r1_penalty(self.discriminator, photographs, hidden)
        self.step("discriminator", penalty * R1_GAMMA / 2 * R1_EVERY)
        return penalty.detach()

    def generator_losses(self, painted: Tensor, batch: DraftBatch, generator: torch.Generator) -> dict[str, Tensor]:
        """What the generator's loss is the sum of, each with its weight."""
        self.discriminator.requires_grad_(False)
        shown, _ = recoloured(painted, painted, generator)
        with self.place.autocast():
            scores = self.judge(shown, batch.given[:, 3:])
        self.discriminator.requires_grad_(True)
        parts = {"generator_loss": generator_loss(scores), "colour_loss": COLOURS * colour_loss(painted, batch)}
        if self.features is not None:
            few = slice(max(1, len(painted) // PERCEPTUAL_PART))
            with self.place.autocast():
                apart = self.features.distance(painted[few], batch.target[few])
            parts["perceptual_loss"] = self.recipe.perceptual * (apart * batch.likeness[few]).mean()
        return parts

    def step(self, which: str, loss: Tensor) -> None:
        """Move one of the two networks down its loss."""
        optimiser = self.optimisers[which]
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        optimiser.step()
