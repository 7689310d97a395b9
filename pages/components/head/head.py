"""The head of every page in one line: name, pages, theme and copy-link; on a phone the pages lie at the bottom edge."""

from collections.abc import Sequence
from pathlib import Path

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from pages.components.frontend import frontend, text_of
from pages.parts.say import say

_mount = frontend("head")
_HERE = Path(__file__).parent
_ICON = _HERE.parents[1] / "static" / "icon.png"
THEMES = ("System", "Light", "Dark")  # as Streamlit's own menu calls them


def head(pages: Sequence[StreamlitPage], shown: StreamlitPage) -> None:
    """Show the head and give the page its frame; call it before `shown`, the page, runs."""
    st.html(f"<style>{text_of('tokens.css', 'head/page.css')}</style>")
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
                    key: say(f"head.{key}")
                    for key in ("head", "pages", "theme", "copy", "copied", "not-copied", "no-theme")
                },
            },
            key="tools",
        )
