"""What the page of photos remembers of its visitor: the photo in use, and what was done to it."""

from dataclasses import dataclass, field

from PIL import Image

from engine.corruptions import masks
from engine.corruptions.shapes import Shape
from engine.photos.alignment import Framing


@dataclass(frozen=True)
class Photo:
    """A photo as the page needs it."""

    picture: Image.Image  # upright RGB, full resolution
    framings: tuple[Framing, ...]  # one a face, the largest first; the middle square where there is none
    has_face: bool
    preview: str  # a data: URL, at most 640 pixels
    example: str = ""  # which of `examples.EXAMPLES` it is; none, where it is the visitor's own
    left_out: int = 0  # faces beyond the most that are framed


def first_shapes() -> list[Shape]:
    """Something to see before the first touch."""
    return [{"box": list(masks.FEATURES["mouth"])}]


@dataclass
class PhotoState:
    """Nothing of it outlives the visit."""

    photo: Photo | None = None  # the visitor's own; None: an example is in use
    squares: list[Framing] = field(default_factory=list)  # as the visitor has set them; empty: as they were found
    shapes: list[Shape] = field(default_factory=first_shapes)
    drawings: int = 0  # how often a button has drawn them
    number: int = 0  # another one for every photo: a part that has shown one must not answer for the next
    boxes: int = 0  # how many boxes for files were emptied
    given: str = ""  # the file that was taken last
    problem: str = ""  # why that was not possible

    def drop_photo(self) -> None:
        """Everything that belongs to the photo in use goes: its pixels, squares and drawing."""
        self.photo, self.squares, self.shapes, self.drawings = None, [], first_shapes(), 0
        self.problem = ""
        self.number += 1
