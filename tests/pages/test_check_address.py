"""Nothing in an address goes under without a word: what a page cannot use it says, and shows its own choice."""

import ast
import importlib

import pytest
from streamlit.testing.v1 import AppTest

from engine.latent import dials
from pages.codes.dial_address import KEYS
from pages.codes.roam import TITLES
from tests.conftest import ROOT
from tests.pages.opened_page import open_page

SENTENCE = "The address asks for {key} = “{asked}”, but it can only be {wanted}: the page shows its own choice."


def bound(folder: str) -> set[str]:
    """The keys of the widgets in a page's folder that are bound to the address."""
    keys = set()
    for path in (ROOT / "pages" / folder).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and any(word.arg == "bind" for word in node.keywords):
                key = next(word.value for word in node.keywords if word.arg == "key")
                if isinstance(key, ast.Constant):
                    keys.add(key.value)
                elif isinstance(key, ast.Name) and key.id.isupper():
                    keys.add(
                        getattr(importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts)), key.id)
                    )
    return keys


# Page -> what is in its address besides the widgets' own keys: made by a rule, or held by no widget.
BESIDES = {
    "faces": {"face", "method"},
    "photo": {"example"},
    "digits": {"noise"},
    "codes": {"exhibit", "face", "towards", "map", "code", "stranger", "finish", *KEYS},
    "lessons": {"lesson", "step", "for", "class"},
    "models": {"model"},
}


def titles(folder: str) -> list[str]:
    """What a page with exhibits has, read off its source: the page runs when it is imported."""
    tree = ast.parse((ROOT / "pages" / folder / "page.py").read_text())
    (listed,) = (
        node.value
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id == "EXHIBITS"
    )
    assert isinstance(listed, ast.Dict)
    return [key.value for key in listed.keys if isinstance(key, ast.Constant) and isinstance(key.value, str)]


BAD: list[str | list[str]] = ["", "inf", "1e9999", "nan", "-1", "7" * 100_000, ["5", "5"]]
WHOLE_PAGES: dict[tuple[str, int | str], dict[str, str]] = {
    **{(folder, turn): {} for folder in BESIDES for turn in range(len(BAD))},
    **{("codes", title): {"exhibit": title} for title in titles("codes")},
}
# What no widget holds and is read where it is used, with a sentence of its own.
ELSEWHERE = {**{("faces", turn): "mask" for turn in range(len(BAD))}, ("codes", "Map"): "at"}


def opened(folder: str, address: dict[str, str | list[str]]) -> AppTest:
    page = open_page(folder, **address)
    assert not page.exception and not page.error
    return page


@pytest.mark.parametrize("folder", BESIDES)
def test_every_key_of_every_page_is_checked(folder: str) -> None:
    keys = bound(folder) | BESIDES[folder]
    assert keys
    page = opened(folder, dict.fromkeys(keys, "zzz"))
    refused = [info.value for info in page.info if info.value.startswith("The address asks for")]
    assert {one.split(" = ")[0] for one in refused} == {f"The address asks for {key}" for key in keys}
    assert len(refused) == len(keys) and all(one.endswith("shows its own choice.") for one in refused)


@pytest.mark.parametrize(("folder", "turn"), WHOLE_PAGES)
def test_whatever_an_address_asks_for_is_used_or_said(folder: str, turn: int | str) -> None:
    """Every key of every page with every bad value: each page once for each turn of the values over its keys, each
    exhibit once."""
    chosen = WHOLE_PAGES[folder, turn]
    keys = sorted((bound(folder) | BESIDES[folder]) - chosen.keys())
    shift = turn if isinstance(turn, int) else len(turn)
    values = {key: BAD[(place + shift) % len(BAD)] for place, key in enumerate(keys)}
    elsewhere = {ELSEWHERE[folder, turn]: BAD[shift % len(BAD)]} if (folder, turn) in ELSEWHERE else {}
    page = opened(folder, chosen | values | elsewhere)
    said = [info.value for info in page.info if info.value.startswith("The address ")]
    refused = {one.split(" = ")[0].removeprefix("The address asks for ") for one in said}
    lawful = {key for key, value in values.items() if value == "-1" and key in (*dials.NAMES, "much")}
    assert refused & {*keys} == {*keys} - lawful
    assert all(len(one) < 400 for one in said)
    for key in {*keys} - lawful:
        assert page.query_params.get(key) != values[key] or values[key] == ""
    assert not elsewhere or len(page.info) > len(refused & {*keys})


@pytest.mark.parametrize(
    ("folder", "address", "asked", "wanted"),
    [
        ("digits", {"digit": ["18", "19"]}, "18, 19", "a single value, from 0 to 9999"),
        ("digits", {"digit": ["18", "18"]}, "18, 18", "a single value, from 0 to 9999"),
        ("digits", {"digit": "1.5"}, "1.5", "from 0 to 9999"),  # Streamlit would round it
        ("digits", {"digit": "inf"}, "inf", "from 0 to 9999"),
        ("digits", {"digit": ""}, "", "from 0 to 9999"),
        ("codes", {"map": ""}, "", f"one of {', '.join(TITLES.values())}"),  # Streamlit would choose none at all
        ("codes", {"at": ["1,2", "3,4"]}, "1,2, 3,4", "a single value"),
        ("faces", {"mask": ["1eNoDAAAAAAE", "1eNoDAAAAAAE"]}, "1eNoDAAAAAAE, 1eNoDAAAAAAE", "a single value"),
    ],
)
def test_what_a_widget_cannot_hold_is_said_and_taken_out(
    folder: str, address: dict[str, str | list[str]], asked: str, wanted: str
) -> None:
    page = opened(folder, address)
    (key,) = address
    assert [info.value for info in page.info] == [SENTENCE.format(key=key, asked=asked, wanted=wanted)]
    assert "digit" not in page.query_params and "map" not in page.query_params
    if key == "digit":
        assert page.number_input(key="digit").value == 0


def test_what_a_widget_can_hold_is_shown() -> None:
    page = opened("digits", {"digit": "18.0", "noise": "Salt and pepper", "strength": "0.6"})
    assert not page.info
    assert page.number_input(key="digit").value == 18 and page.slider(key="strength").value == 0.6
    page = opened("codes", {"exhibit": "Map", "map": "Principal components"})
    assert not page.info and "pca" in page.code[-1].value


def test_the_sentence_goes_and_the_choice_stays() -> None:
    """The visitor goes on from a bad address as from any other."""
    page = opened("digits", {"digit": ["18", "19"]})
    page.number_input(key="digit").set_value(7).run()
    assert not page.info and page.number_input(key="digit").value == 7
