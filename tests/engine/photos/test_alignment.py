"""Faces found and framed: geometry, the published recipe, difficult pictures, and accuracy on FFHQ's test faces."""

import io
import math
import shutil
import tarfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw
from skimage import data

from engine.evaluation.figures import FACE_WIDTH
from engine.images import open_image
from engine.models import weights
from engine.photos import alignment
from engine.photos.alignment import (
    Face,
    Framing,
    crop,
    default_framing,
    ffhq_framing,
    find_faces,
    find_framings,
    refine,
)
from engine.problem import Problem
from tests.conftest import ROOT

GALLERY = ROOT / "engine" / "data" / "gallery"
# Five of FFHQ's test faces seen almost from the side.
PROFILES = ("ea35b2c6f9169faee547", "fbc9775ffeff4b1359de", "f2f21d24eb0e2d4eed94", "ea829a24ba6f90f1b1ed",
            "fa24d1cf9ac9c5e7b57a")  # fmt: skip
NOWHERE = Framing((-1e6, -1e6), 1, 180)


def off(found: Framing, true: Framing) -> tuple[float, float, float]:
    """How far a framing is off: centre in photo pixels, angle in degrees, side as a factor of at least 1."""
    turn = abs((found.angle - true.angle + 180) % 360 - 180)
    return math.dist(found.centre, true.centre), turn, max(found.side / true.side, true.side / found.side)


def quilt(width: int, height: int, seed: int) -> np.ndarray:
    """Soft colours and no face."""
    colours = np.random.default_rng(seed).integers(0, 256, (height // 160 + 1, width // 160 + 1, 3), np.uint8)
    return cv2.resize(colours, (width, height), interpolation=cv2.INTER_CUBIC)


def pasted(face: Image.Image, framing: Framing, background: np.ndarray) -> Image.Image:
    """A photo in which that square is this face: a map of the test's own, not the engine's."""
    photo, size = background.copy(), face.width
    cos, sin = (framing.side / size * f(math.radians(framing.angle)) for f in (math.cos, math.sin))
    forth = np.array([[cos, -sin, 0], [sin, cos, 0]])
    middle = (size - 1) / 2  # OpenCV counts from the centre of the first pixel
    forth[:, 2] = np.array(framing.centre) - 0.5 - forth[:, :2] @ (middle, middle)
    canvas = (photo.shape[1], photo.shape[0])
    warped = cv2.warpAffine(np.asarray(face), forth, canvas, flags=cv2.INTER_CUBIC)
    solid = cv2.warpAffine(np.full((size, size), 255, np.uint8), forth, canvas, flags=cv2.INTER_NEAREST) > 0
    photo[solid] = warped[solid]
    return Image.fromarray(photo)


@pytest.fixture(scope="module")
def astronaut() -> Image.Image:
    return open_image(GALLERY / "astronaut.png")


@pytest.fixture(scope="module")
def ffhq(shared_data: Path) -> dict[str, Image.Image]:
    """The FFHQ test faces, by the name of their file."""
    with tarfile.open(shared_data / "faces" / "test.tar") as tar:
        members = sorted((member for member in tar if "/ffhq_" in member.name), key=lambda member: member.name)
        contents = {Path(member.name).stem: tar.extractfile(member) for member in members}
        return {name: Image.open(io.BytesIO(file.read())).convert("RGB") for name, file in contents.items() if file}


# --- geometry


def test_the_recipe_is_ffhqs() -> None:
    """Against NVlabs' own words, written out for one tilted face (ffhq-dataset, recreate_aligned_images)."""
    points = np.array([(40.0, 52.0), (80.0, 60.0), (56.0, 80.0), (38.0, 92.0), (70.0, 99.0)])
    eye_left, eye_right, mouth_left, mouth_right = points[[0, 1, 3, 4]]
    eye_avg = (eye_left + eye_right) * 0.5
    eye_to_eye = eye_right - eye_left
    eye_to_mouth = (mouth_left + mouth_right) * 0.5 - eye_avg
    x = eye_to_eye - np.flipud(eye_to_mouth) * [-1, 1]
    x /= np.hypot(*x)
    x *= max(np.hypot(*eye_to_eye) * 2.0, np.hypot(*eye_to_mouth) * 1.8)
    y = np.flipud(x) * [-1, 1]
    c = eye_avg + eye_to_mouth * 0.1
    quad = [c - x - y, c + x - y, c + x + y, c - x + y]  # top left, top right, bottom right, bottom left
    assert np.allclose(ffhq_framing(points).corners(), quad)


def test_a_framing_can_be_moved_turned_and_zoomed() -> None:
    framing = Framing((100, 50), 40, 90)  # its right is the photo's down
    assert np.allclose(framing.moved(0.5, 0).centre, (100, 70)) and np.allclose(framing.moved(0, 0.5).centre, (80, 50))
    assert framing.turned(100).angle == -170 and framing.turned(-360).angle == 90
    assert framing.zoomed(2).side == 20 and framing.zoomed(1e9).side == 8
    assert framing.moved(0.2, -0.1).moved(-0.2, 0.1).centre == pytest.approx(framing.centre)
    assert np.allclose(framing.corners(), [(120, 30), (120, 70), (80, 70), (80, 30)])


@pytest.mark.parametrize("angle", [0, 20, -20, 45, 90, 180])
@pytest.mark.parametrize("side", [64, 200, 700])
def test_a_pasted_face_is_cropped_back(astronaut: Image.Image, angle: float, side: float) -> None:
    framing = Framing((805.5, 610.25), side, angle)
    back = crop(pasted(astronaut, framing, quilt(1600, 1200, 0)), framing)
    # Enlarging and shrinking blurs; a shift by one pixel would cost three times as much as is allowed here.
    error = np.abs(np.asarray(back, float) - np.asarray(astronaut, float))[4:-4, 4:-4].mean()
    shifted = np.abs(np.asarray(back, float)[:, 1:] - np.asarray(astronaut, float)[:, :-1])[4:-4, 4:-4].mean()
    assert error < (6 if side < 128 else 2.5) < shifted


def test_shrinking_averages_areas() -> None:
    """Stripes finer than the crop's pixels become their mean, where sampling would keep or lose them."""
    stripes = np.zeros((1280, 1280, 3), np.uint8)
    stripes[:, ::2] = 255
    grey = np.asarray(crop(Image.fromarray(stripes), Framing((640, 640), 1280)), int)
    assert np.abs(grey - 127).max() <= 2
    gradient = Image.fromarray(np.tile(np.linspace(0, 255, 1280)[None, :, None], (1280, 1, 3)).astype(np.uint8))
    expected = np.asarray(gradient, float).reshape(128, 10, 128, 10, 3).mean((1, 3))
    assert np.abs(np.asarray(crop(gradient, Framing((640, 640), 1280)), float) - expected).max() <= 1


def test_beyond_the_edge_the_photo_is_mirrored() -> None:
    photo = Image.fromarray(quilt(320, 320, 3))
    seen = np.asarray(crop(photo, Framing((0, 160), 128)))
    assert np.abs(seen[:, 63:0:-1].astype(int) - seen[:, 65:].astype(int)).max() <= 1
    for far in (Framing((-5000, 160), 300, 30), Framing((160, 160), 50_000), Framing((160, 160), 8)):
        assert crop(photo, far).size == (128, 128)


def test_a_framed_picture_passes_unchanged(astronaut: Image.Image) -> None:
    (framing,) = find_framings(astronaut)
    assert framing == Framing((64, 64), 128)
    assert crop(astronaut, framing).tobytes() == astronaut.tobytes()


def test_without_a_face_the_middle_is_proposed() -> None:
    assert default_framing(Image.new("RGB", (300, 200))) == Framing((150, 100), 200)


# --- pictures of every kind


def noise() -> Image.Image:
    return Image.fromarray(np.random.default_rng(0).integers(0, 256, (600, 800, 3), np.uint8))


NO_FACE = {
    "all black": lambda: Image.new("RGB", (800, 600)),
    "all white": lambda: Image.new("RGB", (800, 600), "white"),
    "all one colour": lambda: Image.new("RGB", (800, 600), (200, 30, 90)),
    "pure noise": noise,
    "smallest": lambda: Image.new("RGB", (8, 8), "red"),
    "thin": lambda: Image.new("RGB", (8, 10000), "red"),
    "10x10, enlarged": lambda: noise().resize((10, 10)).resize((640, 640)),
    "coffee": lambda: Image.fromarray(data.coffee()),
    "rocket": lambda: Image.fromarray(data.rocket()),
    "text": lambda: Image.fromarray(data.page()).convert("RGB"),
    "stars": lambda: Image.fromarray(data.hubble_deep_field()),
}


@pytest.mark.parametrize("name", NO_FACE)
def test_no_face_is_found_where_there_is_none(name: str) -> None:
    assert find_faces(NO_FACE[name]()) == []


def test_a_cartoon_and_a_pet_do_no_harm() -> None:
    """Either answer must be one that can be used."""
    cartoon = Image.new("RGB", (400, 400), (250, 220, 120))
    pen = ImageDraw.Draw(cartoon)
    for x in (140, 260):
        pen.ellipse((x - 30, 130, x + 30, 190), "white", "black", 4)
        pen.ellipse((x - 10, 150, x + 10, 170), "black")
    pen.arc((120, 180, 280, 320), 20, 160, "black", 8)
    for picture in (cartoon, Image.fromarray(data.chelsea())):
        for framing in [*find_framings(picture), default_framing(picture)]:
            assert crop(picture, framing).size == (128, 128)


def test_all_of_many_faces_are_found_largest_first(astronaut: Image.Image) -> None:
    hopper = open_image(GALLERY / "grace-hopper.png")
    photo = Image.fromarray(quilt(2000, 1500, 5))
    true = [Framing((250 + 480 * (i % 4), 300 + 480 * (i // 4)), 360 - 25 * i) for i in range(8)]
    for i, framing in enumerate(true):
        photo = pasted((astronaut, hopper)[i % 2], framing, np.asarray(photo))
    found = find_faces(photo)
    assert len(found) == 8
    assert [face.width for face in found] == sorted((face.width for face in found), reverse=True)
    for framing in true:
        assert min(off(face.framing, framing)[0] for face in found) < 0.03 * framing.side


@pytest.mark.parametrize("turns", [0, 1, 2, 3])
def test_a_photo_on_its_side_or_head_is_found_upright(turns: int) -> None:
    portrait = data.astronaut()
    (upright,) = find_faces(Image.fromarray(portrait))
    (found,) = find_faces(Image.fromarray(np.rot90(portrait, turns).copy()))
    x, y = upright.framing.centre
    centre = {0: (x, y), 1: (y, 512 - x), 2: (512 - x, 512 - y), 3: (512 - y, x)}[turns]
    distance, turn, factor = off(
        found.framing, Framing(centre, upright.framing.side, upright.framing.angle - 90 * turns)
    )
    assert distance < 0.04 * upright.width and turn < 4 and factor < 1.06


def test_profiles_are_found(ffhq: dict[str, Image.Image]) -> None:
    for name in PROFILES:
        photo = pasted(ffhq[name], Framing((400, 300), 300), quilt(800, 600, 2))
        (face,) = find_faces(photo)
        assert off(face.framing, Framing((400, 300), 300))[0] < 0.1 * face.width


def test_threads_do_not_meet() -> None:
    """One detector shared between threads crashes the process."""
    portrait = Image.fromarray(data.astronaut())
    with ThreadPoolExecutor(4) as pool:
        found: list[list[Face]] = list(pool.map(lambda _: find_faces(portrait), range(12)))
    assert all(faces == found[0] and len(faces) == 1 for faces in found)


def test_another_detector_file_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(alignment, "DETECTOR_SHA256", "0" * 64)
    with pytest.raises(Problem, match="brings it back"):
        find_faces(Image.new("RGB", (64, 64)))


# --- accuracy


def test_the_astronaut_is_framed_as_by_hand() -> None:
    """Reference: points set by eye on scikit-image's data.astronaut() enlarged twelve times, 24 November 2026: the
    middles of the eyes between lids and corners, and the corners of the mouth; then the recipe."""
    by_hand = np.array([(202.7, 101.5), (247.0, 103.5), (224.0, 127.0), (203.0, 139.5), (245.0, 141.0)])
    portrait = Image.fromarray(data.astronaut())
    (face,), (last,) = find_faces(portrait), find_framings(portrait)
    for framing in (face.framing, last):
        distance, turn, factor = off(framing, ffhq_framing(by_hand))
        assert distance < 0.04 * face.width and turn < 4 and factor < 1.08


def test_the_gallery_is_cut_by_this_very_code() -> None:
    portrait = Image.fromarray(data.astronaut())
    made = np.asarray(crop(portrait, find_faces(portrait)[0].framing), int)
    assert np.abs(made - np.asarray(open_image(GALLERY / "astronaut.png"), int)).mean() < 3


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_pasted_test_faces_are_framed_as_ffhq_framed_them(ffhq: dict[str, Image.Image]) -> None:
    """A hundred of FFHQ's test faces, each pasted into a photo-sized picture at a drawn scale and place and one of
    five angles: against FFHQ's own frame 95 % within 4 % of the face's width and 4 degrees, both at once. Without the
    last touch it is 88 to 93 %."""
    random = np.random.default_rng(0)
    names = random.permutation(sorted(ffhq))[:100]
    errors = []
    for number, name in enumerate(names):
        side = float(random.uniform(120, 700))
        centre = (float(random.uniform(520, 1080)), float(random.uniform(520, 680)))
        true = Framing(centre, side, (0, 20, -20, 45, 90)[number % 5])
        photo = pasted(ffhq[str(name)], true, quilt(1600, 1200, number))
        best = min(find_framings(photo), key=lambda framing: off(framing, true)[0], default=NOWHERE)
        distance, turn, _ = off(best, true)
        errors.append((distance / (FACE_WIDTH * side), turn))
    centre, angle = (np.array(errors) < (0.04, 4)).T
    assert (centre & angle).mean() >= 0.95
    assert np.median(errors, axis=0)[0] < 0.015


def test_a_frame_off_ffhqs_is_brought_back(astronaut: Image.Image) -> None:
    """And what is no face in a rough frame is moved, if at all, no farther than two looks were taught to."""
    true = Framing((800, 600), 400, 20)
    photo = pasted(astronaut, true, quilt(1600, 1200, 1))
    settled = refine(photo, true)
    rough = settled.moved(0.03, -0.02).turned(5).zoomed(1.05)
    distance, turn, factor = off(refine(photo, rough), settled)
    assert distance < 0.01 * true.side and turn < 1 and factor < 1.03
    cat = Image.fromarray(data.chelsea())
    nowhere = [(photo, true.turned(90)), (photo, true.zoomed(3)), (photo, Framing((200, 200), 300))]
    for picture, framing in [*nowhere, (cat, default_framing(cat)), (cat, Framing((225, 110), 200))]:
        distance, turn, factor = off(refine(picture, framing), framing)
        assert distance < 0.18 * framing.side and turn < 18.1 and factor < 1.23


@pytest.mark.parametrize("damage", ["missing", "altered"])
def test_without_the_last_touch_the_detectors_framing_stands(
    damage: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    portrait = Image.fromarray(data.astronaut())
    (face,) = find_faces(portrait)
    assert find_framings(portrait) != [face.framing]
    folder = tmp_path / "weights"
    if damage == "altered":
        shutil.copytree(weights.FOLDER / "face-framing", folder / "face-framing")
        (folder / "face-framing" / "model.safetensors").write_bytes(b"junk")
    monkeypatch.setattr(weights, "FOLDER", folder)
    weights.loaded.cache_clear()
    try:
        assert find_framings(portrait) == [face.framing]
    finally:
        weights.loaded.cache_clear()


# --- none is left out


def in_a_row(
    astronaut: Image.Image, size: tuple[int, int], side: int, angles: list[float]
) -> tuple[Image.Image, list[Framing]]:
    """A photo with faces in a row, each leaning by its angle."""
    step, photo = size[0] / len(angles), Image.fromarray(quilt(*size, 5))
    true = [Framing((step * (i + 0.5), size[1] / 2), side, angle) for i, angle in enumerate(angles)]
    for framing in true:
        photo = pasted(astronaut, framing, np.asarray(photo))
    return photo, true


@pytest.mark.parametrize(
    ("size", "side", "angles"),
    [
        ((1500, 500), 300, [0, 90, 180, -90]),
        ((1500, 500), 300, [0, 45, -60]),
        ((12000, 700), 400, [0, 0, 0]),
        ((6000, 600), 300, [0, 90]),
    ],
    ids=["upright and lying", "upright and leaning", "a wide panorama", "lying in a panorama"],
)
def test_every_face_is_found(size: tuple[int, int], side: int, angles: list[float], astronaut: Image.Image) -> None:
    photo, true = in_a_row(astronaut, size, side, angles)
    found = find_faces(photo)
    assert len(found) == len(true)
    for framing in true:
        distance, turn, _ = min(off(face.framing, framing) for face in found)
        assert distance < 0.05 * side and turn < 6


def test_of_too_many_faces_the_others_are_counted(astronaut: Image.Image, monkeypatch: pytest.MonkeyPatch) -> None:
    photo, _ = in_a_row(astronaut, (1500, 400), 280, [0, 0, 0, 0, 0])
    assert len(alignment.search(photo).faces) == 5 and alignment.search(photo).left_out == 0
    monkeypatch.setattr(alignment, "MAX_FACES", 3)
    framings, left_out = alignment.frame_faces(photo)
    assert (len(framings), left_out) == (3, 2)
