"""Servers at a hundredth of their price: load the app once, then fork.

`python -m tests.browser.forge` imports and loads what every server needs. Then each line on its standard input, a
JSON object, asks for one server: {"words": [...] for `streamlit`, "log": path, "environment": {...}}. The answer is a
line with the number of its process, which leads a group of its own. All of them end with the forge at the latest.
"""

import json
import os
import signal
import sys
from typing import Any

from streamlit.web import cli
from streamlit.web.server.starlette import starlette_app  # noqa: F401 - loaded here once for all

import app
from engine.photos import gallery


def reap(*_: Any) -> None:
    """Lets the system forget servers that have ended."""
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        pass


def serve(words: list[str], log: str, environment: dict[str, str]) -> None:
    """Becomes the server; returns when it has ended."""
    os.setsid()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    for name, stream in ((os.devnull, 0), (log, 1), (log, 2)):
        os.dup2(os.open(name, os.O_RDWR | os.O_CREAT | os.O_APPEND), stream)
    os.environ.update(environment)
    sys.argv = ["streamlit", *words]
    cli.main()


def main() -> None:
    app.load()
    gallery.gallery.cache_clear()  # which faces there are depends on a server's environment
    if (threads := len(os.listdir("/proc/self/task")) if os.path.isdir("/proc/self/task") else 1) > 1:
        raise RuntimeError(f"{threads} threads: forked, all but one of them would be missing")
    signal.signal(signal.SIGCHLD, reap)
    servers = []
    for line in sys.stdin:
        asked = json.loads(line)
        if not (process := os.fork()):
            serve(**asked)
            os._exit(0)
        servers.append(process)
        print(process, flush=True)
    for process in servers:
        try:
            os.killpg(process, signal.SIGKILL)
        except ProcessLookupError:
            continue


if __name__ == "__main__":
    main()
