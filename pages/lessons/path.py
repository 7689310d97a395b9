"""The lessons as data: which there are, the exhibit and the right answer of each step, and what a teacher plans with.

Every sentence of a step lies in the catalogue under its place: `lesson.4.1.claim` is what the first step of the fourth
lesson claims, `.task` the thing to move and `.did` what it showed, `.question`, `.option1` to `.option3` and `.check1`
to `.check3`, the sentence for each answer, with places for the figures of this very picture.
"""

from dataclasses import dataclass

OPTIONS = 3


@dataclass(frozen=True)
class Step:
    """One screen."""

    exhibit: str  # key of exhibits.EXHIBITS
    answer: int  # which option is right, from 0


@dataclass(frozen=True)
class Lesson:
    """Some steps, and what a teacher plans with."""

    steps: tuple[Step, ...]
    age: int  # years, from
    minutes: int
    exercises: tuple[str, ...]  # addresses that open prepared; `lesson.4.exercise1` names the first of the fourth


LESSONS = (
    Lesson((Step("code", 1), Step("layers", 0)), 12, 20, ("/lessons?lesson=1&step=1", "/digits?digit=18&strength=0")),
    Lesson((Step("bottleneck", 2), Step("features", 0)), 14, 20, ("/lessons?lesson=2&step=1",)),
    Lesson(
        (Step("noise", 2), Step("centring", 1)),
        13,
        15,
        ("/digits?digit=18&strength=0.5&hide=strength,seed&lock=1", "/digits?digit=18&strength=1"),
    ),
    Lesson((Step("unpool", 0), Step("three ways", 1)), 14, 20, ("/lessons?lesson=4&step=1",)),
    Lesson((Step("deconvolution", 1),), 16, 25, ("/lessons?lesson=5&step=1",)),
    Lesson((Step("start", 2),), 16, 25, ("/lessons?lesson=6&step=1",)),
    Lesson(
        (Step("mean", 1), Step("plane", 2), Step("article", 1), Step("colour", 0)),
        14,
        30,
        ("/?hide=brush,faces&lock=1&original=0", "/lessons?lesson=7&step=1"),
    ),
    Lesson((Step("gaps", 1),), 16, 20, ("/lessons?lesson=8&step=1", "/latent?map=Variational+autoencoder")),
    Lesson((Step("train", 0),), 15, 40, ("/lessons?lesson=9&step=1",)),
)


@dataclass(frozen=True, order=True)
class Place:
    """A step of a lesson, both from 1."""

    lesson: int
    step: int

    def __str__(self) -> str:
        return f"{self.lesson}.{self.step}"

    @property
    def here(self) -> Step:
        """What stands there."""
        return LESSONS[self.lesson - 1].steps[self.step - 1]


PLACES = tuple(
    Place(number, step) for number, lesson in enumerate(LESSONS, 1) for step in range(1, len(lesson.steps) + 1)
)
CLASS_QUESTIONS = tuple(Place(number, 1) for number in range(1, 9))  # whose first answers a class code carries


def place_of(text: object) -> Place | None:
    """The place that is written so; None for anything else."""
    return next((place for place in PLACES if str(place) == text), None)


def neighbours(place: Place) -> tuple[Place | None, Place | None]:
    """The steps before and after."""
    at = PLACES.index(place)
    return (PLACES[at - 1] if at else None), (PLACES[at + 1] if at + 1 < len(PLACES) else None)
