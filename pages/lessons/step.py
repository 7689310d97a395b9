"""One step: its claim, its exhibit, the thing to move, the question, and the way on."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import streamlit as st

from pages.components.lesson_question.lesson_question import Question, Way, lesson_question
from pages.lessons import class_code
from pages.lessons.path import CLASS_QUESTIONS, LESSONS, OPTIONS, Place, neighbours
from pages.lessons.state import LessonsState
from pages.parts.lesson import code_of_this
from pages.parts.problems import problems_said
from pages.parts.say import language, say
from pages.parts.state import state_of


@dataclass(frozen=True)
class Shown:
    """What an exhibit has shown."""

    did: bool  # what is to be moved was moved
    facts: Mapping[str, object] = field(default_factory=dict)  # figures of this very picture, for the question's checks
    code: str = ""  # the engine lines behind it


Exhibit = Callable[[], Shown]


class Facts(dict[str, object]):
    """Figures by name; one that is not there, because its exhibit failed, is a dash."""

    def __missing__(self, name: str) -> str:
        return "–"


def link(place: Place) -> str:
    """The address of a step."""
    return f"/lessons?lesson={place.lesson}&step={place.step}"


@st.fragment
def look(place: Place, exhibit: Exhibit, go: Callable[[object], None]) -> None:
    """The step in a fragment of its own: what is moved on it leaves the rest of the page as it is."""
    state = state_of(LessonsState)
    if state.moved:
        state.moved = False
        st.rerun()
    task, shown = st.container(), Shown(False)
    with problems_said():
        shown = exhibit()
    sign = ":material/check_circle:" if shown.did else ":material/touch_app:"
    said = say(f"lesson.{place}.did" if shown.did else f"lesson.{place}.task").format_map(Facts(shown.facts))
    task.markdown(f":primary[{sign} **{said}**]")
    ask(place, Facts(shown.facts), go)
    if shown.code:
        code_of_this(shown.code)


def ask(place: Place, facts: Facts, go: Callable[[object], None]) -> None:
    """The question and the way on."""
    state = state_of(LessonsState)
    options = range(1, OPTIONS + 1)
    question = Question(
        say(f"lesson.{place}.question").format_map(facts),
        [say(f"lesson.{place}.option{option}").format_map(facts) for option in options],
        place.here.answer,
        [say(f"lesson.{place}.check{option}").format_map(facts) for option in options],
        say("lesson.idle"),
    )
    before, after = neighbours(place)
    count = len(LESSONS[place.lesson - 1].steps)
    lesson_question(
        question,
        (way(before, "lesson.previous"), way(after, "lesson.next")),
        say("lesson.where", lesson=place.lesson, step=place.step, steps=count),
        (place.step, count),
        state.tried.get(place, []),
        language(),
        lambda option: state.answer(place, option),
        go,
        code=class_line(state),
        key=f"question {place}",
    )


def way(place: Place | None, label: str) -> Way:
    """To a step, by the name of what it shows."""
    if place is None:
        return Way("", "", "", "")
    title = say(f"lesson.{place}.title")
    return Way(title, str(place), link(place), f"{say(label)}: {title}")


def class_line(state: LessonsState) -> str:
    """The code of a class link's visitor, as soon as there is an answer."""
    first = [state.tried.get(place, [None])[0] for place in CLASS_QUESTIONS]
    if st.query_params.get("class") != "1" or not any(answer is not None for answer in first):
        return ""
    return say("lesson.class.yours", code=class_code.encode(first), count=sum(answer is not None for answer in first))
