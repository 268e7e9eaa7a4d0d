"""Web processes and a worker on the test's database; whichever dies is started again, as a supervisor would."""

from __future__ import annotations

import ctypes
import json
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.db import connection

from tests.community.notifications.servers import database_url
from tests.services.process import free_port
from tests.services.session import ROOT

POINTS_FOLDER = Path(__file__).parent / "points"


START_SECONDS = 300  # patience, not a promise: a busy machine starts four processes slowly


def until(true: Callable[[], object], seconds: float, what: Callable[[], str]) -> None:
    """Return when it is true; raises TimeoutError that says what did not come."""
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() > end:
            raise TimeoutError(f"After {seconds} s still not: {what()}")
        time.sleep(0.1)


def _end_with_us() -> None:
    """Linux ends the child when the thread that started it is gone, so a test that is killed leaves nothing behind."""
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG


class Town:
    """`webs` web processes and so many workers. On SQLite that is one `manage.py serve`, which is both.

    `points` are places to be killed at, `{"name": "web module:function:before"}` (or `worker …`; see
    `points/sitecustomize.py`); `env` overrides addresses, such as by a proxy's.
    """

    def __init__(
        self, folder: Path, *, webs: int = 2, workers: int = 1, points: dict[str, str] | None = None, **env: str
    ) -> None:
        self.folder = folder
        self.armed = folder / "armed"
        self.armed.mkdir(parents=True)
        self.is_embedded = connection.vendor == "sqlite"
        self.ports = [free_port() for _ in range(1 if self.is_embedded else webs)]
        self.deaths: list[str] = []
        self._commands = self._lines(workers)
        self._processes: dict[str, subprocess.Popen] = {}
        self._is_kept = threading.Event()
        self._keeper = threading.Thread(target=self._keep, daemon=True)
        self._env = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("TEST_", "PYTEST_"))},
            "DJANGO_SETTINGS_MODULE": "tests.faults.settings", "DATABASE_URL": database_url(), "LOG_LEVEL": "WARNING",
            "REDIS_URL": settings.REDIS_URL, "ELASTICSEARCH_URL": settings.ELASTICSEARCH_URL,
            "SEARCH_INDEX_PREFIX": settings.SEARCH_INDEX_PREFIX, "DATA_DIR": str(folder / "data"), **env,
        }  # fmt: skip
        self._points = points or {}

    def _planted(self, name: str) -> dict[str, str]:
        """What the processes of this name load to be killed at their points."""
        if not self._points:
            return {}
        roles = ("web", "worker") if name == "serve" else (name.rstrip("0123456789"),)
        mine = {point: where.split()[1] for point, where in self._points.items() if where.split()[0] in roles}
        return {"PYTHONPATH": str(POINTS_FOLDER), "FAULT_ARMED": str(self.armed), "FAULT_POINTS": json.dumps(mine)}

    def _lines(self, workers: int) -> dict[str, list[str]]:
        if self.is_embedded and workers:
            return {"serve": ["manage.py", "serve", "--quiet", "--port", str(self.ports[0])]}
        web = ["-m", "uvicorn", "config.asgi:application", "--log-level", "warning", "--lifespan", "off"]
        lines = {f"web{n}": [*web, "--port", str(port)] for n, port in enumerate(self.ports)}
        return lines | {f"worker{n}": ["manage.py", "worker"] for n in range(workers)}

    def __enter__(self) -> Town:
        try:
            self._start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def _start(self) -> None:
        for name in self._commands:
            self._launch(name)
        for port in self.ports:
            until(lambda port=port: self.answers(port), START_SECONDS, self.said)
        self._keeper.start()

    def __exit__(self, *_: object) -> None:
        self._is_kept.set()
        if self._keeper.ident:
            self._keeper.join()
        for process in self._processes.values():
            process.kill()
        for process in self._processes.values():
            process.wait()

    def answers(self, port: int) -> bool:
        """Whether a web process lives there."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2):
                return True
        except OSError:
            return False

    def arm(self, point: str) -> None:
        """The next process that comes to the point is killed there."""
        (self.armed / point).touch()

    def is_armed(self, point: str) -> bool:
        return (self.armed / point).exists()

    def disarm(self) -> None:
        for left in self.armed.iterdir():
            left.unlink(missing_ok=True)

    def send(self, name: str, number: signal.Signals) -> None:
        """Send a signal to `web0`, `web1`, `worker0` … or `serve`."""
        self._processes[name].send_signal(number)

    def names(self) -> list[str]:
        return list(self._commands)

    def pid(self, name: str) -> int:
        return self._processes[name].pid

    def manage(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a command in the town's environment."""
        return subprocess.run(
            [sys.executable, "manage.py", *arguments], cwd=ROOT, env=self._env, capture_output=True, text=True,
            check=False,
        )

    def said(self) -> str:
        """The ends of all logs."""
        logs = sorted(self.folder.glob("*.log"))
        return "\n".join(f"== {path.name}\n{path.read_text(errors='replace')[-3000:]}" for path in logs)

    def tracebacks(self) -> list[str]:
        """Faults that any process logged."""
        found = []
        for path in sorted(self.folder.glob("*.log")):
            text = path.read_text(errors="replace")
            if "Traceback" in text:
                found.append(f"{path.name}: …{text[text.index('Traceback') - 300 :][:3000]}")
        return found

    def _launch(self, name: str) -> None:
        with (self.folder / f"{name}.log").open("ab") as log:
            self._processes[name] = subprocess.Popen(
                [sys.executable, *self._commands[name]], cwd=ROOT, env={**self._env, **self._planted(name)}, stdout=log,
                stderr=log, stdin=subprocess.DEVNULL, preexec_fn=_end_with_us,
            )

    def _keep(self) -> None:
        while not self._is_kept.wait(0.1):
            for name, process in list(self._processes.items()):
                if process.poll() is not None:
                    self.deaths.append(name)
                    self._launch(name)
