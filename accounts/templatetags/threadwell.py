"""The template tags of every page. `rendered` is the one place where HTML is called safe."""

from __future__ import annotations

import zlib
from datetime import datetime

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

register = template.Library()


@register.simple_tag
def rendered(html: str) -> SafeString:
    """HTML that a service rendered and sanitised (`post.html`, `idea.html`); never anything else."""
    return mark_safe(html)  # noqa: S308


@register.simple_tag
def when(moment: datetime | None) -> str:
    """A time: “3 days ago” by the browser's clock, the date where there is no script."""
    if moment is None:
        return ""
    local = timezone.localtime(moment)
    return format_html(
        '<relative-time datetime="{}" title="{}"><time datetime="{}">{}</time></relative-time>',
        local.isoformat(), date_format(local, "DATETIME_FORMAT"), local.isoformat(), date_format(local, "j M Y"),
    )


@register.filter
def initials(name: str) -> str:
    """Up to two letters for an avatar: “Mara Keller” gives MK."""
    parts = [part for part in str(name).replace("_", " ").replace(".", " ").split() if part[0].isalnum()]
    if not parts:
        return "?"
    return (parts[0][0] + (parts[-1][0] if len(parts) > 1 else parts[0][1:2])).upper()


@register.filter
def hue(name: str) -> int:
    """One of twelve steady avatar colours for a name."""
    return zlib.crc32(str(name).encode()) % 12
