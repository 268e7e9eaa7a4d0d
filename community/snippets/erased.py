"""What erasing a person does to the code library: versions stay without a name, or without their code."""

from __future__ import annotations

from django.db.models import Count

from accounts.erasing.rules import Rows, leave_empty, let_go, register_link, register_text, register_words
from community.snippets.models import Snippet, SnippetFile, SnippetVersion
from search import outbox


def register_all() -> None:
    register_words("snippets.SnippetVersion", "saved_by", versions_blank)
    register_link("snippets.SnippetVersion", "saved_by", leave_empty, changed=_versions_changed)
    register_link("snippets.SnippetUse", "user", uses_go)
    register_text("snippets.SnippetVersion", "label", "note", changed=_versions_changed)
    register_text("snippets.SnippetFile", "name", "code", "html", changed=_files_changed)


def versions_blank(rows: Rows, field: str) -> None:
    ids = [version.pk for version in rows]
    SnippetFile.objects.filter(version__in=ids).update(code="", html="", name="file")
    SnippetVersion.objects.filter(pk__in=ids).update(label="", note="")
    _versions_changed(rows)


def uses_go(rows: Rows, field: str) -> None:
    let_go(rows, field)
    touched = Snippet.objects.filter(pk__in={use.snippet_id for use in rows}).annotate(uses_now=Count("uses"))
    for pk, count in touched.values_list("pk", "uses_now"):
        Snippet.objects.filter(pk=pk).update(use_count=count)


def _versions_changed(rows: Rows) -> None:
    outbox.mark("snippet", {version.snippet_id for version in rows})


def _files_changed(rows: Rows) -> None:
    _versions_changed(list(SnippetVersion.objects.filter(pk__in={file.version_id for file in rows})))
