"""Pictures side by side: a responsive row of squares, and a wipe between two of them."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from pages.components.frontend import frontend

_mount_row = frontend("picture_row")
_mount_wipe = frontend("wipe")


@dataclass(frozen=True)
class Picture:
    """A square picture with its words."""

    caption: str  # above the picture
    url: str  # data or media URL; send it at its own size, the browser enlarges it; empty: `more` in its place
    note: str = ""  # a figure under the picture; may have several lines
    alt: str = ""  # what a screen reader says; the caption where empty
    more: str = ""  # a sentence shown under the enlarged picture, or in the place of one that is missing


def picture_row(
    pictures: Sequence[Picture],
    *,
    key: str,
    min_width: int = 120,
    pixelated: bool = False,
    tap: bool = False,
) -> None:
    """Show pictures as equal squares, as many a line as fit at `min_width` screen pixels each.

    Only pictures whose URL changed are replaced, without flicker; the browser then sets the performance mark
    "pictures:painted", with `key` as its detail. `pixelated` keeps the pixels of digits square; `tap` lets one be
    enlarged.
    """
    data = {
        "pictures": [_words(picture) for picture in pictures],
        "least": min_width,
        "pixelated": pixelated,
        "tap": tap,
        "name": key,
    }
    _mount_row(data=data, key=key)


def wipe(before: Picture, after: Picture, *, key: str, pixelated: bool = False) -> None:
    """Show two pictures of one size over each other, with an edge between them to drag (or arrow keys)."""
    _mount_wipe(data={"before": _words(before), "after": _words(after), "pixelated": pixelated}, key=key)


def _words(picture: Picture) -> dict[str, str]:
    return asdict(picture) | {"alt": picture.alt or picture.caption}
