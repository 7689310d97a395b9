"""The engine as a library: one function for any picture, an answer that shows itself, or one sentence."""

import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

import engine
from engine import images
from engine.corruptions import masks
from engine.photos import gallery
from engine.problem import Problem
from engine.restoration import methods

PORTRAIT = gallery.GALLERY / "astronaut.png"
BOX = (50, 76, 28, 28)
MODEL = "telea"  # needs no weights and is quick


def portrait() -> Image.Image:
    return Image.open(PORTRAIT).convert("RGB")


def photo(size: tuple[int, int] = (420, 360)) -> Image.Image:
    """A photo with one face on a plain ground."""
    picture = Image.new("RGB", size, (120, 130, 140))
    picture.paste(portrait().resize((300, 300)), (90, 40))
    return picture


def test_whatever_a_picture_is_given_as_is_the_same_picture() -> None:
    """The oracle is the method itself on the image."""
    image, hidden = images.to_tensor(portrait()), masks.box_mask([BOX])
    expected = images.to_picture(methods.restore(image, hidden, MODEL).composite).tobytes()
    given: list[Any] = [PORTRAIT, str(PORTRAIT), portrait(), portrait().convert("RGBA"), np.asarray(portrait())]
    for picture in [*given, image, image[0], (image * 1.0005)]:
        restored = engine.restore(picture, BOX, MODEL)
        assert restored.picture.tobytes() == expected, type(picture)
    ways: list[Any] = [[BOX], hidden, hidden[0, 0], hidden[0, 0].numpy(), [[50.0, 76, 28, 28]]]
    for mask in ways:
        assert engine.restore(PORTRAIT, mask, MODEL).picture.tobytes() == expected


def test_in_a_photo_of_any_size_only_the_hole_changes() -> None:
    for made in (photo(), photo((600, 345)), photo().convert("L"), photo().rotate(90, expand=True)):
        restored = engine.restore(made, BOX, MODEL)
        before = np.asarray(made.convert("RGB")).astype(int)
        changed = (np.asarray(restored.picture).astype(int) != before).any(2)
        assert restored.picture.size == made.size and restored.faces == 1
        assert 0 < changed.mean() < 0.08


def test_the_given_picture_stays_as_it_is() -> None:
    made = photo()
    before = made.tobytes()
    engine.restore(made, BOX, MODEL)
    assert made.tobytes() == before


def test_it_shows_itself_and_says_its_shape() -> None:
    restored = engine.restore(photo(), BOX, MODEL)
    with Image.open(io.BytesIO(restored._repr_png_())) as shown:
        assert shown.tobytes() == restored.picture.tobytes()
    assert repr(restored) == "RestoredPicture(420x360, faces: 1, model: telea)"
    image = images.to_tensor(portrait())
    plain = methods.restore(torch.cat([image, image]), masks.box_mask([BOX]), MODEL)
    assert repr(plain) == "Restoration(given, reconstruction and composite: (2, 3, 128, 128))"
    with Image.open(io.BytesIO(plain._repr_png_())) as shown:
        assert shown.size == (256, 256)


@pytest.mark.parametrize("ending", ["png", "webp", "jpg"])
def test_it_is_saved_with_a_note_and_over_nothing(ending: str, tmp_path: Path) -> None:
    plain = methods.restore(images.to_tensor(portrait()), masks.box_mask([BOX]), MODEL)
    for name, restored in (("picture", engine.restore(PORTRAIT, BOX, MODEL)), ("image", plain)):
        path = tmp_path / f"{name}.{ending}"
        assert restored.save(path) == path
        before = path.read_bytes()
        assert b"invented, not photographed" in before.replace(b"\0", b"")
        with pytest.raises(Problem, match="was there before.*overwrite=True"):
            restored.save(str(path))
        assert path.read_bytes() == before
        restored.save(path, overwrite=True)
        with Image.open(path) as made:
            assert made.size == (128, 128)
    with pytest.raises(Problem, match="no ending that can be written"):
        plain.save(tmp_path / "picture.bmp")
    for name in ("x" * 300, "a\0b"):  # which no disk takes
        with pytest.raises(Problem, match="could not be written"):
            plain.save(tmp_path / f"{name}.{ending}")


def test_a_box_may_come_out_of_an_array_and_a_seed_has_64_bits() -> None:
    made = engine.restore(PORTRAIT, tuple(np.array(BOX)), MODEL)
    assert torch.equal(made.hidden, masks.box_mask([BOX]))
    with pytest.raises(Problem, match="beyond 64 bits"):
        engine.restore(PORTRAIT, BOX, answer=1, seed=2**70)


@pytest.mark.parametrize(
    ("picture", "says"),
    [
        (torch.rand(3, 20, 20) * 255, "not all from 0 to 1"),
        (torch.full((3, 8, 8), torch.nan), "not all from 0 to 1"),
        (torch.rand(2, 3, 128, 128), "give one"),
        (torch.rand(128, 128), "no image"),
        (torch.rand(128, 128, 3), "no image"),
        (torch.zeros(3, 128, 128, dtype=torch.uint8), "no image"),
        (torch.zeros(3, 0, 9), "no image"),
        (np.zeros((9, 9)), "no picture"),
        (np.zeros((9, 9, 2), np.uint8), "no picture"),
        (np.zeros((0, 9, 3), np.uint8), "no pixel"),
        (Image.new("I", (128, 128), 200), "does not say how bright"),
        (Image.new("F", (128, 128), 0.5), "does not say how bright"),
        (3, "no picture"),
        (None, "no picture"),
        ("no such file.png", "no such file"),
        (Image.new("RGB", (300, 200)), "No face was found"),
    ],
)
def test_what_is_no_picture_is_one_sentence(picture: Any, says: str) -> None:
    with pytest.raises(Problem, match=says) as raised:
        engine.restore(picture, BOX, MODEL)
    assert str(raised.value).endswith(".") and "\n" not in str(raised.value)


@pytest.mark.parametrize(
    "hidden",
    [
        *(
            (),
            [],
            None,
            "mouth",
            (1, 2, 3),
            (1, 2, 3, 4, 5),
            (1.5, 2, 3, 4),
            [(1, 2, 3, float("nan"))],
            {"box": BOX},
            7,
        ),
        *(torch.zeros(64, 64, dtype=torch.bool), torch.zeros(128, 128), np.zeros((2, 128, 128), bool)),
        *((200, 76, 28, 28), (1, 1, 0, 5)),
    ],
    ids=str,
)
def test_what_is_no_mask_is_one_sentence(hidden: Any) -> None:
    with pytest.raises(Problem):
        engine.restore(PORTRAIT, hidden, MODEL)


def test_what_is_no_model_is_one_sentence() -> None:
    with pytest.raises(Problem, match="no method 'magic'"):
        engine.restore(PORTRAIT, BOX, "magic")
    with pytest.raises(Problem, match="Only face-painter"):
        engine.restore(PORTRAIT, BOX, MODEL, answer=2)


@pytest.mark.parametrize("shape", [(1, 3, 64, 64), (1, 1, 128, 128), (3, 128, 128), (1, 3, 128, 96)])
def test_images_of_another_shape_are_one_sentence_for_every_method(shape: tuple[int, ...]) -> None:
    hidden = torch.zeros(1, 1, *shape[-2:], dtype=torch.bool)
    for method in methods.METHODS:
        with pytest.raises(Problem, match="N, 3, 128, 128.*engine.restore"):
            methods.restore(torch.zeros(shape), hidden, method)


def test_a_damaged_picture_of_pillow_is_one_sentence(tmp_path: Path) -> None:
    """Pillow reads the pixels late: the file may be cut off though it could be opened."""
    path = tmp_path / "cut.png"
    path.write_bytes(PORTRAIT.read_bytes()[:4000])
    with Image.open(path) as opened, pytest.raises(Problem, match="damaged or cut off"):
        engine.restore(opened, BOX, MODEL)


def test_another_answer_of_the_painter_is_drawn_from_its_seed() -> None:
    first, second, again = (
        engine.restore(PORTRAIT, BOX, answer=number, seed=4).picture.tobytes() for number in (1, 2, 1)
    )
    assert first == again != second


def test_nothing_else_is_in_the_module() -> None:
    with pytest.raises(AttributeError, match="no attribute 'restorr'"):
        engine.restorr  # noqa: B018
