"""Redis 7 on a free loopback port."""

from __future__ import annotations

from pathlib import Path

from tests.services import install
from tests.services.process import Server, answers, clean_environment, find, free_port, hand_over, unprivileged


def start(folder: Path, *, fast: bool) -> tuple[Server, str]:
    """Start Redis; without persistence for tests, with an append-only file otherwise."""
    program = find("redis-server", "/usr/bin", "/usr/local/bin")
    if program is None:
        install.apt("redis-server")
        program = find("redis-server", "/usr/bin") or "redis-server"
    user, port, data = unprivileged(), free_port(), folder / "redis"
    data.mkdir(parents=True, exist_ok=True)
    hand_over(data, user)
    command = [
        program,
        "--port",
        str(port),
        "--bind",
        "127.0.0.1",
        "--dir",
        str(data),
        "--save",
        "",
        "--daemonize",
        "no",
        "--appendonly",
        "no" if fast else "yes",
        "--databases",
        "64",
    ]
    server = Server("redis", command, folder=folder, user=user, env=clean_environment())
    server.wait_until(lambda: answers(port), seconds=20)
    return server, f"redis://127.0.0.1:{port}/0"
