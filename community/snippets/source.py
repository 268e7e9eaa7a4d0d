"""Snippets in the search: a topic's document and card, with its code and its languages; readers are the topic's."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.events.models import Event
from accounts.viewer import Viewer
from community.forums.models import Kind, Topic
from community.forums.querysets import TopicQuerySet
from community.forums.source import MOST_TEXT, TopicSource
from community.snippets.languages import LANGUAGES
from community.snippets.models import Snippet, SnippetFile
from search.sources import Card, Document


class SnippetSource(TopicSource):
    """Published snippets, as their last version is. The languages of their files are among their tags."""

    kind = "snippet"
    label = _("Code")
    label_plural = _("Code")
    icon = "code-xml"
    state_labels = {}

    def topics(self) -> TopicQuerySet:
        published = Topic.objects.published().filter(kind=Kind.SNIPPET, is_unlisted=False, snippet__isnull=False)
        return published.select_related("snippet")

    def documents(self, ids: Sequence[int]) -> Iterable[Document]:
        files: dict[int, list[SnippetFile]] = {}
        snippets = Snippet.objects.filter(pk__in=ids).with_files()
        for snippet in snippets:
            files[snippet.pk] = list(snippet.shown[0].files.all())
        return [_with_code(document, files.get(document.id, [])) for document in super().documents(ids)]

    def document(self, topic: Topic) -> Document:
        snippet: Snippet = topic.snippet  # type: ignore[attr-defined]
        return replace(super().document(topic), state="", helpful=snippet.use_count)

    def cards(self, ids: Sequence[int], viewer: Viewer) -> dict[int, Card]:
        topics = self.topics().visible_to(viewer).filter(pk__in=ids)  # type: ignore[attr-defined]
        return {topic.pk: self.card(topic) for topic in topics.select_related("space", "author", "solution__author")}

    def card(self, topic: Topic) -> Card:
        snippet: Snippet = topic.snippet  # type: ignore[attr-defined]
        used = ngettext("used by %s", "used by %s", snippet.use_count) % snippet.use_count
        return replace(
            super().card(topic), state="", state_label="", icon=self.icon, lead="",
            facts=(str(LANGUAGES[snippet.language].label), used),
        )

    def affected(self, event: Event) -> Iterable[int]:
        return self.affected_by_all([event])

    def affected_by_all(self, events: Sequence[Event]) -> set[int]:
        """Snippets by name; of topics those that are snippets, asked for at once."""
        named, topics = set(), set()
        for event in events:
            if event.target_type == "snippet" and event.target_id:
                named.add(event.target_id)
            elif event.data.get("kind", Kind.SNIPPET) == Kind.SNIPPET:
                topics |= set(super().affected(event))
        return named | (set(Snippet.objects.filter(pk__in=topics).values_list("pk", flat=True)) if topics else set())


def _with_code(document: Document, files: Sequence[SnippetFile]) -> Document:
    code = "\n".join(f"{file.name}\n{file.code}" for file in files)
    languages = dict.fromkeys(file.language for file in files)
    return replace(
        document, body=f"{document.body}\n{code}"[:MOST_TEXT], tags=tuple(dict.fromkeys([*document.tags, *languages]))
    )
