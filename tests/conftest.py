"""What every test may ask for, and the network guard that every test gets."""

import ipaddress
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch

from engine.photos import gallery

ROOT = Path(__file__).resolve().parent.parent

# Two threads collapse as soon as anything else runs on the machine, and one gives the same sums every time.
torch.set_num_threads(1)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder with the full data sets. Skips the test where it is not there."""
    folder = ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("needs ../shared/data, which only the project's CI has")
    return folder


@pytest.fixture
def generator() -> torch.Generator:
    """A generator seeded with 0, new for each test."""
    return torch.Generator().manual_seed(0)


@pytest.fixture
def gallery_copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder of the gallery, as a copy that a test may change."""
    copy = tmp_path / "gallery"
    shutil.copytree(gallery.GALLERY, copy)
    monkeypatch.setattr(gallery, "GALLERY", copy)
    gallery.gallery.cache_clear()
    yield copy
    gallery.gallery.cache_clear()


def is_local(host: Any) -> bool:
    """Whether a host, by name or number, is this machine itself."""
    name = host.decode() if isinstance(host, bytes) else host
    if name in (None, "", "localhost", socket.gethostname()):
        return True
    try:
        return ipaddress.ip_address(str(name).split("%")[0]).is_loopback
    except ValueError:
        return False


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Fails a test that looks up or connects to another machine, even where the code swallows the error.

    It guards this process only. Datagram sockets are left alone: connecting one sends nothing, and
    Streamlit does it to learn its own address.
    """
    attempts: list[str] = []

    def refuse(host: Any) -> None:
        attempts.append(str(host))
        raise OSError(f"a test tried to reach {host}, and tests must not use the network")

    def guard(name: str) -> None:
        real = getattr(socket.socket, name)

        def guarded(self: socket.socket, address: Any) -> Any:
            internet = self.family in (socket.AF_INET, socket.AF_INET6)
            if internet and self.type == socket.SOCK_STREAM and not is_local(address[0]):
                refuse(address[0])
            return real(self, address)

        monkeypatch.setattr(socket.socket, name, guarded)

    real_lookup = socket.getaddrinfo

    def guarded_lookup(host: Any, *arguments: Any, **options: Any) -> Any:
        if not is_local(host):
            refuse(host)
        return real_lookup(host, *arguments, **options)

    guard("connect")
    guard("connect_ex")
    monkeypatch.setattr(socket, "getaddrinfo", guarded_lookup)
    yield
    if attempts:
        pytest.fail(f"this test tried to reach {', '.join(attempts)}: the app must never need the network")
