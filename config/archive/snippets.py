"""What a thread of kind snippet has beyond a thread: versions of its files, and who uses it; people are still names."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from django.core.exceptions import ValidationError

from community.forums.models import Topic
from community.snippets.files import CodeFile, checked
from community.snippets.models import MOST_CODE, Snippet, SnippetFile, SnippetVersion
from community.snippets.services import SnippetRow, VersionRow
from config.archive.fields import Row
from config.archive.people import Authors
from config.archive.problem import problem_from

PREFETCHED: Final = ("snippet__versions__files", "snippet__versions__saved_by", "snippet__uses__user")


@dataclass(slots=True)
class NamedVersion:
    files: list[SnippetFile]
    label: str
    note: str
    by: str
    at: datetime


@dataclass(slots=True)
class NamedSnippet:
    """As `SnippetRow` of the code library, with names."""

    versions: list[NamedVersion]
    users: list[str] = field(default_factory=list)

    def people(self) -> Iterator[tuple[str, datetime | None]]:
        yield from ((version.by, version.at) for version in self.versions)
        yield from ((name, None) for name in self.users)

    def row(self, topic: Topic, authors: Authors) -> SnippetRow:
        versions = [VersionRow(one.files, one.label, one.note, authors.id_of(one.by), one.at) for one in self.versions]
        return SnippetRow(topic, versions, authors.ids_of(self.users))


def snippet_of(row: Row) -> NamedSnippet:
    """Raises RowProblem by field of `snippet`."""
    part = row.part("snippet")
    versions = [_version(entry) for entry in part.rows("versions")]
    if not versions:
        raise part.refuse("versions", "must hold at least one")
    return NamedSnippet(versions, list(dict.fromkeys(part.words("users"))))


def _version(entry: Row) -> NamedVersion:
    at = entry.moment("saved", required=True)
    assert at  # noqa: S101 (required)
    files = [
        CodeFile(
            name=file.text("name", limit=100), code=file.text("code", limit=MOST_CODE),
            language=file.text("language", limit=20, required=False),
        )
        for file in entry.rows("files")
    ]  # fmt: skip
    try:
        rows = checked(files)
    except ValidationError as error:
        problem = problem_from(error)
        raise entry.refuse(problem.field, problem.why) from None
    return NamedVersion(
        rows, entry.text("label", limit=40, required=False), entry.text("note", limit=300, required=False),
        entry.text("by", limit=150, required=False), at,
    )  # fmt: skip


def snippet_told(snippet: Snippet, *, is_whole: bool) -> dict[str, Any]:
    """A snippet as it is exported; who uses it leaves the house only with everything."""
    told: dict[str, Any] = {"versions": [_told(version) for version in reversed(snippet.versions.all())]}
    return told | ({"users": [use.user.username for use in snippet.uses.all()]} if is_whole else {})


def _told(version: SnippetVersion) -> dict[str, Any]:
    files = [{"name": file.name, "language": file.language, "code": file.code} for file in version.files.all()]
    return {
        "label": version.label, "note": version.note, "by": version.saved_by.username if version.saved_by else None,
        "saved": version.saved_at.isoformat(), "files": files,
    }  # fmt: skip
