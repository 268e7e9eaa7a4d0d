"""Topics as the search sees them: title, question, replies and solution in one document."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.events.models import Event
from accounts.prepared import asked, numbered
from accounts.text import plain_text
from accounts.viewer import Viewer
from community.forums.kinds import OWN_SOURCES
from community.forums.models import Kind, Post, Status, Topic
from community.forums.policies import topic_audience
from community.forums.polls import words_of
from community.forums.querysets import NAMES, TopicQuerySet
from community.spaces.source import is_told_in_documents
from search import languages
from search.sources import Card, Document, SearchSource

MOST_REPLIES = 200
MOST_CARDS = 25  # in one statement: a page of results and some more
MOST_TEXT = 60_000


class TopicSource(SearchSource):
    """Published topics but ideas and snippets, which have sources of their own built on this one."""

    kind = "topic"
    label = _("Topic")
    label_plural = _("Topics")
    icon = "message-circle"
    state_labels = {
        "solved": _("Solved"),
        "open": _("Needs an answer"),
        "waiting": _("Needs info"),
        "answered": _("Answered"),
        "problem": _("Problem"),
        "praise": _("Praise"),
        "event": _("Event"),
        "news": _("Announcement"),
    }

    def topics(self) -> TopicQuerySet:
        return Topic.objects.published().exclude(kind__in=OWN_SOURCES).filter(is_unlisted=False)

    def ids(self) -> QuerySet:
        return self.topics().order_by("pk").values_list("pk", flat=True)

    def documents(self, ids: Sequence[int]) -> Iterable[Document]:
        replies = Post.objects.published().said_aloud().filter(number__lte=MOST_REPLIES + 1).order_by("number")
        replies = replies.select_related("poll").prefetch_related("poll__options")
        topics = (
            self.topics()
            .filter(pk__in=ids)
            .select_related("space", "author")
            .prefetch_related("tags", Prefetch("posts", replies, to_attr="said"))
        )
        return [self.document(topic) for topic in topics]

    def document(self, topic: Topic) -> Document:
        """One topic as a document; `topic.said` holds its published posts."""
        first = [post for post in topic.said if post.is_first]
        solution = [post for post in topic.said if post.pk == topic.solution_id]
        rest = "\n".join(words_of(post) for post in topic.said if not post.is_first)
        tags = tuple(tag.name for tag in topic.tags.all())
        body = words_of(first[0])[:MOST_TEXT] if first else ""
        return Document(
            id=topic.pk,
            title=topic.title,
            body=body,
            replies=rest[:MOST_TEXT],
            solution=plain_text(solution[0].html)[:MOST_TEXT] if solution else "",
            audience=tuple(topic_audience(topic)),
            tags=tags,
            language=languages.told(f"{topic.title} {body}", tags=tags, place=topic.space.language),
            container=topic.space.slug,
            container_name=topic.space.name,
            state="problem" if topic.look_name in ("problem-open", "problem-answered") else topic.state,
            author=topic.author.username if topic.author else "",
            created_at=topic.created_at,
            updated_at=topic.last_posted_at,
            helpful=topic.vote_count + sum(post.vote_count for post in solution),
            is_official=topic.kind == Kind.ANNOUNCEMENT,
        )

    def cards(self, ids: Sequence[int], viewer: Viewer) -> dict[int, Card]:
        found: dict[int, Card] = {}
        for at in range(0, len(ids), MOST_CARDS):
            wanted = numbered("id", ids[at : at + MOST_CARDS], MOST_CARDS)
            topics = asked(f"forums.cards {self.kind}", self.card_rows, viewer, **wanted)
            found |= {topic.pk: self.card(topic) for topic in topics}
        return found

    def card_rows(self, viewer: Viewer, **ids: int) -> QuerySet:
        topics = self.topics().visible_to(viewer).filter(pk__in=list(ids.values())).order_by()
        people = [f"{who}__{name}" for who in ("author", "solution__author") for name in NAMES]
        return topics.select_related("space", "author", "solution__author").only(
            "kind", "title", "slug", "needs_info_since", "reply_count", "last_posted_at", "space__name", "space__slug",
            "space__language", "author", "solution__html", "solution__status", "solution__author", *people,
        )  # fmt: skip

    def card(self, topic: Topic) -> Card:
        """One result; for a solved question it leads with the answer."""
        facts = []
        solution = topic.solution if topic.solution and topic.solution.status == Status.PUBLISHED else None
        if solution:
            facts.append(_("answer by %s") % (solution.author or _("someone who left")))
        facts.append(ngettext("%s reply", "%s replies", topic.reply_count) % topic.reply_count)
        return Card(
            kind=self.kind,
            id=topic.pk,
            title=topic.title,
            url=topic.get_absolute_url(),
            where=topic.space.name,
            where_url=topic.space.get_absolute_url(),
            state=topic.state,
            state_label=str(topic.look.label),
            author=str(topic.author) if topic.author else "",
            author_url=topic.author.get_absolute_url() if topic.author else "",
            when=topic.last_posted_at,
            facts=tuple(str(fact) for fact in facts),
            icon=topic.look.icon,
            lead=plain_text(solution.html)[:400] if solution else "",
            is_official=topic.kind == Kind.ANNOUNCEMENT,
            language=languages.told(topic.title, place=topic.space.language),
        )

    def affected(self, event: Event) -> Iterable[int]:
        """The topic of any topic.* or post.* event; of a space documents hold its token, name, address and language."""
        if event.name in ("post.reacted", "post.poll_voted", "post.poll_closed"):  # nothing of it is found
            return []
        if event.name == "space.changed" and is_told_in_documents(event):  # rare, and then all that is in it
            return self.topics().filter(space=event.target_id).values_list("pk", flat=True)
        if event.target_type == "topic" and event.target_id:
            return [event.target_id]
        if event.target_type == "post" and event.data.get("topic"):
            return [event.data["topic"]]
        return []
