"""Films of training side by side: one slider moves through the epochs of all, in the browser alone."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from pages.components.frontend import frontend
from pages.components.picture_row.picture_row import Picture

_mount = frontend("frame_player")


@dataclass(frozen=True)
class Film:
    """Square frames in one picture, row by row, and a line of words for each of them."""

    caption: str
    url: str  # fetched once
    notes: Sequence[str]  # as many as frames
    columns: int = 10  # frames in a row of the picture


def films(stills: Sequence[Picture], reels: Sequence[Film], *, key: str) -> None:
    """Show `stills`, which stand, then `reels`, which follow the slider; a shorter one stays at its last epoch.

    Nothing is asked of the server while the slider is dragged; it stands at the end to begin with.
    """
    data = {
        "stills": [{"caption": still.caption, "url": still.url, "note": still.note} for still in stills],
        "reels": [asdict(reel) | {"notes": list(reel.notes)} for reel in reels],
    }
    _mount(data=data, key=key)
