"""Foreign text is shown as text; what a browser makes of it: tests/browser/test_addresses.py."""

import re

import pytest

from pages.parts.foreign import as_text

HOSTILE = [
    "![x](//host/p)",
    "[x](//host/p)",
    "<img src=//host/p>",
    "https://host/p and www.host.example/p",
    ":red[x] $x$ ~~x~~ **x**",
    r"\[x](//host/p)",
    "[x]: //host/p",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_every_sign_that_begins_something_is_escaped(text: str) -> None:
    shown = as_text(text)
    assert not re.search(r"(?<!\\)(?:\\\\)*[\[\]<$*~]", shown)
    assert "://" not in shown and "www." not in shown  # what a browser would make a link of
    assert re.sub(r"\\(.)", r"\1", shown).replace("\u2060", "") == text


def test_our_own_commands_stay_commands() -> None:
    assert as_text("Get it back: `git checkout -- weights/*`.") == "Get it back: `git checkout -- weights/*`."
    assert as_text("a `[x](//host/p)` ![y](//host/p)` b") == r"a `[x](//host/p)` !\[y\](//host/p)` b"
