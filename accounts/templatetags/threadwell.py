"""The template tags of every page. `rendered` is the one place where HTML is called safe."""

from __future__ import annotations

import json
import secrets
import zlib
from collections.abc import Callable, Hashable, Mapping
from datetime import datetime
from functools import lru_cache
from urllib.parse import quote

import lucide as icons
from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import LazyObject
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from accounts import fragments
from accounts.shapes import Words

register = template.Library()


@register.simple_tag
def rendered(html: str) -> SafeString:
    """HTML that a service rendered and sanitised (`post.html`, `idea.html`); never anything else."""
    return mark_safe(html)  # noqa: S308


@register.simple_tag
def structured_data(data: Mapping[str, object]) -> SafeString:
    """JSON-LD for search engines: data, which no browser runs. As Django's `json_script`, which knows one type only."""
    text = json.dumps(data, ensure_ascii=False).translate(_NOT_IN_SCRIPTS)
    return mark_safe(f'<script type="application/ld+json">{text}</script>')  # noqa: S308


_NOT_IN_SCRIPTS = {ord(">"): "\\u003E", ord("<"): "\\u003C", ord("&"): "\\u0026"}


@register.simple_tag(takes_context=True)
def kept(context: template.Context, piece: str, **values: Hashable) -> SafeString:
    """A piece of the page that is rendered once and kept: `{% kept "components/keys.html" roles=roles %}`.

    Its template sees the values given here and the slots `csrf_token`, `here` and `here_quoted`, and nothing else.
    """
    return kept_piece(context, piece, {key: _plain(value) for key, value in values.items()})


def _plain(value: Hashable) -> Hashable:
    """What a lazy value stands for, so that a kept piece does not hold the request that it came from."""
    return value.__reduce__()[1][0] if isinstance(value, LazyObject) else value


def kept_piece(
    context: template.Context, name: str, values: Mapping[str, Hashable], *, more: Callable | None = None
) -> SafeString:
    """For tags of rooms that make the values themselves; `more` as in `fragments.filled`."""
    here = context["request"].get_full_path if "request" in context else str
    slots = {
        "csrf_token": lambda: str(context.get("csrf_token", "")),
        "here": lambda: escape(here()),
        "here_quoted": lambda: quote(here()),
        "key": lambda: secrets.token_urlsafe(16),
    }
    # The template escaped what it was given; the slots are filled with what is escaped here.
    return mark_safe(fragments.filled(name, values, slots, more=more))  # noqa: S308


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
    return _told(moment, style, *fragments.here())


@lru_cache(maxsize=5_000)
def _told(moment: datetime, style: str, _language: str, _zone: str, year: int) -> SafeString:
    """A time in words, once a process for each language and time zone."""
    local = timezone.localtime(moment)
    form = "j M" if style and local.year == year else "j M Y"
    return format_html(
        '<relative-time{}><time datetime="{}" title="{}">{}</time></relative-time>',
        mark_safe(" short") if style else "",
        local.isoformat(timespec="seconds"), date_format(local, "DATETIME_FORMAT"), date_format(local, form),
    )


@register.filter
def words(text: str) -> Words:
    """A text that may differ without a piece being another one: `{% kept "a.html" title=title|words %}`."""
    return Words(text or "")


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
