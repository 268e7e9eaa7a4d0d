"""polls.jsonl: a poll in a post, with its options and who chose them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Prefetch

from community.forums.models import Poll, PollOption, PollVote, Post, Results
from community.forums.services.archive_hung import ChoiceRow, PollRow, clean_old_poll, polls_import
from community.forums.services.polls import PollInput
from config.archive.fields import Row
from config.archive.parts.base import Ground, Part, Reach, Rows, Scope
from config.archive.parts.hung import HungImporter, HungItem, Names, spot_of

_CHUNK = 100


@dataclass(slots=True)
class PollItem(HungItem):
    asked: PollInput = field(default_factory=lambda: PollInput("", ()))
    votes: list[list[tuple[str, datetime | None]]] = field(default_factory=list)  # by option: who and when

    def people(self) -> Names:
        yield from (vote for votes in self.votes for vote in votes)


class PollPart(Part):
    """The public export has the question and its options; who chose what leaves the house only with everything."""

    name = "polls"
    reach = Reach.PUBLIC

    def rows(self, scope: Scope) -> Rows:
        posts = scope.seen(Post.objects.all())
        options = PollOption.objects.order_by("position")
        if scope.viewer is None:
            votes = PollVote.objects.select_related("user").order_by("pk")
            options = options.prefetch_related(Prefetch("votes", votes))
        else:
            posts = posts.filter(topic__is_unlisted=False)
        polls = Poll.objects.filter(post__in=posts).select_related("post").defer("post__body", "post__html")
        for poll in polls.prefetch_related(Prefetch("options", options)).order_by("pk").iterator(chunk_size=_CHUNK):
            yield {
                "id": str(poll.pk), **spot_of(poll.post), "question": poll.question, "most": poll.most,
                "results": poll.results, "is_public": poll.is_public,
                "closes": poll.closes_at.isoformat() if poll.closes_at else None,
                "options": [_told(option, is_whole=scope.viewer is None) for option in poll.options.all()],
            }  # fmt: skip

    def importer(self, ground: Ground) -> PollImporter:
        return PollImporter(ground)


class PollImporter(HungImporter):
    name = kind = PollPart.name

    def prepare(self, row: Row) -> PollItem:
        options = list(row.rows("options"))
        asked = PollInput(
            question=row.text("question", limit=200),
            options=[option.text("text", limit=120) for option in options],
            most=row.count("most") or 1,
            results=row.choice("results", tuple(Results.values), Results.ALWAYS),
            is_public=row.flag("is_public"),
            closes_at=row.moment("closes", is_to_come=True),
        )
        votes = [[(vote.text("by", limit=150), vote.moment("at")) for vote in one.rows("votes")] for one in options]
        return PollItem(source_id=row.key("id"), **self.spot(row), asked=asked, votes=votes)

    def check(self, item: Any) -> None:
        clean_old_poll(item.asked)

    def write(self, rows: Sequence[tuple[PollItem, Post]]) -> None:
        polls_import(rows=[
            PollRow(post, item.asked, [
                ChoiceRow(option, user_id, at or post.created_at)
                for option, votes in enumerate(item.votes) for by, at in votes
                if (user_id := self.authors.id_of(by)) is not None
            ])
            for item, post in rows
        ])  # fmt: skip


def _told(option: PollOption, *, is_whole: bool) -> dict[str, Any]:
    if not is_whole:
        return {"text": option.text}
    votes = [{"by": vote.user.username, "at": vote.created_at.isoformat()} for vote in option.votes.all()]
    return {"text": option.text, "votes": votes}
