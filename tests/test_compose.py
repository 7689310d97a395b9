"""deploy/compose.yaml, read without a container engine: what it promises Caddy and the app."""

import re

from deploy import caddy, serve
from tests.conftest import ROOT

TEXT = (ROOT / "deploy" / "compose.yaml").read_text(encoding="utf-8")
SERVICES = dict(re.findall(r"^  (app|caddy):\n((?:^(?:    .*)?\n)+)", TEXT, re.MULTILINE))


def test_caddy_looks_for_every_container_by_the_name_that_compose_gives_it() -> None:
    project = re.search(r"^name: (.+)$", TEXT, re.MULTILINE)
    dockerfile = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    port = re.search(r"^EXPOSE (\d+)$", dockerfile, re.MULTILINE)
    assert project and port and f"--server.port={port[1]}" in dockerfile
    names = [f"{project[1]}-app-{number}:{port[1]}" for number in range(1, serve.PLACES + 1)]
    assert re.findall(r"[\w-]+-app-\d+:\d+", SERVICES["caddy"]) == names


def test_caddy_is_told_all_that_the_caddyfile_asks() -> None:
    asked = set(re.findall(r"{\$(\w+)}", caddy.CADDYFILE.read_text(encoding="utf-8")))
    assert asked == set(re.findall(r"^      ([A-Z]+):", SERVICES["caddy"], re.MULTILINE))


def test_the_app_writes_nowhere_has_its_limit_and_is_waited_for() -> None:
    app = SERVICES["app"]
    assert "read_only: true" in app and "tmpfs:\n      - /tmp" in app and "memory: 1500M" in app
    assert "stop_grace_period" in app and "ports:" not in app  # only Caddy is reached from outside
    assert "condition: service_healthy" in SERVICES["caddy"]
