"""The cards that lead on: their pictures are large, and go to a visitor once."""

from collections.abc import Callable
from typing import Any

import pytest
import streamlit
from streamlit.testing.v1 import AppTest


def page() -> None:
    import streamlit as st

    from pages.components.cards.cards import Card, cards

    pictures = (f"data:{st.session_state.get('face', 'first')}",)
    cards([Card("codes", "Codes", "Turn them", "latent", pictures)], key="cards", label="On", on_go=lambda name: None)


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What the browser was sent; where the session is told "lost", it says that it has no such pictures."""
    found: list[dict[str, Any]] = []

    def mount(data: dict[str, Any], on_lacks_change: Callable[[], None], **rest: object) -> None:
        found.append(data)
        if streamlit.session_state.get("lost"):
            on_lacks_change()

    monkeypatch.setattr("pages.components.cards.cards._mount", mount)
    return found


def test_a_stroke_names_the_pictures_that_the_visitor_has(
    sent: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    app = AppTest.from_function(page).run()
    app.run()  # a page that is opened again knows nothing
    monkeypatch.setattr("pages.components.cards.cards.runs_a_fragment", lambda: True)
    app.run()
    assert [one["pictures"] for one in sent] == [[("data:first",)], [("data:first",)], None]
    assert len({one["named"] for one in sent}) == 1 and sent[2]["cards"][0]["title"] == "Codes"
    app.session_state["face"] = "second"
    app.run()
    app.run()
    assert sent[3]["pictures"] == [("data:second",)] and sent[4]["pictures"] is None
    assert sent[3]["named"] == sent[4]["named"] != sent[0]["named"]
    app.session_state["lost"] = True
    app.run()
    app.run()
    assert sent[5]["pictures"] is None and sent[6]["pictures"] == [("data:second",)]
