"""The worker as a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from django.conf import settings


def test_worker_when_it_has_a_process_of_its_own_then_it_stands_back_for_pages() -> None:
    if not settings.REDIS_URL:
        pytest.skip("A worker in a process of its own needs Redis.")

    with subprocess.Popen(
        [sys.executable, "manage.py", "worker"], cwd=settings.BASE_DIR, stdout=subprocess.PIPE, text=True,
        env=os.environ | {"WORKER_NICE": "2", "PYTHONUNBUFFERED": "1"},
    ) as process:  # fmt: skip
        try:
            told = process.stdout.readline()
            lower = os.getpriority(os.PRIO_PROCESS, process.pid) - os.getpriority(os.PRIO_PROCESS, 0)
        finally:
            process.kill()

    assert told == "Worker started.\n"
    assert lower == 2
