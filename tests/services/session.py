"""A set of services with a keeper: a process of its own that starts them, tells their addresses and ends them.

The keeper ends everything when it is asked to (SIGTERM), or when its owner (`./test`, `./run --full`) is gone.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.services import elasticsearch, postgresql, redis_server
from tests.services.process import Server, Unavailable, unprivileged

ROOT = Path(__file__).resolve().parent.parent.parent
STARTERS = {
    "DATABASE_URL": ("PostgreSQL", postgresql.start),
    "REDIS_URL": ("Redis", redis_server.start),
    "ELASTICSEARCH_URL": ("Elasticsearch", elasticsearch.start),
}


class Session:
    """One named set: `test` (thrown away), `full` (kept), or any other name."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.state = ROOT / "var" / "services" / f"{name}.json"
        self.is_kept = name == "full"

    @property
    def folder(self) -> Path:
        """Where the servers keep their data; elsewhere when the project's own path is closed to their user."""
        inside = ROOT / "var" / ("full" if self.is_kept else f"services/{self.name}")
        user = unprivileged("postgres")
        closed = user is not None and any(
            not parent.stat().st_mode & 0o001 for parent in inside.parents if parent.exists()
        )
        if not closed:
            return inside
        mark = hashlib.sha256(str(ROOT).encode()).hexdigest()[:10]
        return Path("/var/lib/threadwell") / mark / self.name

    def running(self) -> dict | None:
        """What the keeper wrote, when it is alive."""
        try:
            told = json.loads(self.state.read_text())
            os.kill(told["pid"], 0)
        except (OSError, ValueError, KeyError):
            return None
        return told

    def start(self, *, owner: int | None, needed: bool) -> dict:
        """Start the keeper and wait for its word; raises Unavailable when `needed` and something cannot be had."""
        told = self.running()
        if told is None:
            self.state.parent.mkdir(parents=True, exist_ok=True)
            self.state.unlink(missing_ok=True)
            told = self._await_word(owner)
        if needed and told["missing"]:
            self.stop()
            raise Unavailable("\n".join(f"{name}: {why}" for name, why in told["missing"].items()))
        return told

    def _await_word(self, owner: int | None) -> dict:
        """Start the keeper with a log of its own (it outlives our pipes) and pass its lines on while we wait."""
        log = self.state.with_suffix(".log")
        command = [
            sys.executable,
            "-u",
            "-m",
            "tests.services",
            "keep",
            "--name",
            self.name,
            "--owner",
            str(owner or 0),
        ]
        with log.open("w") as sink, log.open() as shown:
            keeper = subprocess.Popen(
                command, cwd=ROOT, start_new_session=True, stdin=subprocess.DEVNULL, stdout=sink, stderr=sink
            )
            while not self.state.exists() and keeper.poll() is None:
                sys.stderr.write(shown.read())
                time.sleep(0.1)
            sys.stderr.write(shown.read())
        if not self.state.exists():
            raise Unavailable("The keeper of the services ended at once.")
        return json.loads(self.state.read_text())

    def stop(self) -> None:
        """End the keeper and wait until its servers are gone."""
        told = self.running()
        if told is None:
            return
        os.kill(told["pid"], signal.SIGTERM)
        until = time.monotonic() + 40
        while time.monotonic() < until and self.state.exists():
            time.sleep(0.1)

    def keep(self, *, owner: int) -> None:
        """The keeper's life: start what no address is given for, tell, wait, end."""
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, lambda *_: stop.set())
        urls = {name: os.environ[name] for name in STARTERS if os.environ.get(name)}
        folder, servers, missing = self.folder, {}, {}
        if not self.is_kept:
            shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o755)
        try:
            with ThreadPoolExecutor(3) as pool:
                wanted = {name: pool.submit(self._start_one, name, folder) for name in STARTERS if name not in urls}
            for name, future in wanted.items():
                try:
                    servers[name], urls[name] = future.result()
                except (Unavailable, OSError, subprocess.CalledProcessError) as error:
                    missing[name] = str(error)
            self._tell({"pid": os.getpid(), "urls": urls, "missing": missing})
            while not stop.wait(1.0):
                if owner and not _is_alive(owner):
                    break
        finally:
            with ThreadPoolExecutor(3) as pool:
                list(pool.map(lambda pair: _end(*pair), servers.items()))
            if not self.is_kept:
                shutil.rmtree(folder, ignore_errors=True)
            self.state.with_suffix(".log").unlink(missing_ok=True)
            self.state.unlink(missing_ok=True)

    def _start_one(self, name: str, folder: Path) -> tuple[Server, str]:
        label, starter = STARTERS[name]
        began = time.monotonic()
        result = starter(folder, fast=not self.is_kept)
        print(f"  {label} answers ({time.monotonic() - began:.1f} s)", flush=True)
        return result

    def _tell(self, told: dict) -> None:
        partial = self.state.with_suffix(".new")
        partial.write_text(json.dumps(told))
        partial.replace(self.state)


def _end(name: str, server: Server) -> None:
    if name == "DATABASE_URL":
        postgresql.stop(server)
    else:
        server.stop()


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
