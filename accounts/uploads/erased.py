"""What erasing a person does to the files that they sent.

Pictures were decoded and written anew, so they hold nothing but what is seen; those that a text names stay with it.
Documents say inside who made them, in forms that nobody can clean surely, so they go.
"""

from __future__ import annotations

from django.core.files.storage import default_storage

from accounts.erasing.rules import Rows, leave_empty, register_link, register_text, register_words
from accounts.events import services as events
from accounts.uploads.models import Upload, UploadUse


def register_all() -> None:
    register_link("uploads.Upload", "owner", owner_leaves)
    register_words("uploads.Upload", "owner", files_go)
    register_text("uploads.Upload", "name", "text", changed=_renamed)


def owner_leaves(rows: Rows, field: str) -> None:
    """Pictures that a text names lose their owner; everything else goes."""
    named = set(UploadUse.objects.filter(upload__in=rows).values_list("upload", flat=True))
    stay = [row for row in rows if row.kind == Upload.Kind.IMAGE and row.pk in named]
    gone = [row for row in rows if row not in stay]
    if stay:
        Upload.objects.filter(pk__in=[row.pk for row in stay]).update(name="picture")
        leave_empty(stay, field)
    if gone:
        files_go(gone, field)


def files_go(rows: Rows, field: str) -> None:
    """The bytes first: a crash in between leaves a row whose file is gone, and the next piece takes the row."""
    for use in UploadUse.objects.filter(upload__in=rows):
        events.record("upload.used", target=(use.target_type, use.target_id), data={"uploads": []})
    for row in rows:
        for path in {row.path(), row.path(smaller=True)}:
            default_storage.delete(path)
        events.record("upload.removed", target=row, data={"size": row.size})
    Upload.objects.filter(pk__in=[row.pk for row in rows]).delete()


def _renamed(rows: Rows) -> None:
    for row in rows:
        events.record("upload.read", target=row, data={})
