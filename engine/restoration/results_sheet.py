"""The results for one face as one picture to keep: every method's answer beside what was given and what was true."""

import io
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PIL import Image, ImageDraw, ImageFont
from torch import Tensor

from engine import images
from engine.photos.compositing import painted_note
from engine.restoration.methods import Restoration, describe_hole
from engine.restoration.photo_restoration import describe_painted

TILE = 256  # pixels: a 128-pixel face, each of its pixels doubled by interpolation
GAP, MARGIN, HEAD, WORDS, FOOT = 16, 32, 84, 62, 48  # above the tiles, under each tile, at the end
COLUMNS = 4
PAPER, INK, FAINT = "#FBF7EE", "#15130E", "#605B50"  # the light theme's


@dataclass(frozen=True)
class Tile:
    """One square of the poster with its words."""

    caption: str
    image: Tensor  # (1, 3, 128, 128)
    note: str = ""  # a figure


def of_results(
    original: Tensor, hidden: Tensor, results: Mapping[str, Restoration], title: str, credit: str, note: bool = True
) -> bytes:
    """The poster of one face (1, 3, 128, 128) under one mask: input, each method's composite by its title, original.

    note: say in the file's metadata which part was painted by what.
    """
    given = original.masked_fill(hidden, 0.0)
    tiles = [
        Tile("Input", given, f"{hidden.float().mean().item():.1%} hidden; figures of the hole"),
        *(
            Tile(name, restored.composite, describe_hole(restored, original, hidden))
            for name, restored in results.items()
        ),
        Tile("Original", original),
    ]
    painted = describe_painted(hidden, ", ".join(results)) if note and results else ""
    return poster(title, tiles, credit, painted)


def poster(title: str, tiles: Sequence[Tile], credit: str, painted: str = "") -> bytes:
    """A titled grid of tiles as a PNG: at most `COLUMNS` a row, the credit of the picture at the end.

    painted: words for the file's metadata, see `compositing.painted_note`.
    """
    columns = min(COLUMNS, len(tiles))
    rows = -(-len(tiles) // columns)
    width = 2 * MARGIN + columns * (TILE + GAP) - GAP
    sheet = Image.new("RGB", (width, HEAD + rows * (TILE + WORDS) + FOOT), PAPER)
    pen = ImageDraw.Draw(sheet)
    write(pen, (MARGIN, 28), title, 30, INK, width - 2 * MARGIN)
    for number, tile in enumerate(tiles):
        row, column = divmod(number, columns)
        x, y = MARGIN + column * (TILE + GAP), HEAD + row * (TILE + WORDS)
        picture = images.to_picture(tile.image)
        sheet.paste(picture.resize((TILE, TILE), Image.Resampling.BICUBIC), (x, y))
        write(pen, (x, y + TILE + 6), tile.caption, 18, INK, TILE)
        write(pen, (x, y + TILE + 30), tile.note, 14, FAINT, TILE)
    write(pen, (MARGIN, sheet.height - FOOT + 8), credit, 14, FAINT, width - 2 * MARGIN)
    buffer = io.BytesIO()
    sheet.save(buffer, "PNG", **painted_note("png", painted))
    return buffer.getvalue()


def write(pen: ImageDraw.ImageDraw, place: tuple[int, int], words: str, size: int, colour: str, room: int) -> None:
    """One line in Pillow's own font, which is there on every machine; cut with dots where it has no room.

    The font has the letters of ASCII only: others lose their accents or are left out.
    """
    font = ImageFont.load_default(size)
    words = " ".join(unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode().split())[:200]
    short = words
    while words and pen.textlength(short, font) > room:
        words = words[:-1].rstrip()
        short = f"{words}..."
    pen.text(place, short, colour, font)
