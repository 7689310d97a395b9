"""Pictures of what is no face, 128x128, for `benchmark typical`: drawn by code from a seed, or made of what ships.

Each kind is a function of a number and a generator -> one image (1, 3, 128, 128) in [0, 1].
"""

import math
from collections.abc import Callable

import torch
import torch.nn.functional as F
from PIL import Image, ImageDraw
from torch import Tensor

from engine import images
from engine.datasets import mnist
from engine.datasets.faces import SIZE
from engine.photos import examples

LARGE = 3  # drawings are made this much larger and shrunk, for smooth edges
Draw = Callable[[int, torch.Generator], Tensor]


def make(kind: str, count: int, seed: int = 0) -> Tensor:
    """`count` pictures of a kind of `KINDS` (count, 3, 128, 128), the same for the same seed."""
    generator = torch.Generator().manual_seed(seed)
    return torch.cat([KINDS[kind](number, generator) for number in range(count)])


def _between(low: float, high: float, generator: torch.Generator) -> float:
    return low + (high - low) * torch.rand(1, generator=generator).item()


def _colour(generator: torch.Generator) -> tuple[int, int, int]:
    red, green, blue = torch.randint(0, 256, (3,), generator=generator).tolist()
    return red, green, blue


def _shrunk(picture: Image.Image) -> Tensor:
    return images.to_tensor(picture.resize((SIZE, SIZE), Image.Resampling.BOX))


class _Pen:
    """Draws on a square whose sides are 1, with a colour of the background."""

    def __init__(self, background: tuple[int, int, int]):
        self.side = SIZE * LARGE
        self.picture = Image.new("RGB", (self.side, self.side), background)
        self.pen = ImageDraw.Draw(self.picture)

    def oval(self, x: float, y: float, wide: float, high: float, colour: tuple[int, int, int], line: int = 0) -> None:
        """Around (x, y) with these half axes; line: width of a dark outline in pixels of the small picture."""
        box = [value * self.side for value in (x - wide, y - high, x + wide, y + high)]
        self.pen.ellipse(box, fill=colour, outline=(25, 25, 30), width=line * LARGE)

    def shape(self, corners: list[tuple[float, float]], colour: tuple[int, int, int]) -> None:
        self.pen.polygon([(x * self.side, y * self.side) for x, y in corners], fill=colour, outline=(25, 25, 30))

    def curve(self, x: float, y: float, wide: float, high: float, of: tuple[int, int], line: int) -> None:
        box = [value * self.side for value in (x - wide, y - high, x + wide, y + high)]
        self.pen.arc(box, *of, fill=(25, 25, 30), width=line * LARGE)


def cartoon(number: int, generator: torch.Generator) -> Tensor:
    """A drawn face in flat colours with dark outlines: eyes, mouth and crop about where FFHQ has them."""
    pen = _Pen(_colour(generator))
    skin, hair = _colour(generator), _colour(generator)
    wide, high = _between(0.26, 0.36, generator), _between(0.32, 0.4, generator)
    if number % 3:
        pen.oval(0.5, 0.3, wide * 1.1, high * 0.75, hair, 2)
    for side in (-1, 1):
        pen.oval(0.5 + side * wide, 0.52, 0.06, 0.08, skin, 2)
    pen.oval(0.5, 0.53, wide, high, skin, 2)
    apart, eye = _between(0.1, 0.14, generator), _between(0.04, 0.09, generator)
    for side in (-1, 1):
        pen.oval(0.5 + side * apart, 0.46, eye, eye * 1.2, (255, 255, 255), 2)
        pen.oval(0.5 + side * apart + 0.01, 0.47, eye * 0.45, eye * 0.55, (20, 20, 25))
        pen.curve(0.5 + side * apart, 0.36, 0.08, 0.03, (200, 340), 3)
    pen.oval(0.5, 0.58, 0.03, _between(0.02, 0.05, generator), _colour(generator), 1)
    smile = _between(0.08, 0.16, generator)
    if number % 2:
        pen.oval(0.5, 0.72, smile, 0.06, (150, 30, 45), 2)
    else:
        pen.curve(0.5, 0.66, smile, 0.08, (10, 170), 3)
    return _shrunk(pen.picture)


def mask(number: int, generator: torch.Generator) -> Tensor:
    """A mask to be worn, face on: a plate of one colour with holes for eyes and mouth, stripes or a beak."""
    pen = _Pen(_colour(generator))
    plate, mark, hole = _colour(generator), _colour(generator), (10, 8, 8)
    wide, high = _between(0.28, 0.4, generator), _between(0.34, 0.44, generator)
    if number % 3 == 0:  # with corners
        pen.shape([(0.5 - wide, 0.2), (0.5, 0.08), (0.5 + wide, 0.2), (0.5 + wide * 0.7, 0.75), (0.5, 0.95),
                   (0.5 - wide * 0.7, 0.75)], plate)  # fmt: skip
    else:
        pen.oval(0.5, 0.52, wide, high, plate, 2)
    apart, eye = _between(0.11, 0.15, generator), _between(0.05, 0.09, generator)
    for side in (-1, 1):
        x = 0.5 + side * apart
        pen.shape([(x - side * 0.08, 0.56), (x + side * 0.1, 0.62), (x, 0.82)], mark)  # painted cheeks
        pen.oval(x, 0.45, eye + 0.03, eye * 0.6 + 0.03, mark, 1)
        pen.oval(x, 0.45, eye, eye * _between(0.4, 0.8, generator), hole)
    if number % 2:
        pen.shape([(0.44, 0.5), (0.56, 0.5), (0.5, 0.72)], mark)  # a beak
    pen.oval(0.5, 0.78, _between(0.06, 0.15, generator), _between(0.015, 0.05, generator), hole)
    for height in (0.22, 0.28):
        pen.curve(0.5, height + 0.05, wide * 0.7, 0.06, (200, 340), 2)
    return _shrunk(pen.picture)


def animal(number: int, generator: torch.Generator) -> Tensor:
    """Part of Chelsea, the only animal that ships: squares of her face and of the whole picture, some mirrored."""
    picture = images.open_image(examples.cat())
    side = _between(150, 300, generator)
    left, top = _between(0, picture.width - side, generator), _between(0, picture.height - side, generator)
    box = (left, top, left + side, top + side)
    found = images.to_tensor(picture.resize((SIZE, SIZE), Image.Resampling.LANCZOS, box=box))
    return found.flip(3) if number % 2 else found


def texture(number: int, generator: torch.Generator) -> Tensor:
    """Stripes, checks, dots, cells or clouds of two colours, turned and scaled as chance has it."""
    rows, columns = torch.meshgrid(torch.arange(SIZE), torch.arange(SIZE), indexing="ij")
    turn, period = _between(0, math.pi, generator), _between(5, 24, generator)
    across = (columns * math.cos(turn) + rows * math.sin(turn)) * 2 * math.pi / period
    down = (rows * math.cos(turn) - columns * math.sin(turn)) * 2 * math.pi / period
    sheets = [
        F.interpolate(torch.rand(1, 1, cells, cells, generator=generator), (SIZE, SIZE), mode="bicubic")[0, 0] / cells
        for cells in (4, 8, 16, 32)
    ]
    clouds = torch.stack(sheets).sum(0)
    share = (
        across.sin().sign(),  # stripes
        (across.sin() * down.sin()).sign(),  # checks
        (across.cos() + down.cos() - 0.8).sign(),  # dots
        (across.sin() + down.sin() + 2 * torch.rand(SIZE, SIZE, generator=generator) - 1).sign(),  # weave
        4 * (clouds - clouds.mean()) / clouds.std(),  # clouds, as bark or marble
        (across + 3 * (clouds - clouds.mean()) / clouds.std()).sin() * 2,  # wood
    )[number % 6].clamp(-1, 1)
    first, second = torch.rand(2, 3, 1, 1, generator=generator)
    return (first + (second - first) * (share + 1) / 2).unsqueeze(0)


def digit(number: int, generator: torch.Generator) -> Tensor:
    """A test digit, enlarged; every second one in colours on a coloured ground."""
    chosen = torch.randint(10_000, (1,), generator=generator)
    ink = F.interpolate(mnist.test_half().images[chosen].float() / 255, (SIZE, SIZE), mode="bilinear")
    if number % 2 == 0:
        return ink.expand(1, 3, SIZE, SIZE).clone()
    ground, colour = torch.rand(2, 1, 3, 1, 1, generator=generator)
    return ground + (colour - ground) * ink


def noise(number: int, generator: torch.Generator) -> Tensor:
    """Uniform or normal, grey or in colour, in grains of 1 to 8 pixels."""
    grain, channels = (1, 2, 4, 8)[number // 4 % 4], 3 if number % 2 else 1
    shape = (1, channels, SIZE // grain, SIZE // grain)
    values = (
        torch.rand(shape, generator=generator)
        if number // 2 % 2
        else 0.5 + _between(0.1, 0.3, generator) * torch.randn(shape, generator=generator)
    )
    return F.interpolate(values.clamp(0, 1), (SIZE, SIZE)).expand(1, 3, SIZE, SIZE).clone()


def flat(number: int, generator: torch.Generator) -> Tensor:
    """One colour; the first are black, white and grey."""
    if number < 3:
        return torch.full((1, 3, SIZE, SIZE), number / 2)
    return torch.rand(1, 3, 1, 1, generator=generator).expand(1, 3, SIZE, SIZE).clone()


def gradient(number: int, generator: torch.Generator) -> Tensor:
    """From one colour to another, along a line or outwards from a place."""
    rows, columns = torch.meshgrid(torch.linspace(0, 1, SIZE), torch.linspace(0, 1, SIZE), indexing="ij")
    turn = _between(0, 2 * math.pi, generator)
    along = columns * math.cos(turn) + rows * math.sin(turn)
    outwards = torch.hypot(columns - _between(0, 1, generator), rows - _between(0, 1, generator))
    share = outwards if number % 2 else along
    share = (share - share.min()) / (share.max() - share.min())
    first, second = torch.rand(2, 3, 1, 1, generator=generator)
    return (first + (second - first) * share).unsqueeze(0)


KINDS: dict[str, Draw] = {
    "cartoons": cartoon,
    "masks": mask,
    "an animal": animal,
    "textures": texture,
    "digits": digit,
    "noise": noise,
    "flat colours": flat,
    "gradients": gradient,
}
