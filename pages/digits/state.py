"""What the page of digits remembers of its visitor."""

from dataclasses import dataclass

from engine.corruptions import noise


@dataclass
class DigitsState:
    """Nothing of it outlives the visit."""

    draws: int = 0  # how often a digit was drawn at random: the seed of the next
    noise: str = next(iter(noise.NOISES))  # the kind on the page
    number: int = 0  # of the test digit on the page
    asked: tuple[str, int] = ("", 0)  # the method that a card asked for, and how often one did
    leaves: bool = False  # for the lesson, as a card has asked
    refused: str = ""  # the sentence about a number that there is not
