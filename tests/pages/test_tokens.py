"""The colours of pages and components: one table, which Streamlit's own theme must not contradict."""

import re
import tomllib
from typing import Any

import pytest

from tests.conftest import ROOT

THEMES = ("light", "dark")
SAME = {  # token -> Streamlit's name for the same colour
    "paper": "backgroundColor",
    "sunk": "secondaryBackgroundColor",
    "line": "borderColor",
    "ink": "textColor",
    "accent": "primaryColor",
}
TEXT = ("ink", "quiet", "accent")
METHODS = ("painter", "autoencoder", "mean", "gappy-pca", "latent-search", "telea", "nearest-face")


def tokens() -> dict[str, tuple[str, str]]:
    """Token -> its colour in the light theme and in the dark one."""
    text = (ROOT / "pages" / "components" / "tokens.css").read_text("utf-8")
    found = re.findall(r"--([\w-]+): light-dark\((#\w{6}), (#\w{6})\)", text)
    return {name: (light, dark) for name, light, dark in found}


def streamlit(theme: str) -> dict[str, Any]:
    return tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text("utf-8"))["theme"][theme]


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", THEMES)
def test_streamlits_theme_has_the_same_colours(theme: str) -> None:
    there, at = streamlit(theme), THEMES.index(theme)
    assert {name: tokens()[name][at].upper() for name in SAME} == {name: there[key] for name, key in SAME.items()}


@pytest.mark.parametrize("theme", THEMES)
def test_text_and_methods_stand_out_from_what_they_stand_on(theme: str) -> None:
    colours = {name: pair[THEMES.index(theme)] for name, pair in tokens().items()}
    grounds = [colours[name] for name in ("paper", "raised", "sunk")]
    assert min(contrast(colours[name], ground) for name in TEXT for ground in grounds) >= 4.5
    assert min(contrast(colours[f"method-{name}"], colours["paper"]) for name in METHODS) >= 3


def test_no_component_has_a_colour_table_of_its_own() -> None:
    sheets = (ROOT / "pages" / "components").rglob("*.css")
    assert not [sheet.name for sheet in sheets if sheet.name != "tokens.css" and "light-dark(" in sheet.read_text()]
