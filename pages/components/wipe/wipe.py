"""A wipe: two pictures of one size over each other, with an edge between them to drag (or arrow keys)."""

from pages.components.frontend import frontend
from pages.components.picture_row.picture_row import Picture
from pages.parts.say import sayings

_mount = frontend("wipe")


def wipe(before: Picture, after: Picture, *, key: str) -> None:
    """Show `before` left of the edge and `after` right of it."""
    _mount(data={"before": before.words(), "after": after.words(), "words": sayings("wipe")}, key=key)
