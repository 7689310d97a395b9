"""What pages remember: each visitor's own, and nothing is asked twice of one picture."""

from streamlit.testing.v1 import AppTest

SCRIPT = """
from dataclasses import dataclass
import streamlit as st
import torch
from pages.parts.state import once_a_picture, state_of
from pages.digits.state import DigitsState

state_of(DigitsState).draws += 1
asked = st.session_state.setdefault("asked", [])
picture = torch.full((1, 3, 4, 4), st.session_state.get("grey", 0.5))
st.session_state.answer = once_a_picture("mean", picture, lambda one: asked.append(1) or one.mean().item())
"""


def test_a_page_remembers_for_one_visitor() -> None:
    one, two = AppTest.from_string(SCRIPT).run().run(), AppTest.from_string(SCRIPT).run()
    assert not one.exception
    assert (one.session_state["DigitsState"].draws, two.session_state["DigitsState"].draws) == (2, 1)


def test_a_question_about_a_picture_is_asked_once_until_another_comes() -> None:
    page = AppTest.from_string(SCRIPT).run().run()
    assert (page.session_state["answer"], page.session_state["asked"]) == (0.5, [1])
    page.session_state["grey"] = 0.25
    assert page.run().session_state["answer"] == 0.25
    page.session_state["grey"] = 0.5  # back again: the last answer is all that is kept
    assert page.run().session_state["answer"] == 0.5 and len(page.session_state["asked"]) == 3
