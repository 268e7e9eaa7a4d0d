"""Events, shared code, polls and spaces when many come at the same moment: one row each, and counters that agree."""

from __future__ import annotations

import pytest

from accounts.errors import NotAllowed
from accounts.events.models import Event
from accounts.viewer import system_viewer
from community.calendar.models import Attendance, CalendarEvent
from community.calendar.services import attendance_set
from community.forums.models import PollVote
from community.forums.services import poll_create, poll_vote
from community.forums.services.polls import PollInput
from community.snippets.models import Snippet, SnippetUse
from community.snippets.services import snippet_use
from community.spaces.models import SpaceInvitation, SpaceMembership, SpaceRequest
from community.spaces.services import (
    address_invite,
    invitation_accept,
    person_invite,
    request_decide,
    space_ask,
    space_join,
)
from tests.community.moderation.test_races import at_once
from tests.factories.calendar import make_event
from tests.factories.forums import make_topic
from tests.factories.people import make_user, viewer
from tests.factories.snippets import make_snippet
from tests.factories.spaces import make_space

pytestmark = pytest.mark.django_db(transaction=True)
TIMES = 8
ANSWERS = ("going", "maybe")


def failed(results: list[object]) -> list[object]:
    return [result for result in results if isinstance(result, Exception)]


def told(name: str, target: int) -> int:
    return Event.objects.filter(name=name, target_id=target).count()


def test_answers_to_an_event_when_many_and_one_person_at_once_then_one_each_and_counted() -> None:
    event, restless = make_event(), viewer(make_user())
    people = [viewer(make_user()) for _ in range(TIMES)]

    results = at_once(
        [lambda who=who: attendance_set(viewer=who, event=event, answer="going") for who in people]
        + [lambda said=said: attendance_set(viewer=restless, event=event, answer=said) for said in ANSWERS * 3]
    )

    assert failed(results) == []
    counted = CalendarEvent.objects.get(pk=event.pk)
    given = list(Attendance.objects.filter(event=event).values_list("answer", flat=True))
    assert len(given) == TIMES + 1
    assert (counted.going_count, counted.maybe_count) == (given.count("going"), given.count("maybe"))


def test_uses_of_a_snippet_when_many_and_one_person_at_once_then_one_each_and_counted() -> None:
    snippet, restless = make_snippet(), viewer(make_user())
    people = [viewer(make_user()) for _ in range(TIMES)]

    results = at_once(
        [lambda who=who: snippet_use(viewer=who, snippet=snippet, on=True) for who in people]
        + [lambda on=on: snippet_use(viewer=restless, snippet=snippet, on=on) for on in (True, False) * 3]
    )

    assert failed(results) == []
    rows = SnippetUse.objects.filter(snippet=snippet).count()
    assert Snippet.objects.get(pk=snippet.pk).use_count == rows and rows in (TIMES, TIMES + 1)


def test_votes_in_a_poll_when_many_and_one_person_at_once_then_one_each_and_counted() -> None:
    author = make_user()
    post = make_topic(author=author).posts.get()
    poll = poll_create(viewer=viewer(author), post=post, asked=PollInput(question="Which?", options=["One", "Two"]))
    choices = list(poll.options.values_list("pk", flat=True))
    restless, people = viewer(make_user()), [viewer(make_user()) for _ in range(TIMES)]

    results = at_once(
        [lambda who=who: poll_vote(viewer=who, poll=poll, options=choices[:1]) for who in people]
        + [lambda pk=pk: poll_vote(viewer=restless, poll=poll, options=[pk]) for pk in choices * 3]
    )

    assert failed(results) == []
    poll.refresh_from_db()
    votes = PollVote.objects.filter(option__poll=poll)
    assert votes.count() == poll.voter_count == TIMES + 1
    for option in poll.options.all():
        assert option.vote_count == votes.filter(option=option).count()


def test_space_when_one_person_joins_many_times_at_once_then_belongs_once() -> None:
    space, who = make_space(joining="open"), viewer(make_user())

    results = at_once([lambda: space_join(viewer=who, space=space)] * TIMES)

    assert failed(results) == []
    assert SpaceMembership.objects.filter(space=space).count() == told("space.member_added", space.pk) == 1


def test_request_when_made_and_decided_many_times_at_once_then_one_each_and_the_first_counts() -> None:
    space, asker = make_space(joining="request"), make_user()
    deciders = [viewer(make_user(is_moderator=True)) for _ in range(TIMES)]

    results = at_once([lambda: space_ask(viewer=viewer(asker), space=space, note="Please")] * TIMES)
    assert failed(results) == []
    asked = SpaceRequest.objects.get(space=space)
    results = at_once([
        lambda who=who, yes=number % 2 == 0: request_decide(viewer=who, request=asked, is_let_in=yes)
        for number, who in enumerate(deciders)
    ])

    assert failed(results) == []
    belongs = SpaceMembership.objects.filter(space=space, user=asker).count()
    assert told("space.asked", space.pk) == 1
    assert (told("space.let_in", space.pk), told("space.declined", space.pk)) == (belongs, 1 - belongs)
    assert SpaceRequest.objects.filter(space=space).count() == 1 - belongs


def test_invitation_when_sent_many_times_at_once_then_one_is_open() -> None:
    space, guest, host = make_space(), make_user(), system_viewer()

    results = at_once(
        [lambda: person_invite(viewer=host, space=space, user=guest)] * TIMES
        + [lambda: address_invite(viewer=host, space=space, email="bo@friends.example")] * TIMES
    )

    assert failed(results) == []
    opened = SpaceInvitation.objects.open().filter(space=space)
    assert (opened.filter(user=guest).count(), opened.filter(email="bo@friends.example").count()) == (1, 1)
    assert told("space.invited", space.pk) == 1


def test_link_when_opened_by_many_at_once_then_lets_one_in() -> None:
    space = make_space()
    invitation = address_invite(viewer=system_viewer(), space=space, email="bo@friends.example")
    people = [viewer(make_user()) for _ in range(TIMES)]

    results = at_once([lambda who=who: invitation_accept(viewer=who, invitation=invitation) for who in people])

    assert [type(result) for result in failed(results)] == [NotAllowed] * (TIMES - 1)
    assert SpaceMembership.objects.filter(space=space).count() == told("space.invitation_accepted", space.pk) == 1
    assert SpaceInvitation.objects.get(pk=invitation.pk).used_at is not None
