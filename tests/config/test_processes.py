"""`manage.py serve` and the keeper of the test services, as processes."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request

import pytest

from tests.architecture.tree import ROOT
from tests.services.process import answers, free_port

pytestmark = pytest.mark.sqlite_first


def serve(folder, port: int, *more: str) -> subprocess.Popen:
    env = {
        **{name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ},
        "DATA_DIR": str(folder),
        "DJANGO_SETTINGS_MODULE": "config.settings.dev",
    }
    command = [sys.executable, "manage.py", "serve", "--port", str(port), *more]
    return subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def wait_for(ready, seconds: float = 60) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if ready():
            return True
        time.sleep(0.1)
    return False


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_serve_when_told_to_stop_then_web_and_worker_end_cleanly(tmp_path, number):
    port = free_port()
    process = serve(tmp_path, port)
    try:
        assert wait_for(lambda: answers(port) or process.poll() is not None)
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as answer:
            assert answer.read() == b"ok\n"
        process.send_signal(number)
        assert process.wait(60) == 0
    finally:
        process.kill()


def test_serve_when_the_port_is_taken_then_says_what_to_do(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        process = serve(tmp_path, taken.getsockname()[1])
        output, _ = process.communicate(timeout=60)

    assert process.returncode == 1
    assert "Set PORT or HOST" in output and "Traceback" not in output


@pytest.mark.long
def test_serve_when_the_demo_is_asked_for_then_it_is_there_with_the_first_page(tmp_path):
    port = free_port()
    process = serve(tmp_path, port, "--demo")
    try:
        assert wait_for(lambda: answers(port) or process.poll() is not None, 600)
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/topics/", timeout=60) as answer:
            assert b'href="/t/' in answer.read()
        process.terminate()
        assert process.wait(60) == 0
    finally:
        process.kill()


def test_serve_when_told_to_stop_while_the_demo_loads_then_nothing_goes_on(tmp_path):
    process = serve(tmp_path, free_port(), "--demo")
    try:
        assert wait_for(lambda: (tmp_path / "threadwell.sqlite3").exists() or process.poll() is not None)
        process.terminate()
        output, _ = process.communicate(timeout=60)  # which is over when nobody holds its output any more
    finally:
        process.kill()

    assert process.returncode == 128 + signal.SIGTERM, output


def test_services_when_addresses_are_given_then_those_are_used_and_nothing_starts():
    given = {"DATABASE_URL": "postgres://a@b/c", "REDIS_URL": "redis://r", "ELASTICSEARCH_URL": "http://e:9200"}
    name = f"given-{os.getpid()}"
    owner = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    command = [sys.executable, "-m", "tests.services"]
    try:
        done = subprocess.run(
            [*command, "start", "--name", name, "--owner", str(owner.pid)],
            cwd=ROOT,
            env={**os.environ, **given},
            capture_output=True,
            text=True,
            check=True,
            timeout=30,
        )
    finally:
        owner.kill()
        owner.wait()

    assert done.stdout.splitlines() == [f"export {variable}={url}" for variable, url in given.items()]
    assert wait_for(lambda: not (ROOT / "var" / "services" / f"{name}.json").exists(), 60), "outlives its owner"
