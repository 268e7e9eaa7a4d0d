"""Deciding about ideas, who hears of it, who sees what, and where ideas come from."""

from __future__ import annotations

import random

import pytest
from django.core.exceptions import ValidationError

from accounts.errors import NotAllowed
from accounts.events.models import Event
from accounts.events.worker import drain
from community.forums.models import Topic
from community.forums.services import content_set_status, topic_create, topic_follow
from community.ideas import policies
from community.ideas.models import Idea, IdeaVote
from community.ideas.services import idea_merge, idea_set_status, idea_vote, idea_wrap
from community.ideas.source import IdeaSource
from community.notifications.models import Notification
from tests.factories.ideas import make_idea
from tests.factories.people import make_group, make_organisation, make_user, viewer
from tests.factories.spaces import make_space

pytestmark = pytest.mark.django_db


def told(person) -> list[str]:
    return list(Notification.objects.filter(user=person, kind="idea.status").values_list("data__after", flat=True))


def test_topic_of_kind_idea_has_its_idea_however_it_came_about():
    space = make_space()

    topic = topic_create(viewer=viewer(make_user()), space=space, kind="idea", title="Over the API", body="Please.")
    question = topic_create(viewer=viewer(make_user()), space=space, kind="question", title="No idea", body="Why?")

    assert Idea.objects.get(pk=topic.pk).vote_count == 0
    assert not Idea.objects.filter(pk=question.pk).exists()
    assert Event.objects.filter(name="idea.created", target_id=topic.pk).count() == 1


def test_decision_keeps_its_history_and_records_one_event():
    idea, staff = make_idea(), make_user(is_manager=True)

    idea = idea_set_status(viewer=viewer(staff), idea=idea, status="under_review")
    idea = idea_set_status(viewer=viewer(staff), idea=idea, status="planned", note="With *4.4*.")
    idea = idea_set_status(viewer=viewer(staff), idea=idea, status="planned")

    changes = list(idea.status_changes.values_list("before", "after", "note", "changed_by"))
    assert changes == [("under_review", "planned", "With *4.4*.", staff.pk), ("new", "under_review", "", staff.pk)]
    assert "<em>4.4</em>" in idea.status_changes.first().html
    assert Event.objects.filter(name="idea.status_changed").count() == 2


@pytest.mark.parametrize(("fields", "field"), [
    ({"status": "maybe"}, "status"), ({"status": "planned", "note": "x" * 2_001}, "note"),
    ({"status": "planned", "note": "a\0b"}, "note"),
])
def test_decision_with_bad_input_names_the_field_and_changes_nothing(fields, field):
    idea = make_idea()

    with pytest.raises(ValidationError) as refusal:
        idea_set_status(viewer=viewer(make_user(is_manager=True)), idea=idea, **fields)

    idea.refresh_from_db()
    assert field in refusal.value.message_dict
    assert idea.status == "new" and not idea.status_changes.exists()


def test_everyone_who_voted_hears_of_a_decision_once_and_who_muted_it_does_not():
    author, voter, muted, bystander = (make_user() for _ in range(4))
    staff = make_user(is_manager=True)
    idea = make_idea(author=author)
    for person in (voter, muted, staff):
        idea_vote(viewer=viewer(person), idea=idea, on=True)
    topic_follow(viewer=viewer(muted), topic=idea.topic, on=False)

    idea_set_status(viewer=viewer(staff), idea=idea, status="planned", note="In spring.")
    drain()
    drain()

    assert told(author) == ["planned"] and told(voter) == ["planned"]
    assert told(muted) == told(bystander) == told(staff) == []


def test_voter_who_lost_access_hears_nothing(client):
    group, staff = make_group(), make_user(is_superuser=True)
    voter = make_user(groups=(group,))
    space = make_space(audience="groups", groups=[group.pk])
    idea = make_idea(space=space, author=staff, title="A wish behind doors")
    idea_vote(viewer=viewer(voter), idea=idea, on=True)
    voter.groups.clear()

    idea_set_status(viewer=viewer(make_user(is_superuser=True)), idea=idea, status="planned")
    drain()
    client.force_login(voter)

    assert told(voter) == []
    assert "A wish behind doors" not in client.get("/notifications/").content.decode()


def test_merge_moves_votes_once_a_person_and_closes_the_merged_idea(client):
    both, only_first = make_user(), make_user()
    first, second = make_idea(title="Mute a room"), make_idea(title="Silence one room")
    for person, ideas in ((both, (first, second)), (only_first, (first,))):
        for idea in ideas:
            idea_vote(viewer=viewer(person), idea=idea, on=True)
    staff = viewer(make_user(is_manager=True))

    target = idea_merge(viewer=staff, idea=first, into=second)

    first.refresh_from_db()
    assert target.vote_count == 4 and first.vote_count == 0
    assert IdeaVote.objects.filter(idea=second, user=both).count() == 1
    with pytest.raises(NotAllowed):
        idea_vote(viewer=viewer(make_user()), idea=Idea.objects.get(pk=first.pk), on=True)
    with pytest.raises(ValidationError):
        idea_merge(viewer=staff, idea=second, into=first)
    page = client.get("/ideas/").content.decode()
    assert "Silence one room" in page and "Mute a room" not in page
    assert "Silence one room" in client.get(first.get_absolute_url()).content.decode()


def test_imported_idea_keeps_its_votes_and_tells_nobody():
    space = make_space()
    topic = topic_create(viewer=viewer(make_user()), space=space, kind="idea", title="From elsewhere", body="Please.")

    idea = idea_wrap(topic=topic, status="planned", votes=41)
    idea = idea_wrap(topic=topic, status="planned", votes=41)
    drain()

    assert (idea.vote_count, idea.status) == (41, "planned")
    assert not Notification.objects.filter(kind="idea.status").exists()
    assert idea_vote(viewer=viewer(make_user()), idea=idea, on=True).vote_count == 42


def test_filter_predicate_and_tokens_agree_for_generated_spaces_people_and_states():
    draw = random.Random(5)
    company, group = make_organisation(), make_group()
    admin = make_user(is_superuser=True)
    spaces = [
        make_space(), make_space(audience="members"), make_space(audience="staff"),
        make_space(audience="groups", groups=[group.pk]),
        make_space(audience="organisations", organisations=[company.pk]),
    ]
    people = [
        None, admin, make_user(), make_user(organisation=company), make_user(groups=(group,)),
        make_user(is_agent=True), make_user(is_moderator=True), make_user(is_manager=True),
    ]
    for _number in range(30):
        idea = make_idea(space=draw.choice(spaces), author=admin)
        Topic.objects.filter(pk=idea.pk).update(author=draw.choice([person for person in people if person]))
        content_set_status(actor_id=None, target=idea.topic, status=draw.choice(["published", "pending", "removed"]))

    for person in people:
        who = viewer(person)
        seen = set(Idea.objects.visible_to(who).values_list("pk", flat=True))
        for idea in Idea.objects.select_related("topic"):
            assert (idea.pk in seen) == policies.can_see(who, idea) == bool(policies.audience(idea) & who.tokens)


def test_search_holds_published_ideas_with_status_and_votes_and_no_merged_ones():
    staff = viewer(make_user(is_manager=True))
    kept, merged, removed = make_idea(votes=2), make_idea(), make_idea()
    staff = viewer(make_user(is_manager=True))
    idea_set_status(viewer=staff, idea=kept, status="planned")
    idea_merge(viewer=staff, idea=merged, into=kept)
    content_set_status(actor_id=None, target=removed.topic, status="removed")
    source = IdeaSource()

    documents = list(source.documents([kept.pk, merged.pk, removed.pk]))

    assert list(source.ids()) == [kept.pk]
    assert [(document.id, document.state, document.helpful) for document in documents] == [(kept.pk, "planned", 4)]
    assert source.cards([kept.pk, merged.pk, removed.pk], viewer(None)).keys() == {kept.pk}
