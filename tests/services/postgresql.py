"""PostgreSQL 15 or later on a free loopback port."""

from __future__ import annotations

import signal
import subprocess
from pathlib import Path

from tests.services import install
from tests.services.process import (
    Server,
    Unavailable,
    answers,
    as_user,
    clean_environment,
    find,
    free_port,
    hand_over,
    unprivileged,
)

# What a test database may lose in a power cut is worth nothing; `./run --full` keeps the safe defaults.
FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off"}


def programs() -> Path:
    """The folder of PostgreSQL's server programs, installed when missing."""
    for attempt in (1, 2):
        folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: -float(path.parent.name))
        found = find("postgres", *map(str, folders))
        if found:
            return Path(found).resolve().parent
        if attempt == 1:
            install.apt("postgresql")
    raise Unavailable("PostgreSQL's server programs were not found: apt-get install postgresql")


def start(folder: Path, *, fast: bool) -> tuple[Server, str]:
    """Start a cluster in `folder` (made on first use); returns the server and the URL of its database `threadwell`."""
    bin_, user, port = programs(), unprivileged("postgres"), free_port()
    data = folder / "postgresql"
    if not (data / "PG_VERSION").exists():
        data.mkdir(parents=True, exist_ok=True)
        data.chmod(0o700)
        hand_over(data, user)
        subprocess.run(
            [
                bin_ / "initdb",
                "-D",
                data,
                "-U",
                "threadwell",
                "--auth=trust",
                "--encoding=UTF8",
                "--locale=C.UTF-8",
                "--no-sync",
            ],
            check=True,
            cwd="/",
            env=clean_environment(),
            stdout=subprocess.DEVNULL,
            **as_user(user),
        )
    (data / "postmaster.pid").unlink(missing_ok=True)
    settings = {
        "port": str(port),
        "listen_addresses": "127.0.0.1",
        "unix_socket_directories": "",
        "max_connections": "200",
        "shared_buffers": "128MB",
        **(FAST if fast else {}),
    }
    options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    server = Server(
        "postgresql",
        [str(bin_ / "postgres"), "-D", str(data), *options],
        folder=folder,
        user=user,
        env=clean_environment(),
    )
    server.wait_until(lambda: answers(port) and _accepts(bin_, port), seconds=60)
    url = f"postgres://threadwell@127.0.0.1:{port}"
    _psql(
        bin_,
        port,
        "SELECT 'CREATE DATABASE threadwell' WHERE NOT EXISTS "
        "(SELECT FROM pg_database WHERE datname = 'threadwell')\\gexec",
    )
    return server, f"{url}/threadwell"


def stop(server: Server) -> None:
    """A fast shutdown: connections are cut, data is written."""
    server.stop(signal.SIGINT)


def _accepts(bin_: Path, port: int) -> bool:
    done = subprocess.run([bin_ / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(port)], check=False, cwd="/")
    return done.returncode == 0


def _psql(bin_: Path, port: int, command: str) -> None:
    subprocess.run(
        [bin_ / "psql", "-q", "-h", "127.0.0.1", "-p", str(port), "-U", "threadwell", "postgres"],
        input=command,
        text=True,
        check=True,
        cwd="/",
        env=clean_environment(),
        stdout=subprocess.DEVNULL,
    )
