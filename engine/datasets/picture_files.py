"""Which pictures lie in a folder or a tar, whoever asks: training, evaluation, `restore` or FACES_DIR.

A folder and the tar of it give the same pictures. What is no picture is never left out in silence: it is counted, by
what it is.
"""

import itertools
import os
import posixpath
import tarfile
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from engine.picture_formats import SUFFIXES, is_heic, kind_of
from engine.problem import Problem

BLOCK = 512  # bytes; a tar is made of them
START = 32  # bytes that tell a picture
BOOKKEEPING = {".ds_store", "thumbs.db", "desktop.ini"}
NOWHERE, CIRCLE = "links that lead nowhere", "links to a folder around them"
ARCHIVE, FOLDER = "archives that cannot be read", "folders that cannot be opened"
NO_PATH = "names that are no path"


@dataclass(frozen=True)
class Entry:
    """Where one picture lies: a file, or `size` bytes from `offset` of a tar."""

    name: str  # fit to be shown and written: see `readable`
    path: Path
    offset: int = 0
    size: int = -1  # to the end

    def read(self) -> bytes:
        with self.path.open("rb") as file:
            file.seek(self.offset)
            return file.read(self.size)


@dataclass
class Listing:
    """The pictures of a source, and what was passed over: so many of each kind."""

    entries: list[Entry] = field(default_factory=list)
    passed_over: Counter[str] = field(default_factory=Counter)

    def add(self, other: "Listing") -> None:
        self.entries += other.entries
        self.passed_over += other.passed_over

    @property
    def sentence(self) -> str:
        """What was passed over, in one sentence; empty where nothing was."""
        kinds = ", ".join(f"{kind} ({count:,})" for kind, count in sorted(self.passed_over.items()))
        return f"Passed over: {kinds}." if kinds else ""


def list_pictures(source: Path, tars: bool = True, deep: bool = True) -> Listing:
    """The pictures of a folder, searched through, or of an uncompressed tar.

    Links are followed, but never in a circle. `._*` and `__MACOSX`, which a Mac packs beside every file, are no
    pictures and not worth a word. tars: also look into the tars that lie in the folder. deep: also into folders in it.
    Raises `Problem` where the source cannot be read.
    """
    if source.is_dir():
        return _list_folder(source, tars, deep)
    try:
        with source.open("rb") as file:
            return _list_tar(source, file, 0, source.stat().st_size)
    except (OSError, tarfile.TarError) as error:
        raise Problem(
            f"'{readable(source.name)}' is neither a folder nor a readable .tar of images ({type(error).__name__}):"
            " check the path given by --data."
        ) from error


def list_names(names: Iterable[str]) -> Listing:
    """The pictures among the files below a folder of which nothing but the names is known, in the order of a folder's;
    the path of each leads on from that folder."""
    listing = Listing()
    for path, name in sorted((Path(name), name) for name in names):
        parts = tuple(name.split("/"))
        if not {"", ".", ".."}.isdisjoint(parts):  # a store's keys may be so; no path leads there
            listing.passed_over[NO_PATH] += 1
        elif _is_bookkeeping(parts):
            continue
        elif _is_picture(name):
            listing.entries.append(Entry(readable(name), path))
        else:
            listing.passed_over[_other(name)] += 1
    return listing


def readable(name: str) -> str:
    """A file's name as text that can be printed and written anywhere; bytes that are no UTF-8 become question marks."""
    text = name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in text)


def start_of(path: Path) -> bytes:
    """How a regular file begins; nothing of one that cannot be read."""
    try:
        with path.open("rb") as file:
            return file.read(START)
    except OSError:
        return b""


def _is_bookkeeping(parts: tuple[str, ...]) -> bool:
    return "__MACOSX" in parts or parts[-1].startswith("._") or parts[-1].lower() in BOOKKEEPING


def _is_picture(name: str) -> bool:
    return PurePosixPath(name).suffix.lower() in SUFFIXES


def _other(name: str, start: bytes = b"") -> str:
    """What is passed over, by its ending; `start`: how the file begins."""
    ending = PurePosixPath(readable(name)).suffix.lower()
    if kind_of(start) or is_heic(start):
        return f"pictures that end in {ending}" if ending else "pictures without an ending"
    return f"{ending or 'unnamed'} files"


# ---------------------------------------------------------------- folders


def _list_folder(source: Path, tars: bool, deep: bool) -> Listing:
    listing = Listing()
    for path in sorted(_walk(source, listing.passed_over, deep)):
        name = path.relative_to(source).as_posix()
        if _is_bookkeeping(path.relative_to(source).parts):
            continue
        if tars and path.suffix.lower() == ".tar" and path.is_file():
            try:
                listing.add(list_pictures(path))
            except Problem:
                listing.passed_over[ARCHIVE] += 1
        elif not path.exists():
            listing.passed_over[NOWHERE] += 1
        elif _is_picture(name) and path.is_file():
            listing.entries.append(Entry(readable(name), path))
        else:
            listing.passed_over[_other(name, start_of(path) if path.is_file() else b"")] += 1
    return listing


def _walk(
    folder: Path, passed_over: Counter[str], deep: bool, above: frozenset[tuple[int, int]] = frozenset()
) -> Iterator[Path]:
    """Every file below, through links to folders, except where one leads back to a folder that holds it."""
    try:
        status = folder.stat()
        names = sorted(os.listdir(folder))
    except OSError:
        passed_over[FOLDER] += 1
        return
    here = (status.st_dev, status.st_ino)
    if here in above:
        passed_over[CIRCLE] += 1
        return
    for name in names:
        path = folder / name
        if path.is_dir() and not deep:
            if not _is_bookkeeping((name,)):
                passed_over["folders in it"] += 1
        elif path.is_dir():
            yield from _walk(path, passed_over, deep, above | {here})
        else:
            yield path


# ---------------------------------------------------------------- tars


def _list_tar(path: Path, file: BinaryIO, start: int, end: int) -> Listing:
    """The pictures of the tar that lies between two offsets of a file, in its order; of one name the last counts.

    Parts that were appended whole (`cat one.tar two.tar`) and tars in the tar are read too.
    """
    listing = Listing()
    places: dict[str, tuple[int, int]] = {}  # every regular file: offset and size
    links: dict[str, str] = {}  # symbolic ones: name -> the name that they lead to
    part = start
    while part < end or part == start:  # an empty one is no tar
        file.seek(part)
        try:
            with tarfile.open(fileobj=file, mode="r:") as tar:  # uncompressed, so that each picture has a fixed place
                for member in itertools.takewhile(lambda member: member.offset < end, tar):
                    name = posixpath.normpath(member.name).lstrip("/")
                    if member.issym():
                        links[name] = posixpath.normpath(posixpath.join(posixpath.dirname(name), member.linkname))
                    elif member.islnk() and (target := posixpath.normpath(member.linkname).lstrip("/")) in places:
                        places[name] = places[target]
                    elif member.isreg() and not member.issparse():
                        places[name] = member.offset_data, member.size
                    elif not member.isdir():
                        listing.passed_over[NOWHERE if member.islnk() else _other(name)] += 1
        except tarfile.TarError:
            if part == start:
                raise
            listing.passed_over[ARCHIVE] += 1  # what was appended is none
            break
        if tar.offset == part:
            listing.passed_over[ARCHIVE] += 1
            break
        part = _next_part(file, tar.offset, end)
    _follow(links, places, listing.passed_over)
    for name, (offset, size) in places.items():
        if _is_bookkeeping(tuple(name.split("/"))):
            continue
        if name.lower().endswith(".tar"):
            try:
                listing.add(_list_tar(path, file, offset, offset + size))
            except tarfile.TarError:
                listing.passed_over[ARCHIVE] += 1
        elif _is_picture(name):
            listing.entries.append(Entry(readable(name), path, offset, size))
        else:
            file.seek(offset)
            listing.passed_over[_other(name, file.read(min(size, START)))] += 1
    return listing


def _next_part(file: BinaryIO, start: int, end: int) -> int:
    """Where the next tar begins behind the zeros that end the one before; `end` where there is none."""
    for offset in range(start, end, BLOCK):
        file.seek(offset)
        if any(file.read(BLOCK)):
            return offset
    return end


def _follow(links: dict[str, str], places: dict[str, tuple[int, int]], passed_over: Counter[str]) -> None:
    """Add the files that symbolic links lead to, a file or all of a folder; links may lead to links."""
    while links:
        found: dict[str, dict[str, tuple[int, int]]] = {}  # link -> what it leads to, by the names that this gives
        for link, target in links.items():
            if target in places:
                found[link] = {link: places[target]}
            elif not f"{link}/".startswith(f"{target}/"):  # never in a circle
                inside = [name for name in places if name.startswith(f"{target}/")]
                found[link] = {link + name[len(target) :]: places[name] for name in inside}
        found = {link: led for link, led in found.items() if led}
        if not found:
            break
        for led in found.values():
            places.update(led)
        links = {link: target for link, target in links.items() if link not in found}
    if links:
        passed_over[NOWHERE] += len(links)
