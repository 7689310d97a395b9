"""The face on the faces page, without a browser: one of a few or of many, a damaged one, a mask that is laid on it."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
import streamlit
import torch
from streamlit.testing.v1 import AppTest

from engine import images
from engine.corruptions import mask_file, masks
from engine.corruptions.masks import FEATURES
from engine.photos import gallery
from engine.restoration import session_file
from pages.faces import chosen_face
from tests.conftest import ROOT

FACE = gallery.gallery()["astronaut"].image
MOUTH = masks.box_mask([FEATURES["mouth"]])


def open_page(**query: str) -> AppTest:
    page = AppTest.from_file(str(ROOT / "pages" / "faces" / "page.py"), default_timeout=60)
    for key, value in query.items():
        page.query_params[key] = value
    return page.run()


def test_a_damaged_picture_costs_its_face_and_a_damaged_list_one_sentence(gallery_copy: Path) -> None:
    (gallery_copy / "astronaut.png").write_bytes(b"no picture")
    page = open_page()
    assert not page.exception and not page.error and page.session_state["face"] == "grace-hopper"
    (gallery_copy / "credits.json").write_text("{")
    gallery.gallery.cache_clear()
    page = open_page(face="Nobody")
    assert not page.exception and len(page.error) == 1 and "credits.json, is damaged" in page.error[0].value
    assert page.title and page.expander  # the rest stands


def test_a_generated_face_says_whom_it_flatters(gallery_copy: Path) -> None:
    listed = json.loads((gallery_copy / "credits.json").read_text("utf-8"))
    listed["astronaut"] |= {"photograph": False, "credit": "nobody"}
    (gallery_copy / "credits.json").write_text(json.dumps(listed))
    captions = {
        name: [caption.value for caption in open_page(face=name).caption if caption.value.startswith("Picture: ")]
        for name in ("Eileen Collins", "Grace Hopper")
    }
    assert captions["Grace Hopper"] == [f"Picture: {listed['grace-hopper']['credit']}."]
    (said,) = captions["Eileen Collins"]
    assert said.startswith("Picture: nobody. Gappy PCA") and said.endswith("flatter them.") and said.count(".") == 2


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

    monkeypatch.setattr("pages.components.thumbnails.thumbnails._mount", mount)
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
        whole = torch.nn.functional.interpolate(gallery.gallery()[name].image, (64, 64), mode="area")
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
    assert torch.equal(variables["face"], gallery.gallery()["own-face-2"].image)
    assert torch.equal(variables["hidden"], MOUTH)


def test_a_stroke_sends_the_strip_nothing_new(crowd: list[str], strip: dict[str, Any]) -> None:
    page = open_page(face="Face 2")
    before = json.dumps(strip)
    strip.clear()
    page.button_group(key="hide").set_value("nose").run()
    assert json.dumps(strip) == before


def test_a_session_chooses_among_many_and_an_own_face_joins_the_strip(crowd: list[str], strip: dict[str, Any]) -> None:
    page = open_page(look="Keep it")
    saved = session_file.save(session_file.of_face(gallery.gallery()["grace-hopper"], [{"box": [1, 2, 30, 40]}]))
    page.file_uploader[0].set_value(("s.json", saved, "application/json")).run()
    assert not page.exception and strip["chosen"] == crowd.index("grace-hopper")
    shown = []
    for image in (FACE.flip(3), FACE.flip(2)):  # one own face after the other, by the same name
        own = session_file.save(session_file.Session(session_file.OWN, [{"box": [1, 2, 30, 40]}], own=image))
        page.file_uploader[0].set_value(("own.json", own, "application/json")).run()
        assert not page.exception and strip["chosen"] == len(crowd) == len(strip["pictures"]) - 1
        shown.append(strip["pictures"][-1]["url"])
        half = torch.nn.functional.interpolate(image, (64, 64), mode="area")
        assert (pixels(shown[-1]) - half).abs().mean() < 0.02
    assert shown[0] != shown[1]


def test_a_wrong_face_in_the_address_names_five_of_many(crowd: list[str]) -> None:
    page = open_page(face="Mona Lisa")
    assert not page.exception and not page.error
    (said,) = [info.value for info in page.info if "Mona Lisa" in info.value]
    titles = [face.title for face in gallery.gallery().values()]
    assert f"one of {', '.join(titles[:5])}, …:" in said and titles[5] not in said
    few = [info.value for info in open_page(method="Magic").info]
    assert len(few) == 1 and ", …:" in few[0]


# ---------------------------------------------------------------- masks


def test_a_mask_is_laid_on_the_gallery_face_that_is_shown() -> None:
    hidden = masks.box_mask([(10, 20, 30, 40)])
    page = open_page(face="Grace Hopper", look="Keep it", method="Telea")
    page.file_uploader[0].set_value(("m.png", mask_file.save(hidden, "astronaut"), "image/png")).run()
    assert not page.exception and not page.error
    state = page.session_state
    assert (state["face"], state["method"]) == ("grace-hopper", "telea")
    assert state["drawings"] == {"grace-hopper": [{"box": [10, 20, 30, 40]}]}
    assert any("drawn on Eileen Collins; it lies on Grace Hopper now" in info.value for info in page.info)


def test_a_mask_is_laid_on_the_own_face_that_is_shown(crowd: list[str]) -> None:
    page = open_page(face="Face 2", look="Keep it")
    page.file_uploader[0].set_value(("m.png", mask_file.save(MOUTH), "image/png")).run()
    assert not page.exception and not page.error
    assert page.session_state["face"] == "own-face-2" and chosen_face.OWN not in page.session_state
    assert page.session_state["drawings"]["own-face-2"] == [{"box": list(FEATURES["mouth"])}]
    assert page.selectbox(key="face").options == [face.title for face in gallery.gallery().values()]  # no new face
    assert any(info.value == "The mask lies on Face 2 now." for info in page.info)
