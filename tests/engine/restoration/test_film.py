"""Answers after each other in one file."""

import io

import pytest
import torch
from PIL import Image, ImageSequence

from engine import images
from engine.corruptions import masks
from engine.restoration import film

HIDDEN = masks.box_mask([masks.FEATURES["mouth"]])


def test_every_answer_is_a_picture_of_it_in_its_order_and_the_file_says_what_was_painted() -> None:
    shades = [torch.full((1, 3, 128, 128), shade) for shade in (0.2, 0.5, 0.8)]
    made = Image.open(io.BytesIO(film.of_answers(shades, HIDDEN, "the painter")))
    pictures = [images.to_tensor(frame.convert("RGB")) for frame in ImageSequence.Iterator(made)]
    assert made.format == "WEBP" and [one.mean().item() for one in pictures] == pytest.approx([0.2, 0.5, 0.8], abs=0.02)
    assert made.info["duration"] == film.SHOWN and made.info["loop"] == 0
    assert b"was painted by the painter: invented" in made.info["xmp"]
