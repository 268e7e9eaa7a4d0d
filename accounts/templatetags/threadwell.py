"""The template tags of every page. `rendered` is the one place where HTML is called safe."""

from __future__ import annotations

import zlib
from datetime import datetime
from functools import lru_cache

import lucide as icons
from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

register = template.Library()


@register.simple_tag
def rendered(html: str) -> SafeString:
    """HTML that a service rendered and sanitised (`post.html`, `idea.html`); never anything else."""
    return mark_safe(html)  # noqa: S308


@register.simple_tag(name="lucide")
def icon(name: str, **attributes: object) -> SafeString:
    """An icon of the lucide set: `{% lucide "bell" %}`; silent to screen readers unless it has an `aria_label`.

    An unknown name (spaces choose theirs) draws a circle. Drawn once a process, because pages hold dozens of them.
    """
    return _drawn(str(name), tuple(sorted((key, str(value)) for key, value in attributes.items())))


@lru_cache(maxsize=1_000)
def _drawn(name: str, attributes: tuple[tuple[str, str], ...]) -> SafeString:
    try:
        shape = icons._render_icon(name, None)
    except icons.IconDoesNotExist:
        shape = icons._render_icon("circle", None)
    given = {key.replace("_", "-"): value for key, value in attributes}
    wanted = {"class": "i", "viewBox": "0 0 24 24"} | given
    wanted |= {"role": "img"} if "aria-label" in given else {"aria-hidden": "true"}
    inner = " ".join(shape.partition(">")[2].rpartition("</svg>")[0].split())
    opening = format_html_join("", ' {}="{}"', wanted.items())
    return format_html("<svg{}>{}</svg>", opening, mark_safe(inner.replace("> <", "><").replace(" />", "/>")))  # noqa: S308


@register.simple_tag
def when(moment: datetime | None, style: str = "") -> str:
    """A time: “3 days ago” by the browser's clock (“3 d” in style `short`), the date where there is no script."""
    if moment is None:
        return ""
    local = timezone.localtime(moment)
    form = "j M" if style and local.year == timezone.localdate().year else "j M Y"
    return format_html(
        '<relative-time{}><time datetime="{}" title="{}">{}</time></relative-time>',
        mark_safe(" short") if style else "",
        local.isoformat(timespec="seconds"), date_format(local, "DATETIME_FORMAT"), date_format(local, form),
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


@register.simple_tag
def demo_people() -> list:
    """The demo accounts for the sign-in page; none unless DEBUG is on."""
    from accounts.selectors import demo_people as found

    return found()
