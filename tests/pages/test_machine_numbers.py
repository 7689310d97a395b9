"""The 300 numbers of the machine, and what the way to their dials takes along."""

from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

from engine.photos import gallery
from engine.restoration import drafts, session_file
from pages.faces.chosen_face import face_and_mask
from pages.parts.address import shapes_of
from tests.pages.test_faces_page import by_name, open_page


def test_the_numbers_are_those_of_the_method_and_move_with_the_mask(machine: dict) -> None:
    page = open_page()
    kinds = {name: method["numbers"] for name, method in by_name(machine).items()}
    assert kinds["face-autoencoder"] == "code" and kinds["face-unet"] == "draft"
    assert kinds["telea"] == kinds["latent-search"] == ""  # one has none, the other none yet
    before = machine["numbers"]
    for name in ("code", "draft"):
        assert len(before[name]["values"]) == len(before[name]["intact"]) == 300
        assert set(before[name]["moved"]) < set(range(300)) and before[name]["moved"]
    page.session_state["machine"] = {"now": {"turn": 0, "shapes": [], "method": "", "have": []}}
    page.run()
    assert not page.exception
    for name in ("code", "draft"):
        after = machine["numbers"][name]
        assert after["values"] == after["intact"] == before[name]["intact"] and not after["moved"]


def test_another_answer_has_the_numbers_of_its_own_draft(machine: dict) -> None:
    page = open_page()
    page.session_state["machine"] = {"now": {"turn": 0, "shapes": machine["shapes"], "nth": 2, "have": []}}
    page.run()
    assert not page.exception
    painter = by_name(machine)[drafts.MODEL]
    first, other = machine["numbers"]["draft"], machine["numbers"][painter["numbers"]]
    assert first["values"] != other["values"] and first["intact"] == other["intact"] and other["moved"]


def test_the_way_to_the_dials_takes_face_and_mask_along(machine: dict) -> None:
    open_page(face="Grace Hopper")
    query = parse_qs(urlsplit(machine["codes"]).query)
    assert query["face"] == ["Grace Hopper"] and shapes_of(query["mask"][0]) == machine["shapes"]
    own = replace(gallery.gallery()["astronaut"], name=session_file.OWN, title="Mine")
    assert face_and_mask(own) == {}
