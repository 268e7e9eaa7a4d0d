"""Writing a person's picture: decoded and written anew in the child, kept under a random name."""

from __future__ import annotations

import secrets
from typing import Final

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import policies
from accounts.errors import NotAllowed
from accounts.events import services as events
from accounts.files import file_keep, image_clean
from accounts.models import User
from accounts.viewer import Viewer

FOLDER: Final = "avatars"
SIDE: Final = 256  # pixels: twice the largest that a page shows


def avatar_set(*, viewer: Viewer, user: User, file: File) -> User:
    """Give a person a picture: a square of 256 pixels out of the middle. Their own, or any by an admin.

    Raises NotAllowed, and ValidationError({"avatar": …}) for what is no picture (see `accounts.files.image_clean`) and
    when there is no room to keep it.
    """
    if not policies.can_edit_profile(viewer, user):
        raise NotAllowed(_("You can only change your own profile."))
    return _kept(viewer, user, file)


def avatar_import(*, user: User, file: File) -> User:
    """Give an imported person the picture that they had elsewhere; one who has a picture, or an account, keeps theirs.

    Raises ValidationError({"avatar": …}) as `avatar_set`. A quiet event.
    """
    if user.avatar or user.email or not user.imported_from:
        return user
    with events.quietly():
        return _kept(None, user, file)


def _kept(viewer: Viewer | None, user: User, file: File) -> User:
    picture = image_clean(file, max_side=SIDE, square=True, field="avatar")
    name = f"{secrets.token_urlsafe(16)}.{picture.extension}"
    kept = file_keep(f"{FOLDER}/{name}", picture.content, field="avatar")
    try:
        return _replace(viewer, user, kept.rpartition("/")[2])
    except BaseException:
        default_storage.delete(kept)
        raise


def avatar_remove(*, viewer: Viewer, user: User) -> User:
    """Take the picture away; again is nothing. Raises NotAllowed."""
    if not policies.can_edit_profile(viewer, user):
        raise NotAllowed(_("You can only change your own profile."))
    return _replace(viewer, user, "")


@transaction.atomic
def _replace(viewer: Viewer | None, user: User, name: str) -> User:
    locked = User.objects.select_for_update().get(pk=user.pk)
    before = locked.avatar
    if before == name:
        return locked
    locked.avatar = name
    locked.save(update_fields=["avatar"])
    events.record("user.updated", actor=viewer, target=locked, data={"fields": ["avatar"]})
    if before:
        transaction.on_commit(lambda: default_storage.delete(f"{FOLDER}/{before}"))
    return locked
