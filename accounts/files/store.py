"""Putting bytes that were taken in where files are kept."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils.translation import gettext as _


def file_keep(path: str, content: bytes, *, field: str) -> str:
    """Store the bytes under a path that nobody uses yet; returns the name they were stored under.

    Raises ValidationError({field: …}) when the store is full or away; then nothing is left behind.
    """
    try:
        return default_storage.save(path, ContentFile(content))
    except OSError as error:
        default_storage.delete(path)  # a full disk keeps the first half
        told = _("This file could not be kept: there is no room for it at the moment. Try again later.")
        raise ValidationError({field: told}) from error
