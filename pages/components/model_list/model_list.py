"""A list of networks, a line each: what it is given and answers, its size, where it was trained, what to expect.
The card lies behind the line."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field

import streamlit as st

from pages.components.frontend import frontend, nothing

_mount = frontend("model_list", styles=["card", "narrow"])


@dataclass(frozen=True)
class Model:
    """One line and the card behind it. All words are shown as they are, never as Markdown or HTML."""

    name: str
    title: str
    says: str  # what it does
    expect: str  # what not to expect of it, in a few words
    group: str
    pair: tuple[str, str] = ("", "")  # addresses of a picture given and its answer
    pixelated: bool = False
    bytes: int = 0
    size: str = ""  # the same, in words
    parameters: str = ""
    time: str = ""
    hardware: str = ""
    gpu: bool = False
    licence: str = ""
    free: bool = False  # for any purpose
    trouble: str = ""  # what keeps it from being used; the rest is then empty
    figures: Sequence[tuple[str, str]] = ()
    losses: Sequence[float] = ()
    curve: str = ""  # what the curve shows
    texts: Sequence[tuple[str, str]] = ()  # heading, paragraph
    commands: Sequence[tuple[str, str]] = ()  # what it does, the command
    foot: str = ""


@dataclass(frozen=True)
class Group:
    """Some of the models: what they share is said once."""

    name: str
    title: str
    says: str
    never: str  # what they are not for, in bold; may be empty
    filter: str  # the words of the button that shows only these


@dataclass(frozen=True)
class Words:
    """What the list says itself."""

    all: str
    filter: str
    columns: tuple[str, str, str, str]
    figures: str
    training: str
    no_curve: str
    copy: str
    copied: str
    start: str = field(default="")
    end: str = field(default="")


def model_list(models: Sequence[Model], groups: Sequence[Group], words: Words, opened: str, *, key: str) -> str:
    """Show them and return the name of the one whose card is open, or "".

    opened: the one that is open when the list first appears.
    """
    shown = {"models": [asdict(model) for model in models], "groups": [asdict(group) for group in groups]}
    _mount(data={**shown, "words": asdict(words), "opened": opened}, key=key, on_opened_change=nothing)
    name = st.session_state.get(key, {}).get("opened")
    return name if name in ["", *(model.name for model in models)] else opened
