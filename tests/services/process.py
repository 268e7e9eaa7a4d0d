"""Starting, watching and ending one server process; under an unprivileged user where the server refuses root."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path


class Unavailable(Exception):
    """A service cannot be had on this machine; the text says what to install."""


def free_port() -> int:
    """A loopback port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def answers(port: int) -> bool:
    """Whether something accepts connections on that loopback port."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def unprivileged(*wanted: str) -> str | None:
    """The first of these users that exists, when we are root; None when we are somebody already."""
    if os.getuid() != 0:
        return None
    for name in (*wanted, "nobody"):
        try:
            return pwd.getpwnam(name).pw_name
        except KeyError:
            continue
    raise Unavailable("There is no unprivileged user (nobody) to run the servers as.")


def hand_over(folder: Path, user: str | None) -> None:
    """Give a folder and all in it to the user that will write there."""
    if user is None:
        return
    entry = pwd.getpwnam(user)
    for path in (folder, *folder.rglob("*")):
        os.chown(path, entry.pw_uid, entry.pw_gid, follow_symlinks=False)


def as_user(user: str | None) -> dict:
    """The arguments of `subprocess` that run a command as that user, with a home that it can read."""
    if user is None:
        return {}
    entry = pwd.getpwnam(user)
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


def clean_environment(**extra: str) -> dict[str, str]:
    """A server's environment: the search path and the language, nothing of ours."""
    keep = {name: os.environ[name] for name in ("PATH", "LANG", "TZ") if name in os.environ}
    return {**keep, "HOME": "/", "LC_ALL": "C.UTF-8", **extra}


def find(name: str, *folders: str) -> str | None:
    """A program on the PATH or in one of the folders."""
    return shutil.which(name) or shutil.which(name, path=os.pathsep.join(folders))


class Server:
    """One child process with a log file."""

    def __init__(
        self, name: str, command: Sequence[str], *, folder: Path, user: str | None, env: dict[str, str]
    ) -> None:
        self.name, self.log = name, folder / f"{name}.log"
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                command,
                cwd="/",
                env=env,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                **as_user(user),
            )

    def wait_until(self, ready: Callable[[], bool], *, seconds: float) -> None:
        """Return when `ready` says so; raises Unavailable with the log's end when the server dies or is too slow."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if self.process.poll() is not None:
                raise Unavailable(f"{self.name} ended at once (code {self.process.returncode}):\n{self._tail()}")
            if ready():
                return
            time.sleep(0.1)
        self.stop()
        raise Unavailable(f"{self.name} did not answer within {seconds:.0f} s:\n{self._tail()}")

    def stop(self, number: int = signal.SIGTERM, *, seconds: float = 15) -> None:
        """Ask the whole process group to end; after a while, make it."""
        if self.process.poll() is not None:
            return
        self.process.send_signal(number)
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def _tail(self) -> str:
        lines = self.log.read_text(errors="replace").splitlines() if self.log.exists() else []
        return "\n".join(lines[-15:])
