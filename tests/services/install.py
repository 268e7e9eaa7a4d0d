"""Getting what is missing: with apt and Maven where we are root on Debian or Ubuntu, else saying what to install."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence

from tests.services.process import Unavailable

_updated = False


def apt(*packages: str) -> None:
    """Install Debian packages; raises Unavailable with the command to run where we may not."""
    global _updated
    wish = f"apt-get install {' '.join(packages)}"
    if os.getuid() != 0 or not shutil.which("apt-get"):
        raise Unavailable(f"Please install it: {wish}")
    print(f"  installing {', '.join(packages)} …", flush=True)
    if not _updated:
        quiet_call(["apt-get", "update", "-qq"], check=False)
        _updated = True
    turn = ["-o", "DPkg::Lock::Timeout=120"]  # another test process may install the same
    done = quiet_call(["apt-get", "install", *turn, "-y", "-qq", "--no-install-recommends", *packages], check=False)
    if done.returncode:
        raise Unavailable(f"“{wish}” failed:\n{done.stdout[-1500:]}")


def quiet_call(command: Sequence[str], *, check: bool = True) -> subprocess.CompletedProcess[str]:
    """Run a command, keeping its words for the case that it fails."""
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    return subprocess.run(
        command,
        check=check,
        text=True,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
    )
