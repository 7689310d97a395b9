"""Nothing here needs the network: the commands and the app run in a process that has none."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from engine.photos import gallery
from tests.conftest import ROOT

# Where the system lets us, the process is started without any network device; everywhere, whoever asks for another
# machine is refused and named, even if the code that asked swallows the error.
CUT_OFF = """
import socket, sys
attempts = []
def refuse(*arguments, **options):
    attempts.append(arguments)
    raise OSError("the network is cut off")
socket.getaddrinfo = socket.create_connection = refuse
socket.socket.connect = socket.socket.connect_ex = refuse
"""
COMMANDS = """
from engine.__main__ import main
digits, face = sys.argv[1:]
assert main(["evaluate", "digit-map", "--data", digits]) == 0
assert main(["restore", face, "--box", "50,60,28,28", "-o", "restored.png"]) == 0
assert main(["data", "digits"]) == 2  # the only command that asks for the network says in a sentence that there is none
assert attempts, "the guard guards nothing"
"""
APP = """
import asyncio
import app
from streamlit.testing.v1 import AppTest

async def open_the_door():
    async with app.warm(app.app):
        page = AppTest.from_file("pages/navigation.py", default_timeout=200).run()
        assert not page.exception, page.exception
        assert page.title or page.header or page.subheader or page.markdown, "an empty page"

asyncio.run(open_the_door())
assert not attempts, attempts
"""


def run_cut_off(script: str, *arguments: Path, folder: Path) -> subprocess.CompletedProcess[str]:
    unshare = [shutil.which("unshare") or "", "--map-root-user", "--net"]
    allowed = unshare[0] and subprocess.run([*unshare, "true"], capture_output=True).returncode == 0
    return subprocess.run(
        [*(unshare if allowed else []), sys.executable, "-c", CUT_OFF + script, *map(str, arguments)],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        timeout=280,
    )


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_the_commands_run_without_a_network(tiny_mnist: Path, tmp_path: Path) -> None:
    done = run_cut_off(COMMANDS, tiny_mnist, gallery.GALLERY / "astronaut.png", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "knn accuracy" in done.stdout
    assert (tmp_path / "restored.png").exists()
    lines = [line for line in done.stderr.splitlines() if line.startswith("engine: ")]
    assert len(lines) == 1 and "could not be fetched" in lines[0] and "Traceback" not in done.stderr


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_the_app_runs_without_a_network() -> None:
    done = run_cut_off(APP, folder=ROOT)
    assert done.returncode == 0, done.stderr
