"""The components' scripts, which a browser fetches once."""

import asyncio
import re

import pytest
from starlette.applications import Starlette

from pages.components import frontend
from pages.components.cards import cards
from tests.pages.test_guard import ask

APP = Starlette(routes=[frontend.ROUTE])


@pytest.mark.parametrize("root", ["", "/demo/ae"])
def test_every_script_is_served_wherever_the_app_lies(root: str) -> None:
    frontend.find_all()
    for file, script in frontend._SCRIPTS.items():
        status, headers, text = asyncio.run(ask(APP, f"{root}/scripts/{file}"))
        assert status == 200 and text == script
        assert headers["content-type"].startswith("text/javascript") and "immutable" in headers["cache-control"]
    assert any(file.startswith("face_machine-") for file in frontend._SCRIPTS) and cards._mount


@pytest.mark.parametrize("file", ["none.js", "../app.py", "face_machine.js", ""])
def test_nothing_else_is_served(file: str) -> None:
    assert asyncio.run(ask(APP, f"/scripts/{file}"))[0] == 404


def test_a_script_has_another_name_when_it_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    before = {file for file in frontend._SCRIPTS if file.startswith("cards-")}
    read = frontend.text_of
    monkeypatch.setattr(frontend, "text_of", lambda *files: read(*files) + ("\n" if "component.js" in files else ""))
    frontend.frontend("cards")
    assert {file for file in frontend._SCRIPTS if file.startswith("cards-")} > before
    assert all(re.fullmatch(r"\w+-[0-9a-f]{16}\.js", file) for file in frontend._SCRIPTS)
