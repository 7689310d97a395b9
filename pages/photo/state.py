"""What the page of photos remembers of its visitor: the photo in use, and what was done to it."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from PIL import Image
from torch import Tensor

from engine.corruptions import masks
from engine.corruptions.shapes import Shape
from engine.photos import examples
from engine.photos.alignment import Framing
from engine.restoration.masked_images import Memory
from engine.restoration.photo_restoration import PhotoRestoration

Answer = TypeVar("Answer")


@dataclass(frozen=True)
class Photo:
    """A photo as the page needs it."""

    picture: Image.Image  # upright RGB, full resolution
    framings: tuple[Framing, ...]  # one a face, left to right; the middle square where there is none
    has_face: bool
    preview: str  # a data: URL, at most 640 pixels
    example: str = ""  # which of `examples.EXAMPLES` it is; none, where it is the visitor's own
    left_out: int = 0  # faces beyond the most that are framed

    @property
    def largest(self) -> int:
        """The number of the largest face: it is in front until another is chosen."""
        return max(range(len(self.framings)), key=lambda number: self.framings[number].side)


def first_shapes() -> list[Shape]:
    """Something to see before the first touch."""
    return [{"box": list(masks.FEATURES["mouth"])}]


@dataclass
class Answers(Generic[Answer]):
    """What was painted for the question on the page, by the number of the answer; the latest question only."""

    question: Hashable = None
    found: dict[int, Answer] = field(default_factory=dict)

    def get(self, question: Hashable, number: int, make: Callable[[int], Answer]) -> Answer:
        """The answer of that number, made where there is none yet."""
        if question != self.question:
            self.question, self.found = question, {}
        if number not in self.found:
            self.found[number] = make(number)
        return self.found[number]


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
    example: str = next(iter(examples.EXAMPLES))  # which is shown while there is no photo
    camera: bool = False  # whether the webcam is open
    problem: str = ""  # why that was not possible
    memory: Memory = field(default_factory=Memory)  # gappy PCA is solved once a square and mask
    restored: Answers[PhotoRestoration] = field(default_factory=Answers[PhotoRestoration])
    enhanced: Answers[Tensor] = field(default_factory=Answers[Tensor])
    firsts: Answers[Tensor] = field(default_factory=Answers[Tensor])  # of a face, by the size of its small copy

    def drop_photo(self) -> None:
        """Everything that belongs to the photo in use goes: its pixels, squares, drawing and answers."""
        self.photo, self.squares, self.shapes, self.drawings = None, [], first_shapes(), 0
        self.memory = Memory()
        self.restored, self.enhanced = Answers[PhotoRestoration](), Answers[Tensor]()
        self.firsts = Answers[Tensor]()
        self.problem = ""
        self.number += 1
