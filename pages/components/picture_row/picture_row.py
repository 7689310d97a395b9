"""Pictures side by side: a responsive row of squares."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from pages.components.frontend import frontend
from pages.parts.say import sayings

_mount = frontend("picture_row")


@dataclass(frozen=True)
class Picture:
    """A square picture with its words."""

    caption: str  # above the picture
    url: str  # data or media URL; send it at its own size, the browser enlarges it; empty: `more` in its place
    note: str = ""  # a figure under the picture; may have several lines
    alt: str = ""  # what a screen reader says; the caption where empty
    more: str = ""  # a sentence shown under the enlarged picture, or in the place of one that is missing

    def words(self) -> dict[str, str]:
        """As it is sent to the browser."""
        return asdict(self) | {"alt": self.alt or self.caption}


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
        "pictures": [picture.words() for picture in pictures],
        "least": min_width,
        "pixelated": pixelated,
        "tap": tap,
        "name": key,
        "words": sayings("row"),
    }
    _mount(data=data, key=key)
