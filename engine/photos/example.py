"""A photo to try things on without one's own: the two portraits of the gallery, hung askew on a painted wall."""

import io
from functools import lru_cache

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from engine import images
from engine.photos import gallery

SIZE = (1200, 900)
MAT, FRAME = 20, 12  # pixels of white card and of dark wood around a portrait
HUNG = {  # portrait -> centre, side, and degrees clockwise from straight
    "astronaut": ((390, 450), 420, 14),
    "grace-hopper": ((895, 420), 290, -9),
}


@lru_cache(maxsize=1)
def example_photo() -> bytes:
    """The photo as a JPEG file, 1200 x 900: it takes the way of every upload, through `images.open_image`."""
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
    across, down = np.linspace(0, 1, SIZE[0], dtype=np.float32), np.linspace(0, 1, SIZE[1], dtype=np.float32)[:, None]
    grain = np.random.default_rng(0).standard_normal(SIZE[::-1], dtype=np.float32)
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
