"""Photos to try things on without one's own: two portraits on a wall, and what the face networks have never seen.

Each is a function that returns the bytes of a file, so that it takes the way of every upload, through
`images.open_image`.
"""

import io
from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from engine import images
from engine.photos import gallery

WALL_SIZE = (1200, 900)
MAT, FRAME = 20, 12  # pixels of white card and of dark wood around a portrait
HUNG = {  # portrait -> centre, side, and degrees clockwise from straight
    "astronaut": ((390, 450), 420, 14),
    "grace-hopper": ((895, 420), 290, -9),
}
CAT = Path(__file__).parents[1] / "data" / "strangers" / "chelsea.jpg"
LARGE = 4  # drawings are made this much larger and shrunk, for smooth edges


@lru_cache(maxsize=1)
def two_portraits() -> bytes:
    """The two portraits of the gallery, hung askew on a painted wall, as a JPEG file, 1200 x 900."""
    photo = _wall()
    for name, (centre, side, angle) in HUNG.items():
        portrait = images.to_picture(gallery.gallery()[name].image).resize((side, side), Image.Resampling.BICUBIC)
        framed = _framed(portrait).rotate(-angle, Image.Resampling.BICUBIC, expand=True)
        left, top = centre[0] - framed.width // 2, centre[1] - framed.height // 2
        shadow = framed.getchannel("A").filter(ImageFilter.BoxBlur(12)).point(lambda value: value * 0.5)
        photo.paste((40, 32, 24), (left + 8, top + 14), shadow)
        photo.paste(framed, (left, top), framed)
    buffer = io.BytesIO()
    photo.save(buffer, "jpeg", quality=92)
    return buffer.getvalue()


def _wall() -> Image.Image:
    """Warm plaster, lit from the upper left, with a little grain."""
    across = np.linspace(0, 1, WALL_SIZE[0], dtype=np.float32)
    down = np.linspace(0, 1, WALL_SIZE[1], dtype=np.float32)[:, None]
    grain = np.random.default_rng(0).standard_normal(WALL_SIZE[::-1], dtype=np.float32)
    light = (1.05 - 0.25 * across - 0.2 * down + 0.012 * grain)[:, :, None]
    return Image.fromarray((light * np.array([196, 184, 160], np.float32)).clip(0, 255).astype(np.uint8))


def _framed(portrait: Image.Image) -> Image.Image:
    """A portrait in its mat and frame, RGBA, with clear air around for its edge, when turned, and for its shadow."""
    air, edge = 24, MAT + FRAME
    side = portrait.width + 2 * (air + edge)
    framed = Image.new("RGBA", (side, side))
    pen = ImageDraw.Draw(framed)
    for inset, colour in ((air, (58, 42, 32)), (air + FRAME, (246, 242, 232))):
        pen.rectangle((inset, inset, side - inset - 1, side - inset - 1), fill=colour)
    framed.paste(portrait, (air + edge, air + edge))
    return framed


def cat() -> bytes:
    """Chelsea, by Stéfan van der Walt: a JPEG file, 451 x 300."""
    return CAT.read_bytes()


@lru_cache(maxsize=1)
def cartoon() -> bytes:
    """A drawn face as a PNG file, 480 x 480."""
    side = 480 * LARGE
    picture = Image.new("RGB", (side, side), (126, 200, 227))
    pen = ImageDraw.Draw(picture)

    def oval(x: float, y: float, wide: float, high: float, colour: tuple[int, int, int], line: int = 0) -> None:
        """Around (x, y) with these half axes, all in 480ths of the picture."""
        box = [value * LARGE for value in (x - wide, y - high, x + wide, y + high)]
        pen.ellipse(box, fill=colour, outline=(30, 30, 40), width=line * LARGE)

    skin, ink, white = (255, 209, 92), (30, 30, 40), (255, 255, 255)
    oval(240, 118, 128, 92, (120, 66, 36), 5)  # hair
    for x in (110, 370):
        oval(x, 262, 26, 34, skin, 5)  # ears
    oval(240, 262, 132, 158, skin, 5)
    pen.chord([130 * LARGE, 92 * LARGE, 350 * LARGE, 262 * LARGE], 195, 345, fill=(120, 66, 36))  # fringe
    for x in (192, 288):
        oval(x, 244, 38, 46, white, 4)
        oval(x + 6, 252, 15, 20, ink)
        oval(x + 11, 244, 5, 6, white)
        pen.arc([(x - 36) * LARGE, 176 * LARGE, (x + 36) * LARGE, 216 * LARGE], 200, 340, fill=ink, width=7 * LARGE)
        oval(x + (x - 240) * 0.6, 316, 22, 13, (255, 150, 110))  # cheeks
    oval(240, 296, 15, 12, (240, 160, 70), 4)
    pen.chord([178 * LARGE, 288 * LARGE, 302 * LARGE, 392 * LARGE], 10, 170, fill=(150, 30, 45), outline=ink, width=16)
    pen.chord([214 * LARGE, 350 * LARGE, 266 * LARGE, 396 * LARGE], 185, 355, fill=(240, 110, 120))
    return images.encode(images.to_tensor(picture.resize((480, 480), Image.Resampling.BOX)), "png")


@lru_cache(maxsize=1)
def mask() -> bytes:
    """The gallery's astronaut behind a surgical mask, as a PNG file, 512 x 512."""
    size = 512
    face = images.to_picture(gallery.gallery()["astronaut"].image).resize((size, size), Image.Resampling.BICUBIC)
    layer = Image.new("RGBA", (size * LARGE, size * LARGE))
    pen = ImageDraw.Draw(layer)

    def scaled(points: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
        return [(x * LARGE, y * LARGE) for x, y in points]

    for x, y in ((126, 250), (386, 250)):  # the loops behind the ears
        pen.line(scaled([(x, y), (256 + (x - 256) * 0.76, 292)]), fill=(236, 240, 242, 255), width=5 * LARGE)
    outline = [(152, 290), (204, 268), (256, 256), (308, 268), (360, 290), (352, 372), (312, 428), (256, 444)]
    outline += [(200, 428), (160, 372)]
    pen.polygon(scaled(outline), fill=(150, 196, 220, 255), outline=(104, 150, 178, 255), width=3 * LARGE)
    for y in (312, 342, 372):  # pleats
        pen.line(scaled([(160, y), (256, y + 12), (352, y)]), fill=(118, 166, 194, 255), width=3 * LARGE, joint="curve")
    layer = layer.resize((size, size), Image.Resampling.BOX)
    face.paste(layer, (0, 0), layer)
    return images.encode(images.to_tensor(face), "png")


# What no face network has seen.
STRANGERS: dict[str, Callable[[], bytes]] = {"cat": cat, "cartoon": cartoon, "mask": mask}
EXAMPLES: dict[str, Callable[[], bytes]] = {
    "Two portraits": two_portraits,
    **{f"A {name}": make for name, make in STRANGERS.items()},
}
