"""How much one person may send: so that one account cannot fill the disk."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.uploads.models import Upload
from accounts.uploads.selectors import held_by
from accounts.viewer import Viewer

MEGABYTE: Final = 1_000_000
# In megabytes and files a day: new people, everyone else, staff.
NEW, MEMBER, STAFF = (50, 10), (500, 100), (20_000, 1_000)


def allowance(viewer: Viewer) -> tuple[int, int]:
    """The most bytes in all and the most files in 24 hours."""
    most, daily = STAFF if viewer.is_staff else MEMBER if viewer.trust_level > User.TrustLevel.NEW else NEW
    return most * MEGABYTE, daily


def check_quota(viewer: Viewer, size: int) -> None:
    """Raises ValidationError({"file": …}) when `size` bytes more are over what the viewer may send; two queries."""
    most, daily = allowance(viewer)
    since = timezone.now() - timedelta(days=1)
    if Upload.objects.of_owner(viewer.user_id).filter(created_at__gte=since).count() >= daily:
        told = _("You have sent %(n)s files in the last 24 hours, which is the most. Try again tomorrow.")
        raise ValidationError({"file": told % {"n": daily}})
    if held_by(viewer).size + size > most:
        told = _("With this your files would take more than %(most)s MB, which is the most. Ask a moderator for room.")
        raise ValidationError({"file": told % {"most": f"{most // MEGABYTE:,}"}})


def locked_person(viewer: Viewer) -> None:
    """Until the transaction ends, the person's other files wait here."""
    list(User.objects.select_for_update(no_key=True).filter(pk=viewer.user_id).values_list("pk"))
