"""The head of every page in one line: name, pages, theme and copy-link; on a phone the pages lie at the bottom edge."""

from collections.abc import Sequence

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from pages.components.frontend import frontend
from pages.parts.address import Exercise, exercise
from pages.parts.say import say

_mount = frontend("head")
# The machine knows itself what is to be changed on it, and a guess is what an exercise asks for.
LOCKED = '.stApp .stElementContainer[class*="st-key-"]:not([class*="st-key-guess"], .st-key-tools, .st-key-machine)'
THEMES = ("System", "Light", "Dark")  # as Streamlit's own menu calls them


def head(pages: Sequence[StreamlitPage], shown: StreamlitPage) -> None:
    """Show the head, which `frame` gives its style; call it before `shown`, the page, runs."""
    _set(exercise())
    with st.container(horizontal=True, vertical_alignment="center", gap=None, key="head"):
        st.page_link(pages[0], label=say("head.name"))
        with st.container(horizontal=True, vertical_alignment="center", gap=None, key="pages"):
            for page in pages:
                st.page_link(page)
        _mount(
            data={
                "themes": {name: say(f"head.{name.lower()}") for name in THEMES},
                "shown": shown.title,
                "paths": [page.url_path for page in pages],
                "words": {
                    key: say(f"head.{key}") for key in ("pages", "theme", "copy", "copied", "not-copied", "no-theme")
                },
            },
            key="tools",
        )


def _set(asked: Exercise) -> None:
    """What an exercise does to every page alike: controls that are not shown, and controls that cannot be changed."""
    hidden = ", ".join(f".stApp .st-key-{name}" for name in sorted(asked.hide))
    rules = [f"{hidden} {{ display: none; }}"] if hidden else []
    if asked.locked:
        rules.append(f"{LOCKED} {{ pointer-events: none; interactivity: inert; }}")
    if rules:
        st.html(f"<style>{' '.join(rules)}</style>")
