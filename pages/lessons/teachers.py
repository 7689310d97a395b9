"""For teachers: the lessons with what one plans with, sheets to print, the class code, privacy."""

import html

import streamlit as st

from engine.problem import Problem
from pages.lessons import class_code
from pages.lessons.path import CLASS_QUESTIONS, LESSONS, OPTIONS, Place
from pages.lessons.worksheet import Fixed, answer_sheet, worksheet
from pages.parts.foreign import as_text
from pages.parts.say import language, say

CODES, ADDED = "class codes", "code to add"


def show() -> None:
    """The table of lessons beside the class code and the privacy half page."""
    st.title(say("lesson.teachers.claim"))
    left, right = st.columns([7, 3], gap="large")
    with left:
        for number in range(1, len(LESSONS) + 1):
            lesson_row(number)
    with right:
        with st.container(border=True):
            class_panel()
        with st.container(border=True):
            st.markdown(f"**{say('lesson.privacy.title')}**")
            for part in ("stored", "logs", "accounts", "where", "photos"):
                st.caption(f"**{say(f'lesson.privacy.{part}')}** {say(f'lesson.privacy.{part}-is')}")


def lesson_row(number: int) -> None:
    """A lesson: aim, age, minutes; behind a tap its questions with their answers, links and sheets."""
    lesson = LESSONS[number - 1]
    plan = say("lesson.teachers.plan", age=lesson.age, minutes=lesson.minutes)
    with st.expander(f"**{number} · {say(f'lesson.{number}.name')}** · {say(f'lesson.{number}.aim')} · {plan}"):
        for step in range(1, len(lesson.steps) + 1):
            place = Place(number, step)
            answer = say(f"lesson.{place}.option{place.here.answer + 1}").format_map(Fixed())
            question = say(f"lesson.{place}.question").format_map(Fixed())
            st.markdown(f"**{place}** {question}  \n:primary[{say('lesson.teachers.answer')}: {answer}]")
        links = [
            f"[{say('lesson.teachers.exercise', number=i)}]({address})" for i, address in enumerate(lesson.exercises, 1)
        ]
        st.markdown(f"{say('lesson.teachers.prepared')}: {' · '.join(links)}")
        with st.container(horizontal=True):
            for name, content in (("worksheet", worksheet(number)), ("answers", answer_sheet(number))):
                st.download_button(
                    say(f"lesson.teachers.{name}"),
                    content,
                    f"lesson-{number}-{name}-{language()}.html",
                    "text/html",
                    icon=":material/print:",
                    on_click="ignore",
                    key=f"{name} {number}",
                )


@st.fragment
def class_panel() -> None:
    """Codes typed in, and how a question was answered. They live in this tab's session and nowhere else."""
    codes: list[str] = st.session_state.setdefault(CODES, [])
    st.markdown(f"**{say('lesson.class.title')}**")
    st.caption(say("lesson.class.how", link="/lessons?lesson=1&step=1&class=1"))
    st.text_input(say("lesson.class.code"), key=ADDED, on_change=add, max_chars=8)
    if wrong := st.session_state.pop("wrong code", ""):
        st.error(as_text(wrong), icon=":material/error:")
    if not codes:
        st.caption(say("lesson.class.none"))
        return
    st.caption(say("lesson.class.codes", count=len(codes), codes=", ".join(codes[-6:])))
    names = [f"{place.lesson} · {say(f'lesson.{place.lesson}.name')}" for place in CLASS_QUESTIONS]
    question = st.selectbox(
        say("lesson.class.question"),
        range(len(names)),
        format_func=lambda i: f"{i + 1} · {names[i]}",
        key="class question",
    )
    place = CLASS_QUESTIONS[question]
    counts = class_code.count(codes, question)
    titles = [say(f"lesson.{place}.option{option}").format_map(Fixed()) for option in range(1, OPTIONS + 1)]
    for option, (title, count) in enumerate(zip([*titles, say("lesson.class.nothing")], counts, strict=True)):
        sign = " ✓" if option == place.here.answer else ""
        st.progress(count / len(codes), text=f"{title}{sign} · {count}")


def add() -> None:
    """Take the code that was typed, or say what is wrong with it; those before it are kept."""
    text = st.session_state[ADDED]
    st.session_state[ADDED] = ""
    if not text.strip():
        return
    try:
        class_code.decode(text)
    except Problem as problem:
        st.session_state["wrong code"] = str(problem)
        return
    st.session_state[CODES].append(html.escape(text.strip().upper()))
