"""The page of digits without a browser: what it says of its own digit, and what it does with nonsense."""

import json
from functools import partial

import numpy as np
import pytest
import torch

from engine.corruptions import noise
from engine.datasets import mnist
from engine.latent import digit_reader
from engine.restoration import denoising
from pages.components.digit_canvas.digit_canvas import LONGEST, SIDE, read, written
from tests.pages import opened_page

PATH = {"type": "Path", "path": [["M", 1, 1], ["L", 9, 9]]}


def taken_for(kind: str, strength: float, name: str) -> int:
    """What the reader takes the opening digit for, with that noise and after that method."""
    digit = mnist.test_half().images[:1].float() / 255
    noisy = noise.NOISES[kind](digit, strength, torch.Generator().manual_seed(0))
    return int(digit_reader.read(denoising.denoise(noisy, name, strength)).argmax())


def test_the_answers_to_the_tasks_are_right() -> None:
    """`digits.try.strong` and `digits.try.unmet`, of the digit that the page opens with."""
    denoiser, net, mix = "784-50-784", "U-Net", "784-50-784, clean"
    assert taken_for("Gaussian", 0.2, "Nothing") == 8
    assert [taken_for("Gaussian", strength, denoiser) for strength in (0.4, 0.7, 0.8, 1.0)] == [7, 7, 9, 9]
    assert taken_for("Gaussian", 1.0, net) == 7
    assert {taken_for("Stripes", strength, denoiser) for strength in (0.5, 0.9)} == {7}
    assert taken_for("Stripes", 1.0, denoiser) != 7
    assert {taken_for("Blur", strength, denoiser) for strength in (0.5, 1.0)} == {7}
    assert all(taken_for("Inversion", strength, name) != 7 for strength in (0.6, 1.0) for name in (denoiser, net, mix))


open_page = partial(opened_page.open_page, "digits")


def test_a_kind_of_noise_is_chosen_by_its_picture_and_stands_in_the_address(choices: dict) -> None:
    page = open_page()
    page.button(key="noise Stripes").click().run()
    assert not page.exception and choices["noise"]["chosen"] == "Stripes"
    assert page.query_params["noise"] == "Stripes" and 'NOISES["Stripes"]' in page.code[-1].value
    page.button(key="noise <nonsense>").click().run()
    assert not page.exception and choices["noise"]["chosen"] == "Stripes"
    page.button(key="noise Gaussian").click().run()
    assert "noise" not in page.query_params  # the page's own choice needs no word


def test_a_tap_on_a_class_takes_one_of_it_and_another_tap_another(choices: dict) -> None:
    page, labels = open_page(digit="18"), mnist.test_half().labels
    seen = []
    for _ in range(2):
        page.button(key="ten 5").click().run()
        seen.append(page.number_input(key="digit").value)
    assert not page.exception and choices["ten"]["chosen"] == "5"
    assert len(set(seen)) == 2 and all(labels[int(number)] == 5 for number in seen if number is not None)


def test_a_number_that_there_is_not_gets_its_sentence_and_the_digit_stays() -> None:
    page = open_page(digit="18")
    page.number_input(key="digit").set_value(99999).run()
    assert not page.exception
    assert [info.value for info in page.info] == [
        "There is no test digit 99999: they are numbered from 0 to 9999, and the one before stays."
    ]
    assert "[18:19]" in page.code[-1].value
    page.number_input(key="digit").set_value(19).run()
    assert not page.info and "[19:20]" in page.code[-1].value


INK = np.zeros((SIDE, SIDE), np.uint8)
INK[60:220, 130:150] = 255


def altered(**values: object) -> str:
    """A drawing as a browser keeps it, with something of it changed."""
    return json.dumps({**json.loads(written({"objects": [PATH]}, INK)), **values})


@pytest.mark.parametrize(
    "nonsense",
    [
        *(None, 7, "", "no drawing", "[]", "{}", "[" * 10**5, altered(lines=3), altered(lines={"objects": [3]})),
        *(altered(ink="x"), altered(ink=None), altered(ink="eJwDAAAAAAE="), altered(more="x" * LONGEST)),
    ],
)
def test_what_a_browser_brings_is_a_drawing_or_nothing(nonsense: object) -> None:
    assert read(nonsense) is None


def test_a_drawing_comes_back_with_its_strokes_and_nothing_else() -> None:
    image = {"type": "Image", "src": "https://example.org/x.png"}
    found = read(written({"version": "6", "objects": [PATH, image]}, INK))
    assert found and found[0] == {"version": "6", "objects": [PATH]} and np.array_equal(found[1], INK)
