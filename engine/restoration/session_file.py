"""What a visitor did on the faces page as one file: JSON, with an own face in it as a PNG.

Nothing in such a file is trusted. All of it is checked before any of it is used: whatever this version could not have
saved is refused. It names no path, and the only picture in it has 128x128 pixels.
"""

import base64
import binascii
import json
from dataclasses import dataclass, field
from typing import Any

from torch import Tensor

from engine import images
from engine.corruptions.shapes import MAX_SHAPES, Shape, clean_shapes
from engine.datasets import faces
from engine.files import parse_json
from engine.photos import gallery
from engine.photos.gallery import GalleryFace
from engine.problem import Problem
from engine.restoration.methods import METHODS

FORMAT, VERSION = "autoencoder-by-hand session", 1
MAX_BYTES = 2**20
MAX_STEPS = 1000  # of the latent search
SEEDS = 2**63  # seeds lie below
OWN = "own"  # the face of a session that carries its picture
SAVED = "choose one that was saved on this page."


@dataclass(frozen=True, eq=False)
class Session:
    """Picture, mask, settings and seed."""

    face: str  # a name in the gallery that ships, or OWN
    shapes: list[Shape] = field(default_factory=list)  # the mask
    method: str = "face-autoencoder"  # whose answer is shown large
    methods: tuple[str, ...] = ()  # the ones chosen for the row
    seamless: bool = True
    steps: int = 40  # of the latent search
    seed: int | None = None  # of the random box, where there was one
    own: Tensor | None = None  # (1, 3, 128, 128) in [0, 1] where face is OWN


def of_face(face: GalleryFace, shapes: list[Shape], **settings: Any) -> Session:
    """The session of a face and what lies on it; a face that is not in the gallery brings its pixels."""
    if face.own:
        return Session(OWN, shapes, own=face.image, **settings)
    return Session(face.name, shapes, **settings)


def face_of(session: Session) -> GalleryFace:
    """The face of a session: from the gallery, or out of the file it came in."""
    if session.own is None:
        return gallery.gallery()[session.face]
    return GalleryFace(OWN, "Your own face", "Your own picture", session.own, own=True)


def save(session: Session) -> bytes:
    """A session as a file; `load` gives back the same, an own face rounded to 8 bits.

    Raises `Problem` for a mask of so many points that the file would be refused.
    """
    own = None if session.own is None else base64.b64encode(images.encode(session.own, "png")).decode()
    content = {
        "format": FORMAT,
        "version": VERSION,
        "face": session.face,
        "picture": own,
        "shapes": session.shapes,
        "method": session.method,
        "methods": list(session.methods),
        "seamless": session.seamless,
        "steps": session.steps,
        "seed": session.seed,
    }
    file = json.dumps(content, allow_nan=False, separators=(",", ":")).encode()
    if len(file) > MAX_BYTES:
        raise Problem("This mask has too many points for a session file: save the mask alone, or draw it with less.")
    return file


def load(content: bytes) -> Session:
    """A file as a session. Raises `Problem`, in one sentence, and nothing else, for whatever `save` did not write."""
    raw = _parsed(content)
    if raw.get("format") != FORMAT:
        raise Problem(f"This is no session of this app: {SAVED}")
    if not _is_whole(raw.get("version"), VERSION, VERSION):
        raise Problem(f"This session is from another version of this app, which reads version {VERSION}: {SAVED}")
    shapes, methods = _shapes(raw.get("shapes")), raw.get("methods")
    own = None if raw.get("picture") is None else _picture(raw["picture"])
    if (raw.get("face") == OWN) != (own is not None):
        raise Problem(f"This session does not say what its face is: {SAVED}")
    if own is None and not _is_one_of(raw.get("face"), gallery.gallery()):
        raise Problem("This session is of a face that is not in the gallery here: choose another session.")
    if (
        not isinstance(methods, list)
        or not all(_is_one_of(name, METHODS) for name in [raw.get("method"), *methods])
        or len(set(methods)) < len(methods)
    ):
        raise Problem(f"This session names methods that there are not: {SAVED}")
    seed = raw.get("seed")
    if (
        not isinstance(raw.get("seamless"), bool)
        or not _is_whole(raw.get("steps"), 1, MAX_STEPS)
        or not (seed is None or _is_whole(seed, 0, SEEDS - 1))
    ):
        raise Problem(f"This session has settings that there are not: {SAVED}")
    return Session(raw["face"], shapes, raw["method"], tuple(methods), raw["seamless"], raw["steps"], seed, own)


def _parsed(content: bytes) -> dict[str, Any]:
    """The file's JSON object; plain numbers only."""
    if len(content) > MAX_BYTES:
        raise Problem(f"This file is larger than 1 MB, which no session is: {SAVED}")
    if not content.strip():
        raise Problem("This file is empty, perhaps its upload was cut off: choose it again.")
    if not content.lstrip().startswith(b"{"):
        raise Problem(f"This is no session of this app: {SAVED}")
    try:
        # Python's reader knows NaN and Infinity, which are no JSON.
        parsed = parse_json(content.decode(), parse_constant=_refuse)
    except ValueError:  # also for wrong UTF-8 and numbers of thousands of digits
        raise Problem("This session is damaged or cut off and could not be read: save it again.") from None
    return parsed  # an object, for it begins with a brace


def _refuse(constant: str) -> None:
    raise ValueError(constant)


def _shapes(raw: object) -> list[Shape]:
    if not isinstance(raw, list):
        raise Problem(f"This session has no mask: {SAVED}")
    if len(raw) > MAX_SHAPES:
        raise Problem(f"This session has more than {MAX_SHAPES} shapes in its mask, which is the most a picture takes.")
    shapes = clean_shapes(raw)
    if shapes != raw:
        raise Problem(f"The mask of this session does not fit a face of {faces.SIZE}×{faces.SIZE} pixels: {SAVED}")
    return shapes


def _picture(raw: object) -> Tensor:
    """The own face; refused where it is of another size."""
    try:
        picture = images.open_image(base64.b64decode(raw if isinstance(raw, str) else "", validate=True))
    except (binascii.Error, ValueError, Problem):
        raise Problem(f"The picture in this session could not be read: {SAVED}") from None
    if picture.size != (faces.SIZE, faces.SIZE):
        raise Problem(f"The picture in this session is not of {faces.SIZE}×{faces.SIZE} pixels: {SAVED}")
    return images.to_tensor(picture)


def _is_one_of(raw: object, names: Any) -> bool:
    return isinstance(raw, str) and raw in names


def _is_whole(raw: object, least: int, most: int) -> bool:
    """Whether it is an int in that range; a bool is none."""
    return isinstance(raw, int) and not isinstance(raw, bool) and least <= raw <= most
