"""Programs that Debian has and pip has not: installed where that may be done without asking for a password."""

import os
import shutil
import subprocess
import sys


def install(package: str) -> None:
    """Installs a package of Debian's as root, or by a sudo that asks for nothing. Never raises: see if it came."""
    apt = shutil.which("apt-get")
    if not apt:
        return
    command = [apt, "-qq", "-o", "Dpkg::Use-Pty=0"]
    if os.geteuid() != 0:
        sudo = shutil.which("sudo")
        if not sudo or subprocess.run([sudo, "-n", "true"], capture_output=True).returncode != 0:
            return
        command = [sudo, "-n", *command]
    print(f"Installing {package} ...", flush=True)
    for step in (["update"], ["install", "-y", "--no-install-recommends", package]):
        done = subprocess.run(
            [*command, *step],
            env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        if done.returncode != 0:
            print(done.stdout[-2000:], file=sys.stderr)
