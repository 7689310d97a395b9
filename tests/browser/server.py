"""The real app on a port of its own: started as `make run` starts it, or forked from one that has loaded everything."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 90  # importing torch on a cold, busy machine takes a while
# `tempfile` would fall back to another folder where the one that is asked for does not exist.
NO_TEMPORARY_FILES = "import tempfile\ntempfile.tempdir = '/no such folder'\n"


class Forge:
    """The process that forks servers; see `deploy/forge.py`."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "deploy.forge"],
            cwd=ROOT,
            env={**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},  # no thread may be lost by forking
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def start(self, words: list[str], log: Path, environment: Mapping[str, str]) -> int:
        """The process that now runs `streamlit` with these words."""
        assert self._process.stdin and self._process.stdout
        asked = {"words": words, "log": str(log), "environment": dict(environment)}
        self._process.stdin.write(json.dumps(asked) + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        if not answer:
            raise RuntimeError("the forge of the servers has ended; what it said stands above")
        return int(answer)

    def stop(self) -> None:
        assert self._process.stdin
        self._process.stdin.close()
        self._process.wait(30)


class Server:
    """A running app. `url` is its address, `log()` what it has printed; `stop()` always ends it."""

    def __init__(
        self, log_file: Path, environment: Mapping[str, str], forge: Forge | None = None, port: int = 0
    ) -> None:
        """port: 0 for any that is free."""
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # who holds it for us need not let go
            probe.bind(("127.0.0.1", port))
            port = probe.getsockname()[1]
        self.url = f"http://localhost:{port}"
        base = environment.get("STREAMLIT_SERVER_BASE_URL_PATH", "")
        self._health = f"{self.url}/{base}/_stcore/health" if base else f"{self.url}/_stcore/health"
        self._log_file = log_file
        self._child: subprocess.Popen[bytes] | None = None
        words = ["run", "app.py", "--server.port", str(port), "--server.headless", "true"]
        if forge:
            log_file.touch()
            self._group = forge.start(words, log_file, environment)
        else:
            with log_file.open("wb") as log:
                self._child = subprocess.Popen(
                    [sys.executable, "-m", "streamlit", *words],
                    cwd=ROOT,
                    env={**os.environ, **environment},
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,  # a process group of its own, so that its children end with it
                )
            self._group = self._child.pid
        try:
            self._wait()
        except BaseException:
            self.stop()
            raise

    def _running(self) -> bool:
        if self._child:
            return self._child.poll() is None
        try:
            os.kill(self._group, 0)
        except ProcessLookupError:
            return False
        return True

    def _wait(self) -> None:
        """Returns once the app answers. Raises RuntimeError with its log when it ended or is too slow."""
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and self._running():
            try:
                with urllib.request.urlopen(self._health, timeout=5):
                    return
            except OSError:
                time.sleep(0.3)
        raise RuntimeError(f"the app did not start within {START_SECONDS} s; it printed:\n{self.log()}")

    def log(self) -> str:
        return self._log_file.read_text(errors="replace")

    def kill(self) -> None:
        """Ends the app at once, as a machine that fails does."""
        os.killpg(self._group, signal.SIGKILL)

    def stop(self) -> None:
        """Ends the app and whatever it has started: politely first, then not."""
        for sign, seconds in ((signal.SIGTERM, 5), (signal.SIGKILL, 10)):
            try:
                os.killpg(self._group, sign)
            except ProcessLookupError:
                return
            deadline = time.monotonic() + seconds
            while self._running() and time.monotonic() < deadline:
                time.sleep(0.05)
