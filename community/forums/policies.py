"""What a viewer may see and do with topics and posts: the predicates and tokens that twin the row filters."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone

from accounts.viewer import Viewer
from community.forums.kinds import DETAILED
from community.forums.models import Kind, Poll, Post, Results, Status, Topic
from community.spaces import policies as spaces

EDIT_WINDOW = timedelta(days=30)
NEWCOMERS_WINDOW = timedelta(hours=24)  # below trust level 2, as Discourse has it
KNOWN = 1  # the trust level from which a wiki post may be changed by everybody
SLIP_WINDOW = timedelta(minutes=5)
EXPERIENCED = 2  # the trust level from which helpers may say that a question needs more information


def topic_audience(topic: Topic) -> frozenset[str]:
    """The tokens that open a topic; any one is enough."""
    match topic.status:
        case Status.PUBLISHED:
            return frozenset({f"space:{topic.space_id}"})
        case Status.PENDING if topic.author_id:
            return frozenset({f"space:{topic.space_id}/user:{topic.author_id}", f"review:{topic.space_id}"})
    return frozenset({f"review:{topic.space_id}"})


def post_audience(post: Post) -> frozenset[str]:
    """The tokens that open a post: those of its topic, narrowed by its own status and by whispering."""
    topic = post.topic
    author = f"space:{topic.space_id}/user:{post.author_id}"
    review = f"review:{topic.space_id}"
    if topic.status == Status.PUBLISHED and post.status == Status.PUBLISHED:
        return frozenset({f"space:{topic.space_id}/staff" if post.is_whisper else f"space:{topic.space_id}"})
    if post.is_whisper:
        return frozenset({f"{review}/staff"})
    author_sees_post = post.status == Status.PUBLISHED or (post.status == Status.PENDING and post.author_id)
    author_sees_topic = topic.status == Status.PUBLISHED or (
        topic.status == Status.PENDING and topic.author_id == post.author_id
    )
    if post.author_id and author_sees_post and author_sees_topic:
        return frozenset({author, review})
    if topic.status == Status.PENDING and post.status == Status.PUBLISHED and topic.author_id:
        return frozenset({f"space:{topic.space_id}/user:{topic.author_id}", review})
    return frozenset({review})


def can_see_topic(viewer: Viewer, topic: Topic) -> bool:
    return viewer.may_read(topic_audience(topic))


def can_see_post(viewer: Viewer, post: Post) -> bool:
    return viewer.may_read(post_audience(post))


def can_start(viewer: Viewer, space, kind: str) -> bool:
    """Start a topic of this kind: the space allows it, and announcements are for staff."""
    if not spaces.can_post(viewer, space) or not space.allows(kind):
        return False
    return viewer.is_staff if kind == Kind.ANNOUNCEMENT else True


def kinds_for(viewer: Viewer, space) -> list[tuple[str, str]]:
    """The kinds that the form for a new topic offers this viewer in a space, as (value, label)."""
    own_form = DETAILED | {Kind.IDEA}
    return [(k.value, str(k.label)) for k in Kind if k not in own_form and can_start(viewer, space, k.value)]


def forms_for(viewer: Viewer, space) -> frozenset[str]:
    """The kinds with a form of their own that this viewer may start in a space, ideas aside."""
    return frozenset(kind for kind in DETAILED if can_start(viewer, space, kind))


def can_reply(viewer: Viewer, topic: Topic) -> bool:
    """Signed in, sees the topic, named by the space's rule, and it is published and open or the viewer moderates it.

    An archived one nobody.
    """
    if not viewer.is_signed_in or not can_see_topic(viewer, topic) or topic.status == Status.REMOVED:
        return False
    if topic.is_archived or not spaces.may(viewer, topic.space, "reply"):
        return False
    return not topic.is_closed or can_moderate(viewer, topic)


def can_whisper(viewer: Viewer, topic: Topic) -> bool:
    return viewer.is_staff and can_see_topic(viewer, topic)


def can_edit(viewer: Viewer, post: Post) -> bool:
    """The author for a while and, where it is a wiki post, everybody who is known; its moderators always.

    Nobody changes a removed post, nobody but staff a locked one, and only moderators what stands in a closed topic.
    """
    return viewer.is_signed_in and can_see_post(viewer, post) and why_not_edit(viewer, post) == ""


def why_not_edit(viewer: Viewer, post: Post, *, can_moderate_it: bool | None = None) -> str:
    """What keeps a viewer who sees it from changing a post: "", removed, closed, locked, newcomer, foreign or late."""
    if post.status == Status.REMOVED:
        return "removed"
    if can_moderate(viewer, post.topic) if can_moderate_it is None else can_moderate_it:
        return ""
    if post.topic.is_closed or post.topic.is_archived:
        return "closed"
    is_own = post.author_id == viewer.user_id
    if post.is_locked and not (is_own and viewer.is_staff):
        return "locked"
    if post.is_wiki and (is_own or viewer.is_staff or viewer.trust_level >= KNOWN):
        return ""
    if not is_own:
        return "newcomer" if post.is_wiki else "foreign"
    return "" if timezone.now() - post.created_at < edit_window(viewer) else "late"


def edit_window(viewer: Viewer) -> timedelta:
    """For how long authors may change what they wrote."""
    return EDIT_WINDOW if viewer.is_staff or viewer.trust_level >= EXPERIENCED else NEWCOMERS_WINDOW


def can_set_wiki(viewer: Viewer, post: Post) -> bool:
    """The author, as long as they may change it anyway, and moderators."""
    is_own = viewer.is_signed_in and post.author_id == viewer.user_id
    return can_moderate(viewer, post.topic) or (is_own and can_edit(viewer, post))


def is_slip(viewer: Viewer, post: Post, now: datetime) -> bool:
    """An author's own change within five minutes that nobody has answered: no edit that anybody needs to read about."""
    is_fresh = now - post.created_at < SLIP_WINDOW and post.edited_at is None
    return is_fresh and post.author_id == viewer.user_id and post.topic.last_post_number == post.number


def can_accept(viewer: Viewer, topic: Topic) -> bool:
    """Mark the answer: whoever asked, and staff."""
    if not topic.is_solvable or topic.is_archived or not can_see_topic(viewer, topic) or not viewer.is_signed_in:
        return False
    return topic.author_id == viewer.user_id or viewer.is_agent or can_moderate(viewer, topic)


def can_help(viewer: Viewer, topic: Topic) -> bool:
    """Take it, so that others look elsewhere: whoever may answer somebody else's open question."""
    is_open = topic.is_solvable and topic.solution_id is None and topic.status == Status.PUBLISHED
    return is_open and topic.author_id != viewer.user_id and can_reply(viewer, topic)


def can_ask_for_info(viewer: Viewer, topic: Topic) -> bool:
    """Say that the asker must tell more: staff, and helpers whom the community knows."""
    return can_help(viewer, topic) and (viewer.is_staff or viewer.trust_level >= EXPERIENCED)


def is_nudged(viewer: Viewer, topic: Topic) -> bool:
    """Whether to ask the reader to mark the answer: it is their open question, and somebody else spoke last."""
    is_open = topic.is_solvable and topic.solution_id is None and not topic.is_closed
    is_answered = topic.reply_count > 0 and topic.last_poster_id != viewer.user_id
    return is_open and is_answered and viewer.is_signed_in and topic.author_id == viewer.user_id


def can_vote(viewer: Viewer, post: Post) -> bool:
    """Everyone but the author, on what is published and not archived."""
    is_open = post.status == Status.PUBLISHED and not post.topic.is_archived
    return is_open and viewer.is_signed_in and post.author_id != viewer.user_id


def can_react(viewer: Viewer, post: Post) -> bool:
    """As `can_vote`, for what one sees; a reaction says less than a vote, and moves nothing."""
    return can_vote(viewer, post) and can_see_post(viewer, post)


def can_ask_poll(viewer: Viewer, post: Post) -> bool:
    """Put a poll into a post: its author while they may change it, and moderators; a wiki post's other editors not."""
    is_own = viewer.is_signed_in and post.author_id == viewer.user_id
    return (is_own or can_moderate(viewer, post.topic)) and can_edit(viewer, post)


def can_vote_in(viewer: Viewer, poll: Poll) -> bool:
    """Choose in a poll that is open: everyone who reads its post, while that stands in a topic that is not archived."""
    post = poll.post
    is_there = post.status == Status.PUBLISHED and not post.topic.is_archived and can_see_post(viewer, post)
    return viewer.is_signed_in and is_there and poll.is_open()


def can_close_poll(viewer: Viewer, poll: Poll) -> bool:
    is_own = viewer.is_signed_in and poll.post.author_id == viewer.user_id
    return poll.is_open() and (is_own or can_moderate(viewer, poll.post.topic)) and can_see_post(viewer, poll.post)


def sees_results(poll: Poll, *, has_voted: bool) -> bool:
    """Whether the counts are shown; the rule is the same for staff, who would otherwise know before the others."""
    return not poll.is_open() or poll.results == Results.ALWAYS or (poll.results == Results.VOTED and has_voted)


def can_moderate(viewer: Viewer, topic: Topic) -> bool:
    return spaces.can_moderate(viewer, topic.space_id)


def can_change_details(viewer: Viewer, topic: Topic) -> bool:
    """Change what a topic has beyond its posts (an event's time, a snippet's code).

    Whoever started it while it is open, and its moderators; of a removed or archived one nobody.
    """
    if not viewer.is_signed_in or not can_see_topic(viewer, topic):
        return False
    if topic.status == Status.REMOVED or topic.is_archived:
        return False
    return can_moderate(viewer, topic) or (topic.author_id == viewer.user_id and not topic.is_closed)


def can_flag(viewer: Viewer, post: Post) -> bool:
    return viewer.is_signed_in and post.author_id != viewer.user_id and post.status == Status.PUBLISHED
