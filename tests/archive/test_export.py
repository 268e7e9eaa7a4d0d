"""export_archive writes what import_archive reads: moving house loses nothing."""

from __future__ import annotations

import gzip
import json
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db.models import F
from django.utils import timezone

from accounts.models import User
from accounts.services.avatars import avatar_set
from accounts.uploads.models import Upload, UploadUse
from accounts.viewer import Viewer, system_viewer
from community.forums.models import (
    Poll,
    PollOption,
    PollVote,
    Post,
    PostReaction,
    PostRevision,
    PostVote,
    Topic,
    TopicFollow,
    TopicTimer,
)
from community.forums.services import (
    post_edit,
    post_react,
    post_vote,
    solution_accept,
    topic_follow,
    topic_needs_info,
)
from community.forums.services.curation import (
    topic_archive,
    topic_mark_duplicate,
    topic_set_notice,
    topic_slow,
    topic_unlist,
)
from community.forums.services.polls import PollInput, poll_close, poll_create, poll_vote
from community.forums.services.timers import topic_set_timer
from community.ideas.models import Idea, IdeaStatusChange, IdeaVote
from community.ideas.services import idea_create, idea_merge, idea_set_status, idea_vote
from community.spaces.models import Space
from config.models import OldAddress
from knowledge.models import ArticlePage, SectionPage, WikiPage
from knowledge.services import article_create, section_create, wiki_page_create
from search.models import Pin, RelevanceVersion, Synonyms
from search.portable import shaping_take
from tests.factories.archive import run_import
from tests.factories.forums import make_reply, make_topic
from tests.factories.people import make_user, viewer
from tests.factories.spaces import make_space
from tests.factories.uploads import make_upload, picture_file, text_file

pytestmark = pytest.mark.django_db


@pytest.fixture
def community() -> None:
    space = make_space(
        slug="lamps", purpose="All about lamps", kinds=["question", "idea"], template="Which lamp?",
        templates={"idea": "What for?"}, tags_allowed=["light", "power", "night"], joining="request",
        default_order="newest", language="pt-br",
    )  # fmt: skip
    private = make_space(slug="secret", audience="staff", parent=space)
    ada, agent = make_user("ada", headline="Builder"), make_user("bo", is_agent=True)
    topic = make_topic(space=space, author=ada, body="It *flickers*.\n\n- a\n- b", tags=["light", "power"])
    answer = make_reply(topic, author=agent, body="> why?\n\nTurn it.")
    links = f"[this]({topic.get_absolute_url()}) and [that]({answer.get_absolute_url()})"
    make_reply(topic, author=ada, body=f"Thanks! See {links}.", reply_to=answer)
    make_reply(topic, author=agent, body="She is new.", is_whisper=True)
    solution_accept(viewer=viewer(ada), topic=Topic.objects.get(pk=topic.pk), post=answer)
    make_topic(space=private, author=agent, title="Not for everyone")
    idea = idea_create(viewer=viewer(ada), space=space, title="A green lamp", body="Please.")
    idea_set_status(viewer=viewer(agent), idea=idea, status="planned", note="In *spring*.")
    admin = system_viewer()
    old = idea_create(viewer=viewer(agent), space=space, title="A lime lamp", body="Please.")
    idea_vote(viewer=viewer(make_user("cy")), idea=old, on=True)
    idea_merge(viewer=viewer(agent), idea=idea, into=old)
    post_vote(viewer=viewer(agent), post=topic.posts.get(number=1), on=True)
    post_vote(viewer=viewer(ada), post=answer, on=True)
    Post.objects.filter(pk=answer.pk).update(vote_count=4, imported_votes=3)
    post_edit(viewer=viewer(ada), post=topic.posts.get(number=1), body="It flickers.", title="Why does it flicker?")
    post_edit(viewer=viewer(agent), post=answer, body="> why?\n\nTurn it round.")
    topic_follow(viewer=viewer(User.objects.get(username="cy")), topic=topic, on=True)
    topic_follow(viewer=viewer(agent), topic=topic, on=False)
    stand(topic, viewer(make_user("mo", is_moderator=True)), author=ada)
    hang(topic, ada, agent)
    attach(topic, private, ada, agent)
    for kind, target, name in (
        ("topic", topic.pk, "q/7"), ("post", answer.pk, "a/8"), ("member", ada.pk, "users/3"),
        ("space", space.pk, "c/9"),
    ):  # fmt: skip
        OldAddress.objects.create(source="old", host="old.example", name=name, kind=kind, target_id=target)
    OldAddress.objects.create(source="old", host="", name="viewtopic.php?t=7", kind="topic", target_id=topic.pk)
    section = section_create(viewer=admin, index="kb", title="First steps", intro="Begin here", language="nl")
    plug = article_create(
        viewer=admin, section=section, title="Plug it in", body=f"See [it]({topic.get_absolute_url()}).",
        summary="In one step.", tags=["start"], language="de", author=agent,
    )  # fmt: skip
    closed = section_create(viewer=admin, index="kb", title="Inside", audience="staff")
    article_create(viewer=admin, section=closed, title="For staff", body="Secret.")
    notes = section_create(viewer=admin, index="wiki", title="Notes")
    wiki_page_create(viewer=admin, section=notes, title="Words", body="A *lamp* is a light.", author=ada)
    shape(topic=topic.pk, article=plug.pk)
    plan = make_upload(owner=ada, file=text_file("plan.txt", "lamp plan"))
    page = f"The [plan]({plan.get_absolute_url()})."
    wiki_page_create(viewer=viewer(ada), section=notes, title="Plans", body=page, author=ada)


def stand(topic: Topic, moderator: Viewer, *, author: User) -> None:
    """What moderators set, on three topics of their own; the duplicate is older than its original."""
    asked = make_topic(space=topic.space, author=author, title="Asked before")
    original = make_topic(space=topic.space, author=author, title="The original")
    topic_mark_duplicate(viewer=moderator, topic=asked, original=original)
    topic_slow(viewer=moderator, topic=original, seconds=600)
    topic_set_notice(viewer=moderator, topic=original, text="Be kind")
    topic_set_timer(viewer=moderator, topic=original, act="close", due_at=timezone.now() + timedelta(days=400))
    hidden = make_topic(space=topic.space, author=author, title="By its address alone")
    topic_unlist(viewer=moderator, topic=hidden, on=True)
    topic_archive(viewer=moderator, topic=hidden, on=True)
    topic_needs_info(viewer=moderator, topic=original, on=True)
    Topic.objects.filter(pk=original.pk).update(bumped_at=F("last_posted_at"))
    Post.objects.filter(topic=hidden).update(is_wiki=True, is_locked=True)


def hang(topic: Topic, ada: User, agent: User) -> None:
    """A closed poll with a choice of two people, an open one, and reactions to a question, an answer and an idea."""
    first, answer = topic.posts.get(number=1), topic.posts.get(number=2)
    asked = PollInput("Which lamp?", ["Green", "Lime", "None"], most=2, results="closed", is_public=True)
    poll = poll_create(viewer=viewer(ada), post=first, asked=asked)
    green, lime, _none = poll.options.all()
    poll_vote(viewer=viewer(ada), poll=poll, options=[green.pk, lime.pk])
    poll_vote(viewer=viewer(agent), poll=poll, options=[lime.pk])
    poll_close(viewer=viewer(ada), poll=poll)
    poll_create(viewer=viewer(agent), post=answer, asked=PollInput("Did it help?", ["Yes", "No"]))
    of_idea = Post.objects.get(topic__title="A green lamp", number=1)
    for person, post, name in ((agent, first, "thumbsup"), (ada, answer, "heart"), (ada, answer, "thumbsup"),
                               (agent, of_idea, "heart")):
        post_react(viewer=viewer(person), post=post, name=name, on=True)


def shape(**things: int) -> None:
    """Synonyms both ways and one, a pin on a topic and one on an article, a weight."""
    pins = [{"text": f"a {kind}", "kind": kind, "id": pk} for kind, pk in things.items()]
    rules = ["phone, mobile", "tv => television"]
    document = {"format": 1, "synonyms": rules, "pins": pins, "relevance": {"title": 2.0}}
    shaping_take(viewer=system_viewer(), document=document)


def attach(topic: Topic, private: Space, ada: User, agent: User) -> None:
    """A large picture in a post, one that an edit took out, one that staff read, one that nobody named; a face."""
    shown = make_upload(owner=ada, file=picture_file("lamp.png", size=(1500, 40)))
    gone = make_upload(owner=ada, file=picture_file("old.png", size=(30, 20)))
    secret = make_upload(owner=agent, file=picture_file("inside.png"))
    look = f"Look: ![lamp]({shown.get_absolute_url()})"
    post = make_reply(topic, author=ada, body=f"{look} ![]({gone.get_absolute_url()})")
    other = make_user("di", is_moderator=True)
    post_edit(viewer=viewer(other), post=post, body=look)  # not the author's own first minutes: a version is kept
    make_topic(space=private, author=agent, title="Plans of ours", body=f"![]({secret.get_absolute_url()})")
    make_upload(owner=ada)
    avatar_set(viewer=viewer(ada), user=ada, file=picture_file("ada.png"))


def content() -> dict[str, list]:
    """The community without what differs between two installations: ids, and addresses that hold them."""
    return {
        "spaces": list(Space.objects.order_by("slug").values_list("slug", "name", "purpose", "audience", "kinds",
            "parent__slug", "template", "templates", "tags_allowed", "tags_least", "joining", "default_order",
            "language", "narrowed", "is_archived", "colour", "icon")),
        "people": list(User.objects.order_by("username").values_list("username", "display_name", "headline")),
        "topics": list(Topic.objects.order_by("title").values_list(
            "title", "kind", "space__slug", "author__username", "created_at", "reply_count", "last_posted_at",
            "solution__number", "status", "last_poster__username")),
        "standing": list(Topic.objects.order_by("title").values_list(
            "title", "is_archived", "is_unlisted", "slow_seconds", "notice", "duplicate_of__title",
            "merged_into__title", "needs_info_since", "bumped_at", "solved_at", "solved_by__username", "is_closed")),
        "timers": list(TopicTimer.objects.values_list("topic__title", "act", "due_at", "set_by__username")),
        "wikis": list(Post.objects.order_by("topic__title", "number").values_list("is_wiki", "is_locked")),
        "tags": list(Topic.objects.order_by("title", "tags__name").values_list("title", "tags__name")),
        "posts": list(Post.objects.order_by("topic__title", "number").values_list(
            "number", "author__username", "created_at", "is_whisper", "reply_to__number", "vote_count", "status")),
        "ideas": list(Idea.objects.order_by("topic__title").values_list(
            "topic__title", "status", "vote_count", "imported_votes", "merged_into__topic__title",
            "status_changed_at")),
        "idea votes": list(IdeaVote.objects.order_by("idea__topic__title", "user__username").values_list(
            "idea__topic__title", "user__username")),
        "decisions": list(IdeaStatusChange.objects.order_by("pk").values_list(
            "idea__topic__title", "before", "after", "note", "html", "changed_by__username", "changed_at")),
        "votes": list(PostVote.objects.order_by("post__topic__title", "post__number").values_list(
            "post__topic__title", "post__number", "user__username")),
        "versions": list(PostRevision.objects.order_by("post__topic__title", "post__number", "version").values_list(
            "post__topic__title", "post__number", "version", "body", "title", "replaced_by__username", "replaced_at")),
        "edited": list(Post.objects.order_by("topic__title", "number").values_list(
            "topic__title", "number", "version", "edited_at", "edited_by__username", "imported_votes")),
        "follows": list(TopicFollow.objects.order_by("topic__title", "user__username").values_list(
            "topic__title", "user__username", "is_muted")),
        "polls": list(Poll.objects.order_by("question").values_list(
            "post__topic__title", "post__number", "post__has_poll", "question", "most", "results", "is_public",
            "closes_at", "voter_count")),
        "options": list(PollOption.objects.order_by("poll__question", "position").values_list(
            "poll__question", "position", "text", "vote_count")),
        "choices": list(PollVote.objects.order_by("option__text", "user__username").values_list(
            "option__text", "user__username", "created_at")),
        "reactions": list(PostReaction.objects.order_by("post__topic__title", "post__number", "pk").values_list(
            "post__topic__title", "post__number", "post__reactions", "user__username", "name", "created_at")),
        "shaping": [
            *Synonyms.objects.order_by("words").values_list("words", "meant"),
            *RelevanceVersion.objects.values_list("weights"),
            *sorted((pin.text, str({"topic": Topic, "article": ArticlePage}[pin.kind].objects.get(pk=pin.object_id)))
                    for pin in Pin.objects.all()),
        ],
        "files": list(Upload.objects.filter(expires_at=None).order_by("key").values_list(
            "key", "name", "kind", "size", "width", "has_smaller", "owner__username", "created_at")),
        "attached": sorted((use.upload.key, use.target_type, place(use), use.is_current)
                           for use in UploadUse.objects.select_related("upload")),
        "pictures": [(user.username, default_storage.open(f"avatars/{user.avatar}").read())
                     for user in User.objects.exclude(avatar="").order_by("username")],
        "pictures in texts": list(Post.objects.filter(html__contains="<img").order_by("pk").values_list("html")),
        "addresses": sorted(where(row) for row in OldAddress.objects.filter(host__in=["", "old.example"])),
        "sections": list(SectionPage.objects.order_by("title").values_list(
            "title", "intro", "language", "audience", "url_path")),
        "articles": list(ArticlePage.objects.order_by("title").values_list(
            "title", "summary", "tags", "language", "owner__username", "url_path", "last_published_at")),
        "wiki": list(WikiPage.objects.order_by("title").values_list("title", "body", "owner__username", "url_path")),
    }  # fmt: skip


def where(row: OldAddress) -> tuple[str, ...]:
    model = {"topic": Topic, "post": Post, "member": User, "space": Space}[row.kind]
    target = model.objects.get(pk=row.target_id)
    return row.host, row.name, str(target.topic.title if isinstance(target, Post) else target)


def place(use: UploadUse) -> str:
    model = {"post": Post, "wiki": WikiPage}[use.target_type]
    row = model.objects.get(pk=use.target_id)
    return f"{row.topic.title} {row.number}" if isinstance(row, Post) else row.title


def forget_everything() -> None:
    call_command("flush", interactive=False, verbosity=0)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("compressed", [False, True])
def test_community_when_exported_and_imported_elsewhere_then_is_the_same(tmp_path: Path, community, compressed) -> None:
    before = content()
    call_command("export_archive", str(tmp_path / "out"), gzip=compressed, stdout=(tmp_path / "said").open("w"))
    forget_everything()
    make_topic(space=make_space(slug="first"), title="So that the numbers of topics differ", author=make_user("zoe"))

    report = run_import(tmp_path / "out", source="moved")

    assert report.total("bad") == 0
    Topic.objects.filter(space__slug="first").delete()
    Space.objects.filter(slug="first").delete()
    User.objects.filter(username="zoe").delete()
    assert content() == before
    topic = Topic.objects.get(title="Why does it flicker?")
    links = f"[this]({topic.get_absolute_url()}) and [that]({topic.posts.get(number=2).get_absolute_url()})"
    assert topic.posts.get(number=3).body == f"Thanks! See {links}."
    assert ArticlePage.objects.get(title="Plug it in").body == f"See [it]({topic.get_absolute_url()})."
    assert run_import(tmp_path / "out", source="moved").total("new", "changed", "bad") == 0


def test_public_export_when_written_then_holds_nothing_private(tmp_path: Path, community) -> None:
    call_command("export_archive", str(tmp_path / "out"), public=True, stdout=(tmp_path / "said").open("w"))

    text = "".join(path.read_text() for path in (tmp_path / "out").glob("*.*"))
    assert "flickers" in text and "Plug it in" in text and "Which lamp?" in text
    assert "lamp.jpg" in text and "plan.txt" in text
    assert len(list((tmp_path / "out" / "files").iterdir())) == 3  # two files and a face
    for private in ("Not for everyone", "secret", "She is new", "Secret", "Inside", "voters", "followers", "edits",
                    "By its address alone", "duplicate_of", "reactions", '"votes":[', "private",
                    "inside.jpg", "old.jpg", "Plans of ours"):
        assert private not in text


def test_export_when_written_then_names_no_mail_address(tmp_path: Path, community) -> None:
    call_command("export_archive", str(tmp_path / "out"), gzip=True, stdout=(tmp_path / "said").open("w"))

    rows = gzip.decompress((tmp_path / "out" / "members.jsonl.gz").read_bytes()).decode().splitlines()
    assert {"username", "name", "headline", "about", "joined", "also"} == set(json.loads(rows[0]))
    assert "people.example" not in "".join(rows)
