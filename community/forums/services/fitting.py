"""Whether a topic keeps the rules of a space that it was not started in."""

from __future__ import annotations

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from community.forums.models import Kind
from community.spaces.models import Space
from community.spaces.tagging import check_listed


def check_fits(space: Space, *, kind: str, title: str, tags: Iterable[str]) -> None:
    """Raises ValidationError({"space": …}) where a space takes no topics of this kind, or none with these tags.

    Who may start or tag there is not asked: moving is for those who moderate it.
    """
    if not space.allows(kind):
        told = _(
            "“%(space)s” takes no topics of the kind “%(kind)s”, as “%(title)s” is one. "
            "Choose another space, or let it take them in its settings."
        )
        words = {"space": space.name, "kind": Kind(kind).label, "title": title}
        raise ValidationError({"space": told % words})
    try:
        check_listed(space, list(tags))
    except ValidationError as error:
        told = _("%(why)s Change the tags of “%(title)s” first: edit its first post.")
        raise ValidationError({"space": told % {"why": " ".join(error.messages), "title": title}}) from error
