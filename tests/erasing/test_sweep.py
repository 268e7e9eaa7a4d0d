"""Erased means erased: after it, no table, file, index, session or cache holds a word of who the person was."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.erasing import services
from accounts.erasing.models import Erasure
from accounts.events.worker import drain
from accounts.models import User
from accounts.viewer import system_viewer
from community.calendar.services import recount_events
from community.forums.models import Post, Status, Topic
from community.forums.services.recount import recount_reactions, recount_votes
from community.ideas.services import recount_ideas
from community.snippets.services import recount_snippets
from knowledge.services.recount import recount_articles
from tests.erasing import sweep, world
from tests.factories.people import client_of

pytestmark = pytest.mark.django_db
# What the product has no rows of: features of Wagtail that are closed here, and errands that failed.
NO_ROWS = {
    "wagtailcore.Comment", "wagtailcore.CommentReply", "wagtailcore.ModelLogEntry", "wagtailimages.Image",
    "wagtaildocs.Document", "forums.TopicActRow", "search.Pin", "search.Synonyms", "search.RelevanceTrial",
    "search.DirtyMark", "erasing.LegalHold", "spaces.SpaceRequest", "accounts.ApiToken", "events.Delivery",
}  # fmt: skip


def erase(left: world.Left, *, deletes_posts: bool) -> Erasure:
    erasure = services.erasure_ask(viewer=system_viewer(), user=left.person, deletes_posts=deletes_posts)
    services.erase_due(now=timezone.now() + timedelta(days=8), seconds=None)
    drain()
    erasure.refresh_from_db()
    return erasure


@pytest.mark.parametrize("deletes_posts", [False, True], ids=["keeps posts", "posts go"])
def test_person_when_erased_then_nothing_anywhere_tells_of_them(no_documents, deletes_posts: bool) -> None:
    left = world.build()
    assert set(world.plant_everywhere()) <= NO_ROWS
    before = sweep.everywhere(world.WORD)
    assert len(before) > 40, before

    erasure = erase(left, deletes_posts=deletes_posts)

    assert erasure.state == Erasure.State.DONE
    assert sweep.everywhere(world.WORD) == []
    assert not User.objects.filter(pk=left.person.pk).exists()


def test_posts_when_kept_then_they_stand_without_a_name_and_what_others_wrote_stays(no_documents) -> None:
    left = world.build()
    answer = left.things["answer"]
    counts = Post.objects.values_list("vote_count", flat=True).get(pk=answer.pk)

    erase(left, deletes_posts=False)

    topic = Topic.objects.get(pk=left.topic.pk)
    answer.refresh_from_db()
    assert (topic.author, topic.title, topic.status) == (None, "Ask former member", Status.PUBLISHED)
    assert topic.solution == answer and answer.author == left.friend
    assert answer.body.startswith("Hi @former-member former member, see @former-member.")
    assert 'href="/u/' not in answer.html and "@former-member" in answer.html
    assert answer.vote_count == counts == 1
    assert "> @former-member [#1]" in left.things["quote"].__class__.objects.get(pk=left.things["quote"].pk).body
    assert left.things["talk"].messages.count() == 2
    page = client_of(left.friend).get(topic.get_absolute_url()).content.decode()
    assert "someone who left" in page.lower()
    left.things["case"].refresh_from_db()
    assert left.things["case"].customer is None
    recounts = (recount_votes, recount_reactions, recount_ideas, recount_snippets, recount_events, recount_articles)
    assert [recount() for recount in recounts] == [0] * 6


def test_posts_when_taken_back_then_only_what_others_wrote_stands(no_documents) -> None:
    left = world.build()

    erase(left, deletes_posts=True)

    topic = Topic.objects.get(pk=left.topic.pk)
    own = Post.objects.get(pk=left.things["own reply"].pk)
    assert (topic.title, topic.status) == ("Taken back by its author", Status.PUBLISHED)
    assert own.status == Status.REMOVED and own.body == "The author took this text back."
    assert Post.objects.get(pk=left.things["answer"].pk).status == Status.PUBLISHED
    assert topic.reply_count == 2
