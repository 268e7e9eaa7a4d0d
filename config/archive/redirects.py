"""Where an old address leads now, for somebody who may see what is there."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from django.db.models import Model

from accounts.models import User
from accounts.viewer import Viewer, viewer_for
from community.forums import policies as posts
from community.forums.models import Post, Topic
from community.spaces.models import Space
from config.archive.addresses import found_at, names_of
from config.archive.links import Target, host_of
from config.models import OldAddress
from knowledge import policies as pages
from knowledge.models import ArticlePage, WikiPage

Kind = OldAddress.Kind
_SEEN: Final[dict[str, Callable[[Viewer], object]]] = {
    Kind.TOPIC: lambda viewer: Topic.objects.visible_to(viewer),
    Kind.POST: lambda viewer: Post.objects.visible_to(viewer).select_related("topic"),
    Kind.MEMBER: lambda viewer: User.objects.filter(is_active=True),
    Kind.SPACE: lambda viewer: Space.objects.visible_to(viewer),
    Kind.ARTICLE: lambda viewer: ArticlePage.objects.visible_to(viewer),
    Kind.WIKI: lambda viewer: WikiPage.objects.visible_to(viewer),
}
_ROWS: Final[dict[str, Callable[[], object]]] = {
    Kind.TOPIC: lambda: Topic.objects.select_related("space"),
    Kind.POST: lambda: Post.objects.select_related("topic__space"),
    Kind.MEMBER: lambda: User.objects, Kind.SPACE: lambda: Space.objects,
    Kind.ARTICLE: lambda: ArticlePage.objects.filter(live=True), Kind.WIKI: lambda: WikiPage.objects.filter(live=True),
}  # fmt: skip


def address_now(url: str, *, host: str, viewer: Viewer) -> str:
    """The address that follows an old one; empty where there is none, and where the viewer may not see it."""
    line = found_at(url, host=host)
    if line is None:
        return ""
    target: Model | None = _SEEN[line.kind](viewer).filter(pk=line.target_id).first()  # type: ignore[attr-defined]
    return target.get_absolute_url() if target else ""  # type: ignore[attr-defined]


def targets(urls: Iterable[str]) -> dict[str, Target]:
    """Where links in imported texts lead now, by the old address. Only addresses with a host that is in the book."""
    names = {url: names_of(url) for url in urls if host_of(url)}
    wanted = {name for some in names.values() for name in some}
    lines = {(line.name, line.host): line for line in OldAddress.objects.filter(name__in=wanted).exclude(host="")}
    rows: dict[tuple[str, int], Model] = {}
    for kind, manager in _ROWS.items():
        ids = [line.target_id for line in lines.values() if line.kind == kind]
        rows |= {(kind, pk): row for pk, row in (manager().in_bulk(ids) if ids else {}).items()}  # type: ignore[attr-defined]
    found, everyone = {}, viewer_for(None)
    for url, some in names.items():
        line = next((lines[name, host_of(url)] for name in some if (name, host_of(url)) in lines), None)
        row = rows.get((line.kind, line.target_id)) if line else None
        if row is not None:
            found[url] = Target(row.get_absolute_url(), title_for_all(row, everyone))  # type: ignore[attr-defined]
    return found


def title_for_all(row: Model, everyone: Viewer) -> str:
    """The title to show in a text that others read; empty where not everyone may see what it names."""
    match row:
        case Post():
            return row.topic.title if posts.can_see_post(everyone, row) else ""
        case Topic():
            return row.title if posts.can_see_topic(everyone, row) else ""
        case ArticlePage() | WikiPage():
            return row.title if pages.can_see(everyone, row) else ""
        case Space():
            return row.name if row.pk in everyone.ids("space") else ""
    return str(row)
