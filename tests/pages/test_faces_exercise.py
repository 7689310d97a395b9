"""An exercise on the faces page: the truth stays covered until the visitor has guessed, controls are left out."""

import base64
import io
from typing import Any

import torch
from PIL import Image

from engine import images
from engine.corruptions import masks
from engine.corruptions.masks import FEATURES
from engine.corruptions.shapes import Shape
from engine.photos import gallery
from engine.restoration import patch
from pages.faces.exercise import covered_picture
from pages.parts.address import text_of
from tests.pages.test_faces_page import open_page

MOUTH: list[Shape] = [{"box": list(FEATURES["mouth"])}]


def face_shown(machine: dict[str, Any]) -> str:
    return next(content for name, content in machine["once"].items() if name.startswith("face"))


def test_the_truth_is_covered_until_the_guess(machine: dict) -> None:
    page = open_page(original="0", face="Grace Hopper", mask=text_of(MOUTH))
    assert not page.exception and not page.error
    face, cover = gallery.gallery()["grace-hopper"], masks.shape_mask(MOUTH)
    assert face_shown(machine) == covered_picture(face, cover)
    assert machine["strip"]["names"] == ("Grace Hopper",) and not page.tabs
    assert machine["hide"] == ["turn"]  # the dials would show the face
    assert machine["verdict"] == {"closest": "", "sharpest": ""} and not machine["figures"]
    drawn = {"turn": machine["turn"], "shapes": [{"box": [0, 0, 9, 9]}], "method": "", "have": []}
    page.session_state["machine"] = {"now": drawn}  # another mask uncovers nothing
    page.run()
    assert face_shown(machine) == covered_picture(face, cover)
    page.button(key="guess closest telea").click().run()
    assert not page.exception and not page.error and page.tabs
    assert (
        len(machine["strip"]["names"]) > 1
        and not machine["hide"]
        and machine["verdict"]["closest"]
        and machine["figures"]
    )
    assert face_shown(machine) == images.url(patch.whole(face.image), "jpeg")
    assert any("comes closest" in info.value for info in page.info)


def test_a_covered_picture_holds_nothing_of_what_is_covered() -> None:
    face, cover = gallery.gallery()["grace-hopper"], masks.shape_mask(MOUTH)
    content = base64.b64decode(covered_picture(face, cover).split(",")[1])
    picture = Image.open(io.BytesIO(content)).convert("RGB").resize((128, 128))
    shown = images.to_tensor(picture)
    inner = torch.nn.functional.max_pool2d((~cover).float(), 9, 1, 4) == 0  # away from the soft edge
    assert inner.any() and shown[inner.expand_as(shown)].max() < 0.1


def test_controls_are_left_out_and_locked(machine: dict) -> None:
    open_page(hide="brush,faces", lock="1")
    assert machine["hide"] == ["brush", "faces"] and machine["locked"] is True
    open_page()
    assert machine["hide"] == [] and machine["locked"] is False
