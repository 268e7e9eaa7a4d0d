"""From what was typed to what is stored: checked source, rendered HTML, known mentions and tags."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from django.core.exceptions import ValidationError
from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.text import LIMITS, clean_line, clean_source, mentioned_usernames, render_markdown
from community.forums.models import Tag
from community.spaces.tagging import tag_names

MOST_TAGS = 5


def render_body(body: object, *, limit: int = LIMITS["body"]) -> tuple[str, str]:
    """The checked source and its safe HTML, with links to people it mentions. Raises ValidationError({"body": …})."""
    source = clean_source(body, field="body", limit=limit)
    return source, render_markdown(source, people=known_people(source))


def render_bodies(bodies: Iterable[str], *, limit: int) -> list[tuple[str, str]]:
    """`render_body` of many texts, the people whom they mention asked for at once."""
    bodies = list(bodies)
    people = people_in(bodies)
    return [render_known(body, people, limit=limit) for body in bodies]


def people_in(bodies: Iterable[object]) -> dict[str, str]:
    """By name in lower case the usernames that some texts mention and that exist, as they are written; one query."""
    mentioned: set[str] = set()
    for body in bodies:
        mentioned.update(mentioned_usernames(body) if isinstance(body, str) and "@" in body else ())
    return {name.lower(): name for name in people_named(mentioned)}


def render_known(body: object, people: Mapping[str, str], *, limit: int) -> tuple[str, str]:
    """`render_body` with people who were asked for before."""
    source = clean_source(body, field="body", limit=limit)
    names = mentioned_usernames(source) if people and "@" in source else ()
    return source, render_markdown(source, people=[people[name] for name in names if name in people])


def known_people(source: str) -> list[str]:
    """The usernames that a text mentions and that exist."""
    return people_named(mentioned_usernames(source))


def people_named(names: Collection[str]) -> list[str]:
    """Of some usernames in lower case those that exist, as they are written."""
    if not names:
        return []
    people = User.objects.filter(is_active=True).annotate(lower=Lower("username")).filter(lower__in=names)
    return list(people.values_list("username", flat=True))


def clean_title(title: object) -> str:
    """Raises ValidationError({"title": …}) for a title that is empty, under 5 characters or over 200."""
    cleaned = clean_line(title, field="title")
    if len(cleaned) < 5:
        raise ValidationError({"title": _("Say it in a few words: at least 5 characters.")})
    return cleaned


def clean_tags(tags: Iterable[object]) -> list[str]:
    """At most 5 distinct tags, lower case, words joined by hyphens. Raises ValidationError({"tags": …})."""
    names = tag_names(tags)
    if len(names) > MOST_TAGS:
        raise ValidationError({"tags": _("Five tags are the most; these are %(count)s.") % {"count": len(names)}})
    return names


def tag_rows(names: Iterable[str]) -> list[Tag]:
    """The rows of these tags, made where they are new."""
    names = list(names)
    if not names:
        return []
    known = list(Tag.objects.filter(name__in=names))
    if len(known) == len(set(names)):
        return known
    Tag.objects.bulk_create([Tag(name=name) for name in names], ignore_conflicts=True)
    return list(Tag.objects.filter(name__in=names))
