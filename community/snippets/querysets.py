"""Which snippets a viewer sees (those whose topic they see), and the adjectives of the code library."""

from __future__ import annotations

from typing import Self

from django.apps import apps
from django.db import models
from django.db.models import Exists, F, OuterRef, Prefetch

from accounts.viewer import Viewer
from community.forums.models import Topic


class SnippetQuerySet(models.QuerySet):
    def visible_to(self, viewer: Viewer) -> Self:
        """The row filter; its twins are `policies.can_see` and `policies.audience`."""
        return self.filter(topic__in=Topic.objects.visible_to(viewer))

    def published(self) -> Self:
        return self.filter(topic__status="published", topic__is_unlisted=False)

    def in_language(self, language: str) -> Self:
        """One of the files that are shown is in this language."""
        files = apps.get_model("snippets", "SnippetFile").objects.filter(
            version__snippet=OuterRef("pk"), version__number=OuterRef("number"), language=language
        )
        return self.filter(Exists(files))

    def most_used_first(self) -> Self:
        return self.order_by("-use_count", "-changed_at", "-pk")

    def latest_first(self) -> Self:
        return self.order_by("-changed_at", "-pk")

    def with_files(self) -> Self:
        """With `shown`, a list of the one version that is shown, and its `files`; two more queries."""
        versions = apps.get_model("snippets", "SnippetVersion").objects.filter(number=F("snippet__number"))
        shown = versions.select_related("saved_by").prefetch_related("files")
        return self.prefetch_related(Prefetch("versions", shown, to_attr="shown"))

    def for_list(self) -> Self:
        """With what a line shows, in a constant number of queries."""
        return self.select_related("topic__space", "topic__author").prefetch_related("topic__tags")
