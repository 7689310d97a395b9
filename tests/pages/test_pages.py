"""Every page as Streamlit runs it, without a browser: what it says, its code, and what it does with damage."""

import contextlib
import math
import re
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from streamlit.testing.v1 import AppTest

from engine.corruptions import masks, noise
from engine.datasets import mnist
from engine.latent import maps
from engine.models import weights
from engine.photos import gallery
from engine.restoration import methods
from pages.parts.foreign import as_text
from tests.conftest import ROOT
from tests.pages.opened_page import open_page

PAGES = {
    "faces": "An autoencoder squeezes a face into :primary[300 numbers]. Hide a part: what comes back?",
    "digits": "How much noise can :primary[50 numbers] see through?",
    "photo": "Hide a part of :primary[your photo]. What comes back?",
    "codes": "A face is :primary[300 numbers]. Turn them by hand.",
    "models": "What is in the box? :primary[{count} networks, {size:.1f} MB.]",
}


def run_code(page: AppTest) -> dict[str, Any]:
    """Run the page's "Show the code" and return its variables; the files it writes are thrown away."""
    variables: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        exec(page.code[-1].value, variables)
    return variables


@pytest.fixture
def weights_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of the weights that a test may damage."""
    copy = tmp_path / "weights"
    shutil.copytree(weights.FOLDER, copy)
    monkeypatch.setattr(weights, "FOLDER", copy)
    caches = (weights.loaded, maps.load_map, maps.face_codes, maps.face_errors)
    for cache in caches:
        cache.cache_clear()
    yield copy
    for cache in caches:
        cache.cache_clear()


@pytest.mark.parametrize("name", PAGES)
def test_a_page_runs_and_ends_with_tasks_and_code(name: str) -> None:
    page = open_page(name)
    assert not page.exception and not page.error
    files = [path.stat().st_size for path in weights.FOLDER.glob("*/model.safetensors")]
    assert page.title[0].value == PAGES[name].format(count=len(files), size=sum(files) / 1e6)
    assert page.header[-1].value == "What to try"
    tasks = [text.value[:3] for text in page.markdown if re.match(r"\d\. ", text.value)]
    assert tasks[-3:] == ["1. ", "2. ", "3. "]
    run_code(page)


def test_the_navigation_opens_the_faces() -> None:
    page = AppTest.from_file(str(ROOT / "pages" / "navigation.py"), default_timeout=60).run()
    assert not page.exception
    assert page.title[0].value == PAGES["faces"]


def test_the_code_of_the_faces_page_makes_its_picture() -> None:
    page = open_page("faces", face="Grace Hopper")
    face, hidden = gallery.gallery()["grace-hopper"].image, masks.box_mask([masks.FEATURES["both eyes"]])
    expected = methods.restore(face, hidden, page.session_state["FacesState"].method, seamless=True).composite
    assert torch.equal(run_code(page)["restored"].composite, expected)


def test_the_code_of_the_digits_page_makes_its_picture() -> None:
    page = open_page("digits", digit="18", strength="0.25", seed="3")
    digit = mnist.test_half().images[18:19].float() / 255
    noisy = noise.gaussian_noise(digit, 0.25, torch.Generator().manual_seed(3))
    assert torch.equal(run_code(page)["restored"], weights.load("digit-denoiser")(noisy))


@pytest.mark.parametrize(
    ("shapes", "said"),
    [
        ([], "Nothing is hidden yet"),
        ([{"box": [0, 0, 128, 128]}], "Everything is hidden"),
        ([{"box": [5, 5, 0, 9]}], "Nothing is hidden yet"),  # no area
        ([{"box": [300, 5, 20, 9]}], "Nothing is hidden yet"),  # beyond the edge
        ("junk", "Nothing is hidden yet"),
    ],
)
def test_what_the_pad_may_send(shapes: object, said: str) -> None:
    page = open_page("faces", look="Step by step")
    page.session_state["machine"] = {"now": {"turn": 0, "shapes": shapes}}
    page.run()
    assert not page.exception
    assert any(said in info.value for info in page.info)


def test_two_hundred_boxes() -> None:
    page = open_page("faces", look="Step by step")
    boxes = [{"box": [number % 100, number // 2, 9, 9]} for number in range(200)]
    page.session_state["machine"] = {"now": {"turn": 0, "shapes": boxes}}
    page.run()
    assert not page.exception and len(page.metric) == 4


@pytest.mark.parametrize(("side", "gain"), [(28, 13.2), (64, 6.0)])
def test_what_a_composite_gains_is_said_with_its_figure(side: int, gain: float) -> None:
    """Its error is the hole's times the hole's share of the picture: 13.2 dB for the article's box."""
    assert gain == pytest.approx(-10 * math.log10(side**2 / 128**2), abs=0.05)
    page = open_page("faces", look="Step by step")
    page.session_state["machine"] = {"now": {"turn": 0, "shapes": [{"box": [30, 40, side, side]}]}}
    page.run()
    assert not page.exception
    assert any(f"plus {gain} dB" in caption.value for caption in page.caption)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("digit", "99999"),
        ("digit", "seven"),
        ("strength", "-1"),
        ("strength", "nan"),
        ("strength", "1e9"),
        ("noise", "<script>"),
        ("seed", "-4"),
    ],
)
def test_nonsense_in_the_address_is_said_in_one_sentence(key: str, value: str) -> None:
    page = open_page("digits", **{key: value})
    assert not page.exception and not page.error
    said = [info.value for info in page.info]
    assert len(said) == 1 and key in said[0] and as_text(value[:20]) in said[0]
    run_code(page)


def test_sense_in_the_address_is_shown_without_a_word() -> None:
    page = open_page("digits", digit="99", strength="0.25", noise="Stripes", seed="7")
    assert not page.info and not page.exception
    assert "[99:100]" in page.code[-1].value and "0.25" in page.code[-1].value


@pytest.mark.parametrize("damage", ["missing", "truncated", "altered"])
@pytest.mark.parametrize(("name", "model"), [("faces", "face-autoencoder"), ("digits", "digit-denoiser")])
def test_a_damaged_weight_file_is_said_in_one_sentence(
    weights_folder: Path, name: str, model: str, damage: str
) -> None:
    path = weights_folder / model / "model.safetensors"
    content = path.read_bytes()
    if damage == "missing":
        path.unlink()
    else:
        path.write_bytes(content[: len(content) // 2] if damage == "truncated" else content[:-1] + b"\x01\x02")
    page = open_page(name)
    assert not page.exception
    assert len(page.error) == 1 and model in page.error[0].value
    assert page.title[0].value == PAGES[name]  # the rest of the page stands


def test_a_drawing_is_centred_and_denoised() -> None:
    drawing = np.zeros((280, 280), np.uint8)
    drawing[60:220, 130:150] = 255
    page = open_page("digits", {"canvas.kept": (None, drawing)}, source="Draw it")
    assert not page.exception and not page.error and not page.info
