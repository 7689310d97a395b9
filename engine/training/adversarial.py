"""The adversarial step: a generator paints over drafts, a discriminator learns to tell its paint from photographs.

A squared error is smallest for the mean of all that could be there, and a mean of mouths is a blurred mouth. A
discriminator has no use for a mean: it asks for *one* mouth that could be there. Logistic loss (Goodfellow et al.,
2014, non-saturating), the R1 penalty every few steps (Mescheder et al., "Which Training Methods for GANs do actually
Converge?", 2018; lazily as in Karras et al., 2020). What can be known is asked for as well: the features that a VGG16
sees, and the colours of a 16x16 copy, both the more, the more of the face is visible.
"""

from dataclasses import fields, replace
from pathlib import Path

import safetensors.torch
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from engine import files, networks
from engine.models.recipes import Recipe
from engine.networks import vgg_features
from engine.networks.discriminator import GROUP, Discriminator
from engine.networks.equalised import equalise, fold
from engine.problem import Problem
from engine.training.batches import Batch, DraftBatch
from engine.training.cuda_graph import recorded
from engine.training.place import Place
from engine.training.schedule import average, optimiser
from engine.training.supervised import build

DISCRIMINATOR = "discriminator.safetensors"  # in the folder of a run; no model is shipped with it
R1_GAMMA, R1_EVERY = 0.15, 16  # weight of the penalty, and the steps between two
COLOURS, COLOUR_SIDE = 20.0, 16  # weight of the colours of a copy of that side
TOGETHER = 2 * GROUP  # pictures that one process takes: whole groups, also of the half that the penalty looks at
PERCEPTUAL_PART = 8  # one picture in so many is looked at by the VGG
RECOLOURED = 0.3  # share of pictures whose colours are changed before the discriminator sees them
CHANGES = (1, 0.25), (1, 0.5), (3, 0.1)  # of contrast, of saturation, of red, green and blue, at most


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


def drawn_colours(count: int, generator: torch.Generator) -> Tensor:
    """Changes of contrast, saturation and colours (count, 5, 1, 1) for `recoloured`; none for most pictures."""

    def uniform(channels: int) -> Tensor:
        return torch.rand(count, channels, 1, 1, generator=generator, device=generator.device)

    changed = uniform(1) < RECOLOURED
    return torch.cat([changed * most * (2 * uniform(channels) - 1) for channels, most in CHANGES], 1)


def recoloured(images: Tensor, colours: Tensor) -> Tensor:
    """Pictures (N, 3, H, W) changed by `drawn_colours`: the discriminator sees more kinds of faces than there are."""
    gain, saturation, shift = 1 + colours[:, :1], 1 + colours[:, 1:2], colours[:, 2:]
    grey = images.mean(1, keepdim=True)
    return ((images - grey) * saturation + grey) * gain + shift


class Adversarial:
    """Generator, discriminator and the average of the generator's weights; all layers learn at the same pace."""

    def __init__(self, recipe: Recipe, place: Place, graphs: bool):
        if place.world > 1 and recipe.batch % (place.world * TOGETHER):
            raise Problem(
                f"Adversarial training deals a batch to {place.world} processes by groups of {TOGETHER}: choose a"
                f" --batch that {place.world * TOGETHER} divides."
            )
        if recipe.refines != "draft":
            raise Problem("Adversarial training shows pictures with a draft: choose another loss in the recipe.")
        self.recipe, self.place = recipe, place
        self.generator = equalise(build(recipe, place))
        self.averaged = equalise(networks.build(recipe.architecture, recipe.options)).to(place.device)
        self.averaged.requires_grad_(False).load_state_dict(self.generator.state_dict())
        self.discriminator = equalise(build_discriminator(recipe)).to(place.device)
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
        self.both, self.flatten = recorded(self.learn_both, graphs), recorded(self.learn_flatness, graphs)

    @property
    def best(self) -> nn.Module:
        """What is measured and shipped, its scales multiplied in, in eval mode."""
        network = networks.build(self.recipe.architecture, self.recipe.options).to(self.place.device)
        kept = self.averaged if self.recipe.ema else self.generator
        equalise(network).load_state_dict(kept.state_dict())
        return fold(network).eval().requires_grad_(False)

    def keep_discriminator(self, out: Path) -> None:
        """Write it into the folder of a run, its scales multiplied in: `recipe.start` of a further run finds it."""
        network = equalise(build_discriminator(replace(self.recipe, start="")))
        network.load_state_dict(self.discriminator.state_dict())
        content = {name: value.contiguous() for name, value in fold(network).state_dict().items()}
        files.save(out / DISCRIMINATOR, safetensors.torch.save(content, {"format": "pt"}))

    def learn(self, batch: Batch, number: int, generator: torch.Generator) -> dict[str, Tensor]:
        """A step of the discriminator, one of the generator on the same painting, at times the penalty's -> losses."""
        assert isinstance(batch, DraftBatch)
        every = len(batch.given) * self.place.world  # all processes draw the same, and each takes its share
        colours = [drawn_colours(every, generator)[self.place.share(every)] for _ in range(2)]
        found = self.both(*(getattr(batch, one.name) for one in fields(DraftBatch)), *colours)
        flat = self.flatten(batch.target[::2], batch.given[::2, 3:]) if number % R1_EVERY == 0 else {}
        average(self.averaged, self.generator, self.recipe.ema, number)
        return found | flat

    def learn_both(self, *given: Tensor) -> dict[str, Tensor]:
        """The fields of a `DraftBatch`, and colours for the discriminator's step and for the generator's."""
        batch, (telling, painting) = DraftBatch(*given[:-2]), given[-2:]
        self.generator.train()
        with self.place.autocast():
            painted = self.generator(batch.given).float()
        judged = self.learn_to_tell(painted.detach(), batch, telling)
        parts = self.generator_losses(painted, batch, painting)
        loss = torch.stack([*parts.values()]).sum()
        self.step("generator", loss)
        found = {"loss": loss} | parts | {"discriminator_loss": judged}
        return {name: value.detach() for name, value in found.items()}

    def learn_to_tell(self, painted: Tensor, batch: DraftBatch, colours: Tensor) -> Tensor:
        """A step of the discriminator -> its loss."""
        shown = torch.cat([recoloured(batch.target, colours), recoloured(painted, colours)])
        with self.place.autocast():
            real, fake = self.discriminator(shown, batch.given[:, 3:].repeat(2, 1, 1, 1)).chunk(2)
        loss = discriminator_loss(real, fake)
        self.step("discriminator", loss)
        return loss

    def learn_flatness(self, photographs: Tensor, hidden: Tensor) -> dict[str, Tensor]:
        """A step towards a discriminator without slope where photographs are -> the penalty."""
        with self.place.autocast():
            penalty = r1_penalty(self.discriminator, photographs, hidden)
        self.step("discriminator", penalty * R1_GAMMA / 2 * R1_EVERY)
        return {"r1": penalty.detach()}

    def generator_losses(self, painted: Tensor, batch: DraftBatch, colours: Tensor) -> dict[str, Tensor]:
        """What the generator's loss is the sum of, each with its weight."""
        self.discriminator.requires_grad_(False)
        with self.place.autocast():
            scores = self.discriminator(recoloured(painted, colours), batch.given[:, 3:])
        self.discriminator.requires_grad_(True)
        parts = {"generator_loss": generator_loss(scores), "colour_loss": COLOURS * colour_loss(painted, batch)}
        if self.features is not None:
            few = slice(None, None, PERCEPTUAL_PART)
            with self.place.autocast():
                apart = self.features.distance(painted[few], batch.target[few])
            parts["perceptual_loss"] = self.recipe.perceptual * (apart * batch.likeness[few]).mean()
        return parts

    def step(self, which: str, loss: Tensor) -> None:
        """Move one of the two networks down its loss."""
        optimiser = self.optimisers[which]
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        self.place.average_gradients(self.networks[which])
        optimiser.step()


def build_discriminator(recipe: Recipe) -> Discriminator:
    """Fresh, or that of the run that `recipe.start` is a folder of: a painter is taught best by who taught it before.

    Raises `Problem` if that one has other layers.
    """
    network = Discriminator(**recipe.discriminator, size=recipe.options.get("size", 128))
    kept = Path(recipe.start) / DISCRIMINATOR
    if recipe.start and kept.exists():
        try:
            network.load_state_dict(safetensors.torch.load_file(kept))
        except (RuntimeError, OSError, safetensors.SafetensorError) as error:
            raise Problem(f"'{DISCRIMINATOR}' of --start is damaged or of another size: take it away.") from error
    return network
