"""Web servers and sockets of the tests: the real ASGI application behind uvicorn, in a thread or as a process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import uvicorn
from django.conf import settings
from django.db import connection
from django.test import Client
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from accounts.models import User
from tests.services.process import free_port

ROOT = Path(__file__).resolve().parents[3]
MOST_AHEAD = 90  # what a slow page is sent piece by piece; beyond a hundred that wait it is sent one `resync`, rightly


@contextmanager
def web_thread() -> Iterator[int]:
    """A server in this process, on the test's database; gives its port."""
    from config.asgi import application

    port = free_port()
    server = uvicorn.Server(
        uvicorn.Config(application, port=port, log_level="error", lifespan="off", timeout_graceful_shutdown=1)
    )
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    until(lambda: server.started)
    try:
        yield port
    finally:
        server.should_exit = True
        thread.join(10)


@contextmanager
def web_process(*, redis_url: str) -> Iterator[int]:
    """A server of its own process on the test's database; gives its port."""
    port = free_port()
    command = [sys.executable, "-m", "uvicorn", "config.asgi:application", "--port", str(port), "--log-level", "error"]
    env = {
        **os.environ, "DJANGO_SETTINGS_MODULE": "config.settings.test", "DATABASE_URL": database_url(),
        "REDIS_URL": redis_url, "LOG_LEVEL": "ERROR",
    }
    process = subprocess.Popen([*command, "--lifespan", "off"], cwd=ROOT, env=env)
    try:
        until(lambda: _answers(port), seconds=180)
        yield port
    finally:
        process.kill()
        process.wait()


def database_url() -> str:
    """The address of the database that this test runs on."""
    found = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{found['NAME']}"
    return f"postgres://{found['USER']}:{found['PASSWORD']}@{found['HOST']}:{found['PORT']}/{found['NAME']}"


def session_of(user: User) -> str:
    """A fresh sign-in's cookie."""
    client = Client()
    client.force_login(user)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


class Page:
    """A browser's end of the socket."""

    def __init__(self, port: int, user: User | None = None, *, cookie: str = "", origin: str | None = "") -> None:
        cookie = cookie or (session_of(user) if user else "")
        self.socket: ClientConnection = connect(
            f"ws://127.0.0.1:{port}/ws/live/",
            origin=f"http://127.0.0.1:{port}" if origin == "" else origin,
            additional_headers={"Cookie": f"{settings.SESSION_COOKIE_NAME}={cookie}"} if cookie else None,
            compression=None,
        )
        self.hello: dict[str, Any] = {}

    def __enter__(self) -> Page:
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()

    def say(self, **frame: Any) -> None:
        self.socket.send(json.dumps(frame))

    def hear(self, seconds: float = 60) -> dict[str, Any]:
        """The next frame; raises TimeoutError."""
        return json.loads(self.socket.recv(timeout=seconds))

    def hear_all(self, seconds: float = 1) -> list[dict[str, Any]]:
        """What comes until it is quiet for that long."""
        frames = []
        try:
            while True:
                frames.append(self.hear(seconds))
        except (TimeoutError, ConnectionClosed):
            return frames

    def greet(self, since: int | None = None) -> Page:
        """Take the hello and go on from a number (by default from the newest)."""
        self.hello = self.hear()
        assert self.hello["type"] == "hello"
        self.say(type="resume", since=self.hello["last"] if since is None else since)
        return self

    def watch(self, group: str) -> str:
        """Ask to watch; returns watching or refused."""
        self.say(type="watch", group=group)
        return self.hear()["type"]

    def closed_with(self, seconds: float = 60) -> int:
        """The code that the server closed with."""
        try:
            while True:
                self.socket.recv(timeout=seconds)
        except ConnectionClosed as closed:
            return closed.rcvd.code if closed.rcvd else 0


def _answers(port: int) -> bool:
    import urllib.request

    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=1):
            return True
    except OSError:
        return False


def until(true, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() > end:
            raise TimeoutError
        time.sleep(0.02)
