"""What the page of faces remembers of its visitor besides its widgets."""

import secrets
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

import torch
from torch import Tensor

from engine.corruptions.shapes import Shape
from engine.photos.gallery import GalleryFace
from engine.problem import Problem
from engine.restoration.latent_search import Step
from engine.restoration.methods import Restoration, finished
from engine.restoration.quiz import Round
from pages.faces.asked import FIRST, Asked


@dataclass
class Search:
    """A search for the code of one picture under one mask, as far as it has come."""

    given: Tensor
    hidden: Tensor
    steps: int
    way: Iterator[Step]
    first: Step | None = None  # the encoder's answer
    last: Step | None = None
    running: bool = True
    in_row: bool = False  # whether the row of methods has what was found

    def asks(self, given: Tensor, hidden: Tensor) -> bool:
        """Whether it is a search for this picture and mask."""
        return torch.equal(self.hidden, hidden) and torch.equal(self.given, given)

    def go_on(self, seconds: float) -> None:
        """Take steps for that long, at least one."""
        end = time.monotonic() + seconds
        for step in self.way:
            self.first, self.last = self.first or step, step
            if time.monotonic() >= end:
                return
        self.running = False

    def answer(self, step: Step, seamless: bool) -> Restoration:
        """What the search made of the picture by that step."""
        return finished(self.given, step.reconstruction, self.hidden, seamless)


@dataclass(frozen=True)
class Fooled:
    """A painted face that the visitor took for the photograph."""

    url: str  # of the picture
    hole: str
    method: str
    credit: str  # of the photograph that it was painted on


@dataclass
class Game:
    """A game of five rounds, and what the games of this visit have left."""

    seed: int = field(default_factory=lambda: secrets.randbelow(2**31))  # each visitor begins elsewhere
    played: list[str] = field(default_factory=list)  # names of the faces of this game, the one on the screen too
    round: Round | None = None  # drawn when it is shown
    chosen: int | None = None
    right: int = 0  # of this game
    answered: int = 0
    fooled: list[Fooled] = field(default_factory=list)  # of all games


@dataclass
class FacesState:
    """Nothing of it outlives the visit."""

    face: str = ""  # the name of the one on the page
    own: GalleryFace | None = None  # out of a session file: this visitor's
    method: str = ""  # the one that stands large
    since: float = 0.0  # when the stroke was drawn that waits for its answer; 0: none does
    gave_way: bool = False  # whether that wait has begun anew for a newer stroke
    row_due: float = 0.0  # from when on a row comes together with the large answer, however many wait
    leaves_for: str = ""  # the page that a card or the machine has asked for
    number: int = 0  # of the code, which is to be chosen there; 0: none
    drawn: list[Shape] = field(default_factory=FIRST.copy)  # on whichever face is there
    masks: dict[str, list[Shape]] = field(default_factory=dict)  # of faces that were left, where each has its own
    seed: int | None = None  # of the random box, where the shapes are it
    turn: int = 0  # how often the page, not the hand, has drawn
    seeds_used: int = 0
    asked: Asked | None = None  # the latest question
    search: Search | None = None
    cover: tuple[str, Tensor] | None = None  # of an exercise: the face's name, and which of its pixels are not seen
    guess: tuple[str, ...] = ()  # in it: the face's name, and the method that was said to come closest
    game: Game = field(default_factory=Game)
    said: str | Problem = ""  # of the file that was brought last
