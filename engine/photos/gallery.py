"""The gallery: faces that may be shown to everybody, those that ship and those in FACES_DIR."""

import logging
import os
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, count
from pathlib import Path

from torch import Tensor

from engine import images
from engine.datasets.faces import SIZE
from engine.datasets.picture_files import list_pictures
from engine.files import parse_json
from engine.photos import alignment
from engine.problem import Problem

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class GalleryFace:
    """A face that may be shown to everybody."""

    name: str  # in addresses and session files
    title: str
    credit: str
    image: Tensor  # (1, 3, 128, 128)
    own: bool = False  # the user's: only here, so a session file must carry its pixels
    photograph: bool = True  # not generated


GALLERY = Path(__file__).parents[1] / "data" / "gallery"  # credits.json lists what is shown, in this order
FOLDER = "FACES_DIR"  # the environment variable that names a folder of one's own faces
MAX_OWN = 200


@lru_cache(maxsize=1)
def gallery() -> dict[str, GalleryFace]:
    """The faces that may be shown to everybody who comes, by name: those that ship, then those in `FACES_DIR`.

    Read once. The folder is not searched deeper; its pictures go through the same gate as uploads, are framed as
    FFHQ is (the largest face; the middle square where there is none), and after `MAX_OWN` no more are taken. What
    cannot be read is counted in the log, a folder that is not there is said there, and the others stay. Raises
    `Problem` where the list of those that ship is damaged, or not one face can be read.
    """
    faces = _shipped()
    if folder := os.environ.get(FOLDER):
        _add_own(faces, Path(folder))
    if not faces:
        raise Problem(f"Not one face of the gallery could be read: {RESTORE_IT}.")
    return faces


RESTORE_IT = "`git checkout -- engine/data` brings it back"


def _shipped() -> dict[str, GalleryFace]:
    """The faces that credits.json lists; one whose picture cannot be read is named in the log and left out."""
    faces = {}
    try:
        for name, words in parse_json((GALLERY / "credits.json").read_text("utf-8")).items():
            title, credit, photograph = words["title"], words["credit"], words.get("photograph", True)
            if not re.fullmatch(r"[a-z0-9-]+", name) or not (isinstance(title, str) and isinstance(credit, str)):
                raise ValueError("a name that leads elsewhere, or words that are none")
            try:
                picture = images.open_image(GALLERY / f"{name}.png")
                if picture.size != (SIZE, SIZE):
                    raise Problem(f"A face of the gallery is of another size than {SIZE}x{SIZE} pixels.")
            except Problem:
                log.warning("skipped an unreadable picture of the gallery: %s", name)
                continue
            image = images.to_tensor(picture)
            faces[name] = GalleryFace(name, title, credit, image, photograph=photograph)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise Problem(f"The list of the gallery's faces, credits.json, is damaged: {RESTORE_IT}.") from error
    return faces


def _add_own(faces: dict[str, GalleryFace], folder: Path) -> None:
    """Add the pictures of a folder. Names and titles come from the files' names; the log has neither names nor path."""
    if not (folder.is_dir() and os.access(folder, os.R_OK | os.X_OK)):
        log.warning("%s names no folder that can be read, so there are only the faces that ship: check it.", FOLDER)
        return
    listing = list_pictures(folder, tars=False, deep=False)
    files = [entry.path for entry in listing.entries]
    if listing.sentence:
        log.warning("%s: %s", FOLDER, listing.sentence)
    most, skipped = len(faces) + MAX_OWN, 0
    for number, path in enumerate(files):
        if len(faces) == most:
            log.warning(
                "%s: only the first %d faces are shown, %d files are left.", FOLDER, MAX_OWN, len(files) - number
            )
            break
        try:
            picture = images.open_image(path)
        except Problem:
            skipped += 1
            continue
        framing = (alignment.find_framings(picture) or [alignment.default_framing(picture)])[0]
        image = images.to_tensor(alignment.crop(picture, framing))
        name = _unused(f"own-{_safe(path.stem)}", "-", set(faces))
        title = _unused(_readable(path.stem), " ", {face.title for face in faces.values()})
        faces[name] = GalleryFace(name, title, f"{title}: your own picture", image, own=True)
    if skipped:
        log.warning("%s: skipped %d of %d files that are no readable pictures.", FOLDER, skipped, len(files))


def _safe(stem: str) -> str:
    """Small letters of ASCII, digits and hyphens, as an address may have them; at most 40."""
    ascii_only = unicodedata.normalize("NFKD", stem).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", ascii_only)[:40].strip("-") or "face"


def _readable(stem: str) -> str:
    """Letters and digits of any script, blanks and hyphens; nothing that a page could take for markup. At most 40."""
    return " ".join(re.sub(r"[^\w-]|_", " ", stem).split())[:40].strip() or "Face"


def _unused(word: str, joint: str, taken: set[str]) -> str:
    """The word itself, or with the first number from 2 that makes it new."""
    numbered = (f"{word}{joint}{number}" for number in count(2))
    return next(one for one in chain([word], numbered) if one not in taken)
