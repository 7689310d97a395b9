"""The picture of results: every face where it belongs, and words that stay on the paper."""

import io

import numpy as np
import pytest
import torch
from PIL import Image

from engine import images, metrics
from engine.corruptions import masks
from engine.photos import gallery
from engine.restoration import methods
from engine.restoration.results_sheet import (
    FOOT,
    GAP,
    HEAD,
    MARGIN,
    PAPER,
    TILE,
    WORDS,
    Tile,
    of_results,
    poster,
)

FACE = gallery.gallery()["astronaut"].image
HIDDEN = masks.box_mask([(50, 76, 28, 28)])
RESULTS = {name: methods.restore(FACE, HIDDEN, key) for name, key in (("Telea", "telea"), ("NS", "navier-stokes"))}


def opened(content: bytes) -> np.ndarray:
    picture = Image.open(io.BytesIO(content))
    assert picture.format == "PNG"
    return np.asarray(picture.convert("RGB"))


def tile(sheet: np.ndarray, number: int) -> np.ndarray:
    """What lies where the tile of that number must be."""
    row, column = divmod(number, 4)
    y, x = HEAD + row * (TILE + WORDS), MARGIN + column * (TILE + GAP)
    return sheet[y : y + TILE, x : x + TILE]


def enlarged(image: torch.Tensor) -> np.ndarray:
    return np.asarray(images.to_picture(image).resize((256, 256), Image.Resampling.BICUBIC))


def test_input_every_method_and_original_in_this_order() -> None:
    sheet = opened(of_results(FACE, HIDDEN, RESULTS, "Eileen Collins", "NASA"))
    expected = [masks.hide(FACE, HIDDEN), *(result.composite for result in RESULTS.values()), FACE]
    for number, image in enumerate(expected):
        assert np.array_equal(tile(sheet, number), enlarged(image))
    assert sheet.shape == (HEAD + TILE + WORDS + FOOT, 2 * MARGIN + 4 * TILE + 3 * GAP, 3)


@pytest.mark.parametrize("note", [True, False])
def test_the_file_says_what_was_painted_unless_it_must_not(note: bool) -> None:
    with Image.open(io.BytesIO(of_results(FACE, HIDDEN, RESULTS, "Eileen Collins", "NASA", note))) as sheet:
        said = sheet.info.get("Description", "")
    assert ("within 50,76,28,28" in said and "painted by Telea, NS: invented" in said) == note
    assert bool(said) == note


def test_title_captions_figures_and_credit_are_written() -> None:
    sheet = opened(of_results(FACE, HIDDEN, RESULTS, "Eileen Collins", "NASA"))
    under = HEAD + TILE
    for part in (sheet[:HEAD], sheet[under : under + 28], sheet[under + 28 : under + WORDS], sheet[-FOOT:]):
        assert part.std() > 1
    blank = opened(poster("", [Tile("", FACE)], ""))
    assert blank[:HEAD].std(axis=(0, 1)).max() == 0 and blank[HEAD + TILE :].std(axis=(0, 1)).max() == 0
    assert tuple(blank[0, 0]) == tuple(bytes.fromhex(PAPER[1:]))


def test_the_figures_are_those_of_the_hole() -> None:
    said = methods.describe_hole(RESULTS["Telea"], FACE, HIDDEN)
    error = metrics.hole_mse(RESULTS["Telea"].composite, FACE, HIDDEN)
    sharpness = metrics.sharpness(RESULTS["Telea"].composite, FACE, HIDDEN).item()
    assert said == f"{-10 * torch.log10(error).item():.1f} dB\nsharpness {sharpness:.2f}"


@pytest.mark.parametrize("shapes", [[], [{"box": [0, 0, 128, 128]}]])
def test_nothing_or_everything_hidden_makes_a_poster_too(shapes: list[dict[str, list[int]]]) -> None:
    hidden = masks.shape_mask(shapes)
    restored = methods.restore(FACE, hidden)
    sheet = opened(of_results(FACE, hidden, {"Autoencoder": restored}, "Face", "NASA"))
    assert np.array_equal(tile(sheet, 1), enlarged(restored.composite))
    assert (methods.describe_hole(restored, FACE, hidden) == "") == (not shapes)


def test_eight_methods_take_three_rows() -> None:
    results = {f"Method {number}": RESULTS["NS"] for number in range(8)}
    sheet = opened(of_results(FACE, HIDDEN, results, "Face", "NASA"))
    assert sheet.shape[0] == HEAD + 3 * (TILE + WORDS) + FOOT
    assert np.array_equal(tile(sheet, 9), enlarged(FACE))


@pytest.mark.parametrize("words", ["x" * 5000, "Zoë \N{CAMERA} Müller", "\u5f35\u4e09", "two\nlines\0", ""])
def test_any_words_stay_on_the_paper(words: str) -> None:
    sheet = opened(poster(words, [Tile(words, FACE, words)] * 2, words))
    plain = opened(poster("", [Tile("", FACE)] * 2, ""))
    assert sheet.shape == plain.shape
    lean = 2  # pixels by which a letter may lean over its end
    left, right = slice(MARGIN - lean), slice(-MARGIN + lean, None)
    between = slice(MARGIN + TILE + lean, MARGIN + TILE + GAP - lean)
    for columns in (left, right):
        assert np.array_equal(sheet[:, columns], plain[:, columns])
    assert np.array_equal(sheet[HEAD:-FOOT, between], plain[HEAD:-FOOT, between])
    assert np.array_equal(tile(sheet, 0), tile(plain, 0)), "no word lies on a face"
