"""One result as a file of its own: the format by its ending, what was painted in its metadata, nothing overwritten."""

import os
from pathlib import Path

from PIL import Image

from engine.datasets.picture_files import readable
from engine.files import save
from engine.photos import compositing
from engine.picture_formats import WRITTEN, Kind
from engine.problem import Problem


def kind_written(out: Path) -> Kind:
    """The format that a file's ending asks for; raises `Problem` for one that is not written here."""
    kind = WRITTEN.get(out.suffix.lower())
    if kind is None:
        raise Problem(
            f"'{readable(out.name)}' has no ending that can be written: call it .png or .webp, both exact, or .jpg."
        )
    return kind


def write_result(picture: Image.Image, path: str | Path, painted: str, overwrite: bool) -> Path:
    """Write a picture whose metadata say what was `painted`; raises `Problem` where a file is in the way, unless
    `overwrite`, where the format cannot hold it, and where the disk will not have it."""
    path = Path(path)
    kind = kind_written(path)
    if not overwrite and os.path.lexists(path):
        raise Problem(f"'{readable(str(path))}' was there before: choose another name, or say overwrite=True.")
    save(path, compositing.export(picture, kind, painted=painted))
    return path
