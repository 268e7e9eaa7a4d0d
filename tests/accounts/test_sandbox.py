"""The child: after it gave up its rights there is no file, no socket, no other process, and no end without a limit."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.architecture.tree import ROOT

pytestmark = pytest.mark.once

BEFORE = f"""
import sys; sys.path.insert(0, {str(ROOT)!r})
import os, socket, traceback
from accounts.sandbox.limits import give_up_rights
give_up_rights(cpu=1, memory=300 * 1024 * 1024)
try:
"""
AFTER = """
except (OSError, MemoryError) as error:
    print(type(error).__name__)
else:
    print("done")
"""


def child(work: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-I", "-c", f"{BEFORE}    {work}{AFTER}"]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)


@pytest.mark.parametrize(
    "work",
    [
        "open('/etc/passwd').read()",
        "open('/tmp/made-by-the-child', 'w').write('x')",
        "socket.socket()",
        "socket.create_connection(('127.0.0.1', 80))",
        "os.pipe()",
        "os.open('/', os.O_RDONLY)",
        "bytearray(400 * 1024 * 1024)",
        "os.setuid(0) if os.getuid() else open('/etc/shadow')",
    ],
)
def test_child_when_it_reaches_out_then_refused(work: str) -> None:
    assert child(work).stdout.strip() in {"OSError", "PermissionError", "MemoryError", "BlockingIOError"}


def test_child_when_it_never_ends_then_the_kernel_ends_it() -> None:
    done = child("exec('while True: pass')")
    assert done.returncode < 0 and done.stdout == ""


@pytest.mark.parametrize("job", ["markdown", "image", "document"])
def test_job_when_loaded_then_it_brings_neither_django_nor_settings(job: str) -> None:
    code = f"""
import sys; sys.path.insert(0, {str(ROOT)!r})
import accounts.sandbox.jobs.{job}
print([name for name in sys.modules if name.startswith(("django", "config"))])
"""
    done = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
