"""The face on the faces page, without a browser: one of a few or of many, a damaged one, a mask that is laid on it."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
import torch

from engine import images
from engine.corruptions import mask_file, masks
from engine.corruptions.masks import FEATURES
from engine.photos import gallery
from engine.restoration import session_file
from pages.faces.state import FIRST
from tests.pages import opened_page

FACE = gallery.gallery()["astronaut"].image
MOUTH = masks.box_mask([FEATURES["mouth"]])


open_page = partial(opened_page.open_page, "faces")


def test_a_damaged_picture_costs_its_face_and_a_damaged_list_one_sentence(gallery_copy: Path) -> None:
    (gallery_copy / "portrait-1.png").write_bytes(b"no picture")
    page = open_page()
    assert not page.exception and not page.error and page.session_state["FacesState"].face == "astronaut"
    (gallery_copy / "credits.json").write_text("{")
    gallery.gallery.cache_clear()
    page = open_page(face="Nobody")
    assert not page.exception and len(page.error) == 1 and "credits.json, is damaged" in page.error[0].value
    assert page.title and page.expander  # the rest stands


# ---------------------------------------------------------------- many faces


@pytest.fixture
def crowd(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """More faces than a row of buttons holds, six of them from `FACES_DIR`; the names of all."""
    for number in range(6):
        images.to_picture(FACE.roll(4 * number, 3)).save(tmp_path / f"Face {number}.png")
    monkeypatch.setenv(gallery.FOLDER, str(tmp_path))
    gallery.gallery.cache_clear()
    yield list(gallery.gallery())
    gallery.gallery.cache_clear()


def pixels(url: str) -> torch.Tensor:
    """The picture in a data: URL as an image (1, 3, H, W)."""
    with urlopen(url) as content:
        return images.to_tensor(images.open_image(content.read()))


def tile(machine: dict[str, Any], number: int) -> torch.Tensor:
    """One face of the machine's strip (1, 3, 64, 64)."""
    strip = machine["strip"]
    row, column = divmod(number, strip["columns"])
    return pixels(strip["url"])[:, :, 64 * row : 64 * (row + 1), 64 * column : 64 * (column + 1)]


def test_a_face_is_chosen_by_its_address_and_by_a_tap_and_the_address_follows(
    crowd: list[str], machine: dict[str, Any]
) -> None:
    page = open_page(face="Face 4")
    assert not page.exception and not page.info
    assert machine["face"] == crowd.index("own-face-4")
    assert machine["strip"]["names"] == tuple(face.title for face in gallery.gallery().values())
    page.button(key="face Grace Hopper").click().run()
    assert not page.exception
    assert page.session_state["FacesState"].face == "grace-hopper" and machine["face"] == crowd.index("grace-hopper")
    assert page.query_params["face"] == "Grace Hopper"
    assert any("Grace Hopper" in caption.value for caption in page.caption)
    page.button(key="face Portrait 1").click().run()
    assert "face" not in page.query_params  # the first face needs no address


def test_every_face_of_the_strip_is_its_face_made_small(crowd: list[str], machine: dict[str, Any]) -> None:
    open_page()
    for number, name in enumerate(crowd):
        whole = torch.nn.functional.interpolate(gallery.gallery()[name].image, (64, 64), mode="area")
        assert (tile(machine, number) - whole).abs().mean() < 0.02  # what WebP costs; another face is 0.1 away


def test_another_face_keeps_the_mask(crowd: list[str], machine: dict[str, Any]) -> None:
    page = open_page(face="Face 2")
    drawn = [{"box": list(FEATURES["mouth"])}]
    page.session_state["machine"] = {"now": {"turn": 0, "shapes": drawn, "method": "", "have": []}}
    page.run()
    page.button(key="face Face 3").click().run()
    assert machine["shapes"] == page.session_state["FacesState"].drawn == drawn
    variables: dict[str, Any] = {}
    exec(page.code[-1].value, variables)
    assert torch.equal(variables["face"], gallery.gallery()["own-face-3"].image)
    assert torch.equal(variables["hidden"], MOUTH)


def test_a_session_chooses_among_many_and_an_own_face_joins_the_strip(
    crowd: list[str], machine: dict[str, Any]
) -> None:
    page = open_page(look="Keep it")
    saved = session_file.save(session_file.of_face(gallery.gallery()["grace-hopper"], [{"box": [1, 2, 30, 40]}]))
    page.file_uploader[0].set_value(("s.json", saved, "application/json")).run()
    assert not page.exception and machine["face"] == crowd.index("grace-hopper")
    for image in (FACE.flip(3), FACE.flip(2)):  # one own face after the other, by the same name
        own = session_file.save(session_file.Session(session_file.OWN, [{"box": [1, 2, 30, 40]}], own=image))
        page.file_uploader[0].set_value(("own.json", own, "application/json")).run()
        assert not page.exception and machine["face"] == len(crowd) == len(machine["strip"]["names"]) - 1
        half = torch.nn.functional.interpolate(image, (64, 64), mode="area")
        assert (tile(machine, len(crowd)) - half).abs().mean() < 0.02
        assert "face" not in page.query_params  # it is nobody else's


def test_a_wrong_face_in_the_address_names_five_of_many(crowd: list[str]) -> None:
    page = open_page(face="Mona Lisa")
    assert not page.exception and not page.error
    (said,) = [info.value for info in page.info if "Mona Lisa" in info.value]
    titles = [face.title for face in gallery.gallery().values()]
    assert f"one of {', '.join(titles[:5])}, …:" in said and titles[5] not in said
    few = [info.value for info in open_page(method="Magic").info]
    assert len(few) == 1 and "one of " in few[0]


# ---------------------------------------------------------------- masks


def test_a_mask_is_laid_on_the_gallery_face_that_is_shown() -> None:
    hidden = masks.box_mask([(10, 20, 30, 40)])
    page = open_page(face="Grace Hopper", look="Keep it", method="Telea")
    page.file_uploader[0].set_value(("m.png", mask_file.save(hidden, "astronaut"), "image/png")).run()
    assert not page.exception and not page.error
    state = page.session_state["FacesState"]
    assert (state.face, state.method) == ("grace-hopper", "telea")
    assert state.drawn == [{"box": [10, 20, 30, 40]}]
    assert any("drawn on Eileen Collins; it lies on Grace Hopper now" in info.value for info in page.info)


def test_a_mask_is_laid_on_the_own_face_that_is_shown(crowd: list[str]) -> None:
    page = open_page(face="Face 2", look="Keep it")
    page.file_uploader[0].set_value(("m.png", mask_file.save(MOUTH), "image/png")).run()
    assert not page.exception and not page.error
    assert page.session_state["FacesState"].face == "own-face-2" and page.session_state["FacesState"].own is None
    assert page.session_state["FacesState"].drawn == [{"box": list(FEATURES["mouth"])}]
    assert any(info.value == "The mask lies on Face 2 now." for info in page.info)


def test_each_face_has_its_own_hole_where_that_is_asked_for(machine: dict[str, Any]) -> None:
    page = open_page()
    first, mouth = page.session_state["FacesState"].face, [{"box": [40, 80, 40, 30]}]
    page.toggle(key="each face its own").set_value(True).run()
    page.session_state["machine"] = {"now": {"turn": machine["turn"], "shapes": mouth, "have": []}}
    page.run()
    assert machine["shapes"] == mouth
    page.button(key="face Grace Hopper").click().run()
    assert not page.exception and machine["shapes"] == FIRST
    page.button(key=f"face {gallery.gallery()[first].title}").click().run()
    assert machine["shapes"] == mouth
    page.toggle(key="each face its own").set_value(False).run()
    page.button(key="face Grace Hopper").click().run()
    assert machine["shapes"] == mouth  # it goes along
