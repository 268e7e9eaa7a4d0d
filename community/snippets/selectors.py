"""Reading snippets for pages: the library, one snippet, its versions. Each is a constant number of queries."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from io import BytesIO

from django.db.models import BooleanField, Exists, OuterRef, Value

from accounts.viewer import Viewer
from community.snippets.models import Snippet, SnippetFile, SnippetUse, SnippetVersion
from community.snippets.querysets import SnippetQuerySet
from knowledge.selectors.diff import Line, lines_changed

SORTS = ("latest", "used")
MOST_VERSIONS = 50


def with_my_use(snippets: SnippetQuerySet, viewer: Viewer) -> SnippetQuerySet:
    """Each snippet knows whether this viewer uses it, as `is_used`."""
    if not viewer.is_signed_in:
        return snippets.annotate(is_used=Value(False, output_field=BooleanField()))  # type: ignore[no-redef]
    mine = SnippetUse.objects.filter(snippet=OuterRef("pk"), user_id=viewer.user_id)
    return snippets.annotate(is_used=Exists(mine))  # type: ignore[no-redef]


def library(
    viewer: Viewer, *, language: str = "", tag: str = "", space: str = "", sort: str = "latest"
) -> SnippetQuerySet:
    """The snippets of the page, the latest first or the most used."""
    found = Snippet.objects.visible_to(viewer).published().for_list()
    found = found.in_language(language) if language else found
    found = found.filter(topic__tags__name=tag) if tag else found
    found = found.filter(topic__space__slug=space) if space else found
    return with_my_use(found.most_used_first() if sort == "used" else found.latest_first(), viewer)


def languages_used(viewer: Viewer) -> list[str]:
    """The main languages of what this viewer may see, by name; one query."""
    seen = Snippet.objects.visible_to(viewer).published().order_by("language")
    return list(seen.values_list("language", flat=True).distinct())


def snippet_for(viewer: Viewer, pk: int) -> Snippet | None:
    """One snippet with the version that is shown as `current`; None when the viewer does not see it. Three queries."""
    seen = Snippet.objects.visible_to(viewer).select_related("topic__space", "topic__author").with_files()
    snippet = with_my_use(seen, viewer).filter(pk=pk).first()
    if snippet is not None:
        snippet.current = snippet.shown[0]
    return snippet


def version_of(snippet: Snippet, number: int) -> SnippetVersion | None:
    """One version with its files."""
    return snippet.versions.filter(number=number).prefetch_related("files").first()


@dataclass(frozen=True, slots=True)
class FileChange:
    """What a version changed in one file; `before` or `after` is empty where it came or went."""

    name: str
    lines: list[Line]
    is_new: bool
    is_gone: bool


@dataclass(frozen=True, slots=True)
class Change:
    version: SnippetVersion
    files: list[FileChange]


def changes_of(snippet: Snippet) -> list[Change]:
    """The latest versions with what each changed in the one before, the newest first; two queries."""
    versions = list(snippet.versions.select_related("saved_by").prefetch_related("files")[: MOST_VERSIONS + 1])
    earlier = [*versions[1:], None]
    pairs = zip(versions, earlier, strict=True)
    return [Change(version, _files_changed(before, version)) for version, before in pairs][:MOST_VERSIONS]


def _files_changed(before: SnippetVersion | None, after: SnippetVersion) -> list[FileChange]:
    if before is None:
        return []
    old: dict[str, SnippetFile] = {file.name: file for file in before.files.all()}
    new: dict[str, SnippetFile] = {file.name: file for file in after.files.all()}
    changed = []
    for name in dict.fromkeys([*new, *old]):
        was, now = old.get(name), new.get(name)
        lines = lines_changed(was.code if was else "", now.code if now else "")
        if lines:
            changed.append(FileChange(name, lines, was is None, now is None))
    return changed


def zipped(version: SnippetVersion) -> bytes:
    """The files of a version in one archive; the same files give the same bytes."""
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in version.files.all():
            archive.writestr(zipfile.ZipInfo(file.name, date_time=version.saved_at.timetuple()[:6]), file.code + "\n")
    return packed.getvalue()
