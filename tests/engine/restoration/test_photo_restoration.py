"""Whole photos: the features' boxes, the stand-ins for the screen, the command line, and how strange a face is."""

from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from engine import images, metrics
from engine.__main__ import main
from engine.corruptions import masks
from engine.datasets.faces import FaceFiles
from engine.latent import maps
from engine.models import weights
from engine.networks import Autoencoder
from engine.photos import alignment, examples, preview
from engine.photos.alignment import Framing
from engine.photos.compositing import paint, visible_squares
from engine.photos.gallery import GALLERY
from engine.problem import Problem
from engine.restoration import gappy_pca, photo_restoration
from engine.restoration.masked_images import Memory
from tests.engine.conftest import put_all_back

MOUTH = masks.box_mask([masks.FEATURES["mouth"]])


@pytest.fixture(scope="module")
def wall() -> Image.Image:
    """The app's example: two faces, askew."""
    return images.open_image(examples.two_portraits())


@pytest.fixture(scope="module")
def squares(wall: Image.Image) -> list[Framing]:
    return photo_restoration.find_squares(wall).framings


def changed(before: Image.Image, after: Image.Image) -> np.ndarray:
    assert before.size == after.size
    return (np.asarray(before) != np.asarray(after)).any(2)


@pytest.mark.parametrize("name", ["astronaut", "grace-hopper"])
def test_the_features_lie_where_a_face_has_them(name: str) -> None:
    """Against the detector's own points, which the boxes were not made from."""
    face = images.open_image(GALLERY / f"{name}.png").resize((512, 512), Image.Resampling.BICUBIC)
    photo = Image.new("RGB", (900, 900), (120, 120, 120))
    photo.paste(face, (194, 194))
    (found,) = alignment.find_faces(photo)
    points = [((x - 194) / 4, (y - 194) / 4) for x, y in found.points]
    named = [
        ("left eye", 0),
        ("right eye", 1),
        ("both eyes", 0),
        ("both eyes", 1),
        ("nose", 2),
        ("mouth", 3),
        ("mouth", 4),
    ]
    for feature, point in named:
        left, top, width, height = masks.FEATURES[feature]
        x, y = points[point]
        assert left < x < left + width and top < y < top + height, feature


def test_the_example_holds_two_faces_as_they_were_hung(squares: list[Framing]) -> None:
    for square, (centre, side, angle) in zip(squares, examples.HUNG.values(), strict=True):
        assert np.hypot(*np.subtract(square.centre, centre)) < 0.04 * side
        assert abs(square.side - side) < 0.06 * side and abs(square.angle - angle) < 4


OVERLAPPING = [Framing((300, 300), 300), Framing((330, 170), 280, -8)]  # the lower mouth is black, the upper lies in it


def scribbled(photo: Image.Image, square: Framing) -> tuple[Image.Image, np.ndarray]:
    """The photo with noise in the hole of that square, and where (H, W) bool."""
    white = Image.new("RGB", photo.size, "white")
    black = white.copy()
    paint(black, square, torch.zeros(1, 3, 128, 128), MOUTH)
    hole = changed(white, black)
    noise = np.random.default_rng(0).integers(0, 256, (*hole.shape, 3), np.uint8)
    return Image.fromarray(np.where(hole[..., None], noise, np.asarray(photo))), hole


@pytest.mark.parametrize(
    "squares",
    [
        [Framing((300, 300), 300)],
        [Framing((310, 290), 60, 13)],
        [Framing((20, 15), 90, 30)],
        [Framing((400, 200), 128)],
        OVERLAPPING,
        OVERLAPPING[::-1],
        [Framing((10, 200), 200), Framing((30, 180), 50, 20)],
    ],
    ids=["large", "small", "over the corner", "one to one", "overlapping", "the other first", "one in another"],
)
@pytest.mark.parametrize("method", ["face-autoencoder", "telea"])
def test_a_hidden_pixel_of_the_photo_reaches_nothing(wall: Image.Image, squares: list[Framing], method: str) -> None:
    """Neither the answer of its own square, nor that of another in which it lies, nor the colours at their edges."""
    for square in squares:
        other, hole = scribbled(wall, square)
        assert hole.any() and changed(wall, other).any()
        one, two = (photo_restoration.restore_photo(photo, squares, MOUTH, method) for photo in (wall, other))
        assert torch.equal(one.faces.given, two.faces.given)
        assert torch.equal(one.faces.reconstruction, two.faces.reconstruction)
        assert not changed(one.lay_on(wall), two.lay_on(other)).any()


def test_what_another_square_hides_is_hidden_too(wall: Image.Image) -> None:
    """A method is told so of every pixel of a square that what lies in any hole could change, and of few more."""
    for number, square in enumerate(OVERLAPPING):
        (_, mask), (_, alone) = visible_squares(wall, OVERLAPPING, MOUTH), visible_squares(wall, [square], MOUTH)
        other, _ = scribbled(wall, OVERLAPPING[1 - number])
        reached = (
            photo_restoration.crop_squares(wall, [square]) != photo_restoration.crop_squares(other, [square])
        ).any(1, keepdim=True)
        assert (alone <= mask[number]).all() and (reached <= mask[number]).all()
        assert (reached & ~alone).any() == (number == 0) and (mask[number] & ~alone & ~reached).sum() < 200


@pytest.mark.parametrize("number", [0, 1])
def test_the_holes_are_where_the_composite_may_differ(wall: Image.Image, number: int) -> None:
    """So that the whole composite's PSNR is the hole's plus what the hole's share makes of it, as the page says."""
    result = photo_restoration.restore_photo(wall, OVERLAPPING, MOUTH, "telea")
    original = photo_restoration.crop_squares(wall, OVERLAPPING)[number, None]
    composite, hole = result.faces.only(number).composite, result.holes[number, None]
    inside, whole = metrics.hole_mse(composite, original, hole), metrics.mse(composite, original)
    assert torch.allclose(whole, inside * hole.float().mean(), rtol=1e-5)
    assert not torch.allclose(whole, metrics.hole_mse(composite, original, MOUTH) * MOUTH.float().mean(), rtol=1e-2)


def test_where_holes_overlap_the_later_answer_lies_on_top(wall: Image.Image) -> None:
    colours = torch.eye(3)[:2].view(2, 3, 1, 1).expand(2, 3, 128, 128)  # red, green
    everything = torch.ones(1, 1, 128, 128, dtype=torch.bool)  # with no edge to meet, colours stay as they are
    side_by_side = [Framing((200, 200), 100), Framing((240, 200), 100)]
    made = put_all_back(wall, side_by_side, colours, everything)
    assert [made.getpixel((x, 200)) for x in (160, 189, 191, 240, 280)] == [(255, 0, 0)] * 2 + [(0, 255, 0)] * 3


def test_the_same_part_of_every_face_changes(wall: Image.Image, squares: list[Framing]) -> None:
    where = changed(wall, photo_restoration.restore_photo(wall, squares, MOUTH).lay_on(wall))
    rows, columns = np.nonzero(where)
    hidden = np.zeros(len(rows), bool)
    for square in squares:
        x, y, _ = np.linalg.inv(np.vstack([square.matrix(), [0, 0, 1]])) @ (
            columns + 0.5,
            rows + 0.5,
            np.ones(len(rows)),
        )
        left, top, width, height = masks.FEATURES["mouth"]
        inside = (x >= left) & (x <= left + width) & (y >= top) & (y <= top + height)
        assert inside.sum() > 0.8 * width * height * (square.side / 128) ** 2
        hidden |= inside
    assert hidden.all()


def test_answers_to_a_photo_are_solved_for_once(
    wall: Image.Image, squares: list[Framing], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The mean, and drawn answers however bold; without boldness they are the mean again."""
    solved: list[int] = []
    posterior = gappy_pca.Prepared.posterior

    def counted(self: gappy_pca.Prepared, given: torch.Tensor, hidden: torch.Tensor) -> gappy_pca.Posterior:
        solved.append(len(given))
        return posterior(self, given, hidden)

    monkeypatch.setattr(gappy_pca.Prepared, "posterior", counted)
    memory = Memory()
    first = photo_restoration.restore_photo(wall, squares[:1], MOUTH, seamless=False, memory=memory)
    drawn, bolder, mean = (
        photo_restoration.one_answer(wall, squares[:1], MOUTH, 1, 5, boldness, memory) for boldness in (0.7, 1.4, 0.0)
    )
    assert solved == [1]
    torch.testing.assert_close(mean.patches, first.patches, atol=1e-5, rtol=0)
    away = [(one.patches - first.patches).abs().mean().item() for one in (drawn, bolder)]
    assert 0 < away[0] < away[1]


@pytest.mark.parametrize(("number", "boldness"), [(0, 0.7), (100, 0.7), (1, -0.1), (1, 1.6), (1, float("nan"))])
def test_an_answer_that_nobody_can_use_is_one_sentence(wall: Image.Image, number: int, boldness: float) -> None:
    with pytest.raises(Problem, match="choose another number"):
        photo_restoration.one_answer(wall, [Framing((300, 300), 300)], MOUTH, number, 0, boldness)


def test_what_was_painted_is_put_into_words() -> None:
    left, top, width, height = masks.FEATURES["mouth"]
    said = photo_restoration.describe_painted(MOUTH, "telea")
    assert f"{width * height / 128**2:.1%} of the face, within {left},{top},{width},{height}" in said
    assert "painted by telea: invented" in said
    assert "of each of 3 faces" in photo_restoration.describe_painted(MOUTH, "telea", 3)
    assert photo_restoration.describe_painted(torch.zeros_like(MOUTH), "telea") == ""


def test_a_photo_without_a_face_is_a_problem() -> None:
    with pytest.raises(Problem, match="No face"):
        photo_restoration.find_squares(Image.new("RGB", (300, 200)))


@pytest.mark.parametrize("longest", [200, 720, 5000])
def test_an_excerpt_shows_the_same_face(wall: Image.Image, squares: list[Framing], longest: int) -> None:
    view = preview.cut_excerpt(wall, squares[:1], longest)
    assert view.picture.width == view.picture.height <= min(longest, *wall.size)
    seen, true = (
        photo_restoration.crop_squares(*pair) for pair in ((view.picture, view.framings), (wall, squares[:1]))
    )
    assert (seen - true).abs().mean() < 0.02


def test_an_excerpt_holds_all_its_squares(wall: Image.Image, squares: list[Framing]) -> None:
    view = preview.cut_excerpt(wall, squares)
    for square in view.framings:
        assert all(
            -1 <= x <= view.picture.width + 1 and -1 <= y <= view.picture.height + 1 for x, y in square.corners()
        )


@pytest.mark.parametrize("size", [(8, 4000), (4000, 8), (128, 128), (9, 9)])
def test_an_excerpt_of_any_photo_lies_in_it(size: tuple[int, int]) -> None:
    photo = Image.new("RGB", size)
    for square in (Framing((0.0, 0.0), 8.0), Framing(size, 2.0 * max(size), 45.0), alignment.default_framing(photo)):
        view = preview.cut_excerpt(photo, [square])
        assert 1 <= view.picture.width <= min(720, size[0]) and 1 <= view.picture.height <= min(720, size[1])


def test_the_command_takes_photos_and_folders_of_them(
    wall: Image.Image, squares: list[Framing], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    album = tmp_path / "album"
    album.mkdir()
    wall.save(album / "wall.png")
    Image.new("RGB", (300, 200)).save(album / "sky.png")
    expected = photo_restoration.restore_photo(wall, squares, MOUTH).lay_on(wall)

    assert main(["restore", str(album / "wall.png"), "--hide", "mouth", "-o", str(tmp_path / "out.png")]) == 0
    assert not changed(images.open_image(tmp_path / "out.png"), expected).any()

    assert main(["restore", str(album), "--box", "44,84,40,22", "-o", str(tmp_path / "out")]) == 2
    assert [path.name for path in (tmp_path / "out").glob("[!.]*")] == ["wall.png"]
    assert not changed(images.open_image(tmp_path / "out" / "wall.png"), expected).any()
    assert "sky.png: No face was found" in capsys.readouterr().err


def test_the_shipped_errors_are_those_of_the_test_faces(shared_data: Path) -> None:
    files = FaceFiles([shared_data / "faces" / "test.tar"], "ffhq_")
    some = torch.arange(0, 438, 30)
    faces = files.batch(some).float() / 255
    with torch.inference_mode():
        now = (weights.shared("face-autoencoder", Autoencoder)(faces) - faces).square().flatten(1).mean(1)
    assert len(maps.face_errors()) == len(maps.face_codes()) == len(files)
    assert torch.allclose(maps.face_errors()[some], now, rtol=2e-3)  # they are shipped in half precision
