"""What pages pick out of the menu's spaces, which every page reads anyway."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import template

from community.spaces.models import Space

register = template.Library()


@register.filter
def parts_of(menu: Iterable[Any], space: Space) -> list[Any]:
    """Those of the menu that are parts of a space; the menu holds only what its viewer may read."""
    return [part for part in menu if part.above == space.pk] if space.has_parts else []
