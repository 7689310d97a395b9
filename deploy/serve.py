"""Several replicas of the app behind one address, without containers: `make serve REPLICAS=3`.

Streamlit knows no workers: a replica is a process of its own on a port of its own, and Caddy leads each browser to the
one that it met first (`Caddyfile`). They are forked from one process that has loaded everything, start and stop
together, and one that ends by itself is forked anew. Ports beyond those in use are looked at, too: a replica that is
started there (`make run PORT=8604`) takes new visitors within a second or two.
"""

import argparse
import os
import secrets
import signal
import socket
import sys
import tempfile
import time
import urllib.request
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from subprocess import Popen
from types import FrameType

from deploy import caddy, forge

PLACES = 8  # replicas that Caddy looks for, running or not
BEYOND = 100  # their ports begin this far beyond the address's: the next ones are where other Streamlits are started
START_SECONDS = 180  # on a busy machine
ENDS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
STOP_SECONDS = 15  # in which what is on its way is finished


class Stop(Exception):
    """Somebody has asked for the end."""


def places(port: int) -> list[int]:
    """The ports of the replicas behind an address's port."""
    return [port + BEYOND + place for place in range(PLACES)]


def replica(port: int, secret: str) -> int:
    """A new process of the app, which only this machine reaches. All of them sign their cookies alike."""
    words = ["run", "app.py", f"--server.port={port}", "--server.address=127.0.0.1"]
    return forge.fork(words, {"STREAMLIT_SERVER_COOKIE_SECRET": secret})


def ended(process: int) -> bool:
    """Whether a replica is no more."""
    try:
        return os.waitpid(process, os.WNOHANG)[0] == process
    except ChildProcessError:  # it was asked before
        return True


def healthy(port: int) -> bool:
    """Whether a replica, or Caddy with one behind it, answers there."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=5):
            return True
    except OSError:
        return False


def free(port: int) -> bool:
    """Whether nobody listens there."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def wait(processes: Sequence[int], ports: Sequence[int]) -> None:
    """Returns once all of them answer; raises `Stop` with what is wrong where one ends or it takes too long."""
    end = time.monotonic() + START_SECONDS
    while not all(healthy(port) for port in ports):
        if any(ended(process) for process in processes):
            raise Stop("The app did not start: see whether `make run` starts it.")
        if time.monotonic() > end:
            raise Stop(f"The app did not start within {START_SECONDS} s: try fewer replicas.")
        time.sleep(0.1)


def proportional_set_size(process: int) -> float | None:
    """MB of memory that a process costs, shared pages divided among those who share them; None off Linux."""
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    except OSError:
        return None
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("Pss:"))


def end(processes: Sequence[int]) -> None:
    """Ask the replicas to finish what is on its way and go, and make those go that do not."""
    late = time.monotonic() + STOP_SECONDS
    left = set(processes)
    for sign in (signal.SIGTERM, signal.SIGKILL):
        for process in left:
            with suppress(ProcessLookupError):
                os.kill(process, sign)
        while left and (time.monotonic() < late or sign == signal.SIGKILL):
            left = {process for process in left if not ended(process)}
            time.sleep(0.05)


def serve(port: int, count: int, path: str, folder: Path) -> None:
    """Serves until a signal raises `Stop`. folder: for Caddy's own files."""
    ports, secret, site = places(port), secrets.token_hex(32), os.environ.get("SITE") or f":{port}"
    replicas: dict[int, int] = {}  # port -> process
    balancer: Popen[bytes] | None = None
    try:
        for number in ports[:count]:
            replicas[number] = replica(number, secret)
        wait([*replicas.values()], [*replicas])
        balancer = caddy.start(path, site, [f"127.0.0.1:{number}" for number in ports], folder)
        print(f"{count} replicas behind {site.replace(':', 'http://localhost:') if site[0] == ':' else site}")
        size = proportional_set_size([*replicas.values()][-1])
        print(f"The last of them costs {size:.0f} MB of memory (PSS)." if size else "", flush=True)
        while balancer.poll() is None:
            for number, process in replicas.items():
                if ended(process):
                    print(f"The replica on port {number} has ended and is started again.", flush=True)
                    replicas[number] = replica(number, secret)
            time.sleep(0.2)
        raise Stop("Caddy has ended: what it said stands above.")
    finally:
        if balancer:
            balancer.terminate()
            balancer.wait()
        end([*replicas.values()])


def main() -> int:
    parser = argparse.ArgumentParser(prog="make serve", description=__doc__)
    parser.add_argument("--port", type=int, default=8501)
    parser.add_argument("--replicas", type=int, default=3, help=f"1 to {PLACES}")
    options = parser.parse_args()
    if not 1 <= options.replicas <= PLACES:
        parser.error(f"there are 1 to {PLACES} replicas, not {options.replicas}")
    taken = [port for port in (options.port, *places(options.port)) if not free(port)]
    if taken:
        parser.error(f"port {taken[0]} is in use: choose another, as in make serve PORT=9000")
    path = caddy.install()
    if not path:
        parser.error(caddy.ADVICE)

    def stop(number: int, frame: FrameType | None) -> None:
        for sign in ENDS:
            signal.signal(sign, signal.SIG_IGN)  # it is ending already
        raise Stop

    for sign in ENDS:
        signal.signal(sign, stop)
    forge.load()
    with tempfile.TemporaryDirectory() as folder:
        try:
            serve(options.port, options.replicas, path, Path(folder))
        except Stop as stopped:
            if stopped.args:
                print(stopped, file=sys.stderr)
                return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
