"""Who may read a space, told three ways, for every audience and every sort of person."""

from __future__ import annotations

import pytest

from accounts.audience import may_read_container
from accounts.errors import NotAllowed
from accounts.models import Audience
from accounts.viewer import viewer_for
from community.spaces import policies
from community.spaces.models import Space, SpaceMembership
from community.spaces.services import member_add, member_remove, space_create, space_set_audience
from tests.factories.people import make_group, make_organisation, make_user, viewer
from tests.factories.spaces import make_space

pytestmark = pytest.mark.django_db


def test_spaces_when_told_three_ways_then_all_agree_and_match_the_table() -> None:
    group, company = make_group(), make_organisation()
    spaces = {audience: make_space(audience=audience) for audience in Audience.values}
    spaces["groups"].audience_groups.set([group])
    spaces["organisations"].audience_organisations.set([company])
    joined = make_user()
    SpaceMembership.objects.create(space=spaces["groups"], user=joined)
    expected = {
        None: {"public"},
        make_user(): {"public", "members"},
        joined: {"public", "members", "groups"},
        make_user(groups=(group,)): {"public", "members", "groups"},
        make_user(organisation=company): {"public", "members", "organisations"},
        make_user(organisation=make_organisation()): {"public", "members"},
        make_user(is_agent=True): {"public", "members", "organisations", "staff"},
        make_user(is_moderator=True): {"public", "members", "organisations", "staff"},
        make_user(is_superuser=True): set(Audience.values),
        make_user(is_active=False): {"public"},
    }

    for user, audiences in expected.items():
        person = viewer(user) if user else viewer_for(None)
        assert set(Space.objects.visible_to(person).values_list("audience", flat=True)) == audiences, user
        for audience, space in spaces.items():
            told = policies.can_see(person, space), bool(policies.audience(space) & person.tokens)
            is_joined = user is joined and audience == "groups"
            assert told == (audience in audiences,) * 2, (user, audience)
            assert may_read_container(person, space, joined=is_joined) == (audience in audiences), (user, audience)


def test_audience_when_it_is_one_that_this_code_does_not_know_then_only_admins_read() -> None:
    """Such as a row written by a newer version: in doubt the door is closed."""
    group, company = make_group(), make_organisation()
    space = make_space()
    space.audience_groups.set([group])
    space.audience_organisations.set([company])
    Space.objects.filter(pk=space.pk).update(audience="guests")
    space.refresh_from_db()
    insider = make_user(groups=(group,), organisation=company)
    SpaceMembership.objects.create(space=space, user=insider)

    for user in (None, insider, make_user(is_agent=True), make_user(is_moderator=True), make_user(is_superuser=True)):
        person = viewer(user) if user else viewer_for(None)
        told = (
            policies.can_see(person, space), may_read_container(person, space, joined=user is insider),
            Space.objects.visible_to(person).exists(),
        )  # fmt: skip
        assert told == (person.is_admin,) * 3, user


def test_audience_when_changed_then_takes_effect_at_once() -> None:
    space, reader, admin = make_space(), make_user(), make_user(is_superuser=True)
    assert policies.can_see(viewer_for(None), space)

    space_set_audience(viewer=viewer(admin), space=space, audience="groups")

    assert not policies.can_see(viewer_for(None), space) and not policies.can_see(viewer(reader), space)
    member_add(viewer=viewer(admin), space=space, user=reader)
    assert policies.can_see(viewer(reader), space)
    member_remove(viewer=viewer(admin), space=space, user=reader)
    assert not policies.can_see(viewer(reader), space)


def test_spaces_when_viewer_is_no_admin_then_cannot_be_set_up() -> None:
    space, person = make_space(), viewer(make_user(is_moderator=True))

    with pytest.raises(NotAllowed):
        space_create(viewer=person, name="Mine")
    with pytest.raises(NotAllowed):
        space_set_audience(viewer=viewer(make_user()), space=space, audience="staff")
    with pytest.raises(NotAllowed):
        member_add(viewer=viewer(make_user()), space=space, user=make_user())

    assert Space.objects.count() == 1 and Space.objects.get().audience == "public"


def test_space_index_when_opened_then_lists_only_what_may_be_read(client) -> None:
    make_space(name="Open house"), make_space(name="Secret garden", audience="staff")

    page = client.get("/spaces/").content.decode()

    assert "Open house" in page and "Secret garden" not in page
