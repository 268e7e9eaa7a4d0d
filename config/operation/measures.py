"""What this process counts for `/metrics`; the library adds up the processes of one machine through files.

The files lie where no other container sees them, because a process is known there by its number only.
"""

from __future__ import annotations

import fcntl
import os
import re
from typing import Final

from django.conf import settings
from prometheus_client import Counter, Histogram

_BUCKETS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


def _tidy() -> None:
    """Forget the counts of an earlier run, once none of its processes lives; a counter may only start anew or grow."""
    folder = settings.METRICS_DIR
    folder.mkdir(mode=0o700, exist_ok=True)
    if folder.stat().st_uid != os.getuid():
        raise PermissionError(f"{folder} belongs to somebody else; remove it.")
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        files = list(folder.glob("*.db"))
        if not any(_lives(int(found.group(1))) for file in files if (found := re.search(r"_(\d+)\.db$", file.name))):
            for file in files:
                file.unlink(missing_ok=True)


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


_tidy()
_seconds = Histogram(
    "threadwell_request_seconds", "Time to the answer, by address and class of status.", ["view", "status"],
    buckets=_BUCKETS,
)  # fmt: skip
_logins = Counter("threadwell_login_failures", "Sign-ins that were refused.", ["why"])


def requested(view: str, status: int, seconds: float) -> None:
    """Count one answered request."""
    _seconds.labels(view, f"{status // 100}xx").observe(seconds)


def login_failed(why: str = "credentials") -> None:
    """Count one refused sign-in; who tried is not said."""
    _logins.labels(why).inc()
