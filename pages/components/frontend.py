"""The front end of a component: `<name>.html`, `.css` and `.js` in the folder of its name, read once at import."""

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.components import v2

_HERE = Path(__file__).parent
_PART = re.compile(r"<!-- (\S+\.html) -->")  # where another file's HTML stands in that of a component


def frontend(name: str, *before: str, styles: Sequence[str] = ()) -> Callable[..., Any]:
    """The mounting command of the inline component `name`.

    Its sheet follows `tokens.css` and `base.css` and comes before those of its folder named in `styles`; its script
    follows `component.js` and those named in `before`, for an inline component is one module. All of it is trusted,
    constant text: what comes from a visitor reaches the browser as JSON and is written there with `textContent` or an
    attribute, never as HTML.
    """
    mount = v2.component(
        f"autoencoder-{name}",
        html=_PART.sub(lambda part: text_of(part[1]), text_of(f"{name}/{name}.html")),
        css=text_of("tokens.css", "base.css", *(f"{name}/{style}.css" for style in (name, *styles))),
        js=text_of("component.js", *(f"{name}/{script}.js" for script in (*before, name))),
    )
    # In a list: Streamlit looks at every value of a dict to see whether it is a table, for some milliseconds.
    return lambda data, **rest: mount(data=[data], **rest)


def text_of(*files: str) -> str:
    """The text of files of this folder, one after the other."""
    return "\n".join((_HERE / file).read_text("utf-8") for file in files)


def turn(key: str, version: str) -> int:
    """How often `version` has changed under this key: the same name twice is still not the same picture."""
    before, count = st.session_state.get(f"{key}.turn", (version, 0))
    count += before != version
    st.session_state[f"{key}.turn"] = (version, count)
    return count


def nothing() -> None:
    """A callback: Streamlit keeps a component's state only when it has one."""
