"""The table on the screen and the JSON beside it."""

from __future__ import annotations

import json
import statistics
from datetime import UTC, datetime
from pathlib import Path

from bench.measure import Result

HEAD = (
    "| page | who | conn. | req/s | p50 ms | p95 ms | CPU ms (app + db) | app | db | worker | redis | es | SQL "
    "| body kB |"
)


def table(results: list[Result]) -> str:
    """Markdown, one line a result."""
    lines = [HEAD, "|" + " --- |" * HEAD.strip("|").count("|") + " --- |"]
    for r in results:
        cells = [
            r.page, r.who, r.connections, f"{r.per_second:.0f}", f"{r.p50:.0f}", f"{r.p95:.0f}", f"{r.cpu:.1f}",
            f"{r.application:.1f}", f"{r.database:.1f}", f"{r.worker:.1f}", f"{r.redis:.1f}", f"{r.elasticsearch:.1f}",
            r.statements or "", f"{r.body / 1000:.1f}",
        ]  # fmt: skip
        lines.append("| " + " | ".join(map(str, cells)) + " |" + (f" {r.errors} ERRORS" if r.errors else ""))
    return "\n".join(lines)


def quantiles(taken: list[float]) -> str:
    """p50 and p95 of some milliseconds, in words."""
    ordered = sorted(taken)
    p95 = ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))]
    return f"p50 {statistics.median(ordered):.0f} ms, p95 {p95:.0f} ms ({len(ordered)} replies)"


def save(path: Path, results: list[Result], browser: dict, loads: list[float]) -> None:
    """Everything as JSON, with the machine's load at the beginning and at the end."""
    at = datetime.now(UTC).isoformat(timespec="seconds")
    told = {"at": at, "load": loads, "results": [r.plain() for r in results], "browser": browser}
    path.write_text(json.dumps(told, indent=1))
