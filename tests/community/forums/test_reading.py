"""Finding one's place in a topic, keeping posts, and what machines read: feeds, sitemap, structured data."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.events.worker import drain
from community.forums.models import Bookmark, Post, Topic
from community.forums.services import (
    bookmark_set,
    bookmarks_remind,
    content_set_status,
    post_vote,
    solution_accept,
    topic_mark_read,
    topic_unlist,
)
from community.notifications.models import Notification
from tests.factories.forums import make_reply, make_topic
from tests.factories.people import client_of, make_user, viewer
from tests.factories.spaces import make_space

pytestmark = pytest.mark.django_db


def _structured(topic: Topic, query: str = "") -> dict:
    page = Client().get(topic.get_absolute_url() + query).content.decode()
    found = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.S)
    assert len(found) == 1
    return json.loads(found[0])


def test_resume_when_posts_are_new_then_list_leads_to_the_first_and_page_marks_it() -> None:
    topic, reader = make_topic(), make_user()
    for _ in range(24):
        make_reply(topic)
    topic_mark_read(viewer=viewer(reader), topic=topic, number=21)
    client = client_of(reader)

    assert f'href="{topic.get_absolute_url()}?post=22#post-22"' in client.get("/topics/").content.decode()
    page = client.get(f"{topic.get_absolute_url()}?post=22").content.decode()
    assert page.index('id="post-21"') < page.index("New since you were here") < page.index('id="post-22"')
    assert "New since you were here" not in client.get(f"{topic.get_absolute_url()}?post=22").content.decode()


def test_jump_when_a_date_is_given_then_to_the_first_post_of_that_day_or_later() -> None:
    start = timezone.now() - timedelta(days=10)
    topic = make_topic(at=start)
    for day in range(1, 6):
        make_reply(topic, at=start + timedelta(days=day))
    day = timezone.localdate(start + timedelta(days=3))

    jumped = Client().get(topic.get_absolute_url(), {"date": day.isoformat()})

    assert jumped["Location"] == f"{topic.get_absolute_url()}?post=4#post-4"
    late = Client().get(topic.get_absolute_url(), {"date": "2999-01-01"})
    assert late["Location"].endswith("#post-6")
    for nonsense in ("2026-99-99", "soon", "2026-02-30"):
        assert Client().get(topic.get_absolute_url(), {"date": nonsense}).status_code == 200


def test_reply_to_when_asked_in_place_then_quoted_and_a_hidden_one_is_not() -> None:
    topic, agent = make_topic(), make_user(is_agent=True)
    answered = make_reply(topic, body="Hold **both** buttons.")
    make_reply(topic, reply_to=answered)
    whisper = make_reply(topic, author=agent, is_whisper=True)

    address = reverse("forums:post-quote", args=[answered.pk])
    assert address in Client().get(topic.get_absolute_url()).content.decode()
    assert "Hold both buttons." in Client().get(address).content.decode()
    assert Client().get(reverse("forums:post-quote", args=[whisper.pk])).status_code == 404


def test_summary_when_topic_is_long_then_shows_question_answer_helpful_and_staff_posts_alone() -> None:
    topic, agent = make_topic(), make_user(is_agent=True)
    for n in range(2, 24):
        make_reply(topic, body=f"Reply number {n}.", author=agent if n == 20 else None)
    make_reply(topic, author=agent, body="Between us.", is_whisper=True)
    helpful = topic.posts.select_related("topic").get(number=5)
    post_vote(viewer=viewer(make_user()), post=helpful, on=True)
    solution_accept(viewer=viewer(topic.author), topic=topic, post=topic.posts.get(number=9))
    address = reverse("forums:topic-summary", args=[topic.pk])

    page = Client().get(address).content.decode()

    assert [int(n) for n in re.findall(r'id="post-(\d+)"', page)] == [1, 5, 9, 20]
    assert "Between us." not in page
    assert address in Client().get(topic.get_absolute_url()).content.decode()


def test_structured_data_when_question_then_qa_page_also_without_author_and_on_page_two() -> None:
    topic = make_topic(title="Does <b> & </script> work?")
    for _ in range(22):
        make_reply(topic)
    solution_accept(viewer=viewer(topic.author), topic=topic, post=topic.posts.get(number=3))
    Topic.objects.update(author=None)
    Post.objects.update(author=None)

    first, second = _structured(topic), _structured(topic, "?page=2")

    question = first["mainEntity"]
    assert (first["@type"], question["@type"], question["name"]) == ("QAPage", "Question", topic.title)
    assert question["author"] == {"@type": "Person", "name": "Someone who left"}
    assert question["acceptedAnswer"]["url"].endswith("#post-3") and question["answerCount"] == 22
    assert question["text"] and len(question["suggestedAnswer"]) == 18
    assert second["mainEntity"]["acceptedAnswer"]["url"].endswith("#post-3")
    assert len(second["mainEntity"]["suggestedAnswer"]) == 3
    for answer in (*question["suggestedAnswer"], question["acceptedAnswer"]):
        assert answer["@type"] == "Answer" and answer["text"] and answer["datePublished"] and answer["author"]["name"]


def test_structured_data_when_discussion_then_a_posting_and_never_a_question() -> None:
    topic, agent = make_topic(kind="discussion"), make_user(is_agent=True)
    make_reply(topic, body="Nice.")
    make_reply(topic, author=agent, body="Between us.", is_whisper=True)

    found = _structured(topic)

    assert (found["@type"], found["headline"]) == ("DiscussionForumPosting", topic.title)
    assert [comment["text"] for comment in found["comment"]] == ["Nice."]
    assert "QAPage" not in json.dumps(found)


def test_feeds_when_read_by_anybody_then_hold_what_everybody_may_read() -> None:
    author, space = make_user("mara"), make_space()
    shown = make_topic(space=space, author=author, title="Hub & spoke", body="In *short*.", tags=["wifi"])
    hidden_space = make_space(audience="staff")
    make_topic(space=hidden_space, author=make_user(is_agent=True), title="Our secret", tags=["wifi"])
    quiet = make_topic(space=space, author=author, title="Unlisted one", tags=["wifi"])
    topic_unlist(viewer=viewer(make_user(is_moderator=True)), topic=quiet, on=True)

    for path in ("/topics/feed/", f"/s/{space.slug}/feed/", "/tags/wifi/feed/", "/u/mara/feed/"):
        answer = Client().get(path)
        text = answer.content.decode()
        assert answer["Content-Type"].startswith("application/atom+xml"), path
        assert "Hub &amp; spoke" in text and f"/t/{shown.pk}/" in text and "In short." in text, path
        assert "Our secret" not in text and "Unlisted one" not in text, path
    for path in (f"/s/{hidden_space.slug}/feed/", "/tags/nothing/feed/", "/u/nobody/feed/"):
        assert Client().get(path).status_code == 404, path
    assert 'type="application/atom+xml"' in Client().get(space.get_absolute_url()).content.decode()


def test_sitemap_when_read_then_lists_what_everybody_may_read_at_the_site_s_address(settings) -> None:
    settings.SITE_URL = "https://community.example"
    shown, removed, quiet = (make_topic() for _ in range(3))
    hidden = make_topic(space=make_space(audience="members"))
    content_set_status(actor_id=None, target=removed, status="removed")
    topic_unlist(viewer=viewer(make_user(is_moderator=True)), topic=quiet, on=True)

    index, topics = Client().get("/sitemap.xml").content.decode(), Client().get("/sitemap-topics.xml").content.decode()

    assert "sitemap-topics.xml" in index and "sitemap-articles.xml" in index
    assert f"<loc>https://community.example{shown.get_absolute_url()}</loc>" in topics
    assert not any(topic.get_absolute_url() in topics for topic in (removed, quiet, hidden))
    assert "Sitemap: https://community.example/sitemap.xml" in Client().get("/robots.txt").content.decode()
    assert Client().get("/sitemap-nothing.xml").status_code == 404


def test_bookmark_when_reminder_is_due_then_told_once_and_not_of_what_is_hidden_since() -> None:
    reader, now = make_user(), timezone.now()
    kept, gone = make_reply(make_topic()), make_reply(make_topic())
    for post in (kept, gone):
        bookmark_set(viewer=viewer(reader), post=post, remind_at=now + timedelta(hours=1))
    content_set_status(actor_id=None, target=gone, status="removed")

    assert bookmarks_remind(at=now) == 0
    assert bookmarks_remind(at=now + timedelta(hours=2)) == 2
    assert bookmarks_remind(at=now + timedelta(hours=3)) == 0
    drain()

    assert list(Notification.objects.filter(user=reader).values_list("kind", "target_id")) == [("bookmark", kept.pk)]
    page = client_of(reader).get(reverse("forums:bookmarks")).content.decode()
    assert kept.topic.title in page and gone.topic.title not in page
    with pytest.raises(ValidationError):
        bookmark_set(viewer=viewer(reader), post=kept, remind_at=now - timedelta(hours=1))


def test_bookmark_when_pressed_without_javascript_then_kept_shown_and_removed() -> None:
    reader, post = make_user(), make_topic().posts.get()
    client, address = client_of(reader), reverse("forums:post-bookmark", args=[post.pk])

    client.post(address, {"on": "1"})
    page = client.get(post.topic.get_absolute_url()).content.decode()
    assert 'aria-pressed="true" aria-label="Bookmark"' in page
    client.post(address, {"on": "1", "remind": "week"})
    assert Bookmark.objects.get().remind_at > timezone.now() + timedelta(days=6)
    assert client.post(address, {"on": "1", "remind": "someday"}).status_code == 400
    assert client.post(address, {"on": "0"}, HTTP_HX_REQUEST="true").status_code == 200

    assert not Bookmark.objects.exists()
    hidden = make_topic(space=make_space(audience="staff"), author=make_user(is_agent=True)).posts.get()
    assert client.post(reverse("forums:post-bookmark", args=[hidden.pk]), {"on": "1"}).status_code == 404
