"""Our side of the child: start it, hand it the work, read a bounded answer, kill it at the deadline."""

from __future__ import annotations

import json
import os
import selectors
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any, Final

CHILD: Final = Path(__file__).with_name("child.py")
ROOT: Final = CHILD.parent.parent.parent
MOST_ANSWER: Final = 64_000_000
# Children of one process at a time: each may take half a gigabyte.
_PLACES: Final = threading.BoundedSemaphore(2)
WAIT_SECONDS: Final = 10.0


class JobRefused(Exception):
    """The child says what is wrong with the input; `reason` is one word for the caller to explain."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class JobFailed(Exception):
    """The child was killed at its deadline, ran out of memory, or gave no answer that can be read."""


def run(job: str, payload: bytes, *, cpu: int, seconds: float, memory: int, **options: Any) -> tuple[dict, bytes]:
    """Do `job` (a name in `child.JOBS`) on `payload` in a fresh child; returns what it tells and the bytes it made.

    `cpu` and `seconds` are the most seconds of processor and of clock, `memory` the most bytes of address space.
    Raises JobRefused when the input is not acceptable, JobFailed when there is no answer within the limits.
    """
    if not _PLACES.acquire(timeout=WAIT_SECONDS):
        raise JobFailed("all places are taken")
    try:
        order = {"job": job, "root": str(ROOT), "cpu": cpu, "memory": memory, "options": options}
        answer = _ask(json.dumps(order).encode() + b"\n" + payload, seconds)
    finally:
        _PLACES.release()
    head, line, body = answer.partition(b"\n")
    try:
        told = json.loads(head)
    except ValueError as error:
        raise JobFailed("no answer") from error
    if not line or not isinstance(told, dict):
        raise JobFailed("no answer")
    if "refused" in told:
        raise JobRefused(str(told["refused"])[:40])
    return told, body


def _ask(message: bytes, seconds: float) -> bytes:
    deadline = time.monotonic() + seconds
    with tempfile.TemporaryFile() as order:  # a file cannot block, as a pipe would that nobody reads
        order.write(message)
        order.seek(0)
        child = subprocess.Popen(  # noqa: S603  (our own program, by its full path)
            [sys.executable, "-I", str(CHILD)], stdin=order, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            cwd="/", env={"LANG": "C.UTF-8", "PATH": os.defpath}, start_new_session=True,
        )  # fmt: skip
    try:
        return _read(child.stdout.fileno() if child.stdout else -1, deadline)
    finally:
        child.kill()
        child.wait()
        if child.stdout:
            child.stdout.close()


def _read(pipe: int, deadline: float) -> bytes:
    parts, size = [], 0
    with selectors.DefaultSelector() as ready:
        ready.register(pipe, selectors.EVENT_READ)
        while True:
            if not ready.select(max(0.0, deadline - time.monotonic())):
                raise JobFailed("out of time")
            part = os.read(pipe, 65_536)
            if not part:
                return b"".join(parts)
            size += len(part)
            if size > MOST_ANSWER:
                raise JobFailed("too long an answer")
            parts.append(part)
