"""What the page of codes remembers of its visitor."""

from dataclasses import dataclass

from engine.latent.code_file import Points


@dataclass
class CodesState:
    """Nothing of it outlives the visit."""

    points: Points | None = None  # the visitor's own digits or codes, out of a file
    linked: str = ""  # the title of the face that an address has brought
