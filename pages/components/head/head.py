"""The head of every page in one line: name, pages, theme and copy-link; on a phone the pages lie at the bottom edge."""

from collections.abc import Sequence

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from pages.components.frontend import frontend
from pages.parts.address import Exercise, exercise
from pages.parts.say import ASKED, language, languages, say

_mount = frontend("head")
# The machine knows itself what is to be changed on it, and a guess is what an exercise asks for.
LOCKED = '.stApp .stElementContainer[class*="st-key-"]:not([class*="st-key-guess"], .st-key-tools, .st-key-machine)'
TAGS = {"zh-TW": "zh-Hant-TW"}  # as the browser knows them
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
                "language": TAGS.get(language(), language()),
                "other": {
                    "code": other_language(),
                    "name": say("head.other-language"),
                    "short": say("head.other-language-short"),
                },
                "paths": [page.url_path for page in pages],
                "words": {
                    key: say(f"head.{key}") for key in ("pages", "theme", "copy", "copied", "not-copied", "no-theme")
                },
            },
            key="tools",
            on_language_change=_choose_language,
        )


def other_language() -> str:
    """The language that the switch offers: the next one that has a catalogue, none where there is but one."""
    known = languages()
    return known[(known.index(language()) + 1) % len(known)] if len(known) > 1 else ""


def _choose_language() -> None:
    wanted = st.session_state.get("tools", {}).get("language")
    if wanted not in languages():
        return
    st.session_state[ASKED] = wanted
    if "lang" in st.query_params:  # a link that was opened in another language
        st.query_params["lang"] = wanted


def _set(asked: Exercise) -> None:
    """What an exercise does to every page alike: controls that are not shown, and controls that cannot be changed."""
    hidden = ", ".join(f".stApp .st-key-{name}" for name in sorted(asked.hide))
    rules = [f"{hidden} {{ display: none; }}"] if hidden else []
    if asked.locked:
        rules.append(f"{LOCKED} {{ pointer-events: none; interactivity: inert; }}")
    if rules:
        st.html(f"<style>{' '.join(rules)}</style>")
