"""Posts that change their topic: split off, moved, or merged with the whole topic."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.errors import NotAllowed
from accounts.events import services as events
from accounts.viewer import Viewer
from community.forums.models import Kind, Post, PostMove, Status, Topic, TopicAct, TopicFollow
from community.forums.services.curation import moderated
from community.forums.services.fitting import check_fits
from community.forums.services.follows import follow_automatically
from community.forums.services.recount import recount_space, recount_topic
from community.forums.services.texts import clean_title
from community.notifications.services import notifications_rethread
from community.spaces import policies as spaces
from community.spaces.models import Space

MOST_POSTS: Final = 500


@transaction.atomic
def posts_move(
    *, viewer: Viewer, topic: Topic, numbers: Iterable[int], into: Topic, act: TopicAct | None = None
) -> int:
    """Move replies to the end of another topic, where they get new numbers; their old addresses lead there.

    Returns how many. Raises NotAllowed unless the viewer moderates both, ValidationError by field: posts, into.
    """
    moderated(viewer, topic, into)
    source, target = _locked(topic, into)
    _check_pair(source, target)
    posts = _chosen(source, numbers)

    _carry(viewer, posts, source, target, act)
    _count(source, target)

    _record("topic.posts_moved", viewer, source, target, len(posts))
    return len(posts)


@transaction.atomic
def topic_split(
    *,
    viewer: Viewer,
    topic: Topic,
    numbers: Iterable[int],
    title: str,
    space: Space | None = None,
    act: TopicAct | None = None,
) -> Topic:
    """Make a topic of its own out of some replies; the first of them is its question, with its author and its time.

    Raises NotAllowed unless the viewer moderates here and where it goes, ValidationError by field: posts, title, space.
    """
    moderated(viewer, topic)
    if space is not None and not spaces.can_moderate(viewer, space.pk):
        raise NotAllowed(_("You do not moderate the space that this should go to."))
    cleaned = clean_title(title)
    source = Topic.objects.select_for_update().get(pk=topic.pk)
    _check_kind(source)
    if space is not None and space.pk != source.space_id:
        check_fits(space, kind=source.kind, title=cleaned, tags=source.tags.values_list("name", flat=True))
    posts = _chosen(source, numbers)
    first = posts[0]
    if first.status != Status.PUBLISHED or first.is_whisper:
        raise ValidationError({"posts": _("The first post of a new topic must be one that everybody may read.")})

    target = Topic.objects.create(
        space_id=space.pk if space else source.space_id, kind=source.kind, title=cleaned, author_id=first.author_id,
        created_at=first.created_at, updated_at=timezone.now(), last_posted_at=first.created_at,
    )  # fmt: skip
    target.tags.set(source.tags.all())
    _carry(viewer, posts, source, target, act)
    for author_id in dict.fromkeys(post.author_id for post in posts):
        follow_automatically(topic=target, user_id=author_id)
    _count(source, target)

    with events.quietly():  # nobody hears of these posts a second time
        data = {"space": target.space_id, "kind": target.kind, "split_from": source.pk}
        events.record("topic.created", actor=viewer, target=target, at=first.created_at, data=data)
    _record("topic.split", viewer, source, target, len(posts))
    target.refresh_from_db()
    return target


@transaction.atomic
def topic_merge(*, viewer: Viewer, topic: Topic, into: Topic, act: TopicAct | None = None) -> Topic:
    """Put all posts of a topic at the end of another, and its followers with them; its address leads there.

    Raises NotAllowed unless the viewer moderates both, ValidationError({"into": …}).
    """
    moderated(viewer, topic, into)
    source, target = _locked(topic, into)
    _check_pair(source, target)

    posts = list(source.posts.order_by("number"))
    _carry(viewer, posts, source, target, act)
    follows = TopicFollow.objects.filter(topic=source, is_muted=False).values_list("user_id", flat=True)
    rows = [TopicFollow(topic=target, user_id=pk) for pk in follows]
    TopicFollow.objects.bulk_create(rows, ignore_conflicts=True)
    source.merged_into, source.status, source.updated_at = target, Status.REMOVED, timezone.now()
    source.save(update_fields=["merged_into", "status", "updated_at"])
    _count(source, target)

    _record("topic.merged", viewer, source, target, len(posts))
    target.refresh_from_db()
    return target


@transaction.atomic
def moves_undo(*, viewer: Viewer, act: TopicAct) -> int:
    """Put posts back where an act took them from, under their old numbers; returns how many. Part of `act_undo`.

    A post that was moved on since stays where it is.
    """
    moves = list(act.moves.select_related("post", "from_topic"))
    if not moves:
        return 0
    all_moves = PostMove.objects.filter(post__in=[move.post_id for move in moves])
    latest = dict(all_moves.order_by().values_list("post_id").annotate(last=Max("pk")))
    back = [move for move in moves if latest[move.post_id] == move.pk]
    here = set(Topic.objects.filter(posts__moves__in=back))
    topics = {move.from_topic for move in back} | here
    moderated(viewer, *topics)
    list(Topic.objects.select_for_update().filter(pk__in=[topic.pk for topic in topics]).order_by("pk"))

    for topic in here:
        _unsolve(viewer, topic, {move.post_id for move in back})
    for topic in topics - here:
        _unfollow(topic, since=act.created_at)
    for topic in topics - here:
        ids = {move.post_id for move in back if move.from_topic_id == topic.pk}
        notifications_rethread(target_type="post", ids=ids, thread=f"topic:{topic.pk}")
    for move in back:
        move.post.topic_id, move.post.number = move.from_topic_id, move.from_number
    Post.objects.bulk_update([move.post for move in back], ["topic", "number"], batch_size=200)
    PostMove.objects.filter(pk__in=[move.pk for move in back]).delete()
    _hide_empty(topics)
    _count(*topics)

    for topic in topics:
        events.record("topic.posts_moved", actor=viewer, target=topic, data={"space": topic.space_id, "undone": True})
    return len(back)


def _unfollow(topic: Topic, *, since: datetime) -> None:
    """Who follows the topic that this one was merged into only because of that, follows it no more."""
    if topic.merged_into_id is None:
        return
    brought = TopicFollow.objects.filter(topic=topic, is_muted=False).values("user")
    wrote = Post.objects.filter(topic=topic.merged_into_id).exclude(moves__from_topic=topic).exclude(author=None)
    TopicFollow.objects.filter(
        topic=topic.merged_into_id, user__in=brought, is_muted=False, created_at__gte=since
    ).exclude(user__in=wrote.values("author")).delete()


def _hide_empty(topics: Iterable[Topic]) -> None:
    """A topic that was split off and has nothing left is no topic any more."""
    for topic in topics:
        if not Post.objects.filter(topic=topic).exists():
            Topic.objects.filter(pk=topic.pk).update(status=Status.REMOVED)


def _locked(one: Topic, two: Topic) -> tuple[Topic, Topic]:
    """Both rows, locked in the same order whoever asks: two moderators at once do not block each other for ever."""
    rows = {row.pk: row for row in Topic.objects.select_for_update().filter(pk__in=[one.pk, two.pk]).order_by("pk")}
    return rows[one.pk], rows[two.pk]


def _check_kind(topic: Topic) -> None:
    if topic.kind == Kind.IDEA:
        raise ValidationError({"into": _("Ideas are merged on their board.")})


def _check_pair(source: Topic, target: Topic) -> None:
    _check_kind(source)
    _check_kind(target)
    if source.pk == target.pk:
        raise ValidationError({"into": _("Choose another topic.")})
    if target.status != Status.PUBLISHED or source.merged_into_id is not None:
        raise ValidationError({"into": _("Choose a topic that is there for everybody.")})


def _chosen(source: Topic, numbers: Iterable[int]) -> list[Post]:
    wanted = set(numbers)
    if not wanted or len(wanted) > MOST_POSTS:
        raise ValidationError({"posts": _("Choose between 1 and %s replies.") % MOST_POSTS})
    posts = list(source.posts.filter(number__in=wanted, number__gt=1).order_by("number"))
    if len(posts) != len(wanted):
        raise ValidationError({"posts": _("Choose replies of this topic. Its first post stays, or goes with a merge.")})
    return posts


def _carry(viewer: Viewer, posts: list[Post], source: Topic, target: Topic, act: TopicAct | None) -> None:
    PostMove.objects.bulk_create(
        [PostMove(post=post, from_topic=source, from_number=post.number, act=act) for post in posts]
    )
    for number, post in enumerate(posts, start=target.last_post_number + 1):
        post.topic, post.number = target, number
    Post.objects.bulk_update(posts, ["topic", "number"], batch_size=200)
    ids = {post.pk for post in posts}
    notifications_rethread(target_type="post", ids=ids, thread=f"topic:{target.pk}")
    _unsolve(viewer, source, ids)


def _unsolve(viewer: Viewer, topic: Topic, post_ids: set[int]) -> None:
    """A solution that went elsewhere solves nothing here."""
    if topic.solution_id not in post_ids:
        return
    data = {"post": topic.solution_id, "space": topic.space_id}
    Topic.objects.filter(pk=topic.pk).update(solution=None, solved_at=None, solved_by=None)
    events.record("topic.unsolved", actor=viewer, target=topic, data=data)


def _count(*topics: Topic) -> None:
    for topic in topics:
        recount_topic(topic.pk)
    for space_id in {topic.space_id for topic in topics}:
        recount_space(space_id)


def _record(name: str, viewer: Viewer, source: Topic, target: Topic, count: int) -> None:
    """On both topics, so that search, the queue, reputation and open pages follow."""
    data = {"space": source.space_id, "from": source.pk, "to": target.pk, "posts": count}
    events.record(name, actor=viewer, target=source, data=data)
    events.record("topic.posts_moved", actor=viewer, target=target, data=data | {"space": target.space_id})
