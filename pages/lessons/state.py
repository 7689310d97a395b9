"""What a visitor has done on the path."""

from dataclasses import dataclass, field

from pages.lessons.path import PLACES, Place


@dataclass
class LessonsState:
    """Kept for the session."""

    place: Place = PLACES[0]
    teachers: bool = False  # the page for teachers stands in place of a step
    moved: bool = False  # the whole page has to run again
    tried: dict[Place, list[int]] = field(default_factory=dict)  # options tapped, in this order

    def is_done(self, lesson: int) -> bool:
        """Whether every question of a lesson, from 1, was answered rightly in the end."""
        places = [place for place in PLACES if place.lesson == lesson]
        return all(place.here.answer in self.tried.get(place, []) for place in places)

    def answer(self, place: Place, option: int) -> None:
        """Note an option; the first one stays the first."""
        self.tried.setdefault(place, []).append(option)
