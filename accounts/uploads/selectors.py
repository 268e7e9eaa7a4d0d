"""Reading files: what a text names, and what a person has sent."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from django.db.models import Sum
from django.urls import reverse

from accounts.text.files import FileShown
from accounts.uploads.models import Upload
from accounts.viewer import Viewer

ADDRESS: Final = re.compile(r"/files/([\w-]{22})(?=/)", re.ASCII)
MOST_NAMED: Final = 100


def keys_in(source: str) -> list[str]:
    """The distinct keys of files that a text names, in order, at most 100."""
    if "/files/" not in source:
        return []
    return list(dict.fromkeys(ADDRESS.findall(source)))[:MOST_NAMED]


def shown_in(source: str) -> dict[str, FileShown]:
    """What the renderer shows of the files that a text names, by key; a text without any costs no query."""
    keys = keys_in(source)
    if not keys:
        return {}
    found = Upload.objects.filter(key__in=keys).for_page()
    return {upload.key: _shown(upload) for upload in found}


def _shown(upload: Upload) -> FileShown:
    if not upload.is_image:
        return FileShown(upload.get_absolute_url(), "", 0, 0)
    source = upload.get_absolute_url()
    smaller = reverse("uploads:smaller", args=[upload.key, upload.name]) if upload.has_smaller else source
    return FileShown(source, smaller, upload.width, upload.height)


@dataclass(frozen=True, slots=True)
class Held:
    """How much a person has sent, in all: `size` in bytes."""

    size: int


def held_by(viewer: Viewer) -> Held:
    total = Upload.objects.of_owner(viewer.user_id).aggregate(total=Sum("size"))["total"]
    return Held(total or 0)
