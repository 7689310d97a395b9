"""`make serve`: several replicas and Caddy, started and stopped together."""

import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from deploy import caddy, serve
from tests.conftest import ROOT


def free_address() -> int:
    """A port that is free like those of the replicas behind it."""
    return next(port for port in range(20_000, 30_000, 37) if all(map(serve.free, (port, *serve.places(port)))))


def run(port: int, log: Path, count: int) -> subprocess.Popen[bytes]:
    """`make serve`, its Python replaced by this one."""
    words = ["make", "--old-file=.venv/app.stamp", f"python={sys.executable}", f"PORT={port}", f"REPLICAS={count}"]
    with log.open("wb") as said:
        return subprocess.Popen([*words, "serve"], cwd=ROOT, stdin=subprocess.DEVNULL, stdout=said, stderr=said)


def led_to(port: int, replica: str | None = None) -> str | None:
    """The replica, as Caddy's cookie names it, to which a browser with or without one is led; None: it stays."""
    asked = urllib.request.Request(f"http://localhost:{port}/", headers={"Cookie": replica} if replica else {})
    with urllib.request.urlopen(asked, timeout=60) as answer:
        assert answer.status == 200
        given = answer.headers.get("Set-Cookie")
    return given.split(";")[0] if given else None


@pytest.mark.slow
def test_replicas_are_served_behind_one_address_and_end_together(tmp_path: Path) -> None:
    if not caddy.find():
        (pytest.fail if os.environ.get("CI") else pytest.skip)(caddy.ADVICE)
    port, log = free_address(), tmp_path / "log"
    process = run(port, log, 2)
    try:
        while not serve.healthy(port):
            assert process.poll() is None, log.read_text()
            time.sleep(0.1)
        assert [serve.healthy(place) for place in serve.places(port)[:3]] == [True, True, False]
        seen = set()
        while len(seen) < 2:
            seen.add(led_to(port))
        assert None not in seen
        assert all(led_to(port, replica) is None for replica in seen for _ in range(3))
        # As no address is made known that leads past Caddy, none is listened on but this machine's.
        said = log.read_text()
        assert f"2 replicas behind http://localhost:{port}" in said and "8501" not in said
        if sys.platform == "linux":
            size = re.search(r"costs (\d+) MB", said)
            assert size and int(size[1]) < 700
        asked = "/_stcore/health?who=me"
        urllib.request.urlopen(f"http://localhost:{port}{asked}", timeout=60).close()
        assert asked not in log.read_text()  # no access log
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(serve.STOP_SECONDS + 60)
    assert all(map(serve.free, (port, *serve.places(port))))


def test_a_port_in_use_and_too_many_replicas_are_one_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(serve, "free", lambda port: port != 8602)
    for words, sentence in (
        (["--replicas", "9"], "there are 1 to 8 replicas, not 9"),
        ([], "port 8602 is in use: choose another, as in make serve PORT=9000"),
    ):
        monkeypatch.setattr(sys, "argv", ["serve", *words])
        with pytest.raises(SystemExit):
            serve.main()
        assert capsys.readouterr().err.strip().splitlines()[-1].endswith(sentence)
