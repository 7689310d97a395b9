"""How do the parts work, and what did training take? Nine lessons, one step a screen."""

import streamlit as st

from engine.training import live
from pages.components.lesson_path.lesson_path import Stop, lesson_path
from pages.lessons import teachers
from pages.lessons.exhibits import EXHIBITS
from pages.lessons.path import LESSONS, PLACES, Place, neighbours, place_of
from pages.lessons.state import LessonsState
from pages.lessons.step import link, look
from pages.parts.address import ANY, brought, check_address, write
from pages.parts.say import language, say
from pages.parts.state import state_of

TEACHERS = "teachers"  # in place of a step


def main() -> None:
    state = state_of(LessonsState)
    read_address(state)
    path(state)
    if state.teachers:
        teachers.show()
        return
    if any(step is not None and step.here.exhibit == "train" for step in neighbours(state.place)):
        live.LINE.warm()  # whoever reads the step before finds the training ready
    st.title(say(f"lesson.{state.place}.claim"))
    look(state.place, EXHIBITS[state.place.here.exhibit], go)


def read_address(state: LessonsState) -> None:
    """Go where an opened link or Back leads, and say of the address where that is."""
    check_address(lesson=(1, len(LESSONS)), **{"for": (TEACHERS,), "class": ("1",), "lang": ANY})
    asked = brought("lesson")
    lesson = round(float(asked)) if asked else state.place.lesson
    check_address(step=(1, len(LESSONS[lesson - 1].steps)))
    step = brought("step")
    if asked or step:
        state.place = Place(lesson, round(float(step)) if step else 1 if asked else state.place.step)
        state.teachers = False
    if brought("for"):
        state.teachers = True
    show_address(state)


def show_address(state: LessonsState) -> None:
    """The step, or the page for teachers, in the address; the plain address is the first step's."""
    at = state.place
    plain = at == PLACES[0] and "lesson" not in st.query_params
    if state.teachers:
        write(**{"lesson": "", "step": "", "for": TEACHERS})
    elif not plain:
        write(**{"lesson": str(at.lesson), "step": str(at.step), "for": ""})


def go(to: object) -> None:
    """Where the path, a button or an arrow key leads; anything else leads nowhere."""
    state, place = state_of(LessonsState), place_of(to)
    if place is None and to != TEACHERS:
        return
    state.teachers, state.place, state.moved = place is None, place or state.place, True
    show_address(state)


def path(state: LessonsState) -> None:
    """Nine lessons and the page for teachers."""
    stops = [
        Stop(
            say(f"lesson.{number}.name"),
            str(Place(number, 1)),
            link(Place(number, 1)),
            state.is_done(number),
            not state.teachers and number == state.place.lesson,
        )
        for number in range(1, len(LESSONS) + 1)
    ]
    name = say("lesson.teachers.name" if state.teachers else f"lesson.{state.place.lesson}.name")
    here = name if state.teachers else say("lesson.here", lesson=state.place.lesson, name=name)
    lesson_path(
        stops,
        Stop(say("lesson.teachers.name"), TEACHERS, f"/lessons?for={TEACHERS}", here=state.teachers),
        here,
        say("lesson.path"),
        language(),
        go,
        key="lesson path",
    )


main()
