"""Attachments of posts as the search sees them: a document a file and post, found by its name and its words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from django.db.models import QuerySet
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.events.models import Event
from accounts.uploads.models import Upload, UploadUse
from accounts.viewer import Viewer
from community.forums.models import Post, Status
from community.forums.policies import post_audience
from community.forums.querysets import PostQuerySet
from community.spaces.source import is_told_in_documents
from search import languages
from search.sources import Card, Document, SearchSource

MOST_TEXT: Final = 200_000
# After these, who reads a topic's posts may be others; nothing else about a topic is in a file's document.
REACHES: Final = frozenset(
    f"topic.{what}" for what in ("status_changed", "moved", "posts_moved", "unlisted", "listed", "act_undone")
)


class AttachmentSource(SearchSource):
    """PDF, office, ZIP and text files that published posts name now. The hit leads to the post."""

    kind = "attachment"
    label = gettext_lazy("File")
    label_plural = gettext_lazy("Files")
    icon = "paperclip"

    def uses(self) -> QuerySet:
        uses = UploadUse.objects.filter(target_type="post", is_current=True, upload__kind=Upload.Kind.DOCUMENT)
        return uses.filter(target_id__in=_posts().values("pk"))

    def ids(self) -> QuerySet:
        return self.uses().order_by("pk").values_list("pk", flat=True)

    def documents(self, ids: Sequence[int]) -> Iterable[Document]:
        uses = list(self.uses().filter(pk__in=ids).select_related("upload"))
        posts = _posts().select_related("topic__space", "author").in_bulk({use.target_id for use in uses})
        return [self.document(use, posts[use.target_id]) for use in uses if use.target_id in posts]

    def document(self, use: UploadUse, post: Post) -> Document:
        """One file in one post."""
        name, text, space = use.upload.name, use.upload.text[:MOST_TEXT], post.topic.space
        return Document(
            id=use.pk,
            title=name,
            body=text,
            audience=tuple(post_audience(post)),
            container=space.slug,
            container_name=space.name,
            language=languages.told(f"{name} {text}", place=space.language),
            author=post.author.username if post.author else "",
            created_at=post.created_at,
            updated_at=post.created_at,
        )

    def cards(self, ids: Sequence[int], viewer: Viewer) -> dict[int, Card]:
        uses = list(self.uses().filter(pk__in=ids).select_related("upload").defer("upload__text"))
        posts = _posts().visible_to(viewer).select_related("topic__space", "author")
        found = posts.in_bulk({use.target_id for use in uses})
        return {use.pk: self.card(use, found[use.target_id]) for use in uses if use.target_id in found}

    def card(self, use: UploadUse, post: Post) -> Card:
        """One result: the file, and the topic that it stands in."""
        return Card(
            kind=self.kind,
            id=use.pk,
            title=use.upload.name,
            url=post.get_absolute_url(),
            where=post.topic.space.name,
            where_url=post.topic.space.get_absolute_url(),
            author=str(post.author) if post.author else "",
            author_url=post.author.get_absolute_url() if post.author else "",
            when=post.created_at,
            facts=(_("in “%s”") % post.topic.title, filesizeformat(use.upload.size)),
            icon=self.icon,
        )

    def affected(self, event: Event) -> Iterable[int]:
        """A file's words were read, a post names other files than before, or others may read the post."""
        uses = UploadUse.objects.filter(target_type="post")
        if event.name == "upload.read":
            return list(uses.filter(upload=event.target_id).values_list("pk", flat=True))
        if event.target_type == "post" and event.name in {"upload.used", "post.status_changed"}:
            return list(uses.filter(target_id=event.target_id).values_list("pk", flat=True))
        if event.name == "space.changed" and is_told_in_documents(event):
            posts = Post.objects.filter(topic__space=event.target_id).values("pk")
            return uses.filter(target_id__in=posts).values_list("pk", flat=True)
        if event.name in REACHES:
            posts = Post.objects.filter(topic=event.target_id).values("pk")
            return list(uses.filter(target_id__in=posts).values_list("pk", flat=True))
        return []


def _posts() -> PostQuerySet:
    return Post.objects.published().filter(topic__status=Status.PUBLISHED, topic__is_unlisted=False)
