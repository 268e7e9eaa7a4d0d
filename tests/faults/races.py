"""What may be done twice at once: each race sets a scene, and tells the call, the right answers and the facts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from allauth.account.models import EmailAddress

from accounts.events.models import Event
from accounts.models import OutboundEmail, User
from community.cases.models import Case
from community.forums.models import Post, PostVote, Tag, Topic, TopicFollow
from community.forums.policies import SLIP_WINDOW
from community.ideas.models import Idea, IdeaVote
from community.moderation.models import Flag, ReviewItem
from community.spaces.models import Space
from knowledge.models import ArticleStanding, ArticleVote, WikiEdit
from tests.factories.cases import make_agent, make_case
from tests.factories.forums import make_reply, make_topic
from tests.factories.ideas import make_idea
from tests.factories.knowledge import make_article, make_wiki_page
from tests.factories.people import make_user
from tests.factories.reviews import make_review
from tests.factories.spaces import make_space
from tests.faults.caller import Answer, Caller

Facts = dict[str, object]


@dataclass(frozen=True, slots=True)
class Race:
    """`call(port)` is sent many times at once; `statuses` may come back, `winners` of them (None: all) in `won`."""

    call: Callable[[int], Answer]
    statuses: set[int]
    facts: Callable[[], Facts]
    expected: Facts
    one_wins: bool = False


def told(name: str, *targets: int) -> int:
    """How many events of that name there are about these."""
    return Event.objects.filter(name=name, target_id__in=targets).count()


def vote() -> Race:
    post, caller = make_reply(make_topic()), Caller(make_user())
    return Race(
        lambda port: caller.api(port, "POST", f"posts/{post.pk}/vote"),
        {200},
        lambda: {
            "rows": PostVote.objects.filter(post=post).count(), "counter": Post.objects.get(pk=post.pk).vote_count,
            "events": told("post.voted", post.pk),
        },
        {"rows": 1, "counter": 1, "events": 1},
    )


def unvote() -> Race:
    topic = make_topic()
    post, caller = topic.posts.get(), Caller(make_user())
    PostVote.objects.create(post=post, user=caller.user)
    Post.objects.filter(pk=post.pk).update(vote_count=1)
    Topic.objects.filter(pk=topic.pk).update(vote_count=1)
    return Race(
        lambda port: caller.api(port, "DELETE", f"posts/{post.pk}/vote"),
        {200},
        lambda: {
            "rows": PostVote.objects.filter(post=post).count(), "post": Post.objects.get(pk=post.pk).vote_count,
            "topic": Topic.objects.get(pk=topic.pk).vote_count,
        },
        {"rows": 0, "post": 0, "topic": 0},
    )


def accept() -> Race:
    asker = Caller(make_user())
    topic = make_topic(author=asker.user)
    post = make_reply(topic)
    return Race(
        lambda port: asker.api(port, "POST", f"topics/{topic.pk}/solution", {"post": post.number}),
        {200},
        lambda: {
            "solution": Topic.objects.get(pk=topic.pk).solution_id,
            "events": told("topic.solved", topic.pk),
        },
        {"solution": post.pk, "events": 1},
    )


def reply_by_api() -> Race:
    topic, caller = make_topic(), Caller(make_user())
    return Race(
        lambda port: caller.api(port, "POST", f"topics/{topic.pk}/posts", {"body": "Once only."}, key="one-key"),
        {201},
        lambda: _replies(topic),
        {"rows": 1, "counter": 1, "last": 2, "events": 1},
    )


def reply_by_form() -> Race:
    topic, caller = make_topic(), Caller(make_user())
    return Race(
        lambda port: caller.form(port, f"/t/{topic.pk}/reply/", body="Once only.", key="form-key"),
        {302},
        lambda: _replies(topic),
        {"rows": 1, "counter": 1, "last": 2, "events": 1},
    )


def _replies(topic: Topic) -> Facts:
    row = Topic.objects.get(pk=topic.pk)
    replies = Post.objects.filter(topic=topic, number__gt=1)
    return {
        "rows": replies.count(), "counter": row.reply_count, "last": row.last_post_number,
        "events": told("post.created", *replies.values_list("pk", flat=True)),
    }


def topic_by_api() -> Race:
    space, caller = make_space(), Caller(make_user())
    body = {"space": space.slug, "kind": "question", "title": "Asked once only", "body": "Really.", "tags": ["by-api"]}
    return Race(
        lambda port: caller.api(port, "POST", "topics", body, key="topic-key"), {201}, lambda: _topics(space), ONE_TOPIC
    )


def topic_by_form() -> Race:
    space, caller = make_space(), Caller(make_user())
    fields = {"kind": "question", "title": "Asked once only", "body": "Really.", "tags": "by-form", "key": "form"}
    return Race(
        lambda port: caller.form(port, f"/s/{space.slug}/new/", **fields), {302}, lambda: _topics(space), ONE_TOPIC
    )


ONE_TOPIC: Facts = {"topics": 1, "posts": 1, "counter": 1, "tags": 1, "events": 1}


def _topics(space: Space) -> Facts:
    return {
        "topics": Topic.objects.filter(space=space).count(), "posts": Post.objects.filter(topic__space=space).count(),
        "counter": Space.objects.get(pk=space.pk).topic_count,
        "tags": Tag.objects.filter(topics__space=space).count(),
        "events": told("topic.created", *Topic.objects.filter(space=space).values_list("pk", flat=True)),
    }


def same_key_in_two_topics() -> Race:
    topics, caller = [make_topic(), make_topic()], Caller(make_user())
    turn = iter(range(10**6))
    return Race(
        lambda port: caller.api(
            port, "POST", f"topics/{topics[next(turn) % 2].pk}/posts", {"body": "Once only."}, key="shared"
        ),
        {201},
        lambda: {"rows": Post.objects.filter(idempotency_key="shared").count()},
        {"rows": 1},
    )


def idea() -> Race:
    space, caller = make_space(), Caller(make_user())
    body = {"space": space.slug, "title": "Let us mute the bell", "body": "At night."}
    return Race(
        lambda port: caller.api(port, "POST", "ideas", body, key="idea-key"),
        {201},
        lambda: {
            "ideas": Idea.objects.filter(topic__space=space).count(),
            "topics": Topic.objects.filter(space=space).count(),
            "votes": IdeaVote.objects.filter(idea__topic__space=space).count(),
            "counter": Idea.objects.get(topic__space=space).vote_count,
        },
        {"ideas": 1, "topics": 1, "votes": 1, "counter": 1},
    )


def idea_vote() -> Race:
    found, caller = make_idea(), Caller(make_user())
    return Race(
        lambda port: caller.api(port, "POST", f"ideas/{found.pk}/vote"),
        {200},
        lambda: {"rows": found.votes.count(), "counter": Idea.objects.get(pk=found.pk).vote_count},
        {"rows": 2, "counter": 2},
    )


def flag() -> Race:
    post, caller = make_reply(make_topic()), Caller(make_user())
    body = {"target": f"post:{post.pk}", "reason": "spam"}
    return Race(
        lambda port: caller.api(port, "POST", "flags", body),
        {201, 400},
        lambda: {
            "items": ReviewItem.objects.of("post", post.pk).count(),
            "flags": Flag.objects.filter(reporter=caller.user).count(),
            "counter": ReviewItem.objects.of("post", post.pk).get().flag_count, "events": told("flag.created", post.pk),
        },
        {"items": 1, "flags": 1, "counter": 1, "events": 1},
        one_wins=True,
    )


def review() -> Race:
    item, caller = make_review(), Caller(make_user(is_moderator=True))
    body = {"action": "remove", "version": item.version}
    return Race(
        lambda port: caller.api(port, "POST", f"reviews/{item.pk}/decision", body),
        {201, 409},
        lambda: {
            "decisions": item.decisions.count(), "state": ReviewItem.objects.get(pk=item.pk).state,
            "events": told("review.decided", item.target_id),
        },
        {"decisions": 1, "state": "removed", "events": 1},
        one_wins=True,
    )


def follow() -> Race:
    topic, caller = make_topic(), Caller(make_user())
    return Race(
        lambda port: caller.form(port, f"/t/{topic.pk}/follow/", on="1"),
        {302},
        lambda: {"rows": TopicFollow.objects.filter(user=caller.user).count()},
        {"rows": 1},
    )


def case_status() -> Race:
    agent = make_agent()
    case, caller = make_case(agent=agent), Caller(agent)
    return Race(
        lambda port: caller.api(port, "PATCH", f"cases/{case.number}", {"status": "solved"}),
        {200},
        lambda: {
            "status": Case.objects.get(pk=case.pk).status, "events": told("case.changed", case.pk),
        },
        {"status": "solved", "events": 1},
    )


def case_message() -> Race:
    agent = make_agent()
    case, caller = make_case(agent=agent), Caller(agent)
    return Race(
        lambda port: caller.api(port, "POST", f"cases/{case.number}/messages", {"body": "We look."}, key="message"),
        {201},
        lambda: {"rows": case.messages.count()},
        {"rows": 1},
    )


def case_link() -> Race:
    agent, topic = make_agent(), make_topic()
    case, caller = make_case(agent=agent), Caller(agent)
    return Race(
        lambda port: caller.api(port, "POST", f"cases/{case.number}/links", {"topic": topic.pk}),
        {201},
        lambda: {"rows": case.links.count(), "events": told("case.linked", case.pk)},
        {"rows": 1, "events": 1},
    )


def sign_up() -> Race:
    caller = Caller()
    fields = {"display_name": "Ines", "username": "ines", "email": "ines@people.example", "password1": "a long phrase"}
    return Race(
        lambda port: caller.form(port, "/accounts/signup/", **fields),
        {200, 302, 429},
        lambda: {
            "people": User.objects.filter(username="ines").count(),
            "addresses": EmailAddress.objects.filter(email="ines@people.example").count(),
            "joined": told("user.joined", *User.objects.filter(username="ines").values_list("pk", flat=True)),
            "mailed": OutboundEmail.objects.filter(recipient="ines@people.example").count() >= 1,
        },
        {"people": 1, "addresses": 1, "joined": 1, "mailed": True},
    )


def helpful() -> Race:
    article, caller = make_article(), Caller(make_user())
    return Race(
        lambda port: caller.form(port, f"{article.get_url()}helpful/", helpful="yes"),
        {302},
        lambda: {
            "rows": ArticleVote.objects.filter(article=article).count(),
            "counter": ArticleStanding.objects.get(article=article).helpful_count,
        },
        {"rows": 1, "counter": 1},
    )


def wiki_edit() -> Race:
    page, caller = make_wiki_page(body="One."), Caller(make_user(trust_level=4))
    fields = {"title": page.title, "body": "Two.", "comment": "", "version": 1}
    return Race(
        lambda port: caller.form(port, f"{page.get_url()}edit/", **fields),
        {302, 409},
        lambda: {"edits": WikiEdit.objects.filter(page=page).count()},
        {"edits": 2},
    )


def post_edit() -> Race:
    author = make_user()
    post, caller = make_reply(make_topic(), author=author), Caller(author)
    Post.objects.filter(pk=post.pk).update(created_at=post.created_at - SLIP_WINDOW)  # mending a slip keeps nothing
    turn = iter(range(10**6))
    return Race(
        lambda port: caller.form(port, f"/posts/{post.pk}/edit/", body=f"Version {next(turn)}.", version=1),
        {302, 409},
        lambda: {"version": Post.objects.get(pk=post.pk).version, "kept": post.revisions.count()},
        {"version": 2, "kept": 1},
        one_wins=True,
    )


def read_and_visit() -> Race:
    topic, caller = make_topic(), Caller(make_user())
    return Race(
        lambda port: caller.get(port, topic.get_absolute_url()),
        {200},
        lambda: {"reads": topic.reads.filter(user=caller.user).count()},
        {"reads": 1},
    )


RACES: dict[str, Callable[[], Race]] = {
    race.__name__: race
    for race in (
        vote, unvote, accept, reply_by_api, reply_by_form, topic_by_api, topic_by_form, same_key_in_two_topics, idea,
        idea_vote, flag, review, follow, case_status, case_message, case_link, sign_up, helpful, wiki_edit, post_edit,
        read_and_visit,
    )
}  # fmt: skip
