"""When the answers to a stroke are found and sent: the large one first, and nothing that is known or not seen."""

from dataclasses import replace
from functools import partial
from typing import Any

import pytest
import torch

from engine.restoration.masked_images import MaskedImages
from engine.restoration.methods import METHODS
from tests.pages import opened_page

open_page = partial(opened_page.open_page, "faces")


def test_a_stroke_is_answered_large_first_and_what_is_not_on_the_screen_is_not_computed(
    machine: dict, rows: dict, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[dict[str, Any]] = []
    monkeypatch.setattr("pages.components.face_machine.face_machine._mount_rest", lambda data, key: sent.append(data))
    page = open_page(look="Step by step")
    assert not sent and "five" in rows  # a page comes whole
    rows.clear()
    now = {"turn": 0, "shapes": [{"box": [40, 60, 20, 20]}], "method": "", "have": [], "below": False}
    page.session_state["machine"] = {"now": now}
    page.session_state["FacesState"].since = 1.0  # as the machine's callback says
    page.run()
    first, *others = machine["methods"]
    assert not page.exception and first["patch"] and not first["waits"] and "verdict" not in machine
    assert [one["waits"] for one in others] == [not one["asks"] for one in others]
    (rest,) = sent
    assert rest["message"] == machine["message"] and rest["verdict"]["closest"] and rest["place"]["hole"]
    assert not any(one["waits"] for one in rest["methods"])
    assert page.session_state["FacesState"].since == 0 and "five" not in rows
    page.session_state["machine"] = {"now": now | {"below": True}}  # scrolled down
    page.run()
    assert len(sent) == 1 and "five" in rows


def test_what_the_page_opens_with_is_answered_once_for_all(machine: dict, monkeypatch: pytest.MonkeyPatch) -> None:
    open_page()
    shown = machine["methods"]

    def never(masked: MaskedImages) -> torch.Tensor:
        raise AssertionError("asked again")

    for name, method in METHODS.items():
        monkeypatch.setitem(METHODS, name, replace(method, run=never))
    page = open_page()
    assert not page.exception and machine["methods"] == shown
