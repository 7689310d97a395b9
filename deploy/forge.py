"""Servers at a hundredth of their price: load the app once, then fork.

They share what was loaded, and so most of their memory. `make serve` forks its replicas here. The browser tests speak
to `python -m deploy.forge`: each line on its standard input, a JSON object, asks for one server: {"words": [...] for
`streamlit`, "log": path, "environment": {...}}. The answer is a line with the number of its process, which leads a
group of its own. All of them end with the forge at the latest.
"""

import json
import os
import signal
import sys
from collections.abc import Mapping, Sequence
from typing import Any

from streamlit.web import cli
from streamlit.web.server.starlette import starlette_app  # noqa: F401 - loaded here once for all

import app
from engine.photos import gallery

SIGNALS = (signal.SIGCHLD, signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def load() -> None:
    """What every server needs; call it before `fork`. One thread only: forked, all others would be missing.

    That takes OMP_NUM_THREADS=1 and OPENBLAS_NUM_THREADS=1 in the environment of the process.
    """
    app.load()
    threads = len(os.listdir("/proc/self/task")) if os.path.isdir("/proc/self/task") else 1
    if threads > 1:
        raise RuntimeError(f"{threads} threads: forked, all but one of them would be missing")


def fork(words: Sequence[str], environment: Mapping[str, str], out: str = os.devnull, errors: str = "") -> int:
    """The process that now runs `streamlit` with these words and leads a group of its own.

    out, errors: files that what it prints is added to; errors go where this process's go if no file is named.
    """
    if process := os.fork():
        return process
    try:
        os.setpgid(0, 0)
        for name in SIGNALS:
            signal.signal(name, signal.SIG_DFL)
        for name, stream in ((os.devnull, 0), (out, 1), (errors, 2)):
            if name:
                os.dup2(os.open(name, os.O_RDWR | os.O_CREAT | os.O_APPEND), stream)
        os.environ.update(environment)
        sys.argv = ["streamlit", *words]
        cli.main()
    finally:
        os._exit(0)


def reap(*_: Any) -> None:
    """Lets the system forget servers that have ended."""
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        pass


def main() -> None:
    load()
    gallery.gallery.cache_clear()  # which faces there are depends on a server's environment
    signal.signal(signal.SIGCHLD, reap)
    servers = []
    for line in sys.stdin:
        asked = json.loads(line)
        process = fork(asked["words"], asked["environment"], asked["log"], asked["log"])
        servers.append(process)
        print(process, flush=True)
    for process in servers:
        try:
            os.killpg(process, signal.SIGKILL)
        except ProcessLookupError:
            continue


if __name__ == "__main__":
    main()
