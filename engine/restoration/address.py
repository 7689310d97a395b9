"""A place in a store that fsspec knows, as s3://bucket/album, gs://..., sftp://... or file:///....

It answers as a `Path` does to what `restore` asks of files and folders. Each store raises errors of its own: all of
them are a `Problem` here. fsspec comes with Ray Data; the package of a store (s3fs, gcsfs) has to be installed.
"""

import os
import re
import secrets
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path, PurePath
from typing import Any, TypeVar

from engine.datasets.picture_files import START, readable
from engine.problem import Problem

ADDRESS = re.compile(r"([a-z][a-z0-9+.-]*)://", re.IGNORECASE)
# What is put there is there whole or not at all, and moving it would be to copy it.
OBJECT_STORES = {"s3", "s3a", "gs", "gcs", "az", "abfs", "abfss", "oss", "oci", "tos", "memory"}
LONGEST = 200  # letters of a store's own words

Answer = TypeVar("Answer")


@dataclass(frozen=True)
class Address:
    """A file or a folder of a store; nothing is asked of the store before it has to be."""

    text: str  # scheme://..., without a slash at its end

    def __str__(self) -> str:
        return self.text

    def __truediv__(self, name: PurePath | str) -> "Address":
        return self if str(name) == "." else Address(f"{self.text}/{name}")

    @property
    def scheme(self) -> str:
        return self.text.partition("://")[0]

    @property
    def name(self) -> str:
        return self.text.rpartition("/")[2]

    @property
    def parent(self) -> "Address":
        return Address(self.text.rpartition("/")[0])

    def relative_to(self, folder: "Address") -> Path:
        return Path(self.text.removeprefix(f"{folder}/"))

    def resolve(self) -> "Address":
        return self

    def exists(self) -> bool:
        return self._kind() is not None

    def is_dir(self) -> bool:
        return self._kind() == "directory"

    def is_file(self) -> bool:
        return self._kind() == "file"

    def is_symlink(self) -> bool:
        """Also of one that leads nowhere, where the store has such."""
        return self._ask("read", lambda store, path: hasattr(store, "islink") and store.islink(path))

    def read_bytes(self, most: int | None = None) -> bytes:
        """The file, or how it begins: `most` bytes."""

        def read(store: Any, path: str) -> bytes:
            # stores differ in what they say of a range beyond the end
            longer = most is not None and (store.info(path)["size"] or 0) > most
            return store.cat_file(path, 0, most) if longer else store.cat_file(path)

        return self._ask("read", read)

    def save(self, content: bytes) -> None:
        """Write the file whole or not at all."""
        self._ask("written", lambda store, path: self._save(store, path, content))

    def glob(self, pattern: str) -> list["Address"]:
        """The files in this folder whose names are like `pattern`."""
        return [self / name for name in self.names(deep=False) if fnmatchcase(name, pattern)]

    def rglob(self, pattern: str) -> list["Address"]:
        """The same of this folder and all below it."""
        return [self / name for name in self.names() if fnmatchcase(name.rpartition("/")[2], pattern)]

    def names(self, deep: bool = True) -> list[str]:
        """All files of this folder, and with `deep` of those below it, by what follows its address and a slash."""

        def find(store: Any, path: str) -> list[str]:
            store.invalidate_cache()  # others write there, too
            return [
                found.removeprefix(f"{path.rstrip('/')}/") for found in store.find(path, maxdepth=None if deep else 1)
            ]

        return self._ask("read", find)

    def starts(self, names: Sequence[PurePath]) -> list[bytes]:
        """How these files of the folder begin, asked all at once; nothing of one that cannot be read."""

        def read(store: Any, path: str) -> list[bytes]:
            found = store.cat_ranges([f"{path}/{name}" for name in names], 0, START, on_error="return")
            return [start if isinstance(start, bytes) else b"" for start in found]

        return self._ask("read", read)

    def _kind(self) -> str | None:
        def kind(store: Any, path: str) -> str | None:
            try:
                return store.info(path)["type"]
            except FileNotFoundError:
                return None

        return self._ask("read", kind)

    def _save(self, store: Any, path: str, content: bytes) -> None:
        if self.scheme in OBJECT_STORES:
            return store.pipe_file(path, content)
        folder = path.rpartition("/")[0]
        part = f"{folder}/.{secrets.token_hex(8)}.part"
        store.makedirs(folder, exist_ok=True)
        try:
            store.pipe_file(part, content)
            store.mv(part, path)
        except BaseException:
            with suppress(Exception):
                store.rm_file(part)
            raise

    def _ask(self, done: str, question: Callable[[Any, str], Answer]) -> Answer:
        """What the store (fsspec's file system) says of its own path; raises `Problem`, see above."""
        import fsspec  # here, for only few need it

        shown = readable(self.text)
        try:
            kind: Any = fsspec.get_filesystem_class(self.scheme)
            path = kind._strip_protocol(self.text)
            return question(fsspec.filesystem(self.scheme, **kind._get_kwargs_from_urls(self.text)), path)
        except ImportError as error:
            raise Problem(
                f"'{shown}' needs one more package on every machine ({error}): install it beside Ray."
            ) from error
        except Exception as error:
            said = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
            said = " ".join(said.split())[:LONGEST]
            raise Problem(
                f"'{shown}' could not be {done} ({said}): check the address and what you may do there."
            ) from error


Place = Path | Address


def place(text: str) -> Place:
    """Where a text leads: to an address, if it begins as one, else to a path of this machine."""
    found = ADDRESS.match(text)
    if not found:
        return Path(text)
    scheme, rest = found.group(1).lower(), text[found.end() :]
    if scheme in ("file", "local"):
        rest = os.path.abspath(rest)  # wherever an actor begins
    return Address(f"{scheme}://{rest.rstrip('/')}")
