"""CPU seconds of processes, read from `/proc/PID/stat`; those of Redis and Elasticsearch, as they tell them."""

from __future__ import annotations

import json
import os
import resource
import time
import urllib.request
from collections.abc import Iterable
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK")


def own(pids: Iterable[int]) -> float:
    """User and system seconds of these processes, threads that have ended included."""
    return sum(sum(found[11:13]) for pid in pids if (found := _stat(pid))) / TICK


def tree(pid: int) -> float:
    """Seconds of a process, its children, and its children that have ended: all of a PostgreSQL server."""
    mine = _stat(pid)
    return (sum(mine[11:15]) if mine else 0) / TICK + own(children(pid))


def children(pid: int) -> list[int]:
    """The processes that this one started and that still run."""
    path = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(word) for word in path.read_text().split()] if path.exists() else []


def redis_seconds(url: str) -> float:
    """What Redis says it used; 0 without it."""
    if not url:
        return 0.0
    import redis

    told = redis.Redis.from_url(url).info("cpu")
    return float(told["used_cpu_user"]) + float(told["used_cpu_sys"])


def elasticsearch_seconds(url: str) -> float:
    """What the Elasticsearch node says it used; 0 without it. Others that use the node are in it."""
    if not url:
        return 0.0
    with urllib.request.urlopen(f"{url}/_nodes/_local/stats/process", timeout=5) as answer:
        nodes = json.load(answer)["nodes"]
    return sum(node["process"]["cpu"]["total_in_millis"] for node in nodes.values()) / 1_000


def load() -> float:
    """The machine's load average of the last minute: how far the figures may be trusted."""
    return os.getloadavg()[0]


def peak() -> float:
    """The most memory that this process ever held, in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1_000


def pace() -> float:
    """CPU milliseconds of one fixed piece of Python: on a shared machine a core's speed itself comes and goes."""
    best = float("inf")
    for _ in range(5):
        began = time.process_time()
        sum(hash(str(number)) % 7 for number in range(200_000))
        best = min(best, time.process_time() - began)
    return best * 1_000


def _stat(pid: int) -> list[int] | None:
    """The numbers of the stat line from the third field on (`man proc`: utime is the 14th), or None."""
    try:
        line = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return None
    fields = line.rpartition(")")[2].split()
    return [0, *(int(field) if field.lstrip("-").isdigit() else 0 for field in fields[1:])]
