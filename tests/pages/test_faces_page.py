"""The faces page as Streamlit runs it, without a browser: the row of methods, the looks under it, a session back."""

import re
from functools import partial
from typing import Any

import pytest
import streamlit
import torch
from streamlit.testing.v1 import AppTest

from engine.corruptions import masks
from engine.corruptions.masks import FEATURES
from engine.evaluation import face_benchmark
from engine.models import weights
from engine.photos import gallery
from engine.problem import Problem
from engine.restoration import drafts, methods, nearest_face, session_file
from engine.restoration.latent_search import search
from engine.restoration.masked_images import MaskedImages
from engine.restoration.methods import METHODS, Method, Restoration, describe_hole
from pages.faces import latent_search
from pages.faces.state import FacesState, Search
from pages.parts.methods import FAST, called, tile
from tests.pages import opened_page
from tests.pages.conftest import NONSENSE

LOOKS = [
    *("Map of codes", "Step by step", "Six answers", "Wipe", "Where is it guessing?", "Latent search"),
    *("Every method", "Guess first", "Keep it"),
]
FACE = next(iter(gallery.gallery().values())).image
MOUTH = masks.box_mask([FEATURES["mouth"]])
EYES = masks.box_mask([FEATURES["both eyes"]])


open_page = partial(opened_page.open_page, "faces")


def by_name(machine: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {method["name"]: method for method in machine["methods"]}


def test_the_machine_opens_on_a_photograph_with_both_eyes_hidden_and_every_fast_method_answered(machine: dict) -> None:
    page = open_page()
    assert not page.exception and not page.error
    assert gallery.gallery()[page.session_state["FacesState"].face].photograph
    assert machine["shapes"] == [{"box": list(FEATURES["both eyes"])}]
    methods = by_name(machine)
    first = machine["methods"][0]["name"]
    assert len(methods) == 6 and first == machine["chosen"] == page.session_state["FacesState"].method
    for name, method in methods.items():
        assert bool(method["patch"]) != METHODS[name].slow and method["asks"] == METHODS[name].slow
        assert set(METHODS[name].models) <= set(weights.names())
    assert not {"gappy-pca", "face-unet"} <= set(methods)  # one of two that look alike; the table has both


def test_the_table_has_every_method_with_its_figures(rows: dict) -> None:
    page = open_page(look="Every method")
    assert not page.exception and not page.error
    *tiles, search = rows["methods"]
    assert [tile["caption"] for tile in tiles] == [called(name) for name in FAST]
    assert all("dB" in tile["note"] and tile["url"] for tile in tiles)
    assert (search["caption"], search["url"]) == ("Latent search", "") and "“Latent search”" in search["more"]
    assert search["caption"] in LOOKS and "latent-search" not in FAST


def test_an_eraser_takes_from_the_mask(machine: dict) -> None:
    page = open_page()
    erased = [{"box": list(FEATURES["both eyes"])}, {"erase": {"width": 200, "points": [[64, 64]]}}]
    page.session_state["machine"] = {"now": {"turn": 0, "shapes": erased, "method": "", "have": []}}
    page.run()
    assert not page.exception and not machine["hidden"]
    assert all(not method["patch"] for method in machine["methods"])


def test_a_stroke_sends_neither_face_nor_strip_again(machine: dict) -> None:
    page = open_page()
    kept = list(machine["once"])
    first = machine["asked"]
    assert all(machine["once"].values())
    shapes = [{"box": list(FEATURES["nose"])}]
    page.session_state["machine"] = {"now": {"turn": 0, "shapes": shapes, "method": "telea", "have": kept}}
    page.run()
    assert not page.exception
    assert list(machine["once"]) == kept and not any(machine["once"].values())
    assert machine["asked"] != first and machine["chosen"] == "telea"
    # The rest fits an ordinary stroke: a patch a method, 300 numbers twice.
    assert sum(len(method["patch"]["url"]) for method in machine["methods"] if method["patch"]) < 60_000


def test_the_verdict_is_in_words_and_counts_only_what_may(machine: dict) -> None:
    open_page()
    names = {method["name"] for method in machine["methods"]}
    assert set(machine["verdict"].values()) < names
    assert len(machine["figures"]) == 5 and all("dB" in row[1] for row in machine["figures"])
    painted = next(face for face in gallery.gallery().values() if not face.photograph)
    open_page(face=painted.title)
    dashes = [row for row in machine["figures"] if row[1:] == ["–", "–"]]
    assert dashes and "painted, not photographed" in machine["figures_note"]
    drafted = [name for name in names if "face-pca" in METHODS[name].models]
    assert len(dashes) == len(drafted) and not set(machine["verdict"].values()) & set(drafted)


def test_a_random_box_is_the_articles_and_its_seed_counts_up(machine: dict) -> None:
    page = open_page()
    offered = machine["random"]
    box = masks.box_around(masks.random_boxes(1, generator=torch.Generator().manual_seed(1)))
    assert offered == {"seed": 1, "box": list(box)} and list(box)[2:] == [28, 28]
    now = {"turn": 0, "shapes": [{"box": offered["box"]}], "seed": 1, "method": "", "have": []}
    page.session_state["machine"] = {"now": now}
    page.run()
    assert page.session_state["FacesState"].seed == 1 and machine["random"]["seed"] == 2
    page.session_state["machine"] = {"now": {**now, "shapes": [{"box": [1, 1, 9, 9]}]}}  # no such seed
    page.run()
    assert page.session_state["FacesState"].seed is None and machine["random"]["seed"] == 2


def test_whatever_a_browser_says_the_page_stands(machine: dict) -> None:
    page = open_page()
    for now in (None, 7, {}, {"turn": 0}, {"turn": 0, "shapes": "x", "method": 3, "nth": -1, "six": 2, "have": [[]]}):
        page.session_state["machine"] = {"now": now}
        page.run()
        assert not page.exception and not page.error
    before = page.session_state["FacesState"].face
    for number in range(len(NONSENSE)):
        page.button(key=f"took {number}").click()
        page.button(key=f"went {number}").click().run()
        state = page.session_state["FacesState"]
        assert not page.exception and state.face == before and not state.leaves_for


def test_a_method_without_weights_says_so_in_its_place_and_the_others_stand(
    machine: dict, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(masked: MaskedImages) -> torch.Tensor:
        raise Problem("Its weights are missing: fetch them again.")

    monkeypatch.setitem(METHODS, "telea", Method("Telea", "", broken))
    for chosen in ("", "Telea"):
        page = open_page(method=chosen) if chosen else open_page()
        assert not page.exception and not page.error
        methods = by_name(machine)
        assert methods["telea"]["missing"] == "Its weights are missing: fetch them again."
        assert all(method["patch"] for name, method in methods.items() if name not in ("telea", "latent-search"))
    assert machine["chosen"] == "telea"  # as the large answer too


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("shapes", [[{"box": list(FEATURES["nose"])}], [], [{"box": [0, 0, 128, 128]}]])
def test_every_look_opens_on_a_part_on_nothing_and_on_everything(look: str, shapes: list) -> None:
    page = open_page({"FacesState": FacesState(drawn=shapes)}, look=look)
    assert not page.exception and not page.error


def test_the_hard_edge_is_a_switch_away() -> None:
    page = open_page(seamless="false", method="Autoencoder")
    assert not page.exception
    variables: dict[str, Any] = {}
    exec(page.code[-1].value, variables)
    method = page.session_state["FacesState"].method
    hard = methods.restore(FACE, EYES, method, seamless=False).composite
    assert torch.equal(variables["restored"].composite, hard)
    assert not torch.equal(hard, methods.restore(FACE, EYES, method, seamless=True).composite)


def test_a_session_comes_back() -> None:
    shapes = [{"box": [1, 2, 30, 40]}, {"stroke": {"width": 9, "points": [[60.0, 60.0], [70.5, 61.0]]}}]
    saved = session_file.of_face(
        gallery.gallery()["grace-hopper"],
        shapes,
        method="telea",
        methods=("telea", "gappy-pca"),
        seamless=False,
        steps=50,
    )
    page = open_page(look="Keep it")
    page.file_uploader[0].set_value(("s.json", session_file.save(saved), "application/json")).run()
    assert not page.exception and not page.error
    state = page.session_state["FacesState"]
    assert (state.face, state.method, page.session_state["seamless"]) == ("grace-hopper", "telea", False)
    assert page.session_state["steps"] == 50
    assert state.drawn == shapes


def test_an_own_face_out_of_a_session_is_shown() -> None:
    saved = session_file.Session(session_file.OWN, [{"box": [1, 2, 30, 40]}], own=FACE.flip(3))
    page = open_page(look="Keep it")
    page.file_uploader[0].set_value(("s.json", session_file.save(saved), "application/json")).run()
    assert not page.exception and not page.error
    assert page.session_state["FacesState"].face == session_file.OWN
    assert "session_file.load" in page.code[-1].value


def test_what_the_page_says_of_knowing_by_heart_is_what_was_measured() -> None:
    (said,) = re.findall(r"by heart\?\*\*.*?(?=\n\*)", "".join(text.value for text in open_page().markdown), re.DOTALL)
    (by_heart, seamless, networks), measured = re.findall(r"([\d.]+) (?:dB|with)", said), face_benchmark.shipped()
    assert measured is not None
    reached = {
        (row["method"], row["seamless"]): row["hole_psnr"] for row in measured["rows"] if row["hole"] == "28x28 box"
    }
    assert reached["nearest-face", False] == pytest.approx(float(by_heart), abs=0.05)
    assert reached.get(("nearest-face", True), 17.35) == pytest.approx(float(seamless), abs=0.5)
    for (method, _), psnr in reached.items():
        if method in ("face-autoencoder", "face-unet", "face-painter"):
            assert psnr == pytest.approx(float(networks), abs=1.2)
    assert f"here of {nearest_face.COUNT:,}" in said


# ---------------------------------------------------------------- tiles


def test_the_figures_are_those_of_the_picture_shown() -> None:
    right = Restoration(FACE, FACE, FACE)
    assert "sharpness 1.00" in describe_hole(right, FACE, MOUTH)
    grey = torch.where(MOUTH, torch.full_like(FACE, 0.5), FACE)
    shown = Restoration(FACE, FACE, grey)  # a composite that differs from the reconstruction
    mse = (grey - FACE).square()[MOUTH.expand_as(FACE)].mean()
    assert describe_hole(shown, FACE, MOUTH) == f"{-10 * torch.log10(mse).item():.1f} dB\nsharpness 0.00"
    assert describe_hole(shown, FACE, torch.zeros_like(MOUTH)) == ""


def test_a_tile_says_how_its_method_guesses() -> None:
    answer = methods.restore(FACE, MOUTH, "telea")
    assert tile("telea", answer, FACE, MOUTH).more == METHODS["telea"].says


# ---------------------------------------------------------------- latent search


def begun(hidden: torch.Tensor = MOUTH, steps: int = 6) -> Search:
    given = masks.hide(FACE, hidden)
    return Search(given, hidden, steps, search(given, hidden, steps))


def test_a_search_goes_on_in_slices_to_its_end() -> None:
    large = masks.box_mask([(32, 32, 64, 64)])  # under a small hole the encoder's code fits, and is only made likelier
    one, whole = begun(large), begun(large)
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
    assert one.asks(masks.hide(FACE, MOUTH), MOUTH)
    assert not one.asks(masks.hide(FACE, ~MOUTH), ~MOUTH)  # drawn on: another question


def test_a_search_that_was_found_joins_the_row_with_the_numbers_it_ended_at(machine: dict) -> None:
    one = begun()
    one.go_on(60)
    page = open_page({"FacesState": FacesState(search=one, drawn=[{"box": list(FEATURES["mouth"])}])})
    found = by_name(machine)["latent-search"]
    assert found["patch"] and not found["asks"] and len(machine["numbers"][found["numbers"]]["values"]) == 300
    now = {"turn": 0, "shapes": [{"box": list(FEATURES["nose"])}], "method": "", "have": []}
    page.session_state["machine"] = {"now": now}
    page.run()
    found = by_name(machine)["latent-search"]
    assert not found["patch"] and found["asks"]


def test_a_tap_on_the_slow_method_opens_its_tab_and_the_numbers_lead_to_the_codes(machine: dict) -> None:
    page = open_page()
    page.button(key="go latent-search").click().run()
    assert not page.exception and page.session_state["look"] == "Latent search"
    page.button(key="go telea").click().run()  # which is not slow: nothing that the page would follow
    assert not page.exception and not page.session_state["FacesState"].leaves_for


def searching() -> None:
    import streamlit as st

    from engine.corruptions import masks
    from engine.photos import gallery
    from pages.faces.latent_search import latent_search

    hidden = masks.box_mask([(st.session_state.get("left", 50), 76, 28, 28)])
    latent_search(next(iter(gallery.gallery().values())).image, hidden, True)


def test_a_click_on_cancel_that_comes_after_a_stroke_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """The stroke has ended the search and forgotten it by then."""
    monkeypatch.setattr(latent_search, "latent_search", latent_search._searching)  # the search is under way
    monkeypatch.setattr(streamlit, "rerun", lambda **options: None)
    page = AppTest.from_function(searching, default_timeout=60)
    one = begun(masks.box_mask([(50, 76, 28, 28)]), 200)
    page.session_state["FacesState"] = FacesState(search=one)
    page.run()
    assert not page.exception and one.running
    page.session_state["FacesState"].search, page.session_state["left"] = None, 20
    page.button(key="search stop").click().run()
    assert not page.exception and not one.running
    assert page.button(key="search start").label == "Search"


def test_bolder_answers_are_other_answers_and_their_mean_is_measured(rows: dict, machine: dict[str, Any]) -> None:
    page = open_page(look="Six answers", bold="0.5")
    assert not page.exception and not page.error and not page.info
    six = [picture["url"] for picture in rows["six"]]
    assert len(six) == len(set(six)) == 6
    masked = MaskedImages(FACE * ~EYES, EYES)
    painted = torch.cat([next(drafts.answers(masked, 1, 0.5, seed=nth)) for nth in range(1, 7)])
    composites = torch.cat([methods.finished(FACE * ~EYES, one, EYES, True).composite for one in painted.split(1)])
    gain = drafts.gain_of_mean(composites[None], FACE, EYES)
    assert any(f"{gain:.1f} dB nearer" in text.value for text in page.markdown)
    page.slider(key="bold").set_value(1.4).run()
    assert not page.exception and not set(six) & {picture["url"] for picture in rows["six"]}
    assert any("smears" in text.value for text in page.caption)
    assert len(open_page(bold="2").info) == 1
