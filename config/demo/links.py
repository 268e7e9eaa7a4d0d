"""Turns `[[topic:key]]`, `[[article:key|words]]`, `[[wiki:key]]` and `[[date:41d]]` in the content into Markdown."""

from __future__ import annotations

import re

from django.utils.formats import date_format

from config.demo.ages import span
from config.demo.files import BadContent, documents
from config.demo.world import World

_LINK = re.compile(r"\[\[(topic|article|wiki|date|iso):([^\]|]+)(?:\|([^\]]+))?\]\]")


def written(source: str, world: World) -> str:
    """The text with its links and dates filled in. Raises BadContent for a link to something that is not there."""
    return _LINK.sub(lambda match: _target(match, world), source)


def _target(match: re.Match[str], world: World) -> str:
    kind, key, words = match[1], match[2].strip(), match[3]
    if kind in {"date", "iso"}:
        day = world.now + span(key[1:]) if key.startswith("-") else world.now - span(key)
        return day.date().isoformat() if kind == "iso" else date_format(day, "j F")
    if kind == "topic":
        if key not in world.topics:
            raise BadContent(f"A link to the topic “{key}”, which is not there (yet).")
        topic = world.topics[key]
        return f"[{words or topic.title}]({topic.get_absolute_url()})"
    title, path = pages(kind).get(key, ("", ""))
    if not path:
        raise BadContent(f"A link to the {kind} “{key}”, which is not there.")
    return f"[{words or title}]({path})"


def pages(kind: str) -> dict[str, tuple[str, str]]:
    """Title and address of every article or wiki page, before it is loaded: addresses are made of the files' names."""
    folder, root = ("articles", "kb") if kind == "article" else ("wiki", "wiki")
    return {page.key: (page.head["title"], f"/{root}/{page.folder}/{page.key}/") for page in documents(folder)}
