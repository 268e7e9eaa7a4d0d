"""What a person gave to the code library and uses from it, in the copy of their data."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from accounts.takeout.parts import Row, Taker, register_part
from community.forums.takeout import topics_of
from community.snippets.models import SnippetUse, SnippetVersion


def register_all() -> None:
    register_part(
        "code", label=_("Code that you saved"), place=13, show=versions,
        columns=[("snippets.SnippetVersion", "saved_by")], rows=versions_of,
    )  # fmt: skip
    register_part(
        "code-used", label=_("Code that you use"), place=31, show=uses, columns=[("snippets.SnippetUse", "user")],
        rows=lambda taker: SnippetUse.objects.filter(user=taker.user),
    )  # fmt: skip


def versions_of(taker: Taker):
    rows = SnippetVersion.objects.filter(saved_by=taker.user).select_related("snippet__topic")
    return rows.prefetch_related("files")


def versions(taker: Taker, rows: Sequence[SnippetVersion]) -> list[Row]:
    """A later version holds what others wrote before: it is in the copy while they may read it, or where they began."""
    found = topics_of(taker, (row.snippet_id for row in rows))
    return [_version(taker, row, found.get(row.snippet_id, {})) for row in rows]


def _version(taker: Taker, row: SnippetVersion, place: Row) -> Row:
    is_theirs = bool(place) or row.snippet.topic.author_id == taker.user.pk
    files = [{"name": file.name, "language": file.language, "code": file.code} for file in row.files.all()]
    return place | {
        "topic": row.snippet_id, "version": row.number, "label": row.label, "note": row.note,
        "saved_at": row.saved_at, "files": files if is_theirs else [],
    }  # fmt: skip


def uses(taker: Taker, rows: Sequence[SnippetUse]) -> list[Row]:
    found = topics_of(taker, (row.snippet_id for row in rows))
    return [found.get(row.snippet_id, {}) | {"topic": row.snippet_id, "since": row.created_at} for row in rows]
