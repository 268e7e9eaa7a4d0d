"""The one visibility rule, told three ways: row filter, predicate, tokens. Generated worlds prove them equal."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator

import pytest
from django.db import transaction

from accounts.api.permissions import limited
from accounts.models import Audience
from accounts.viewer import Viewer, viewer_for
from community.forums import policies
from community.forums.models import Post, Status, Topic
from community.forums.services import content_set_status
from community.spaces.models import Space, SpaceMembership
from tests.factories.forums import make_reply, make_topic
from tests.factories.people import make_group, make_organisation, make_user, viewer
from tests.factories.spaces import make_space

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def mixed(django_db_setup, django_db_blocker) -> Iterator[list[Viewer]]:
    """A world for the tests that only read: theirs nest in its transaction, which is taken back at the end."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield _world(0)
        transaction.set_rollback(True)


def _world(seed: int, *, authors: int = 1) -> list[Viewer]:
    """Spaces of every audience, people of every sort, topics and posts of every status; returns the viewers."""
    dice = random.Random(seed)
    group, company, other_company = make_group(), make_organisation(), make_organisation()
    spaces = [make_space(audience=audience) for audience in Audience.values]
    for space in spaces:
        space.audience_groups.set([group] if space.audience == Audience.GROUPS else [])
        space.audience_organisations.set([company] if space.audience == Audience.ORGANISATIONS else [])
    people = [
        make_user(),
        make_user(organisation=company),
        make_user(organisation=other_company),
        make_user(groups=(group,)),
        make_user(is_moderator=True),
        make_user(is_agent=True),
        make_user(is_manager=True),
        make_user(is_superuser=True),
        make_user(is_active=False),
    ]
    for person in people[:4]:
        for space in dice.sample(spaces, 2):
            SpaceMembership.objects.create(space=space, user=person, role=dice.choice(SpaceMembership.Role.values))
    admin = people[7]
    for space, status, author in itertools.product(spaces, Status.values, dice.sample(people[:8], authors)):
        topic = make_topic(space=space, author=admin)
        for whisper in (False, True):
            for post_status in Status.values:
                post = make_reply(topic, author=admin, is_whisper=whisper)
                Post.objects.filter(pk=post.pk).update(author=dice.choice(people[:8]))
                content_set_status(actor_id=None, target=post, status=post_status)
        Topic.objects.filter(pk=topic.pk).update(status=status, author=author)
        Post.objects.filter(topic=topic, number=1).update(author=author)
    Post.objects.filter(pk__in=dice.sample(list(Post.objects.values_list("pk", flat=True)), 6)).update(author=None)
    whole = [viewer(person) for person in people]
    scopes = [{"read"}, {"read", "private"}, {"read", "staff"}]
    return [viewer_for(None), *whole, *(limited(person, dice.choice(scopes)) for person in people)]


def test_topic_and_post_visibility_when_told_three_ways_then_all_agree(mixed) -> None:
    all_agree(mixed)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(1, 8))
def test_topic_and_post_visibility_when_worlds_are_larger_then_all_agree(seed: int) -> None:
    all_agree(_world(seed, authors=2))


def all_agree(viewers: list[Viewer]) -> None:
    """Row filter, predicate and tokens say the same of every topic and post to every viewer."""
    topics = list(Topic.objects.all())
    posts = list(Post.objects.select_related("topic"))

    for person in viewers:
        by_row = set(Topic.objects.visible_to(person).values_list("pk", flat=True))
        by_predicate = {topic.pk for topic in topics if policies.can_see_topic(person, topic)}
        by_token = {topic.pk for topic in topics if policies.topic_audience(topic) & person.tokens}
        assert by_row == by_predicate == by_token, person.username

        by_row = set(Post.objects.visible_to(person).values_list("pk", flat=True))
        by_predicate = {post.pk for post in posts if policies.can_see_post(person, post)}
        by_token = {post.pk for post in posts if policies.post_audience(post) & person.tokens}
        assert by_row == by_predicate == by_token, person.username


def test_posts_when_visible_then_their_topic_and_space_are_too(mixed) -> None:
    for person in mixed:
        for post in Post.objects.visible_to(person).select_related("topic__space"):
            assert policies.can_see_topic(person, post.topic)
            assert Space.objects.visible_to(person).filter(pk=post.topic.space_id).exists()


def test_anonymous_when_world_is_mixed_then_sees_only_published_and_public(mixed) -> None:
    nobody = mixed[0]

    seen = Post.objects.visible_to(nobody).select_related("topic__space")

    assert seen
    assert {post.topic.space.audience for post in seen} == {Audience.PUBLIC}
    assert {(post.status, post.topic.status, post.is_whisper) for post in seen} == {("published", "published", False)}


def test_member_when_removed_from_space_then_loses_even_own_pending_post() -> None:
    space, person = make_space(audience=Audience.GROUPS), make_user()
    membership = SpaceMembership.objects.create(space=space, user=person)
    topic = make_topic(space=space, author=person)
    content_set_status(actor_id=None, target=topic, status=Status.PENDING)
    assert Topic.objects.visible_to(viewer(person)).filter(space=space).count() == 1

    membership.delete()

    assert Topic.objects.visible_to(viewer(person)).filter(space=space).count() == 0
