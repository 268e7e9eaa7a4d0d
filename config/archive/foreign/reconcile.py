"""Counts of the source against what is here: whatever was found came in, or was left out for a reason that is said."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Sum

from community.forums.models import Post, Topic
from config.archive.foreign.base import MEMBERS, REPLIES, THREADS, Ledger
from config.archive.run import Run
from config.models import ImportedId

_TOPICS = ("topic", "idea")


def lines_of(ledger: Ledger) -> Iterator[str]:
    """A line a noun: how many were found, what they became, what was left out and why."""
    for noun, number in ledger.found.items():
        told = [f"{count:,} {kind}" for (own, kind), count in ledger.became.items() if own == noun and count]
        told += [f"{count:,} left out ({why})" for (own, why), count in ledger.left.items() if own == noun and count]
        yield f"  {noun}: {number:,} found → {', '.join(told) or 'nothing'}"


def reconcile(ledger: Ledger, run: Run) -> list[str]:
    """What does not agree, in words; nothing when all is well.

    Three sums must hold: found = became + left out, for every noun; handed on = new + changed + same + bad, for every
    kind of row; and, after a real run, what the database holds of this source = what is not bad.
    """
    told = [f"{number:,} {noun} are accounted for nowhere" for noun, number in ledger.unexplained().items()]
    counts = run.report.counts
    for kind in (MEMBERS, THREADS, REPLIES):
        handed = ledger.rows(kind)
        kinds = ("threads", "ideas") if kind == THREADS else (kind,)
        taken = sum(sum(counts[one].values()) for one in kinds if one in counts)
        if kind != MEMBERS and taken != handed:
            told.append(f"{handed:,} {kind} were handed on, the import counted {taken:,}")
    return told if run.settings.is_dry else told + _in_the_database(run)


def _in_the_database(run: Run) -> list[str]:
    source, counts = run.settings.source, run.report.counts

    def good(*kinds: str) -> int:
        return sum(counts[kind][outcome] for kind in kinds if kind in counts for outcome in ("new", "changed", "same"))

    here = ImportedId.objects.filter(source=source)
    topics = here.filter(kind__in=_TOPICS).values("target_id")
    held = {
        "threads": (good("threads", "ideas"), topics.count()),
        "members": (good("members"), here.filter(kind="member").count()),
        "replies": (
            good("replies"),
            Post.objects.filter(topic__in=topics, number__gt=1).exclude(imported_from="").count(),
        ),
    }  # fmt: skip
    told = [f"{one:,} {kind} were taken in, {other:,} are here" for kind, (one, other) in held.items() if other < one]
    shown = Topic.objects.filter(pk__in=topics).aggregate(replies=Sum("reply_count"))["replies"] or 0
    aloud = Post.objects.filter(topic__in=topics, number__gt=1, status="published", is_whisper=False).count()
    return told + ([f"counters say {shown:,} replies, {aloud:,} are shown"] if shown != aloud else [])
