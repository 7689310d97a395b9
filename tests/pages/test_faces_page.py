"""The faces page as Streamlit runs it, without a browser: the row of methods, the looks under it, a session back."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
import streamlit
import torch
from streamlit.testing.v1 import AppTest

from engine import corruptions, faces, images, restoration, session, weights
from engine.corruptions import FEATURES
from engine.problem import Problem
from engine.restoration import METHODS, Method, Restoration
from engine.search import search
from pages.parts import latent_search, pictures, thumbs
from pages.parts.latent_search import Search
from pages.parts.methods import FAST, figures, tile
from tests.conftest import ROOT

LOOKS = ["Step by step", "Wipe", "Where is it guessing?", "Latent search", "Guess first", "Keep it"]
FACE = faces.gallery()["astronaut"].image
MOUTH = corruptions.box_mask([FEATURES["mouth"]])
SHIPPED = [name for name in FAST if set(METHODS[name].models) <= set(weights.names())]


@pytest.fixture
def rows(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[dict[str, str]]]:
    """What the page gives the rows of pictures to show, by the name of the row."""
    shown: dict[str, list[dict[str, str]]] = {}

    def mount(data: dict[str, Any], key: str) -> None:
        shown[key] = data["pictures"]

    monkeypatch.setattr(pictures, "_mount_row", mount)
    return shown


def open_page(**query: str | list[str]) -> AppTest:
    page = AppTest.from_file(str(ROOT / "pages" / "faces.py"), default_timeout=60)
    for key, value in query.items():
        page.query_params[key] = value
    return page.run()


def test_the_row_shows_every_fast_method_that_is_shipped_with_its_figures(rows: dict) -> None:
    page = open_page()
    assert not page.exception and not page.error
    assert [tile["caption"] for tile in rows["methods"]] == [METHODS[name].title for name in SHIPPED]
    assert all("dB" in tile["note"] and tile["url"] for tile in rows["methods"])
    assert "latent-search" not in FAST


def test_the_address_says_which_methods_are_shown(rows: dict) -> None:
    open_page(row=["Navier-Stokes", "Telea"])
    assert [tile["caption"] for tile in rows["methods"]] == ["Telea", "Navier-Stokes"]  # in the row's own order


def test_no_method_at_all_is_said(rows: dict) -> None:
    page = open_page()
    page.session_state["row"] = []
    page.run()
    assert not page.exception
    assert any("No method is chosen" in info.value for info in page.info)


def test_a_method_without_weights_says_so_in_its_tile_and_the_others_stand(
    rows: dict, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(given: torch.Tensor, hidden: torch.Tensor) -> torch.Tensor:
        raise Problem("Its weights are missing: fetch them again.")

    monkeypatch.setitem(METHODS, "telea", Method("Telea", "", broken))
    page = open_page()
    assert not page.exception and not page.error
    tiles = {tile["caption"]: tile for tile in rows["methods"]}
    assert tiles["Telea"]["url"] == "" and tiles["Telea"]["more"] == "Its weights are missing: fetch them again."
    assert all(tile["url"] for title, tile in tiles.items() if title != "Telea")
    page = open_page(method="Telea")  # as the large answer: a sentence in its place, and the row stands
    assert not page.exception and len(page.error) == 1
    assert all(tile["url"] for tile in rows["methods"] if tile["caption"] != "Telea")


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("shapes", [[{"box": list(FEATURES["nose"])}], [], [{"box": [0, 0, 128, 128]}]])
def test_every_look_opens_on_a_part_on_nothing_and_on_everything(look: str, shapes: list) -> None:
    page = AppTest.from_file(str(ROOT / "pages" / "faces.py"), default_timeout=60)
    page.query_params["look"] = look
    page.session_state["drawings"] = {"astronaut": shapes}
    page.run()
    assert not page.exception and not page.error


def test_the_hard_edge_is_a_switch_away() -> None:
    page = open_page(seamless="false")
    assert not page.exception
    variables: dict[str, Any] = {}
    exec(page.code[-1].value, variables)
    hidden = corruptions.box_mask([(50, 76, 28, 28)])
    hard = restoration.restore(FACE, hidden, seamless=False).composite
    assert torch.equal(variables["restored"].composite, hard)
    assert not torch.equal(hard, restoration.restore(FACE, hidden, seamless=True).composite)


def test_one_tap_hides_a_feature() -> None:
    page = open_page()
    page.button_group(key="hide").set_value("mouth").run()
    assert not page.exception
    assert page.session_state["drawings"]["astronaut"] == [{"box": list(FEATURES["mouth"])}]
    assert not page.session_state["hide"]  # it springs back


def test_a_session_comes_back() -> None:
    shapes = [{"box": [1, 2, 30, 40]}, {"stroke": {"width": 9, "points": [[60.0, 60.0], [70.5, 61.0]]}}]
    saved = session.of_face(
        faces.gallery()["grace-hopper"],
        shapes,
        method="telea",
        methods=("telea", "gappy-pca"),
        seamless=False,
        steps=50,
    )
    page = open_page(look="Keep it")
    page.file_uploader[0].set_value(("s.json", session.save(saved), "application/json")).run()
    assert not page.exception and not page.error
    state = page.session_state
    assert (state["face"], state["method"], state["seamless"]) == ("grace-hopper", "telea", False)
    assert state["steps"] == 50
    assert set(state["row"]) == {"telea", "gappy-pca"}
    assert state["drawings"]["grace-hopper"] == shapes


def test_an_own_face_out_of_a_session_is_shown() -> None:
    saved = session.Session(session.OWN, [{"box": [1, 2, 30, 40]}], own=FACE.flip(3))
    page = open_page(look="Keep it")
    page.file_uploader[0].set_value(("s.json", session.save(saved), "application/json")).run()
    assert not page.exception and not page.error
    assert page.session_state["face"] == session.OWN
    assert "session.load" in page.code[-1].value


# ---------------------------------------------------------------- tiles


def test_the_figures_are_those_of_the_picture_shown() -> None:
    right = Restoration(FACE, FACE, FACE)
    assert "sharpness 1.00" in figures(right, FACE, MOUTH)
    grey = torch.where(MOUTH, torch.full_like(FACE, 0.5), FACE)
    shown = Restoration(FACE, FACE, grey)  # a composite that differs from the reconstruction
    mse = (grey - FACE).square()[MOUTH.expand_as(FACE)].mean()
    assert figures(shown, FACE, MOUTH) == f"{-10 * torch.log10(mse).item():.1f} dB\nsharpness 0.00"
    assert figures(shown, FACE, torch.zeros_like(MOUTH)) == ""


def test_a_tile_says_how_its_method_guesses() -> None:
    answer = restoration.restore(FACE, MOUTH, "telea")
    assert tile("telea", answer, FACE, MOUTH).more == METHODS["telea"].says


# ---------------------------------------------------------------- latent search


def begun(hidden: torch.Tensor = MOUTH, steps: int = 6) -> Search:
    given = corruptions.hide(FACE, hidden)
    return Search(given, hidden, steps, search(given, hidden, steps))


def test_a_search_goes_on_in_slices_to_its_end() -> None:
    one, whole = begun(), begun()
    slices = 0
    while one.running:
        one.go_on(0)
        slices += 1
    whole.go_on(60)
    assert slices == 8 and not whole.running  # the encoder's answer, six steps, and the end
    assert one.last is not None and whole.last is not None and one.first is not None
    assert one.first.number == 0 and one.last.number == 6
    assert torch.equal(one.last.reconstruction, whole.last.reconstruction)
    assert one.last.loss < one.first.loss


def test_a_cancelled_search_keeps_what_it_has_found() -> None:
    one = begun()
    one.go_on(0)
    one.go_on(0)
    one.running = False
    assert one.last is not None and one.last.number == 1
    answer = one.answer(one.last, seamless=False)
    assert torch.equal(answer.composite[~MOUTH.expand_as(FACE)], FACE[~MOUTH.expand_as(FACE)])
    assert one.asks(corruptions.hide(FACE, MOUTH), MOUTH)
    assert not one.asks(corruptions.hide(FACE, ~MOUTH), ~MOUTH)  # drawn on: another question


def test_a_search_that_was_found_joins_the_row(rows: dict) -> None:
    page = AppTest.from_file(str(ROOT / "pages" / "faces.py"), default_timeout=60)
    one = begun()
    one.go_on(60)
    page.session_state[latent_search.KEPT] = one
    page.session_state["drawings"] = {"astronaut": [{"box": list(FEATURES["mouth"])}]}
    page.run()
    assert rows["methods"][-1]["caption"] == "Latent search"
    page.session_state["drawings"] = {"astronaut": [{"box": list(FEATURES["nose"])}]}
    page.run()
    assert rows["methods"][-1]["caption"] != "Latent search"


# ---------------------------------------------------------------- many faces


@pytest.fixture
def crowd(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """More faces than a row of buttons holds, six of them from `FACES_DIR`; the names of all."""
    for number in range(6):
        images.to_picture(FACE.roll(4 * number, 3)).save(tmp_path / f"Face {number}.png")
    monkeypatch.setenv(faces.FOLDER, str(tmp_path))
    faces.gallery.cache_clear()
    yield list(faces.gallery())
    faces.gallery.cache_clear()


@pytest.fixture
def strip(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What the strip of thumbnails was last given. In its place there are buttons, named by its pictures."""
    given: dict[str, Any] = {}

    def mount(data: dict[str, Any], key: str, on_chosen_change: Callable[[], None]) -> None:
        def tap(number: int) -> None:
            streamlit.session_state[key] = {"chosen": number}
            on_chosen_change()

        given.update(data)
        for number, picture in enumerate(data["pictures"]):
            streamlit.button(picture["name"], key=f"thumb {picture['name']}", on_click=tap, args=[number])

    monkeypatch.setattr(thumbs, "_mount", mount)
    return given


def pixels(url: str) -> torch.Tensor:
    """The picture in a data: URL as an image (1, 3, H, W)."""
    with urlopen(url) as content:
        return images.to_tensor(images.open_image(content.read()))


def test_a_thumb_and_the_list_choose_the_same_face(crowd: list[str], strip: dict[str, Any]) -> None:
    page = open_page(face="Face 4")  # by its address
    assert not page.exception and not page.info
    assert strip["chosen"] == crowd.index("own-face-4")
    assert [picture["name"] for picture in strip["pictures"]] == page.selectbox(key="face").options
    page.button(key="thumb Grace Hopper").click().run()
    assert not page.exception
    assert page.selectbox(key="face").value == "grace-hopper"
    assert strip["chosen"] == crowd.index("grace-hopper")
    assert any("Grace Hopper" in caption.value for caption in page.caption)
    page.selectbox(key="face").set_value("own-face-1").run()
    assert strip["chosen"] == crowd.index("own-face-1")


def test_every_thumb_is_its_face_made_small(crowd: list[str], strip: dict[str, Any]) -> None:
    open_page()
    for name, picture in zip(crowd, strip["pictures"], strict=True):
        small = pixels(picture["url"])
        assert small.shape == (1, 3, 64, 64)
        whole = torch.nn.functional.interpolate(faces.gallery()[name].image, (64, 64), mode="area")
        assert (small - whole).abs().mean() < 0.02  # what WebP costs; another face is 0.1 away


def test_each_face_keeps_its_drawing(crowd: list[str], strip: dict[str, Any]) -> None:
    page = open_page(face="Face 2")
    page.button_group(key="hide").set_value("mouth").run()
    page.button(key="thumb Face 3").click().run()
    page.button_group(key="hide").set_value("nose").run()
    page.button(key="thumb Face 2").click().run()
    drawings = page.session_state["drawings"]
    assert drawings["own-face-2"] == [{"box": list(FEATURES["mouth"])}]
    assert drawings["own-face-3"] == [{"box": list(FEATURES["nose"])}]
    variables: dict[str, Any] = {}
    exec(page.code[-1].value, variables)
    assert torch.equal(variables["face"], faces.gallery()["own-face-2"].image)
    assert torch.equal(variables["hidden"], MOUTH)


def test_a_stroke_sends_the_strip_nothing_new(crowd: list[str], strip: dict[str, Any]) -> None:
    page = open_page(face="Face 2")
    before = json.dumps(strip)
    strip.clear()
    page.button_group(key="hide").set_value("nose").run()
    assert json.dumps(strip) == before


def test_a_session_chooses_among_many_and_an_own_face_joins_the_strip(crowd: list[str], strip: dict[str, Any]) -> None:
    page = open_page(look="Keep it")
    saved = session.save(session.of_face(faces.gallery()["grace-hopper"], [{"box": [1, 2, 30, 40]}]))
    page.file_uploader[0].set_value(("s.json", saved, "application/json")).run()
    assert not page.exception and strip["chosen"] == crowd.index("grace-hopper")
    shown = []
    for image in (FACE.flip(3), FACE.flip(2)):  # one own face after the other, by the same name
        own = session.save(session.Session(session.OWN, [{"box": [1, 2, 30, 40]}], own=image))
        page.file_uploader[0].set_value(("own.json", own, "application/json")).run()
        assert not page.exception and strip["chosen"] == len(crowd) == len(strip["pictures"]) - 1
        shown.append(strip["pictures"][-1]["url"])
        half = torch.nn.functional.interpolate(image, (64, 64), mode="area")
        assert (pixels(shown[-1]) - half).abs().mean() < 0.02
    assert shown[0] != shown[1]
