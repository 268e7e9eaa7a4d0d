"""The verbs of topics and posts: what they change, what they refuse, and that a refusal changes nothing."""

from __future__ import annotations

import random

import pytest
from django.core.exceptions import ValidationError

from accounts.errors import Conflict, NotAllowed
from accounts.events.models import Event
from accounts.viewer import ANONYMOUS, system_viewer
from community.forums.models import Post, PostRevision, PostVote, Tag, Topic, TopicAct, TopicFollow
from community.forums.policies import SLIP_WINDOW, can_edit
from community.forums.services import (
    Options,
    act_undo,
    content_set_status,
    post_edit,
    post_vote,
    reply_create,
    solution_accept,
    solution_clear,
    split_act,
    topic_close,
    topic_create,
    topic_follow,
    topic_move,
    topics_act,
)
from community.forums.services.recount import recount_all
from community.spaces.models import Space
from tests.factories.forums import make_reply, make_topic
from tests.factories.people import make_user, viewer
from tests.factories.spaces import make_space

pytestmark = pytest.mark.django_db


def _counters() -> tuple[list, list, list]:
    return (
        list(
            Topic.objects.order_by("pk").values(
                "pk", "reply_count", "last_post_number", "last_shown_number", "vote_count", "last_posted_at",
                "last_poster",
            )
        ),
        list(Space.objects.order_by("pk").values("pk", "topic_count", "last_activity_at")),
        list(Post.objects.order_by("pk").values("pk", "vote_count")),
    )


def test_topic_create_when_all_is_right_then_topic_post_tags_follow_and_event_are_there() -> None:
    asker, space = make_user("mara"), make_space()

    topic = topic_create(
        viewer=viewer(asker),
        space=space,
        kind="question",
        title="  Hub  drops off at night ",
        body="It is **offline** at 02:00.",
        tags=["Wi-Fi", "firmware 4.2", "wi-fi"],
    )

    post = topic.posts.get()
    assert (topic.title, topic.slug, topic.status) == ("Hub drops off at night", "hub-drops-off-at-night", "published")
    assert sorted(topic.tags.values_list("name", flat=True)) == ["firmware-4.2", "wi-fi"]
    assert (post.number, post.html) == (1, "<p>It is <strong>offline</strong> at 02:00.</p>\n")
    assert TopicFollow.objects.filter(topic=topic, user=asker).exists()
    assert Space.objects.get(pk=space.pk).topic_count == 1
    assert Event.objects.get(name="topic.created").target_id == topic.pk


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("title", {"title": "   "}),
        ("title", {"title": "Hub"}),
        ("title", {"title": "x" * 201}),
        ("title", {"title": "Hub\x00drops off"}),
        ("body", {"body": ""}),
        ("body", {"body": "\u200b\u200b"}),
        ("body", {"body": "x" * 200_000}),
        ("body", {"body": "a\x07b"}),
        ("body", {"body": "\u202etxt.exe"}),
        ("body", {"body": None}),
        ("tags", {"tags": ["one", "two", "three", "four", "five", "six"]}),
        ("tags", {"tags": ["<script>"]}),
        ("tags", {"tags": ["x" * 41]}),
        ("kind", {"kind": "poem"}),
    ],
)
def test_topic_create_when_a_field_is_wrong_then_names_it_and_stores_nothing(field: str, wrong: dict) -> None:
    right = {"space": make_space(), "kind": "question", "title": "Hub drops off", "body": "At night.", "tags": []}

    with pytest.raises(ValidationError) as refused:
        topic_create(viewer=viewer(make_user()), **(right | wrong))

    assert list(refused.value.message_dict) == [field]
    assert not Topic.objects.exists() and not Tag.objects.exists()
    assert not Event.objects.filter(name="topic.created").exists()


def test_topic_create_when_not_signed_in_or_kind_not_allowed_then_refused() -> None:
    space = make_space(kinds=["discussion"])

    for person, kind in [(ANONYMOUS, "discussion"), (viewer(make_user()), "question")]:
        with pytest.raises(NotAllowed):
            topic_create(viewer=person, space=space, kind=kind, title="Hub drops off", body="At night.")

    assert not Topic.objects.exists()


def test_topic_create_when_announcement_then_only_staff_may() -> None:
    space = make_space()
    with pytest.raises(NotAllowed):
        make_topic(space=space, kind="announcement")

    assert make_topic(space=space, kind="announcement", author=make_user(is_agent=True)).kind == "announcement"


def test_sending_twice_when_key_is_the_same_then_one_topic_and_one_reply() -> None:
    space = make_space()
    asker = viewer(make_user())
    asked = {"space": space, "kind": "question", "title": "Hub drops off", "body": "At night.", "idempotency_key": "k1"}

    first, second = topic_create(viewer=asker, **asked), topic_create(viewer=asker, **asked)
    one = reply_create(viewer=asker, topic=first, body="More.", idempotency_key="k2")
    two = reply_create(viewer=asker, topic=first, body="More.", idempotency_key="k2")

    assert first == second and one == two
    assert Post.objects.count() == 2 and Topic.objects.get().reply_count == 1


def test_reply_when_topic_is_closed_then_only_moderators_may() -> None:
    topic, moderator = make_topic(), make_user(is_moderator=True)
    topic_close(viewer=viewer(moderator), topic=topic)

    with pytest.raises(NotAllowed):
        make_reply(topic)

    assert make_reply(topic, author=moderator).number == 2


def test_whisper_when_written_then_counts_nowhere() -> None:
    topic, agent = make_topic(), make_user(is_agent=True)

    whisper = make_reply(topic, author=agent, is_whisper=True)

    topic.refresh_from_db()
    assert (whisper.number, topic.reply_count, topic.last_poster_id) == (2, 0, topic.author_id)
    assert not Post.objects.visible_to(viewer(topic.author)).filter(pk=whisper.pk).exists()
    with pytest.raises(NotAllowed):
        make_reply(topic, is_whisper=True)


def test_edit_when_text_changes_then_earlier_text_is_kept_and_stale_version_refused() -> None:
    author = make_user()
    topic = make_topic(author=author, body="First words.")
    post = topic.posts.get()

    edited = post_edit(
        viewer=viewer(author), post=post, body="Second words.", title="A better title", tags=["new"], version=1,
        at=post.created_at + SLIP_WINDOW,
    )  # fmt: skip

    assert (edited.version, PostRevision.objects.get().body) == (2, "First words.")
    assert Topic.objects.get().title == "A better title"
    with pytest.raises(Conflict):
        post_edit(viewer=viewer(author), post=post, body="Third words.", version=1)
    assert Post.objects.get().body == "Second words."


def test_edit_when_it_mends_a_slip_then_nothing_is_kept_unless_somebody_answered_or_another_edits() -> None:
    author, moderator = make_user(), make_user(is_moderator=True)
    topic = make_topic(author=author, body="Frist words.")

    mended = post_edit(viewer=viewer(author), post=topic.posts.get(), body="First words.", version=1)
    assert (mended.version, mended.edited_at, PostRevision.objects.count()) == (2, None, 0)
    with pytest.raises(Conflict):
        post_edit(viewer=viewer(author), post=mended, body="Old tab.", version=1)

    make_reply(topic)
    answered = post_edit(viewer=viewer(author), post=mended, body="Other words.")
    assert answered.edited_at and PostRevision.objects.get().body == "First words."
    fresh = make_topic(author=author).posts.get()
    assert post_edit(viewer=viewer(moderator), post=fresh, body="Tidied.").edited_by_id == moderator.pk


def test_edit_when_someone_elses_then_refused_but_moderators_may() -> None:
    post = make_topic().posts.get()

    with pytest.raises(NotAllowed):
        post_edit(viewer=viewer(make_user()), post=post, body="Mine now.")

    assert post_edit(viewer=viewer(make_user(is_moderator=True)), post=post, body="Tidied.").body == "Tidied."


def test_solution_when_accepted_then_topic_is_solved_and_can_be_reopened() -> None:
    asker = make_user()
    topic = make_topic(author=asker)
    reply = make_reply(topic)

    solved = solution_accept(viewer=viewer(asker), topic=topic, post=reply)

    assert (solved.state, solved.solution_id, solved.solved_by_id) == ("solved", reply.pk, asker.pk)
    assert solution_clear(viewer=viewer(asker), topic=solved).state == "answered"
    with pytest.raises(NotAllowed):
        solution_accept(viewer=viewer(make_user()), topic=topic, post=reply)
    with pytest.raises(ValidationError):
        solution_accept(viewer=viewer(asker), topic=topic, post=topic.posts.get(number=1))
    with pytest.raises(ValidationError):
        solution_accept(viewer=viewer(asker), topic=topic, post=make_reply(make_topic()))


def test_solution_when_its_post_is_removed_then_question_is_open_again() -> None:
    topic = make_topic()
    reply = make_reply(topic)
    solution_accept(viewer=viewer(topic.author), topic=topic, post=reply)

    content_set_status(actor_id=None, target=reply, status="removed")

    topic.refresh_from_db()
    assert (topic.state, topic.reply_count) == ("open", 0)


def test_vote_when_given_twice_then_counts_once_and_never_for_oneself() -> None:
    author, fan = make_user(), make_user()
    post = make_topic(author=author).posts.get()

    post_vote(viewer=viewer(fan), post=post, on=True)
    post_vote(viewer=viewer(fan), post=post, on=True)

    assert (Post.objects.get().vote_count, PostVote.objects.count(), Topic.objects.get().vote_count) == (1, 1, 1)
    assert post_vote(viewer=viewer(fan), post=post, on=False).vote_count == 0
    with pytest.raises(NotAllowed):
        post_vote(viewer=viewer(author), post=post, on=True)


def test_unfollow_when_replying_later_then_stays_unfollowed() -> None:
    topic, person = make_topic(), make_user()
    topic_follow(viewer=viewer(person), topic=topic, on=False)

    make_reply(topic, author=person)

    assert TopicFollow.objects.get(topic=topic, user=person).is_muted


def test_move_when_moderator_does_not_moderate_the_target_then_refused() -> None:
    topic, moderator = make_topic(), make_user(is_moderator=True)
    private = make_space(audience="groups")

    with pytest.raises(NotAllowed):
        topic_move(viewer=viewer(moderator), topic=topic, space=private)

    moved = topic_move(viewer=system_viewer(), topic=topic, space=private)
    assert (moved.space_id, Space.objects.get(pk=private.pk).topic_count) == (private.pk, 1)


@pytest.mark.parametrize("seed", range(4))
def test_counters_when_services_run_in_any_order_then_a_recount_changes_nothing(seed: int) -> None:
    dice = random.Random(seed)
    staff = make_user(is_superuser=True)
    people = [make_user() for _ in range(3)]
    spaces = [make_space(), make_space()]
    topics = [make_topic(space=dice.choice(spaces), author=dice.choice(people)) for _ in range(4)]
    acts: list[TopicAct] = []

    for _ in range(40):
        topic = Topic.objects.get(pk=dice.choice(topics).pk)
        post = dice.choice(list(topic.posts.select_related("topic")))
        match dice.randrange(11):
            case 0 | 1:
                if topic.status != "removed":
                    make_reply(topic, author=staff, is_whisper=dice.random() < 0.3)
            case 2:
                content_set_status(actor_id=None, target=post, status=dice.choice(["published", "pending", "removed"]))
            case 3:
                if post.status == "published":
                    post_vote(viewer=viewer(make_user()), post=post, on=True)
            case 4:
                topic_move(viewer=viewer(staff), topic=topic, space=dice.choice(spaces))
            case 5:
                if not post.is_first and not post.is_whisper and post.status == "published":
                    solution_accept(viewer=viewer(staff), topic=topic, post=post)
            case 6:
                topics.append(make_topic(space=dice.choice(spaces), author=dice.choice(people)))
            case 7 | 8:
                other = Topic.objects.get(pk=dice.choice(topics).pk)
                if post.is_first or other == topic or other.status != "published":
                    continue
                acts.append(split_act(viewer=viewer(staff), topic=topic, numbers=[post.number], title="", into=other))
            case 9:
                if not post.is_first and not post.is_whisper and post.status == "published":
                    row = split_act(
                        viewer=viewer(staff), topic=topic, numbers=[post.number], title="Split off", into=None
                    )
                    acts.append(row)
                elif acts:
                    act_undo(viewer=viewer(staff), act=acts.pop())
            case 10:
                other = Topic.objects.get(pk=dice.choice(topics).pk)
                if other == topic or other.status != "published":
                    topics_act(viewer=viewer(staff), topics=[topic], act="bump")
                    continue
                act = topics_act(viewer=viewer(staff), topics=[topic], act="merge", options=Options(other=other))
                if dice.random() < 0.5:
                    act_undo(viewer=viewer(staff), act=act)
                else:
                    topics = [left for left in topics if left.pk != topic.pk]
                    topics.append(make_topic(space=dice.choice(spaces), author=dice.choice(people)))
    before = _counters()

    recount_all()

    assert _counters() == before


def test_post_when_not_seen_removed_or_signed_out_then_cannot_be_edited_even_by_its_author() -> None:
    author, moderator, closed = make_user(), make_user(is_moderator=True), make_space()
    removed, hidden, own = (make_reply(make_topic(space=closed), author=author) for _ in range(3))
    content_set_status(actor_id=moderator.pk, target=removed, status="removed")
    removed.refresh_from_db()
    assert can_edit(viewer(author), own) and can_edit(viewer(moderator), own)
    assert not can_edit(ANONYMOUS, own)
    assert not can_edit(viewer(author), removed) and not can_edit(viewer(moderator), removed)

    Space.objects.filter(pk=closed.pk).update(audience="groups")
    assert not can_edit(viewer(author), hidden)
    with pytest.raises(NotAllowed):
        post_edit(viewer=viewer(author), post=hidden, body="From outside.")
    hidden.refresh_from_db()
    assert hidden.version == 1
