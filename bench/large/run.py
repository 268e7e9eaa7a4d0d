"""The table of a large community, and the plans of its heaviest statements."""

from __future__ import annotations

from pathlib import Path

from django.db import connection

from bench import cpu, people, place, site
from bench.large import ask
from bench.large.ask import Told
from tests.services.process import Server

MOST, MOST_REPLY = 100, 150  # milliseconds that p95 may take
HEAD = "| page | p50 ms | p95 ms | asked | SQL | slowest statement ms |\n| --- | --- | --- | --- | --- | --- |"


def run(env: dict[str, str], server: Server, *, count: int, only: str = "") -> None:
    """Ask every page `count` times at one client; prints the table and writes the plans beside the cluster."""
    before, pace = cpu.load(), cpu.pace()
    (visitor,) = people.sign_in(1)
    told: list[Told] = []
    print(HEAD)
    with site.running(env, int(env["SITE_URL"].rpartition(":")[2]), server.process.pid) as running:
        for page in ask.pages():
            if only in page.name:
                told.append(ask.ask(page, running.port, visitor, count=count))
                print(line(told[-1]), flush=True)
        if only in "reply":
            told += ask.reply(running.port, visitor, count=count)
            print("\n".join(line(one) for one in told[-2:]))
    print(f"\nLoad {before:.1f} before, {cpu.load():.1f} after; pace {pace:.0f} ms before, {cpu.pace():.0f} after.")
    file = Path(place.FOLDER) / "plans.md"
    file.write_text("\n\n".join(_plans(told)) + "\n")
    print(f"The plans of the heaviest statements are in {file}.")


def line(one: Told) -> str:
    """A row of the table; bold is what takes longer than it may."""
    p50, p95 = one.quantile(0.5), one.quantile(0.95)
    most = MOST_REPLY if one.name.startswith("reply") else MOST
    shown = f"{p95:.0f}" if p95 <= most else f"**{p95:.0f}**"
    cells = [one.name, f"{p50:.0f}", shown, f"≤ {most}", one.statements, f"{one.slowest[0] * 1_000:.0f}"]
    return "| " + " | ".join(map(str, cells)) + " |"


def _plans(told: list[Told]) -> list[str]:
    """Of the five pages with the slowest statements, that statement and its plan."""
    heaviest = sorted((one for one in told if one.slowest[1]), key=lambda one: -one.slowest[0])[:5]
    connection.close()  # a statement that was prepared is planned for nobody in particular
    return [
        f"## {one.name}\n\n```sql\n{one.slowest[1]:.3000}\n```\n\n```\n{ask.plan(one.slowest[1])}\n```"
        for one in heaviest
    ]
