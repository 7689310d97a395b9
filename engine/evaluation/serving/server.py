"""The app on a port of its own, started as `make run` starts it, and what it costs the machine."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from engine.problem import Problem

ROOT = Path(__file__).resolve().parents[3]
START_SECONDS = 180  # importing torch and loading every network on a busy machine takes a while
TICKS = os.sysconf("SC_CLK_TCK")


@contextmanager
def checkout(commit: str) -> Iterator[Path]:
    """That commit beside this one, in a git worktree that goes again; raises `Problem` where there is none."""
    with tempfile.TemporaryDirectory() as folder:
        tree = Path(folder) / "tree"
        added = _git("worktree", "add", "--detach", str(tree), commit)
        if added.returncode:
            said = added.stderr.strip().splitlines() or ["git failed"]
            raise Problem(f"'{commit}' cannot be checked out ({said[-1]}): give a commit of this repository.")
        try:
            yield tree
        finally:
            _git("worktree", "remove", "--force", str(tree))


def _git(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True)


class Server:
    """A running app: `make run` in `tree`, or `make serve` where there are several replicas, its Python replaced by the
    one that measures, whose packages it has."""

    def __init__(self, tree: Path, replicas: int = 1) -> None:
        """Returns once it answers; raises `Problem` with its last line where it does not start."""
        if not (tree / "app.py").is_file():
            raise Problem("There is no app here to serve: run this in a clone of the repository.")
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.address = f"localhost:{probe.getsockname()[1]}"
        port = self.address.partition(":")[2]
        self._folder = tempfile.TemporaryDirectory()
        log = Path(self._folder.name) / "log"
        words = ["make", "--old-file=.venv/app.stamp", f"python={sys.executable}", f"PORT={port}"]
        words += ["run"] if replicas == 1 else ["serve", f"REPLICAS={replicas}"]
        with log.open("wb") as said:
            self._make = subprocess.Popen(
                words,
                cwd=tree,
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # its children are known by it, and end with it
            )
        end = time.monotonic() + START_SECONDS
        while not self._answers():
            if time.monotonic() > end or self._make.poll() is not None:
                lines = log.read_text(errors="replace").strip().splitlines() or ["it said nothing"]
                self.stop()
                raise Problem(f"The app did not start ({lines[-1]}): see whether `make run` starts it.")
            time.sleep(0.3)

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://{self.address}/_stcore/health", timeout=5):
                return True
        except OSError:
            return False

    def _processes(self) -> list[Path]:
        """Those of its session, in /proc."""
        found = []
        for folder in Path("/proc").iterdir():
            try:
                if folder.name.isdigit() and os.getsid(int(folder.name)) == self._make.pid:
                    found.append(folder)
            except ProcessLookupError:
                continue
        return found

    def cpu_seconds(self) -> float:
        """Processor time since it was started."""
        fields = [(folder / "stat").read_text().rpartition(")")[2].split() for folder in self._processes()]
        return sum(int(field[11]) + int(field[12]) for field in fields) / TICKS  # utime and stime

    def memory(self) -> dict[str, float]:
        """Resident and proportional set size in MB, by the names Rss and Pss."""
        held = {"Rss": 0.0, "Pss": 0.0}
        for folder in self._processes():
            for line in (folder / "smaps_rollup").read_text().splitlines():
                name, _, rest = line.partition(":")
                if name in held:
                    held[name] += int(rest.split()[0]) / 1024
        return held

    def stop(self) -> None:
        """End it and whatever it has started: politely first, then not."""
        for sign in (signal.SIGTERM, signal.SIGKILL):
            try:
                os.killpg(self._make.pid, sign)
            except ProcessLookupError:
                break
            end = time.monotonic() + 5
            while self._processes() and time.monotonic() < end:
                self._make.poll()
                time.sleep(0.05)
        self._make.wait()
        self._folder.cleanup()
