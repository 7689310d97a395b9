"""The balancer in front of several replicas: find Caddy, or install Debian's where that is allowed; start it.

`python -m deploy.caddy` is what `make test` runs before the tests: without Caddy those of several replicas are left
out, and it says so.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from deploy import debian

CADDYFILE = Path(__file__).parent / "Caddyfile"
ADVICE = (
    "Several replicas need Caddy: install it (on Debian: apt-get install caddy) "
    "or name it, as in CADDY=/path/to/caddy make serve."
)


def find() -> str | None:
    """Path of Caddy: $CADDY where it is set, else the one on the PATH, else None."""
    return shutil.which(os.environ.get("CADDY") or "caddy")


def install() -> str | None:
    """Its path, after an attempt to install it where it is missing and nobody has named another; None without."""
    if not find() and not os.environ.get("CADDY"):
        debian.install("caddy")
    return find()


def start(path: str, site: str, replicas: Sequence[str], folder: Path) -> subprocess.Popen[bytes]:
    """Caddy on an address of this machine in front of these replicas, "host:port" each; its own files go to `folder`.

    It serves within a moment; a signal ends it after what is on its way.
    """
    return subprocess.Popen(
        [path, "run", "--config", str(CADDYFILE), "--adapter", "caddyfile"],
        env={
            **os.environ,
            "SITE": site,
            "REPLICAS": " ".join(replicas),
            "XDG_CONFIG_HOME": str(folder),
            "XDG_DATA_HOME": str(folder),
        },
        stdin=subprocess.DEVNULL,
    )


if __name__ == "__main__":
    if not install():
        print(ADVICE, file=sys.stderr)
