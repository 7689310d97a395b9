"""Photos of what is no plain face go the way of every photo, and what each shows is what the page says of it."""

import pytest

from engine import images
from engine.latent import typicality
from engine.photos import alignment, examples
from engine.restoration import photo_restoration


@pytest.mark.parametrize("name", list(examples.STRANGERS))
def test_every_stranger_passes_the_gate_and_is_the_same_again(name: str) -> None:
    make = examples.STRANGERS[name]
    picture = images.open_image(make())
    assert min(picture.size) >= 256 and make() == make()


def test_only_the_mask_has_a_face_behind_it() -> None:
    found = {name: alignment.find_framings(images.open_image(make())) for name, make in examples.STRANGERS.items()}
    assert {name: len(framings) for name, framings in found.items()} == {"cat": 0, "cartoon": 0, "mask": 1}


def test_a_mask_makes_a_face_less_typical_and_a_cartoon_is_stranger_than_nearly_all_faces() -> None:
    mask = images.open_image(examples.mask())
    framing = alignment.find_framings(mask)[0]
    bare = images.open_image(without_the_mask()).resize(mask.size)
    masked, plain = (typicality.judge(photo_restoration.crop_squares(picture, [framing])) for picture in (mask, bare))
    assert masked.error > plain.error and masked.score > plain.score
    cartoon = images.open_image(examples.cartoon())
    judged = typicality.judge(photo_restoration.crop_squares(cartoon, [alignment.default_framing(cartoon)]))
    assert judged.unusual and judged.share > 0.95


def without_the_mask() -> bytes:
    """The astronaut without her mask."""
    return (examples.CAT.parents[1] / "gallery" / "astronaut.png").read_bytes()
