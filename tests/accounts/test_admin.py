"""What the operator sees and changes in /admin/; every change is a service call and stands in the log."""

from __future__ import annotations

import pytest
from django.utils import timezone

from accounts.events.models import Delivery, Event
from accounts.models import ApiToken, User
from tests.factories.people import make_group, make_organisation, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(client):
    user = make_user("root", is_superuser=True, is_staff=True)
    client.force_login(user)
    return user


def form_of(user: User, **changed) -> dict:
    fields = {"display_name": user.display_name, "headline": user.headline, "about": user.about, "groups": []}
    return fields | changed


def test_admin_when_a_person_is_changed_then_services_did_it(client, admin):
    mara, group, company = make_user("mara"), make_group(), make_organisation()
    changed = form_of(mara, about="*hi*", is_agent="on", groups=[group.pk], organisation=company.pk)
    assert client.post(f"/admin/accounts/user/{mara.pk}/change/", changed).status_code == 302

    mara.refresh_from_db()
    assert (mara.about_html, mara.is_agent, mara.organisation) == ("<p><em>hi</em></p>\n", True, company)
    assert list(mara.groups.all()) == [group]
    names = set(Event.objects.values_list("name", flat=True))
    assert {"user.updated", "user.role_changed", "user.organisation_changed", "group.member_added"} <= names


def test_admin_when_the_own_row_is_saved_without_the_role_then_it_is_kept(client, admin):
    client.post(f"/admin/accounts/user/{admin.pk}/change/", form_of(admin))
    admin.refresh_from_db()
    assert admin.is_superuser


def test_admin_when_tokens_are_revoked_then_they_open_nothing(client, admin):
    token = ApiToken.objects.create(user=make_user(), prefix="tw_x", digest="0" * 64, scopes=["read"])
    client.post("/admin/accounts/apitoken/", {"action": "revoke", "_selected_action": [token.pk]})
    token.refresh_from_db()
    assert token.revoked_at is not None


def test_admin_when_parked_errands_are_replayed_then_they_wait_again(client, admin):
    event = Event.objects.create(name="topic.created", created_at=timezone.now())
    parked = Delivery.objects.create(
        event=event, subscriber="forums.tell_of_topic", state="parked", attempts=9, next_attempt_at=timezone.now()
    )
    client.post(f"/admin/{Delivery._meta.app_label}/delivery/", {
        "action": "replay", "_selected_action": [parked.pk],
    })  # fmt: skip
    parked.refresh_from_db()
    assert (parked.state, parked.attempts) == ("waiting", 0)


@pytest.mark.parametrize("model", [User, Event, Delivery, ApiToken])
def test_admin_when_not_an_admin_then_nothing_is_shown(client, model):
    client.force_login(make_user(is_moderator=True, is_agent=True, is_manager=True))
    path = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
    assert client.get(path).status_code in {302, 403, 404}
