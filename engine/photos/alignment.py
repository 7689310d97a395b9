"""Find the faces in a photo and bring one to the framing the networks know.

Detector: YuNet (Wu, Peng, Yu, "YuNet: A Tiny Millisecond-level Face Detector", 2023; MIT, in `data/yunet`), run by
OpenCV. Framing: the published recipe of FFHQ (NVlabs/ffhq-dataset, download_ffhq.py, recreate_aligned_images); it
needs the eye centres and the mouth corners only. Last touch: FFHQ took these points from dlib, and on 1 face in 12
YuNet's lie elsewhere; a small network that has learnt FFHQ's frame (`networks/face_framing.py`) corrects the rest.
"""

import itertools
import math
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

import cv2
import numpy as np
import torch
from PIL import Image

from engine.images import to_tensor
from engine.models import weights
from engine.networks import Framer, face_framing
from engine.photos.framing import SIZE, Framing, crop, pixel_centres
from engine.problem import Problem

DETECTOR = Path(__file__).parents[1] / "data" / "yunet" / "face_detection_yunet_2023mar.onnx"
DETECTOR_SHA256 = "8f2383e4dd3cfbb4553ea8718107fc0423210dc964f9f4280604804ed2552fa4"
RESTORE_IT = "`git checkout -- engine/data/yunet` brings it back"
DETECTION_SIDE = 640  # YuNet was trained on faces of 10 to 300 pixels: more costs time and loses large faces
TILE, OVERLAP = 1280, 160  # pixels that are looked at in one piece for small faces, and how far two pieces overlap
LIKELY = 0.5  # score that is worth a close look: a face on its side gets about 0.6
CERTAIN = 0.8  # score of a face, upright and close
MAX_FACES = 40  # each costs six looks, and one that is not upright up to nineteen
FINEST = 0.25  # scale at which a large photo is looked at in tiles: a face 200 pixels wide has 50
QUARTERS, CORNERS = (0, 90, 180, 270), (45, 135, 225, 315)  # degrees
UPRIGHT = 0.92  # score in a close-up that only an upright face gets (19 of 20 do, measured)
# Sizes of the views whose median counts, and how much closer each is. The first two give an upright face the frame that
# all three give within a pixel of 128.
VIEWS = ((384, 1.0), (448, 1.1), (512, 1.1))

Points = np.ndarray  # (5, 2) float: eye, eye, nose, mouth corner, mouth corner, each pair left to right as seen


@dataclass(frozen=True)
class Face:
    """A face found in a photo."""

    points: tuple[tuple[float, float], ...]  # five, photo pixels: eyes, nose, mouth corners; pairs left to right
    width: float  # of the face, about ear to ear, photo pixels
    score: float  # the detector's, 0..1

    @property
    def framing(self) -> Framing:
        return ffhq_framing(np.array(self.points))


class Seen(NamedTuple):
    """A face as one look of the detector shows it."""

    points: Points
    width: float
    score: float


def ffhq_framing(points: Points) -> Framing:
    """FFHQ's oriented crop from five points (photo pixels).

    Its x axis is the mean of two directions: along the eyes, and at right angles to the line from eyes to mouth. Its
    side is 4 times the distance of the eyes, or 3.6 times that of eyes and mouth if this is more.
    """
    left_eye, right_eye, _, left_mouth, right_mouth = points
    eyes, mouth = (left_eye + right_eye) / 2, (left_mouth + right_mouth) / 2
    eye_to_eye, eye_to_mouth = right_eye - left_eye, mouth - eyes
    x = eye_to_eye + (eye_to_mouth[1], -eye_to_mouth[0])  # the second term: eye_to_mouth turned by 90 degrees
    side = 2 * max(2.0 * np.hypot(*eye_to_eye), 1.8 * np.hypot(*eye_to_mouth))
    centre = eyes + 0.1 * eye_to_mouth
    return Framing((float(centre[0]), float(centre[1])), float(side), math.degrees(math.atan2(x[1], x[0])))


class FoundFaces(NamedTuple):
    """The faces in a picture."""

    faces: list[Face]  # largest first, at most `MAX_FACES`
    left_out: int  # how many more seemed to be there and were not looked at closely


def find_faces(picture: Image.Image) -> list[Face]:
    """The faces in an RGB picture, largest first, at most `MAX_FACES`; an empty list when there is none."""
    return search(picture).faces


def search(picture: Image.Image) -> FoundFaces:
    """The faces in an RGB picture, and how many are beyond `MAX_FACES`.

    Looks at the whole photo at 640 pixels, upright, on both sides and on its head, so that faces lying and upright in
    one photo are all found; a photo much larger than that is looked at in tiles too, for its small faces: of less than
    twice the scale only in the directions of the larger ones. Where that gives nothing, last at the photo on its
    corners.
    """
    detector, scale = _detector(), DETECTION_SIDE / max(picture.size)
    squares = _likely_squares(detector, picture, scale, QUARTERS)
    if scale < FINEST:
        near = squares and scale > FINEST / 2
        angles = sorted({square.angle for square in _places(squares)}) if near else QUARTERS
        squares += _likely_squares(detector, picture, FINEST, angles)
    if (found := _confirmed(detector, picture, squares)).faces:
        return found
    return _confirmed(detector, picture, _likely_squares(detector, picture, scale, CORNERS))


def _likely_squares(
    detector: Any, picture: Image.Image, scale: float, angles: Sequence[float]
) -> list[tuple[float, Framing]]:
    """Where faces may be in the picture shrunk by `scale`, seen at each angle, tile by tile: scores, and squares
    that lean by the angle.

    The tiles overlap by as much as a face of 160 pixels needs; whatever is larger is seen at a smaller scale.
    """
    scale = min(1.0, scale)
    size = (max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
    small = np.asarray(picture.resize(size, Image.Resampling.BOX, reducing_gap=2.0))
    stretch, found = np.array([picture.width / size[0], picture.height / size[1]]), []
    for left, top in itertools.product(*(_starts(side) for side in size)):
        tile = small[top : top + TILE, left : left + TILE]
        for angle in angles:
            turned, back = _turned(tile, angle)
            for seen in _detect(detector, turned):
                x, y = (back @ (*seen.points.mean(0), 1) + (left, top)) * stretch
                square = Framing((float(x), float(y)), 1.8 * seen.width * float(stretch.mean()), angle)
                found.append((seen.score, square))
    return found


def _starts(side: int) -> list[int]:
    """Where tiles begin along a side, so that they cover it and overlap by `OVERLAP` or more."""
    count = math.ceil(max(0, side - TILE) / (TILE - OVERLAP)) + 1
    return np.linspace(0, max(0, side - TILE), count).round().astype(int).tolist()


def _confirmed(detector: Any, picture: Image.Image, squares: list[tuple[float, Framing]]) -> FoundFaces:
    """The faces that a closer look confirms; of squares about one place only the likeliest is looked at, upright."""
    places = sorted(_places(squares), key=lambda square: -square.side)
    faces: list[Face] = []
    for number, place in enumerate(places):
        if len(faces) == MAX_FACES:
            return FoundFaces(_distinct(faces), len(places) - number)
        if face := _look_closer(detector, picture, place.turned(-place.angle)):
            faces.append(face)
    return FoundFaces(_distinct(faces), 0)


def _places(squares: list[tuple[float, Framing]]) -> list[Framing]:
    """Of squares about one place the likeliest."""
    places: list[Framing] = []
    for _, square in sorted(squares, key=lambda one: -one[0]):
        near = (math.dist(square.centre, other.centre) / min(square.side, other.side) for other in places)
        if all(distance > 0.25 for distance in near):
            places.append(square)
    return places


def default_framing(picture: Image.Image) -> Framing:
    """Where no face was found: the largest upright square in the middle of the photo."""
    return Framing((picture.width / 2, picture.height / 2), float(min(picture.size)))


class FoundFramings(NamedTuple):
    """What of a picture can be shown to a network."""

    framings: list[Framing]
    left_out: int  # faces beyond `MAX_FACES`


def frame_faces(picture: Image.Image) -> FoundFramings:
    """The whole picture if it is 128x128 already, else one framing a face found, and how many faces are left out."""
    if picture.size == (SIZE, SIZE):
        return FoundFramings([default_framing(picture)], 0)
    found = search(picture)
    return FoundFramings([refine(picture, face.framing) for face in found.faces], found.left_out)


def find_framings(picture: Image.Image) -> list[Framing]:
    """The framings alone; see `frame_faces`."""
    return frame_faces(picture).framings


def refine(picture: Image.Image, framing: Framing) -> Framing:
    """The framing corrected by what a small network sees in it; 5 ms.

    It stays as it is where that network is missing or damaged, and where the face seems farther off than the network
    was taught to correct, as on most cartoons.
    """
    with suppress(Problem), torch.inference_mode():
        network = weights.shared("face-framing")
        assert isinstance(network, Framer)
        for _ in range(2):
            offsets = network.offsets(to_tensor(crop(picture, framing)))[0]
            if offsets.abs().max() > 1:
                break
            right, down, zoom, turn = (offsets * torch.tensor(face_framing.FARTHEST)).tolist()
            framing = framing.zoomed(math.exp(zoom)).turned(-turn).moved(-right, -down)
    return framing


def _detector() -> Any:
    """A detector of one's own: sharing one between threads crashes the process. 2 ms."""
    try:
        model = DETECTOR.read_bytes()
    except OSError as error:
        raise Problem(f"The face detector is missing ({{reason}}): {RESTORE_IT}.", reason=error.strerror) from error
    if sha256(model).hexdigest() != DETECTOR_SHA256:
        raise Problem(f"The face detector's file is not the expected one: {RESTORE_IT}.")
    nothing = np.empty(0, np.uint8)
    return cv2.FaceDetectorYN.create("onnx", np.frombuffer(model, np.uint8), nothing, (SIZE, SIZE), LIKELY)


def _detect(detector: Any, pixels: np.ndarray) -> list[Seen]:
    """The faces in RGB pixels (H, W, 3) uint8, largest first."""
    detector.setInputSize((pixels.shape[1], pixels.shape[0]))
    _, rows = detector.detect(np.ascontiguousarray(pixels[:, :, ::-1]))  # OpenCV's order is BGR
    if rows is None:
        return []
    rows = rows[(np.abs(rows) < 2 * max(pixels.shape)).all(1) & (rows[:, 2] > 4)]  # on thin pictures it raves
    faces = [Seen(row[4:14].reshape(5, 2).astype(float) + 0.5, float(row[2]), float(row[14])) for row in rows]
    return sorted(faces, key=lambda face: -face.width)


def _turned(pixels: np.ndarray, angle: float) -> tuple[np.ndarray, np.ndarray]:
    """Pixels (H, W, 3) turned so that what leans `angle` degrees clockwise in them stands upright, with black corners.

    Also the (2, 3) map from continuous coordinates of the turned pixels back to those of the pixels given.
    """
    cos, sin = math.cos(math.radians(angle)), math.sin(math.radians(angle))
    before = np.array(pixels.shape[1::-1])  # width, height
    after = np.rint(np.abs([[cos, sin], [sin, cos]]) @ before).astype(int)
    rotation = np.array([[cos, -sin], [sin, cos]])
    back = np.c_[rotation, before / 2 - rotation @ after / 2]
    if angle % 90 == 0:  # the same pixels, a tenth of the time
        return np.rot90(pixels, round(angle / 90)), back
    size = (int(after[0]), int(after[1]))
    return cv2.warpAffine(pixels, pixel_centres(back), size, flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP), back


def _look_closer(detector: Any, picture: Image.Image, about: Framing) -> Face | None:
    """The face in about that square, measured on close-ups cut from the photo itself; None if none is seen there.

    YuNet reads only a third of a face's tilt while the face is small (40-100 pixels) and all of it at 200 or more,
    and a face on its side gets wrong points. So: find which way is up, set it upright, then take the median of large
    views, each mirrored too, which averages out the detector's jitter.
    """
    face = _close_up(detector, picture, about, 256)
    sure = face is not None and face.score >= UPRIGHT  # as in most photos: a dozen views saved
    if not sure:
        face = _best([_close_up(detector, picture, about.turned(angle), 256) for angle in range(0, 360, 45)])
        if face:  # a face on its head can score almost as well: let both ways up compete once both are straight
            framing = ffhq_framing(face.points)
            face = _best([_close_up(detector, picture, framing.turned(angle), 256) for angle in (0, 180)])
    for _ in range(1 if sure else 2):
        face = _close_up(detector, picture, ffhq_framing(face.points), 320) if face else None
    if face is None or face.score < CERTAIN:
        return None
    framing = ffhq_framing(face.points)
    sizes = VIEWS[:2] if sure else VIEWS
    views = [view for size, zoom in sizes for view in _both_ways(detector, picture, framing.zoomed(zoom), size)]
    if len(views) < len(sizes):
        return None
    points = np.median([view.points for view in views], 0)
    width, score = (float(np.median(values)) for values in ([v.width for v in views], [v.score for v in views]))
    return Face(tuple((float(x), float(y)) for x, y in points), width, score)


def _best(views: list[Seen | None]) -> Seen | None:
    """The view with the highest score."""
    return max((view for view in views if view), key=lambda view: view.score, default=None)


def _close_up(detector: Any, picture: Image.Image, square: Framing, size: int) -> Seen | None:
    """The face nearest to the middle of the square, looked at in size x size pixels, in photo pixels."""
    return _in_the_middle(detector, np.asarray(crop(picture, square, size)), square)


def _both_ways(detector: Any, picture: Image.Image, square: Framing, size: int) -> Iterator[Seen]:
    """The same as it is and mirrored; none where none is seen."""
    pixels = np.asarray(crop(picture, square, size))
    for mirrored in (False, True):
        if seen := _in_the_middle(detector, pixels, square, mirrored):
            yield seen


def _in_the_middle(detector: Any, pixels: np.ndarray, square: Framing, mirrored: bool = False) -> Seen | None:
    """The face nearest to the middle of the square whose pixels these are, in photo pixels."""
    size = len(pixels)
    faces = _detect(detector, pixels[:, ::-1] if mirrored else pixels)
    if not faces:
        return None
    points, width, score = min(faces, key=lambda face: np.hypot(*(face.points.mean(0) - size / 2)))
    if mirrored:
        points = (points * (-1, 1) + (size, 0))[[1, 0, 2, 4, 3]]  # left and right change places too
    return Seen(np.c_[points, np.ones(5)] @ square.matrix(size).T, width * square.side / size, score)


def _distinct(faces: list[Face]) -> list[Face]:
    """Largest first; of several looks at one face only the best."""
    kept: list[Face] = []
    for face in sorted(faces, key=lambda face: -face.score):
        apart = (math.dist(face.framing.centre, other.framing.centre) / min(face.width, other.width) for other in kept)
        if all(distance > 0.5 for distance in apart):
            kept.append(face)
    return sorted(kept, key=lambda face: -face.width)
