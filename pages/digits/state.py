"""What the page of digits remembers of its visitor."""

from dataclasses import dataclass


@dataclass
class DigitsState:
    """Nothing of it outlives the visit."""

    draws: int = 0  # how often a digit was drawn at random: the seed of the next
