"""Markdown to safe HTML: the one renderer for every entrance (pages, preview, API, /cms/, mail, imports).

The work itself is done by `accounts.sandbox.markup`: a text of everyday length here, a long one in a child process that
is killed after two seconds of processor time.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from typing import Final

from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import sandbox
from accounts.sandbox.markup import heading_anchor, render, sanitise
from accounts.sandbox.markup.rules import MENTION
from accounts.sandbox.refusal import Refused
from accounts.text.files import files_in

__all__ = ["heading_anchor", "mentioned_usernames", "render_markdown", "sanitise"]

# Up to here the worst text that we know of takes about 0.2 s; beyond it the child's start (0.15 s) buys the deadline.
SHORT: Final = 8_000
DEADLINE_CPU: Final = 2  # seconds of processor: a busy machine refuses nobody
DEADLINE_CLOCK: Final = 20.0
MEMORY: Final = 512 * 1024 * 1024


def render_markdown(source: str, *, people: Iterable[str] = (), field: str = "body") -> str:
    """Safe HTML from Markdown: CommonMark with tables, strike-through, task lists, bare links, coloured code, spoilers
    (`||word||`, `:::spoiler`) and footnotes (`[^1]`).

    `people` are the usernames that exist among `mentioned_usernames(source)`; only they become links.
    Raises ValidationError({field: …}) when the output would grow beyond 20 times the source (10,000 characters are
    always granted) or 2,000,000 characters, and when rendering takes more than two seconds of processor time.
    """
    known = {name.lower(): (name, reverse("accounts:profile", args=[name])) for name in people}
    files = files_in(source)
    notes = secrets.token_hex(4) if "[^" in source else ""  # ids on a page of many texts
    try:
        if len(source) <= SHORT:
            return render(source, known, files, notes)
        _told, html = sandbox.run(
            "markdown", source.encode(), cpu=DEADLINE_CPU, seconds=DEADLINE_CLOCK, memory=MEMORY, people=known,
            files=files, notes=notes,
        )  # fmt: skip
        return html.decode()
    except (Refused, sandbox.JobRefused, RecursionError) as error:
        raise ValidationError({field: _("This text unfolds into far too much output. Simplify its markup.")}) from error
    except sandbox.JobFailed as error:
        raise ValidationError({field: _("This text takes too long to lay out. Simplify its markup.")}) from error


def mentioned_usernames(source: str) -> list[str]:
    """The distinct names after an @ in a text, in order, at most 50; whether they exist is for the caller to ask."""
    names = (match[1].rstrip(".").lower() for match in MENTION.finditer(source))
    return list(dict.fromkeys(names))[:50]
