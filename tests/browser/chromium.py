"""The browser that the tests drive: find one, or install Debian's where that is allowed.

`python -m tests.browser.chromium` is what `make test` runs first.
"""

import os
import shutil
import sys

from deploy import debian

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ADVICE = (
    "The browser tests need Chromium or Google Chrome: install one (on Debian: apt-get install chromium) "
    "or name it, as in CHROMIUM=/path/to/chrome make test."
)


def find() -> str | None:
    """Path of the browser: $CHROMIUM where it is set, else the first known name on the PATH, else None."""
    chosen = os.environ.get("CHROMIUM")
    for name in [chosen] if chosen else NAMES:
        if path := shutil.which(name):
            return path
    return None


def install() -> None:
    """Installs Debian's Chromium where this may be done without asking for a password. Never raises."""
    if not os.environ.get("CHROMIUM"):
        debian.install("chromium")


def main() -> int:
    if not find():
        install()
    if not find():
        print(ADVICE, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
