"""A mask as a file: white is hidden, and nothing else is taken for one."""

import io

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from torch import Tensor

from engine import images
from engine.corruptions import mask_file, masks
from engine.corruptions.shapes import clean_shapes
from engine.problem import Problem
from tests.bad_files import flat_png, saved
from tests.conftest import ROOT

NOTHING, EVERYTHING = torch.zeros(1, 1, 128, 128, dtype=torch.bool), torch.ones(1, 1, 128, 128, dtype=torch.bool)
CHESSBOARD = (torch.arange(128).view(-1, 1) + torch.arange(128)).remainder(2).bool().view(1, 1, 128, 128)
STROKES = masks.random_strokes(1, count=(6, 6), generator=torch.Generator().manual_seed(4))
SEVERAL = [
    NOTHING,
    EVERYTHING,
    CHESSBOARD,
    ~CHESSBOARD,
    STROKES,
    masks.box_mask([(3, 4, 5, 6), (90, 90, 38, 38)]),
]


@pytest.mark.parametrize("hidden", SEVERAL)
def test_a_mask_comes_back_as_it_was(hidden: Tensor) -> None:
    mask = mask_file.load(mask_file.save(hidden, "astronaut"))
    assert torch.equal(mask.hidden, hidden) and mask.face == "astronaut"


def test_white_is_hidden_and_anybody_can_read_it() -> None:
    content = mask_file.save(masks.box_mask([(10, 20, 30, 40)]))
    pixels = np.asarray(Image.open(io.BytesIO(content)))
    assert pixels.shape == (128, 128) and set(pixels.flatten().tolist()) == {0, 255}
    assert pixels[20:60, 10:40].min() == 255 and (pixels == 255).sum() == 30 * 40
    assert mask_file.load(content).face == ""


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "RGBA", "I;16"])
def test_masks_of_other_programs(mode: str) -> None:
    white = Image.fromarray(STROKES[0, 0].numpy().astype(np.uint8) * 255)
    if mode == "I;16":
        picture = Image.fromarray(np.asarray(white).astype(np.uint16) * 257)
    else:
        picture = white.convert("RGB").convert(mode)
    assert torch.equal(mask_file.load(saved(picture, "PNG")).hidden, STROKES)


def test_grey_is_hidden_from_half_on() -> None:
    ramp = np.tile(np.arange(128, dtype=np.uint8) * 2, (128, 1))  # 0, 2, ..., 254
    hidden = mask_file.load(saved(Image.fromarray(ramp), "PNG")).hidden
    assert torch.equal(hidden[0, 0, 0], torch.arange(128) >= 64)


TRANSPARENT = Image.new("RGBA", (128, 128), (255, 255, 255, 0))
BAD = {
    "64x64": (lambda: saved(Image.new("L", (64, 64)), "PNG"), "64×64 pixels and the face 128×128"),
    "128x127": (lambda: saved(Image.new("L", (128, 127)), "PNG"), "128×127"),
    "a bomb": (lambda: flat_png(20_000, 20_000), "50 megapixels"),
    "cut off": (lambda: mask_file.save(STROKES)[:-40], "damaged or cut off"),
    "empty": (lambda: b"", "empty"),
    "a session": (lambda: b'{"format": "x"}', "not known here"),
    "a photo": (lambda: (ROOT / "engine/data/gallery/astronaut.png").read_bytes(), "has colours"),
    "transparent": (lambda: saved(TRANSPARENT, "PNG"), "transparent in part"),
}


@pytest.mark.parametrize("name", BAD)
def test_what_is_no_mask_costs_one_sentence(name: str) -> None:
    make, says = BAD[name]
    with pytest.raises(Problem, match=says) as caught:
        mask_file.load(make())
    assert str(caught.value).count(". ") == 0 and str(caught.value).endswith(".")


@pytest.mark.parametrize("hidden", SEVERAL)
def test_a_mask_on_the_pad_hides_the_same_pixels(hidden: Tensor) -> None:
    shapes = mask_file.shapes_of(hidden)
    assert len(shapes) <= 1 and clean_shapes(shapes) == shapes
    assert torch.equal(masks.shape_mask(shapes), hidden)


def test_a_box_stays_a_box() -> None:
    assert mask_file.shapes_of(masks.box_mask([(50, 76, 28, 28)])) == [{"box": [50, 76, 28, 28]}]


@settings(max_examples=50, deadline=None)
@given(st.lists(st.lists(st.booleans(), min_size=9, max_size=9), min_size=9, max_size=9))
def test_any_pattern_becomes_shapes_and_back(rows: list[list[bool]]) -> None:
    hidden = torch.tensor(rows).view(1, 1, 9, 9)
    assert torch.equal(masks.shape_mask(mask_file.shapes_of(hidden), 9), hidden)


def test_a_mask_with_words_of_an_attacker_is_only_a_mask() -> None:
    mask = mask_file.load(mask_file.save(STROKES, "![x](http://localhost/) <script>"))
    assert torch.equal(mask.hidden, STROKES)
    assert images.open_image(mask_file.save(STROKES, "secret")).info == {}
