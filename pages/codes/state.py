"""What the page of codes remembers of its visitor."""

from dataclasses import dataclass, field

from engine.latent import dials
from engine.latent.code_file import Points
from engine.restoration import face_generator
from pages.components.dial_machine.dial_machine import Turned


def untouched() -> Turned:
    """No dial turned but the first, so that the page shows what a dial does."""
    return Turned((1.5, *[0.0] * (len(dials.NAMES) - 1)))


@dataclass
class CodesState:
    """Nothing of it outlives the visit."""

    points: Points | None = None  # the visitor's own digits or codes, out of a file
    linked: str = ""  # the title of the face that an address has brought
    turned: Turned = field(default_factory=untouched)
    turns: int = 0  # how often an address has brought other dials
    seed: int = face_generator.SEEDS[0]  # of the face of nobody
    to: int = 1  # which of the faces the film walks to
