"""What a network is shown, and what it should have answered: made in batches, on the device where the pictures lie."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, fields
from functools import lru_cache
from itertools import islice

import torch
import torch.nn.functional as F
from torch import Tensor

from engine.corruptions.masks import FEATURES, box_mask
from engine.corruptions.named import CORRUPTIONS
from engine.datasets.shards import FaceShards
from engine.models.recipes import Recipe
from engine.networks import layout
from engine.restoration import unet_input
from engine.training import drafts
from engine.training.pictures import Pictures, epoch_order, sampling_weights
from engine.training.place import Place

MOVE, GAIN, SHIFT = 3, 0.07, 0.02  # pixels a picture is moved, contrast and colours changed, at most
ON_FEATURES = 0.2  # share of the painter's holes that lie on eyes, nose or mouth
# Of the pictures that are wholly hidden: which draft they get. The rest keep the mean face.
COMPONENTS, COPIES, NOBODY = 0.35, 0.35, 0.18


@dataclass(frozen=True)
class Batch:
    """What the network is shown (N, ...), and the pictures that it should answer with (N, C, H, W), in [0, 1]."""

    given: Tensor
    target: Tensor


@dataclass(frozen=True)
class DraftBatch(Batch):
    """For a painter: given (N, 4, H, W) is the picture with a draft in its hole, and the mask."""

    likeness: Tensor  # (N,) how much being like the target counts: less, the less of it can be known
    colours: Tensor  # (N, 3, H, W) whose colours the answer should have: the target's, or the draft's of a nobody
    colour_likeness: Tensor  # (N,) how much that counts

    def only(self, those: slice) -> "DraftBatch":
        """A part of it."""
        return DraftBatch(*(getattr(self, one.name)[those] for one in fields(self)))


@dataclass(frozen=True)
class Batches:
    """The batches of every epoch: all random draws of one come from a generator seeded by (seed, epoch)."""

    recipe: Recipe
    data: Pictures
    place: Place

    @property
    def steps(self) -> int:
        """Batches in an epoch."""
        return len(self.data) // self.recipe.batch

    def generator(self, epoch: int) -> torch.Generator:
        """Where the random numbers of an epoch come from."""
        seed, place = self.recipe.seed * 1_000_003 + epoch, self.place
        if isinstance(self.data, FaceShards):  # whose faces are this process's alone, and so its holes
            seed = seed * place.world + place.rank
        return torch.Generator(place.device).manual_seed(seed)

    def epoch(self, number: int, generator: torch.Generator) -> Iterator[Batch]:
        """One pass over the data. Of several processes each draws all and gets its own share, or streams its own."""
        recipe, place = self.recipe, self.place
        mine = slice(None) if isinstance(self.data, FaceShards) else place.share(recipe.batch)
        for picked in self.pictures(number):
            target = picked.to(place.device, non_blocking=True).float() / 255
            if recipe.mirror:
                flip = torch.rand(len(target), 1, 1, 1, generator=generator, device=place.device) < 0.5
                target = torch.where(flip, target.flip(3), target)
            if recipe.jitter:
                target = jittered(target, generator)
            if recipe.refines == "draft":
                drafted = over_drafts(target, recipe, drafts.shipped(place.device), generator)
                yield drafted if mine == slice(None) else drafted.only(mine)
                continue
            given = shown(target, recipe, generator)[mine]
            yield Batch(given.contiguous(memory_format=torch.channels_last), target[mine])

    def pictures(self, number: int) -> Iterator[Tensor]:
        """The batches of an epoch, uint8, drawn from all pictures; of shards this process's part of each."""
        recipe, place, data = self.recipe, self.place, self.data
        if isinstance(data, FaceShards):
            part, shares = recipe.batch // place.world, sampling_weights(data, recipe.shares)
            with closing(data.stream(recipe.seed, number, part, place.rank, place.world, shares)) as stream:
                yield from islice(stream, self.steps)
            return
        order = epoch_order(data, recipe.shares, recipe.seed, number)
        for part in order[: self.steps * recipe.batch].split(recipe.batch):
            yield data.batch(part)


def shown(images: Tensor, recipe: Recipe, generator: torch.Generator) -> Tensor:
    """What a supervised recipe shows its network of intact images."""
    if recipe.refines != "hole":
        return unet_input.shown(images, recipe.corruption, recipe.refines, generator)
    given = CORRUPTIONS[recipe.corruption](images, generator)
    hidden = given[:, 3:] > 0
    components = drafts.shipped(images.device)
    rough = components.decode(components.codes(given[:, :3], hidden))
    return layout.for_unet(drafts.meet_the_edge(given[:, :3], rough, hidden), given)


@torch.no_grad()
def over_drafts(images: Tensor, recipe: Recipe, components: drafts.Drafts, generator: torch.Generator) -> DraftBatch:
    """What a painter is shown of intact images (N, 3, H, W): a share of them is wholly hidden (`recipe.whole`), over
    every kind of draft; some holes are drafted boldly (`recipe.drawn`)."""
    n, device = len(images), images.device

    def uniform() -> Tensor:
        return torch.rand(n, generator=generator, device=device)

    hidden = CORRUPTIONS[recipe.corruption](images, generator)[:, 3:] > 0
    hidden = torch.where((uniform() < ON_FEATURES).view(-1, 1, 1, 1), on_features(images, generator), hidden)
    whole = uniform() < recipe.whole
    hidden = hidden | whole.view(-1, 1, 1, 1)
    boldness = recipe.drawn * uniform() * ~whole if recipe.drawn else None
    rough, colours = components.of_holes(images, hidden, boldness, generator), images
    area = hidden.float().mean((1, 2, 3))
    likeness = (1 - area).square() / (area + 0.05)
    likeness = likeness if boldness is None else likeness * (1 - boldness).clamp_min(0)
    colour_likeness = likeness
    if recipe.whole:
        kind = uniform()
        few, copies = whole & (kind < COMPONENTS), whole & (kind >= COMPONENTS) & (kind < COMPONENTS + COPIES)
        nobody = whole & (kind >= COMPONENTS + COPIES) & (kind < COMPONENTS + COPIES + NOBODY)
        for chosen, draft in (
            (few, components.few_components(images, generator)),
            (copies, drafts.small_copies(images, generator)),
            (nobody, components.nobody(n, generator)),
        ):
            rough = torch.where(chosen.view(-1, 1, 1, 1), draft, rough)
        likeness = torch.where(whole, 0.5 * (few | copies), likeness)
        colour_likeness = torch.where(nobody, 0.3, likeness)
        colours = torch.where(nobody.view(-1, 1, 1, 1), rough, images)
    given = torch.cat([rough, hidden.float()], 1).contiguous(memory_format=torch.channels_last)
    return DraftBatch(given, images, likeness, colours, colour_likeness)


def on_features(images: Tensor, generator: torch.Generator) -> Tensor:
    """A hole on one feature of each face, a few pixels off -> bool (N, 1, H, W)."""
    n, size = len(images), images.shape[-1]
    places = feature_places(size, images.device)
    picked = places[torch.randint(len(places), (n,), generator=generator, device=images.device)]
    return moved(picked, torch.randint(-MOVE, MOVE + 1, (2, n, 1), generator=generator, device=images.device))


@lru_cache(maxsize=4)
def feature_places(size: int, device: torch.device) -> Tensor:
    """Where faces of that size have their features, one a mask -> bool (5, 1, size, size)."""
    places = torch.cat([box_mask([box]) for box in FEATURES.values()]).float()
    return F.interpolate(places, size=(size, size)).to(device) > 0


def jittered(images: Tensor, generator: torch.Generator) -> Tensor:
    """Images moved by up to `MOVE` pixels, mirrored beyond the edge, their contrast and colours changed a little."""
    n, device = len(images), images.device
    images = moved(images, torch.randint(-MOVE, MOVE + 1, (2, n, 1), generator=generator, device=device))
    gain = 1 + GAIN * (2 * torch.rand(n, 1, 1, 1, generator=generator, device=device) - 1)
    shift = SHIFT * (2 * torch.rand(n, images.shape[1], 1, 1, generator=generator, device=device) - 1)
    return (images * gain + shift).clamp(0, 1)


def moved(images: Tensor, offsets: Tensor) -> Tensor:
    """Images (N, C, H, W) moved down and right by whole pixels (2, N, 1), mirrored beyond the edge."""
    height, width = images.shape[2:]

    def places(size: int, offset: Tensor) -> Tensor:
        place = (torch.arange(size, device=images.device) - offset).abs()  # (N, size)
        return torch.where(place >= size, 2 * (size - 1) - place, place)

    rows, columns = places(height, offsets[0]), places(width, offsets[1])
    rows = rows[:, None, :, None].expand(-1, images.shape[1], -1, width)
    columns = columns[:, None, None, :].expand(-1, images.shape[1], height, -1)
    return images.gather(2, rows).gather(3, columns)
