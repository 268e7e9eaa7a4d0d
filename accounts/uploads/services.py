"""Taking files in, saying where they stand, and letting go of what stands nowhere."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Final

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.errors import NotAllowed
from accounts.events import services as events
from accounts.events.models import Event
from accounts.files import document_text, file_keep
from accounts.uploads import policies, selectors
from accounts.uploads.kept import Kept, kept_from
from accounts.uploads.models import TEXT_LIMIT, Upload, UploadUse
from accounts.uploads.places import places
from accounts.uploads.quotas import check_quota, locked_person
from accounts.viewer import Viewer

ORPHAN_FOR: Final = timedelta(days=1)  # sent, and the text was never
LAST_USE_FOR: Final = timedelta(days=30)  # the last text that named it is gone
PURGE_AT_ONCE: Final = 200


def upload_create(*, viewer: Viewer, file: File, name: str = "", at: datetime | None = None) -> Upload:
    """Take in a picture (decoded and written anew, without EXIF) or an attachment; its owner's until a text names it.

    Raises NotAllowed for nobody, and ValidationError({"file": …}) for what cannot be attached or is over the quota.
    """
    if not policies.can_upload(viewer):
        raise NotAllowed(_("Sign in to send files."))
    check_quota(viewer, file.size or 0)
    kept = kept_from(file, name or file.name or "")
    upload = Upload(
        key=secrets.token_urlsafe(16), name=kept.name, kind=kept.kind, extension=kept.extension, size=kept.size,
        width=kept.width, height=kept.height, has_smaller=kept.smaller is not None, owner_id=viewer.user_id,
    )  # fmt: skip
    _stored(upload, kept)
    try:
        return _recorded(viewer, upload, at or timezone.now())
    except BaseException:
        _forget_files(upload)
        raise


@transaction.atomic
def _recorded(viewer: Viewer, upload: Upload, now: datetime) -> Upload:
    locked_person(viewer)  # two at once cannot both be the last that fits
    check_quota(viewer, upload.size)
    upload.created_at, upload.expires_at = now, now + ORPHAN_FOR
    upload.save(force_insert=True)
    events.record("upload.created", actor=viewer, target=upload, data={"size": upload.size, "kind": upload.kind})
    return upload


def _stored(upload: Upload, kept: Kept) -> None:
    """Raises ValidationError({"file": …}) when the store is full or away; then nothing is left behind."""
    try:
        file_keep(upload.path(), kept.content, field="file")
        if kept.smaller is not None:
            file_keep(upload.path(smaller=True), kept.smaller, field="file")
    except ValidationError:
        _forget_files(upload)
        raise


def _forget_files(upload: Upload) -> None:
    for path in {upload.path(), upload.path(smaller=True)}:
        default_storage.delete(path)


def uses_set(
    *,
    viewer: Viewer,
    target: models.Model | tuple[str, int],
    source: str,
    before: str = "",
    at: datetime | None = None,
) -> None:
    """Part of the service that writes `target`, in its transaction: say which files its text names now, and before.

    A file is added by its owner only: naming somebody else's opens it to nobody. Costs nothing where neither text
    names a file.
    """
    keys, gone = selectors.keys_in(source), selectors.keys_in(before)
    if not keys and not gone:
        return
    target_type, target_id = events.target_of(target)
    rows = UploadUse.objects.filter(target_type=target_type, target_id=target_id)
    changed = rows.filter(is_current=True).exclude(upload__key__in=keys).update(is_current=False)
    changed += rows.filter(is_current=False, upload__key__in=keys).update(is_current=True)

    owned = Upload.objects.of_owner(viewer.user_id).filter(key__in=keys).exclude(pk__in=rows.values("upload"))
    new = list(owned.select_for_update().for_page())
    if not new and not changed:
        return
    now = at or timezone.now()
    UploadUse.objects.bulk_create(
        [UploadUse(upload=upload, target_type=target_type, target_id=target_id, created_at=now) for upload in new],
        ignore_conflicts=True,
    )
    Upload.objects.filter(pk__in=[upload.pk for upload in new]).update(expires_at=None)
    data = {"uploads": [upload.pk for upload in new]}
    events.record("upload.used", actor=viewer, target=target, data=data, at=now)


@transaction.atomic
def upload_remove(*, viewer: Viewer, upload: Upload) -> None:
    """Take back a file that no text names. Raises NotAllowed for anybody else's, and for one that a text names."""
    locked = Upload.objects.select_for_update().for_page().filter(pk=upload.pk).first()
    if locked is None:
        return
    if not policies.can_remove(viewer, locked):
        raise NotAllowed(_("A text names this file. Take it out of there."))
    _removed(locked, viewer)


def _removed(upload: Upload, actor: Viewer | None) -> None:
    events.record("upload.removed", actor=actor, target=upload, data={"size": upload.size, "owner": upload.owner_id})
    transaction.on_commit(lambda: _forget_files(upload))
    upload.delete()


def uploads_purge(*, now: datetime | None = None) -> int:
    """Let go of files that no text names, a bounded number at a time; returns how many.

    One that was never named goes a day after it came, one whose last text is gone after 30 days. May run anywhere at
    any time: each file is looked at again under its lock.
    """
    now = now or timezone.now()
    _drop_lost_uses(now)
    done = 0
    for pk in list(Upload.objects.expired(now).values_list("pk", flat=True)[:PURGE_AT_ONCE]):
        with transaction.atomic():
            upload = Upload.objects.select_for_update(skip_locked=True).for_page().filter(pk=pk).first()
            if upload is None or upload.uses.exists():
                continue
            _removed(upload, None)
            done += 1
    return done


def _drop_lost_uses(now: datetime) -> None:
    """Uses whose post is deleted for good; a file without any other begins to expire."""
    for place in places():
        lost = UploadUse.objects.filter(target_type=place.name).exclude(target_id__in=place.every().values("pk"))
        found = list(lost.values_list("pk", "upload")[:PURGE_AT_ONCE])
        if not found:
            continue
        with transaction.atomic():
            UploadUse.objects.filter(pk__in=[pk for pk, _upload in found]).delete()
            files = Upload.objects.filter(pk__in={upload for _pk, upload in found}, uses=None)
            files.update(expires_at=now + LAST_USE_FOR)


def text_read(event: Event) -> None:
    """Subscriber of upload.created: read what search is to find of a document; a picture has no text."""
    upload = Upload.objects.for_page().filter(pk=event.target_id, kind=Upload.Kind.DOCUMENT).first()
    if upload is None:
        return
    try:
        with default_storage.open(upload.path()) as file:
            text = document_text(file, upload.name)[:TEXT_LIMIT]
    except FileNotFoundError:
        return
    with transaction.atomic():
        Upload.objects.filter(pk=upload.pk).update(text=text)
        events.record("upload.read", target=upload, data={"length": len(text)})
