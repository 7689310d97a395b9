"""The front end of a component: `<name>.html`, `.css` and `.js` in the folder of its name, read once at import.

Streamlit sends all that a component is made of again at every run, so its script is an address: the browser asks for
it once.
"""

import hashlib
import importlib
import pkgutil
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import streamlit as st
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from streamlit.components import v2

_HERE = Path(__file__).parent
_SCRIPTS: dict[str, str] = {}  # by the name under which they are served, which changes when they do
# What the browser is sent in a script's place: it asks for it by an address relative to the app's root, from whichever
# page (the root is where Streamlit's own scripts lie), and again where the line is bad. The address then is another
# one: a browser may remember that it did not get a script.
_ASKED_FOR = """const scripts = [...document.scripts].map((node) => node.src);
const root = scripts.find((src) => src.includes("/static/js/"));
const address = new URL("scripts/{file}", root ? new URL("../../", root) : document.baseURI);
async function ask(times) {
  try {
    return await import(`${address.href}${times ? `?${times}` : ""}`);
  } catch (failure) {
    if (times === 5) throw failure;
    await new Promise((next) => setTimeout(next, 300 * 2 ** times));
    return ask(times + 1);
  }
}
export default (await ask(0)).default;"""
_PART = re.compile(r"<!-- (\S+\.html) -->")  # where another file's HTML stands in that of a component


def frontend(name: str, *before: str, styles: Sequence[str] = ()) -> Callable[..., Any]:
    """The mounting command of the inline component `name`.

    Its sheet follows `tokens.css` and `base.css` and comes before those of its folder named in `styles`; its script
    follows `component.js` and those named in `before`, for an inline component is one module. All of it is trusted,
    constant text: what comes from a visitor reaches the browser as JSON and is written there with `textContent` or an
    attribute, never as HTML.
    """
    script = text_of("component.js", *(f"{name}/{script}.js" for script in (*before, name)))
    file = f"{name}-{named(script)}.js"
    _SCRIPTS[file] = script
    mount = v2.component(
        f"autoencoder-{name}",
        html=_PART.sub(lambda part: text_of(part[1]), text_of(f"{name}/{name}.html")),
        css=text_of("tokens.css", "base.css", *(f"{name}/{style}.css" for style in (name, *styles))),
        js=_ASKED_FOR.replace("{file}", file),
    )
    # In a list: Streamlit looks at every value of a dict to see whether it is a table, for some milliseconds.
    return lambda data, **rest: mount(data=[data], **rest)


def find_all() -> None:
    """Import every component, so that each script is there whoever asks for it first."""
    for folder in pkgutil.iter_modules([str(_HERE)]):
        if (_HERE / folder.name / f"{folder.name}.py").is_file():
            importlib.import_module(f"pages.components.{folder.name}.{folder.name}")


async def _serve(request: Request) -> Response:
    if (script := _SCRIPTS.get(request.path_params["file"])) is None:
        return PlainTextResponse("Not found", 404)
    kept = {"Cache-Control": "public, max-age=31536000, immutable"}
    return Response(script, media_type="text/javascript", headers=kept)


ROUTE = Route("/{root:path}scripts/{file}", _serve)  # wherever the app's root is


def text_of(*files: str) -> str:
    """The text of files of this folder, one after the other."""
    return "\n".join((_HERE / file).read_text("utf-8") for file in files)


def named(content: str) -> str:
    """A short name, which changes exactly when the content does."""
    return hashlib.blake2b(content.encode(), digest_size=8).hexdigest()


def turn(key: str, version: str) -> int:
    """How often `version` has changed under this key: the same name twice is still not the same picture."""
    before, count = st.session_state.get(f"{key}.turn", (version, 0))
    count += before != version
    st.session_state[f"{key}.turn"] = (version, count)
    return count


def nothing() -> None:
    """A callback: Streamlit keeps a component's state only when it has one."""
