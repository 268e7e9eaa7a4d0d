"""Setting up external sources and taking in what they hold."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from accounts.errors import NotAllowed
from accounts.events import services as events
from accounts.text import clean_line, clean_source
from accounts.viewer import Viewer
from search.external.models import MOST_BODY, ExternalRecord, ExternalSource
from search.external.policies import can_manage_sources

MOST_SOURCES: Final = 50
MOST_RECORDS: Final = 100_000
MOST_AT_ONCE: Final = 100


@dataclass(frozen=True, slots=True)
class RecordInput:
    """One record as it is handed in: `body` is plain text, `key` what the source calls it."""

    key: str
    url: str
    title: str
    body: str = ""
    language: str = ""
    updated_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a batch."""

    new: int
    changed: int
    unchanged: int


@transaction.atomic
def source_create(
    *, viewer: Viewer, name: str, way: str = "push", address: str = "", readers: str = "public", language: str = "en",
    slug: str = "",
) -> ExternalSource:
    """Let search know of another site. Raises NotAllowed for who is no manager, ValidationError by field."""
    _must_manage(viewer)
    source = ExternalSource(
        name=clean_line(name, field="name", limit=80), way=way, readers=readers, created_at=timezone.now(),
        address=clean_address(address, field="address") if way == ExternalSource.Way.SITEMAP else "",
        language=clean_line(language, field="language", limit=10),
    )
    source.slug = slug or slugify(source.name)[:60]
    source.full_clean()
    if ExternalSource.objects.count() >= MOST_SOURCES:
        raise ValidationError({"name": _("There are %s sources, the most there can be.") % MOST_SOURCES})

    if source.way == ExternalSource.Way.SITEMAP:
        source.due_at = source.created_at
    source.save()

    events.record("external.source_created", actor=viewer, target=source, data={"readers": source.readers})
    return source


@transaction.atomic
def source_update(*, viewer: Viewer, source: ExternalSource, readers: str) -> ExternalSource:
    """Change who may find a source; open pages and the next search follow at once, the index a moment later.

    Raises NotAllowed for who is no manager, ValidationError({"readers": …}) for readers that there are not.
    """
    _must_manage(viewer)
    if readers not in ExternalSource.Readers.values:
        raise ValidationError({"readers": _("Choose who may find it.")})

    source.readers = readers
    source.save(update_fields=["readers"])

    events.record("external.source_changed", actor=viewer, target=source, data={"readers": readers})
    return source


@transaction.atomic
def source_remove(*, viewer: Viewer, source: ExternalSource) -> None:
    """Forget a source and all that it holds. Raises NotAllowed for who is no manager."""
    _must_manage(viewer)

    # Recorded first: search asks which records an event touches, and they are about to go.
    events.record("external.source_removed", actor=viewer, target=source, data={"slug": source.slug})
    source.delete()


@transaction.atomic
def records_put(
    *, viewer: Viewer, source: ExternalSource, records: Iterable[RecordInput], at: datetime | None = None
) -> Taken:
    """Take in up to a hundred records; those that are there by their key are replaced, equal ones only seen again.

    All or none: raises NotAllowed, or ValidationError({"records.3.title": …}) naming the record by its place.
    """
    _must_manage(viewer)
    wanted = list(records)
    if len(wanted) > MOST_AT_ONCE:
        raise ValidationError({"records": _("Send at most %s records at once.") % MOST_AT_ONCE})
    cleaned = {record.key: record for record in _each_clean(wanted)}

    now = at or timezone.now()
    ExternalSource.objects.select_for_update().get(pk=source.pk)  # one batch of a source at a time
    known = {row.key: row for row in source.records.filter(key__in=cleaned)}
    if source.records.count() + len(cleaned.keys() - known.keys()) > MOST_RECORDS:
        raise ValidationError({"records": _("A source holds at most %s records.") % f"{MOST_RECORDS:,}"})
    new, changed = 0, 0
    for key, record in cleaned.items():
        row = known.get(key) or ExternalRecord(source=source, key=key, created_at=record.updated_at or now)
        is_new, is_changed = row.pk is None, _apply(row, record, source, now)
        row.seen_at = now
        row.save()
        if is_new or is_changed:
            events.record("external.recorded", actor=viewer, target=row, data={"source": source.pk})
        new += is_new
        changed += is_changed and not is_new
    return Taken(new, changed, len(cleaned) - new - changed)


@transaction.atomic
def records_seen(
    *, viewer: Viewer, source: ExternalSource, keys: Iterable[str], at: datetime | None = None
) -> int:
    """These are still there, unchanged; returns how many. Raises NotAllowed for who is no manager."""
    _must_manage(viewer)
    return source.records.filter(key__in=list(keys)).update(seen_at=at or timezone.now())


@transaction.atomic
def records_forget(*, viewer: Viewer, source: ExternalSource, before: datetime) -> int:
    """Forget what was not met since a moment: it is gone from the source. Returns how many."""
    _must_manage(viewer)
    gone = list(source.records.filter(seen_at__lt=before))

    for record in gone:
        events.record("external.removed", actor=viewer, target=record, data={"source": source.pk})
    source.records.filter(pk__in=[record.pk for record in gone]).delete()
    return len(gone)


@transaction.atomic
def record_remove(*, viewer: Viewer, record: ExternalRecord) -> None:
    """Forget one record. Raises NotAllowed for who is no manager."""
    _must_manage(viewer)

    events.record("external.removed", actor=viewer, target=record, data={"source": record.source_id})
    record.delete()


def clean_address(value: str, *, field: str) -> str:
    """An http(s) address with a host and no password in it. Raises ValidationError({field: …})."""
    value = clean_line(value, field=field, limit=500)
    try:
        parts = urlsplit(value)
        is_good = parts.scheme in {"http", "https"} and bool(parts.hostname) and "@" not in parts.netloc
    except ValueError:
        is_good = False
    if not is_good or " " in value:
        raise ValidationError({field: _("Give a whole address that begins with http:// or https://.")})
    return value


def _must_manage(viewer: Viewer) -> None:
    if not can_manage_sources(viewer):
        raise NotAllowed(_("Only managers look after external sources."))


def _each_clean(records: list[RecordInput]) -> list[RecordInput]:
    found, problems = [], {}
    for place, record in enumerate(records):
        try:
            found.append(_clean(record))
        except ValidationError as error:
            problems |= {f"records.{place}.{name}": told for name, told in error.message_dict.items()}
    if problems:
        raise ValidationError(problems)
    return found


def _clean(record: RecordInput) -> RecordInput:
    return RecordInput(
        key=clean_line(record.key, field="key", limit=500),
        url=clean_address(record.url, field="url"),
        title=clean_line(record.title, field="title", limit=300),
        body=clean_source(record.body, field="body", limit=MOST_BODY, required=False),
        language=clean_line(record.language, field="language", limit=10, required=False),
        updated_at=record.updated_at,
    )


def _apply(row: ExternalRecord, record: RecordInput, source: ExternalSource, now: datetime) -> bool:
    """Put the record's values on the row; whether anything that is shown or indexed changed."""
    fresh = {
        "url": record.url, "title": record.title, "body": record.body, "language": record.language or source.language,
    }
    if record.updated_at is not None:
        fresh["updated_at"] = record.updated_at  # type: ignore[assignment]
    is_changed = any(getattr(row, name) != value for name, value in fresh.items())
    for name, value in fresh.items():
        setattr(row, name, value)
    if is_changed and record.updated_at is None:
        row.updated_at = now
    return is_changed
