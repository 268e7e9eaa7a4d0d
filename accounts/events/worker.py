"""The worker's round: everything that waits in a table gets its turn, and schedules come due here.

Rooms add their own errands with `register_round` (mails, the search indexer) and `register_schedule`. What is heavy and
may be a second late runs on a thread of its own beside the others, so that nobody's bell waits for it; not on SQLite,
where all writers wait for each other anyway.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass, field

from django.db import OperationalError, close_old_connections, connection

from accounts.events import wake
from accounts.events.dispatch import deliver_due
from accounts.events.models import Heartbeat
from accounts.events.pulse import Pulse

logger = logging.getLogger("threadwell.worker")
Round = Callable[[], int]
IDLE_SECONDS = 1.0
AGAIN_SECONDS = 60.0  # after which a schedule that failed is tried again, be its own turn tomorrow


@dataclass(slots=True)
class Schedule:
    """`call` every `seconds`, in whichever worker gets there; it must bear running twice."""

    name: str
    seconds: float
    call: Callable[[], object]
    due: float = field(default=0.0)


_rounds: dict[str, Round] = {"deliveries": deliver_due}
_heavy: set[str] = set()
_more = threading.Event()  # there may be something for the heavy ones
_schedules: dict[str, Schedule] = {}


def register_round(name: str, call: Round, *, is_heavy: bool = False) -> None:
    """Add an errand to every round: it does a bounded piece of work and returns how much it did.

    A heavy one computes for long; the others do not wait for it.
    """
    _rounds[name] = call
    if is_heavy:
        _heavy.add(name)


def register_schedule(name: str, *, seconds: float, call: Callable[[], object]) -> None:
    """Add something to do every so many seconds, first soon after the worker starts."""
    _schedules[name] = Schedule(name, seconds, call)


def run_once(*, but: Collection[str] = ()) -> int:
    """One turn of every round; returns how much was done. An errand that fails is logged and the others go on."""
    done = 0
    for name, call in _rounds.items():
        if name in but:
            continue
        try:
            done += call()
        except Exception:
            logger.exception("The worker's errand %r failed; it is tried again in the next round.", name)
    return done


def drain(*, most_rounds: int = 10_000) -> int:
    """Run rounds until nothing is left to do; for commands and tests. Returns how much was done."""
    total = 0
    for _ in range(most_rounds):
        done = run_once()
        if not done:
            break
        total += done
    return total


def run_forever(stop: threading.Event) -> None:
    """Work until `stop` is set. A database that is away is waited for, never a reason to end."""
    now = time.monotonic()
    for index, schedule in enumerate(_schedules.values()):
        schedule.due = now + 5 + index
    pulse, rounds, total = Pulse(Heartbeat.Kind.WORKER), 0, 0
    apart = set(_heavy) if connection.features.has_select_for_update_skip_locked else set()
    beside = threading.Thread(target=_run_heavy, args=(stop, apart), name="worker-heavy", daemon=True)
    if apart:
        beside.start()
    while not stop.is_set():
        done = 0
        try:
            pulse.beat(rounds=rounds, done=total)
            done = run_once(but=apart)
            _run_schedules()
            rounds, total = rounds + 1, total + done
        except OperationalError:
            logger.exception("The database does not answer; trying again.")
        finally:
            close_old_connections()
        if not done and not stop.is_set():
            wake.wait(IDLE_SECONDS)
        _more.set()
    if apart:
        beside.join()
    pulse.stop()
    close_old_connections()


def _run_heavy(stop: threading.Event, names: Collection[str]) -> None:
    """The heavy errands in their turn, whenever the other loop was woken or did something, and each second."""
    light = [name for name in _rounds if name not in names]
    while not stop.is_set():
        done = 0
        try:
            done = run_once(but=light)
        finally:
            close_old_connections()
        if not done:
            _more.wait(IDLE_SECONDS)
            _more.clear()
    connection.close()


def _run_schedules() -> None:
    for schedule in _schedules.values():
        if time.monotonic() < schedule.due:
            continue
        schedule.due = time.monotonic() + schedule.seconds
        try:
            schedule.call()
        except Exception:
            again = min(schedule.seconds, AGAIN_SECONDS)
            schedule.due = time.monotonic() + again
            logger.exception("The scheduled %r failed; it runs again in %s s.", schedule.name, again)
