"""How a copy reads: a page that a browser opens from the disk, without a script, and a word before it in plain text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _

from accounts.takeout.parts import Part, Taker

TITLE, ADDRESS, TEXT, FILE = "title", "address", "text", "file"
LONG: Final = 60  # characters of a value after which it has a line of its own


def readme(taker: Taker, counted: Sequence[tuple[Part, int]]) -> str:
    """In plain words: whose it is, what is where, and what is not in it."""
    return render_to_string("takeout/readme.txt", _said(taker) | {"parts": counted})


def head(taker: Taker, shown: Sequence[Part]) -> str:
    return render_to_string("takeout/page.txt", _said(taker) | {"parts": shown})


def _said(taker: Taker) -> dict[str, Any]:
    return {
        "person": taker.user, "site": settings.SITE_NAME, "address": settings.SITE_URL, "now": timezone.now(),
        "contact": settings.DEFAULT_FROM_EMAIL,
    }  # fmt: skip


def heading(part: Part) -> str:
    return format_html('<section id="{}"><h2>{}</h2>\n', part.name, part.label)


def entry(row: Mapping[str, Any]) -> str:
    """A row: its title, what is known of it, and its text as it was written."""
    title, address, text, file = (row.get(key) for key in (TITLE, ADDRESS, TEXT, FILE))
    heading = format_html('<a href="{}" rel="noreferrer">{}</a>', address, title) if title and address else title
    return format_html(
        "<article>{}{}{}{}</article>\n",
        format_html("<h3>{}</h3>", heading) if heading else "",
        _facts({key: value for key, value in row.items() if key not in (TITLE, ADDRESS, TEXT, FILE)}),
        format_html('<div class="text">{}</div>', text) if text else "",
        format_html('<p><a href="{}">{}</a></p>', file, _("Open the file")) if file else "",
    )


def ending() -> str:
    return "</section>\n"


def foot() -> str:
    return "</main></body></html>\n"


def _facts(row: Mapping[str, Any]) -> str:
    """Pairs of a word and its value; what is empty says nothing."""
    told = [(key, value) for key, value in row.items() if value not in (None, "", [], {})]
    if not told:
        return ""
    pairs = format_html_join("", "<dt>{}</dt><dd>{}</dd>", ((_name(key), _value(value)) for key, value in told))
    return format_html("<dl>{}</dl>", pairs)


def _name(key: str) -> str:
    return key.removeprefix("is_").replace("_", " ")


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, Mapping):
        return _facts(value)
    if isinstance(value, list):
        return format_html("<ul>{}</ul>", format_html_join("", "<li>{}</li>", ((_value(one),) for one in value)))
    text = str(value)
    if text.startswith(("http://", "https://")):
        return format_html('<a href="{}" rel="noreferrer">{}</a>', text, text)
    if len(text) > LONG or "\n" in text:
        return format_html('<div class="text">{}</div>', text)
    moment = _moment(text)
    return moment or text


def _moment(text: str) -> str:
    """A time as people read it, in UTC; nothing for what is none."""
    if len(text) < 19 or text[4:5] != "-" or text[10:11] != "T":
        return ""
    try:
        moment = parse_datetime(text)
    except ValueError:
        return ""
    return f"{moment:%Y-%m-%d %H:%M} UTC" if moment else ""
