"""The verbs of snippets: share, save a version, use; and the recount that proves their counters."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Count, F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.errors import Conflict, NotAllowed
from accounts.events import services as events
from accounts.text import all_of, clean_line
from accounts.viewer import Viewer
from community.forums import services as forums
from community.forums.models import Kind, Topic
from community.snippets import policies
from community.snippets.files import CodeFile, checked
from community.snippets.models import Snippet, SnippetFile, SnippetUse, SnippetVersion
from community.spaces.models import Space

MOST_VERSIONS = 500


@transaction.atomic
def snippet_create(
    *,
    viewer: Viewer,
    space: Space,
    title: str,
    body: str,
    files: Sequence[CodeFile],
    label: str = "",
    tags: Iterable[str] = (),
    at: datetime | None = None,
    idempotency_key: str = "",
) -> Snippet:
    """Share code. The same `idempotency_key` again returns the snippet of the first time.

    Raises NotAllowed where the viewer may not share code, ValidationError by field: files, label, title, body, tags.
    """
    given = all_of({
        "files": lambda: checked(files),
        "label": lambda: _label(label),
        "texts": lambda: forums.topic_texts(viewer=viewer, space=space, title=title, body=body, tags=tags),
    })
    rows, label = given["files"], given["label"]
    topic = forums.topic_create(
        viewer=viewer, space=space, kind=Kind.SNIPPET, texts=given["texts"], at=at, idempotency_key=idempotency_key
    )
    now = at or timezone.now()
    values = {"language": rows[0].language, "changed_at": now}
    snippet, is_new = Snippet.objects.select_related("topic__space").get_or_create(topic=topic, defaults=values)
    if not is_new:
        return snippet
    _store(snippet, 1, rows, label=label, note="", by=viewer.user_id, at=now)

    events.record("topic.snippet_saved", actor=viewer, target=topic, at=at, data={"space": topic.space_id, "number": 1})
    return snippet


@transaction.atomic
def snippet_save(
    *,
    viewer: Viewer,
    snippet: Snippet,
    files: Sequence[CodeFile],
    label: str = "",
    note: str = "",
    number: int | None = None,
    at: datetime | None = None,
) -> Snippet:
    """Save a version; the same files and label again change nothing. Earlier versions stay.

    `number` is the version that the editor saw: raises Conflict when somebody saved one since. Also NotAllowed, and
    ValidationError by field: files, label, note.
    """
    if not policies.can_change(viewer, snippet):
        raise NotAllowed(_("Only the person who shared this and moderators save versions of it."))
    rows, label, note = checked(files), _label(label), clean_line(note, field="note", limit=300, required=False)
    locked = Snippet.objects.select_for_update(of=("self",)).select_related("topic__space").get(pk=snippet.pk)
    if number is not None and number != locked.number:
        raise Conflict(_("Someone else saved a version while you were writing. Reload to see it as it is now."))
    if locked.number >= MOST_VERSIONS:
        raise NotAllowed(_("This has %s versions; no more are kept. Share it anew.") % MOST_VERSIONS)
    before = locked.versions.get(number=locked.number)
    if label == before.label and _same(before.files.all(), rows):
        return locked

    now = at or timezone.now()
    locked.number, locked.language, locked.changed_at = locked.number + 1, rows[0].language, now
    locked.save(update_fields=["number", "language", "changed_at"])
    _store(locked, locked.number, rows, label=label, note=note, by=viewer.user_id, at=now)

    data = {"space": locked.topic.space_id, "number": locked.number}
    events.record("topic.snippet_saved", actor=viewer, target=locked.topic, at=at, data=data)
    return locked


def _label(label: str) -> str:
    return clean_line(label, field="label", limit=40, required=False)


def _same(before: Iterable[SnippetFile], after: Sequence[SnippetFile]) -> bool:
    def told(files: Iterable[SnippetFile]) -> list[tuple[str, str, str]]:
        return [(file.name, file.language, file.code) for file in files]

    return told(before) == told(after)


def _store(
    snippet: Snippet, number: int, rows: Sequence[SnippetFile], *, label: str, note: str, by: int | None, at: datetime
) -> None:
    version = SnippetVersion.objects.create(
        snippet=snippet, number=number, label=label, note=note, saved_by_id=by, saved_at=at
    )
    for row in rows:
        row.version = version
    SnippetFile.objects.bulk_create(rows)


@transaction.atomic
def snippet_use(*, viewer: Viewer, snippet: Snippet, on: bool, at: datetime | None = None) -> Snippet:
    """Say that one uses it, or no longer; twice counts once. Raises NotAllowed for one's own and for what is hidden."""
    if not policies.can_use(viewer, snippet):
        raise NotAllowed(_("You cannot say that you use this."))

    # The row lock makes the use and its counter one step, so that parallel clicks stay one use.
    locked = Snippet.objects.select_for_update(of=("self",)).select_related("topic__space").get(pk=snippet.pk)
    if on:
        when = {"created_at": at or timezone.now()}
        _use, changed = SnippetUse.objects.get_or_create(snippet=locked, user_id=viewer.user_id, defaults=when)
    else:
        changed = bool(SnippetUse.objects.filter(snippet=locked, user_id=viewer.user_id).delete()[0])
    if not changed:
        return locked

    Snippet.objects.filter(pk=locked.pk).update(use_count=F("use_count") + (1 if on else -1))
    locked.refresh_from_db(fields=["use_count"])

    events.record("snippet.used", actor=viewer, target=locked, at=at, data={"on": on, "space": locked.topic.space_id})
    return locked


@dataclass(frozen=True, slots=True)
class VersionRow:
    """One version of an imported snippet, its files checked (`files.checked`)."""

    files: Sequence[SnippetFile]
    label: str
    note: str
    by_id: int | None
    at: datetime


@dataclass(frozen=True, slots=True)
class SnippetRow:
    """What an imported topic of kind snippet was elsewhere; `versions` from the first to the last."""

    topic: Topic
    versions: Sequence[VersionRow]
    user_ids: Iterable[int] = ()


@transaction.atomic
def snippets_import(*, rows: Sequence[SnippetRow]) -> None:
    """Give imported topics of kind snippet their versions and who uses them, once a topic; nobody is told."""
    here = set(Snippet.objects.filter(pk__in=[row.topic.pk for row in rows]).values_list("pk", flat=True))
    for row in rows:
        if row.topic.pk in here:
            continue
        last = row.versions[-1]
        users = sorted({*row.user_ids})
        snippet = Snippet.objects.create(
            topic=row.topic, language=last.files[0].language, number=len(row.versions), changed_at=last.at,
            use_count=len(users),
        )
        for number, one in enumerate(row.versions, start=1):
            _store(snippet, number, one.files, label=one.label, note=one.note, by=one.by_id, at=one.at)
        uses = [SnippetUse(snippet=snippet, user_id=pk, created_at=row.topic.created_at) for pk in users]
        SnippetUse.objects.bulk_create(uses)


def recount_snippets() -> int:
    """Rebuild the counters from the uses; returns how many were wrong."""
    rows = Snippet.objects.annotate(uses_now=Count("uses")).filter(~Q(use_count=F("uses_now")))
    wrong = list(rows.values_list("pk", "uses_now"))
    for pk, count in wrong:
        Snippet.objects.filter(pk=pk).update(use_count=count)
    return len(wrong)
