"""How a page says what went wrong: one sentence in place of what is missing, and the rest of the page stands."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import streamlit as st

from engine.problem import Problem
from pages.parts.foreign import as_text
from pages.parts.say import language

FOLDER = Path(__file__).parent / "problem_sentences"  # a file a language: sentence of the engine -> its translation


@cache
def translations(language: str) -> dict[str, str]:
    """Sentence of a `Problem`, its places in braces -> the same in that language; none for English."""
    file = FOLDER / f"{language}.json"
    return json.loads(file.read_text("utf-8")) if file.exists() else {}


def sentence_of(problem: Problem) -> str:
    """In the visitor's language; English where there is no other."""
    sentence = translations(language()).get(problem.sentence)
    if sentence is None:
        return str(problem)
    return sentence.format(**problem.values) if problem.values else sentence


def told(problem: Problem) -> str:
    """The same as plain text for what reads Markdown."""
    return as_text(sentence_of(problem))


@contextmanager
def problems_said() -> Iterator[None]:
    """Show a `Problem` raised inside; also a decorator. Put it inside a fragment, whose errors do not leave it."""
    try:
        yield
    except Problem as problem:
        st.error(told(problem), icon=":material/error:")
