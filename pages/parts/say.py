"""Every new string of the pages: `say("head.copy")`, in the visitor's language, out of one catalogue a language.

A catalogue is every `<language>.json` under `catalogue/`: key -> sentence, with the places of values in braces. English
is complete; another language may lack a key, and English stands in for it. A word in double brackets, `[[psnr]]` or
`[[psnr|PSNR in the hole]]`, is one of the glossary's (`glossary.psnr`): `explained` makes it one that says what it
means when it is pointed at, tapped or reached by Tab.
"""

import json
import re
import threading
from functools import cache
from html import escape
from pathlib import Path

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

FIRST = "en"
ASKED = "language asked for"  # in the session state
WORD = re.compile(r"\[\[([\w-]+)(?:\|([^\]]+))?\]\]")
_HERE = Path(__file__).parent / "catalogue"
_run = threading.local()  # the script run of this thread and its language


@cache
def languages() -> tuple[str, ...]:
    """The languages that have a catalogue, English first."""
    return (FIRST, *sorted({path.stem for path in _HERE.rglob("*.json")} - {FIRST}))


@cache
def catalogue(language: str) -> dict[str, str]:
    """Key -> sentence of one language."""
    files = sorted(_HERE.rglob(f"{language}.json"))
    return {key: sentence for file in files for key, sentence in json.loads(file.read_text("utf-8")).items()}


def language() -> str:
    """The visitor's: `?lang=` in the address, what it last said in this visit, the browser's, else English."""
    run = get_script_run_ctx()
    if run is None:  # a test or a script
        return FIRST
    known = getattr(_run, "known", None)
    if known is None or known[0] is not run or known[1] != run.query_string:  # a page asks some hundred times
        known = _run.known = run, run.query_string, _asked_for()
    return known[2]


def _asked_for() -> str:
    if asked := matching(st.query_params.get("lang")):
        st.session_state[ASKED] = asked
    return st.session_state.get(ASKED) or matching(st.context.locale) or FIRST


def matching(tag: str | None) -> str | None:
    """The language of a tag as browsers send it that has a catalogue; zh-Hant and Hong Kong read Taiwan's."""
    known = {name.lower(): name for name in languages()}
    parts = (tag or "").replace("_", "-").lower().split("-")
    if parts[0] == "zh" and not {"hans", "cn", "sg"} & {*parts}:
        parts = ["zh", "tw"]
    return known.get("-".join(parts)) or known.get(parts[0])


def say(key: str, /, **values: object) -> str:
    """The sentence of that key with its values; a key that is not in the catalogue is a `KeyError`."""
    sentence = catalogue(language()).get(key) or catalogue(FIRST)[key]
    return sentence.format(**values) if values else sentence


def sayings(*rooms: str) -> dict[str, str]:
    """All sentences whose key begins with one of these words and a dot, by the rest of it: for a component, which fills
    in the values itself."""
    return dict(_sayings(rooms, language()))


@cache
def _sayings(rooms: tuple[str, ...], language: str) -> dict[str, str]:
    said = catalogue(FIRST) | catalogue(language)
    keys = {key.removeprefix(f"{room}."): key for room in rooms for key in said if key.startswith(f"{room}.")}
    return {rest: said[key] for rest, key in keys.items()}


def explained(text: str) -> str:
    """Markdown in which `[[...]]` are glossary words; show it with `unsafe_allow_html=True`.

    For the catalogue's sentences only: never give it what came from a visitor.
    """
    return WORD.sub(lambda found: _word(found[1], found[2]), text)


def _word(name: str, shown: str | None) -> str:
    sentence = say(f"glossary.{name}")
    title = shown or say(f"word.{name}")
    return (
        f'<span class="term" tabindex="0" role="note" aria-label="{escape(f"{title}: {sentence}")}">'
        f'{escape(title)}<span class="says" aria-hidden="true">{escape(sentence)}</span></span>'
    )
