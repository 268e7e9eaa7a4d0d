"""The product as it runs for real: uvicorn with two workers, and the worker process."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from bench import cpu
from bench.place import FOLDER, ROOT
from tests.services.process import answers

WORKERS = 2


@dataclass(frozen=True)
class Site:
    """The running processes and the servers behind them."""

    port: int
    web: subprocess.Popen
    worker: subprocess.Popen
    postmaster: int
    redis_url: str
    elasticsearch_url: str

    def seconds(self) -> dict[str, float]:
        """CPU seconds used so far, by part."""
        return {
            "application": cpu.own(self.workers()),
            "database": cpu.tree(self.postmaster),
            "worker": cpu.own([self.worker.pid]),
            "redis": cpu.redis_seconds(self.redis_url),
            "elasticsearch": cpu.elasticsearch_seconds(self.elasticsearch_url),
        }

    def workers(self) -> list[int]:
        """The processes that answer; uvicorn's parent and multiprocessing's tracker only watch."""
        return cpu.children(self.web.pid)


@contextmanager
def running(env: dict[str, str], port: int, postmaster: int) -> Iterator[Site]:
    """Start web and worker, wait until they answer, end them afterwards."""
    command = [
        sys.executable, "-m", "uvicorn", "config.asgi:application", "--port", str(port), "--workers", str(WORKERS),
        "--log-level", "warning", "--no-access-log", "--lifespan", "off", "--ws-max-size", "65536",
        "--ws-per-message-deflate", "false",
    ]  # fmt: skip
    with (FOLDER / "web.log").open("wb") as web_log, (FOLDER / "worker.log").open("wb") as worker_log:
        web = subprocess.Popen(command, cwd=ROOT, env=env, stdout=web_log, stderr=web_log)
        worker = subprocess.Popen(
            [sys.executable, "manage.py", "worker"], cwd=ROOT, env=env, stdout=worker_log, stderr=worker_log
        )
    try:
        while not answers(port):
            if web.poll() is not None:
                raise SystemExit(f"The web processes ended:\n{(FOLDER / 'web.log').read_text()[-2000:]}")
            time.sleep(0.2)
        yield Site(port, web, worker, postmaster, env["REDIS_URL"], env.get("ELASTICSEARCH_URL", ""))
    finally:
        for process in (web, worker):
            process.terminate()
        for process in (web, worker):
            process.wait(20)
