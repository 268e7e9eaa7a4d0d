"""Files from another house: under the address that texts there name, checked and decoded as if they were sent anew."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.events import services as events
from accounts.files import document_text, file_keep
from accounts.uploads.kept import Kept, kept_from
from accounts.uploads.models import TEXT_LIMIT, Upload, UploadUse

KEY: Final = re.compile(r"[\w-]{22}", re.ASCII)
_WAITS: Final = timedelta(days=30)  # for the text that names it: an import may be stopped and go on much later


@dataclass(frozen=True, slots=True)
class UploadRow:
    """`key` is the address over there, `name` what the file is called, its kind by its ending."""

    key: str
    name: str
    owner_id: int | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class UseRow:
    """`target_type` and `target_id` name the text that names the file; one that is not current opens it to nobody."""

    upload_id: int
    target_type: str
    target_id: int
    is_current: bool = True


@transaction.atomic
def upload_import(*, row: UploadRow, file: File) -> Upload:
    """Take in a file under its old address. There is no quota; pictures are decoded and written anew as ever.

    Raises ValidationError({"key": …}) for what is no address or one that is taken: a file that is here already is
    never given out for another. ValidationError({"file": …}) for what cannot be attached.
    """
    if not KEY.fullmatch(row.key):
        raise ValidationError({"key": _("This is no address of a file: 22 letters, digits, - and _.")})
    if Upload.objects.filter(key=row.key).exists():
        raise ValidationError({"key": _("Another file stands at this address.")})
    kept = kept_from(file, row.name)
    upload = Upload(
        key=row.key, name=kept.name, kind=kept.kind, extension=kept.extension, size=kept.size, width=kept.width,
        height=kept.height, has_smaller=kept.smaller is not None, owner_id=row.owner_id, created_at=row.created_at,
        expires_at=timezone.now() + _WAITS,
    )  # fmt: skip
    if not upload.is_image:
        file.seek(0)
        upload.text = document_text(file, upload.name)[:TEXT_LIMIT]
    stored = _stored(upload, kept)
    try:
        upload.save(force_insert=True)
        with events.quietly():
            data = {"size": upload.size, "kind": upload.kind, "imported": True}
            events.record("upload.created", actor=row.owner_id, target=upload, data=data, at=row.created_at)
    except BaseException:
        _forget(stored)
        raise
    return upload


def _stored(upload: Upload, kept: Kept) -> list[str]:
    """The paths that were written; none is left when one of them cannot be."""
    paths: list[str] = []
    _forget([upload.path(), upload.path(smaller=True)])  # nobody's: what a run that was killed left there
    try:
        paths.append(file_keep(upload.path(), kept.content, field="file"))
        if kept.smaller is not None:
            paths.append(file_keep(upload.path(smaller=True), kept.smaller, field="file"))
    except ValidationError:
        _forget(paths)
        raise
    return paths


def _forget(paths: list[str]) -> None:
    for path in paths:
        default_storage.delete(path)


@transaction.atomic
def uses_import(*, rows: Sequence[UseRow]) -> None:
    """Say which imported texts name which files; what is known already stays. Quiet events, so that search hears."""
    now = timezone.now()
    made = [
        UploadUse(
            upload_id=row.upload_id, target_type=row.target_type, target_id=row.target_id, is_current=row.is_current,
            created_at=now,
        )
        for row in rows
    ]  # fmt: skip
    UploadUse.objects.bulk_create(made, ignore_conflicts=True)
    Upload.objects.filter(pk__in={row.upload_id for row in rows}).update(expires_at=None)
    with events.quietly():
        for row in rows:
            data = {"uploads": [row.upload_id], "imported": True}
            events.record("upload.used", target=(row.target_type, row.target_id), data=data, at=now)
