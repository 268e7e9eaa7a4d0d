"""What needs the operator: one sentence each, worst first, with what to do. Nothing here slows a reader down."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from config.operation.parts import LATE, MISSING
from config.operation.queues import Queue
from config.operation.state import State, is_production
from config.operation.thresholds import BACKUP_AGE, MAIL_WAITING, WAITING

BAD, WARN = "bad", "warn"


@dataclass(frozen=True, slots=True)
class Problem:
    """`tone` is `bad` where something stands still, `warn` where it will."""

    tone: str
    text: str
    hint: str = ""


def problems(state: State) -> list[Problem]:
    """All of them; empty when nothing needs anybody."""
    found = [*_parts(state), *_mails(state), *_queues(state), *_processes(state), *_index(state)]
    found += [*_own_data(state), *_machine(state)]
    return sorted(found, key=lambda problem: problem.tone != BAD)


def _parts(state: State) -> Iterator[Problem]:
    words = {
        "redis": (_("Redis does not answer."), _("Pages work; live updates stay within each process.")),
        "worker": (
            _("No worker was seen for a minute."),
            _("Nothing is delivered, mailed or indexed until one runs: manage.py worker."),
        ),
    }
    for part in state.parts:
        if part.status == MISSING and part.name in words:
            yield Problem(BAD, *words[part.name])
        elif part.status == MISSING and part.name == "elasticsearch":
            text = _("Elasticsearch cannot be searched: %s.") % part.detail
            yield Problem(BAD, text, _("The database searches, and the page says so. Indexing waits and catches up."))
        elif part.status == LATE and part.name == "elasticsearch":
            text = _("Elasticsearch: %s.") % part.detail
            yield Problem(BAD, text, _("Indexing waits and catches up; the database searches, and the page says so."))


def _mails(state: State) -> Iterator[Problem]:
    for queue in state.queues:
        if queue.name != "mails":
            continue
        if queue.waiting and queue.oldest and (queue.age > MAIL_WAITING or (not queue.retried and queue.age > WAITING)):
            said = ngettext("%(n)d mail waits since %(age)s", "%(n)d mails wait since %(age)s", queue.waiting) % {
                "n": queue.waiting, "age": _since(queue),
            }  # fmt: skip
            why = _(": the mail server refuses or does not answer.") if queue.retried else "."
            yield Problem(BAD, said + why, queue.trouble)
        if queue.failed:
            yield Problem(
                WARN,
                ngettext("%d mail could not be sent.", "%d mails could not be sent.", queue.failed) % queue.failed,
                _("Each was tried for most of a day. Mend the cause, then try them again below."),
            )


def _queues(state: State) -> Iterator[Problem]:
    for queue in state.queues:
        if queue.name == "mails":
            continue
        if queue.waiting and queue.age > WAITING:
            text = ngettext(
                "%(queue)s: %(n)d waits since %(age)s.",
                "%(queue)s: %(n)d wait, the oldest since %(age)s.",
                queue.waiting,
            )
            named = {"queue": queue.label, "n": queue.waiting, "age": _since(queue)}
            yield Problem(BAD if not queue.retried else WARN, text % named, queue.trouble)
        if queue.failed:
            text = ngettext("%(queue)s: %(n)d was given up on.", "%(queue)s: %(n)d were given up on.", queue.failed)
            text %= {"queue": queue.label, "n": queue.failed}
            yield Problem(WARN, text, _("Mend the cause, then try them again below.") if queue.name != "tasks" else "")


def _processes(state: State) -> Iterator[Problem]:
    if not any(process.is_alive and process.beat.kind == "worker" for process in state.processes):
        return  # said already, of all of them
    for process in state.processes:
        if process.beat.kind == "worker" and not process.is_alive:
            named = {"host": process.beat.host, "age": timesince(process.beat.seen_at)}
            yield Problem(WARN, _("A worker on %(host)s was not seen for %(age)s; others work.") % named)


def _index(state: State) -> Iterator[Problem]:
    for name in state.counts.differing:
        text = _("The index in %s does not hold what the database holds.") % name
        yield Problem(WARN, text, _("Run manage.py search_reconcile; the worker does so by itself from time to time."))


def _own_data(state: State) -> Iterator[Problem]:
    if state.erasures_late:
        text = ngettext(
            "%d person should have been erased by now.", "%d people should have been erased by now.",
            state.erasures_late,
        )  # fmt: skip
        yield Problem(BAD, text % state.erasures_late, _("The worker's log says what stops it (threadwell.erasing)."))
    if state.takeouts_late:
        text = ngettext(
            "%d person waits for the copy of their data.", "%d people wait for the copy of their data.",
            state.takeouts_late,
        )  # fmt: skip
        yield Problem(BAD, text % state.takeouts_late, _("The worker's log says what stops it (threadwell.takeout)."))


def _machine(state: State) -> Iterator[Problem]:
    if state.disk.is_low:
        free = f"{state.disk.free / 1e9:.1f}"
        yield Problem(BAD, _("Only %s GB of disk space are left.") % free, _("A database without space stops writing."))
    if not is_production():
        return
    if state.backup is None:
        yield Problem(WARN, _("No backup was made yet."), _("Run manage.py backup, once a day."))
    elif state.at - state.backup.made_at > BACKUP_AGE:
        yield Problem(WARN, _("The last backup is %s old.") % timesince(state.backup.made_at), "manage.py backup")


def _since(queue: Queue) -> str:
    return timesince(queue.oldest) if queue.oldest else ""
