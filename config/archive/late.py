"""Topics and ideas that lead to one further down in the file: noted with their batch, led on when everything is in.

A note is a line of the map of imported rows, so it is stored with the topic or not at all, and a run that was stopped
finds it again.
"""

from __future__ import annotations

from typing import Final

from django.db import reset_queries, transaction

from accounts.events import services as events
from community.forums.services.archive_standing import LeadRow, topics_lead
from community.ideas.services import ideas_lead
from config.archive.importer import Stored
from config.models import ImportedId

BATCH: Final = 500
IDEA: Final = "idea"  # the field of an idea that was merged into another; the others are a topic's
_KIND: Final = "late-"


def waiting(source: str, source_id: str, stored: Stored) -> list[ImportedId]:
    """The notes of one row; for most there is none."""
    return [
        ImportedId(source=source, kind=f"{_KIND}{field}", source_id=source_id, target_id=stored.target_id, address=key)
        for field, key in stored.waits_for
    ]


def lead_on(source: str) -> int:
    """Link what can be linked, and forget those notes; returns how many. What the source never had stays noted."""
    notes = ImportedId.objects.filter(source=source, kind__startswith=_KIND)
    done = last = 0
    while batch := list(notes.filter(pk__gt=last).order_by("pk")[:BATCH]):
        last = batch[-1].pk
        rows = {LeadRow(note.target_id, note.kind.removeprefix(_KIND), note.address): note.pk for note in batch}
        with transaction.atomic(), events.gathered():
            led = topics_lead(rows=[row for row in rows if row.field != IDEA])
            ideas = {row.topic_id: row.key for row in rows if row.field == IDEA}
            led += [LeadRow(pk, IDEA, ideas[pk]) for pk in ideas_lead(targets=ideas)]
            ImportedId.objects.filter(pk__in=[rows[row] for row in led]).delete()
        done += len(led)
        reset_queries()
    return done
