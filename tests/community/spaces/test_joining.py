"""Coming into a space: joining, asking, being invited by name or by e-mail; and what outsiders never learn of it."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.errors import NotAllowed
from accounts.events import services as events
from accounts.events.worker import drain
from accounts.ignoring.services import person_ignore
from accounts.models import User
from accounts.viewer import system_viewer
from community.notifications.models import Notification
from community.notifications.selectors import resolved
from community.spaces import policies
from community.spaces.models import Space, SpaceInvitation, SpaceMembership, SpaceRequest
from community.spaces.services import (
    address_invite,
    invitation_accept,
    invitation_decline,
    member_add,
    person_invite,
    request_decide,
    space_ask,
    space_join,
)
from community.spaces.settings import Who
from tests.factories.people import make_organisation, make_user, viewer
from tests.factories.spaces import make_space

pytestmark = pytest.mark.django_db


def reviewer_of(space: Space) -> User:
    user = make_user()
    member_add(viewer=system_viewer(), space=space, user=user, role="reviewer")
    return user


def told(user: User) -> list[str]:
    """The kinds of what somebody's bell shows."""
    drain()
    return sorted(Notification.objects.filter(user=user, hidden_at=None).values_list("kind", flat=True))


def link_in(mail: EmailMessage) -> str:
    return re.search(r"/invited/[\w-]+/", str(mail.body))[0]  # type: ignore[index]


def test_space_when_open_then_one_joins_may_start_topics_and_leaves_again(client) -> None:
    space, user = make_space(joining="open", start=Who("groups")), make_user()
    client.force_login(user)
    assert not policies.can_post(viewer(user), space)

    page = client.post(f"/s/{space.slug}/members/act/", {"act": "join"}, follow=True).content.decode()
    assert f"Welcome to “{space.name}”." in page
    space_join(viewer=viewer(user), space=space)
    assert SpaceMembership.objects.get().user == user and policies.can_post(viewer(user), space)

    client.post(f"/s/{space.slug}/members/act/", {"act": "leave"})
    assert not SpaceMembership.objects.exists() and not policies.can_post(viewer(user), space)


@pytest.mark.parametrize("joining", Space.Joining.values)
def test_joining_when_told_for_every_policy_then_only_its_own_way_is_open(joining) -> None:
    user = make_user()
    ways = {
        "open": lambda space: space_join(viewer=viewer(user), space=space),
        "request": lambda space: space_ask(viewer=viewer(user), space=space),
    }

    for audience in ("public", "staff"):
        space = make_space(joining=joining, audience=audience)
        for name, way in ways.items():
            if name == joining and audience == "public":
                way(space)
            else:
                with pytest.raises(NotAllowed):
                    way(space)
    assert SpaceMembership.objects.count() == (joining == "open")
    assert SpaceRequest.objects.count() == (joining == "request")


def test_request_when_let_in_then_asker_belongs_and_everyone_concerned_is_told_once(client) -> None:
    space, asker, other = make_space(joining="request"), make_user(), make_user()
    reviewer = reviewer_of(space)
    client.force_login(asker)
    for _time in range(2):
        client.post(f"/s/{space.slug}/members/act/", {"act": "ask", "note": "I repair lamps"})
    assert told(reviewer) == ["space.asked"] and told(other) == []

    client.force_login(other)
    assert "I repair lamps" not in client.get(f"/s/{space.slug}/members/").content.decode()
    client.force_login(reviewer)
    assert "I repair lamps" in client.get(f"/s/{space.slug}/members/").content.decode()
    asked = SpaceRequest.objects.get()
    client.post(f"/s/{space.slug}/members/act/", {"act": "let-in", "request": asked.pk})

    assert SpaceMembership.objects.filter(space=space, user=asker).exists() and not SpaceRequest.objects.exists()
    assert told(asker) == ["space.let_in"]
    assert resolved(viewer(reviewer), Notification.objects.filter(user=reviewer)) == []  # nothing waits any more


def test_request_when_declined_then_one_is_told_and_may_ask_again_a_week_later() -> None:
    space, asker = make_space(joining="request"), make_user()
    request = space_ask(viewer=viewer(asker), space=space)
    request_decide(viewer=viewer(reviewer_of(space)), request=request, is_let_in=False)

    assert told(asker) == ["space.declined"] and not SpaceMembership.objects.filter(user=asker).exists()
    with pytest.raises(ValidationError, match="ask again a week later"):
        space_ask(viewer=viewer(asker), space=space)
    SpaceRequest.objects.update(declined_at=timezone.now() - timedelta(days=8))
    assert space_ask(viewer=viewer(asker), space=space).declined_at is None


def test_request_when_it_is_not_theirs_to_decide_then_refused_and_nothing_changes(client) -> None:
    space, elsewhere = make_space(joining="request"), make_space()
    request = space_ask(viewer=viewer(make_user()), space=space)
    for user in (make_user(), reviewer_of(elsewhere), make_user(is_agent=True)):
        with pytest.raises(NotAllowed):
            request_decide(viewer=viewer(user), request=request, is_let_in=True)
        client.force_login(user)
        sent = {"act": "let-in", "request": request.pk}
        assert client.post(f"/s/{space.slug}/members/act/", sent).status_code == 404
        assert client.post(f"/s/{elsewhere.slug}/members/act/", sent).status_code == 404

    assert SpaceRequest.objects.get() == request and SpaceMembership.objects.filter(space=space).count() == 0


def test_request_when_a_space_has_no_reviewers_then_its_admins_hear_of_it() -> None:
    space, admin = make_space(joining="request"), make_user(is_superuser=True)
    space_ask(viewer=viewer(make_user()), space=space)

    assert told(admin) == ["space.asked"]


def test_invitation_by_name_when_taken_up_then_opens_a_private_space_to_just_this_person(client) -> None:
    space = make_space(name="Deal room", audience="groups")
    guest, other = make_user(), make_user()
    client.force_login(reviewer_of(space))
    sent = {"act": "invite", "person": f"@{guest.username}"}
    assert client.post(f"/s/{space.slug}/members/act/", sent).status_code == 302
    address = SpaceInvitation.objects.get().get_absolute_url()

    assert told(guest) == ["space.invited"] and told(other) == []
    client.force_login(other)
    assert client.get(address).status_code == client.post(address, {"answer": "yes"}).status_code == 404
    client.force_login(guest)
    assert client.get(space.get_absolute_url()).status_code == 404
    assert "Deal room" in client.get(address).content.decode()
    assert client.post(address, {"answer": "yes"}).headers["Location"] == space.get_absolute_url()
    assert client.get(space.get_absolute_url()).status_code == 200
    assert client.get(address).status_code == 404  # it opens once


def test_invitation_when_declined_taken_back_or_too_old_then_opens_nothing(client) -> None:
    space, guest = make_space(audience="groups"), make_user()
    reviewer = reviewer_of(space)

    def invited() -> SpaceInvitation:
        return person_invite(viewer=viewer(reviewer), space=space, user=guest)

    invitation_decline(viewer=viewer(guest), invitation=invited())
    client.force_login(reviewer)
    client.post(f"/s/{space.slug}/members/act/", {"act": "withdraw", "invitation": invited().pk})
    old = invited()
    SpaceInvitation.objects.filter(pk=old.pk).update(expires_at=timezone.now())

    for invitation in SpaceInvitation.objects.all():
        with pytest.raises(NotAllowed):
            invitation_accept(viewer=viewer(guest), invitation=invitation)
    assert SpaceInvitation.objects.count() == 3
    assert not SpaceMembership.objects.filter(user=guest).exists()


def test_invitation_when_the_person_could_not_read_the_space_even_then_then_says_so(mailoutbox) -> None:
    company, admin = make_organisation(), system_viewer()
    customer, stranger = make_user(organisation=company), make_user()
    of_company = make_space(audience="organisations", organisations=[company.pk])
    part = make_space(parent=make_space(audience="staff"), audience="groups")

    assert person_invite(viewer=admin, space=of_company, user=customer).pk
    for space in (of_company, part, make_space(audience="staff")):
        with pytest.raises(ValidationError, match="could not read this space"):
            person_invite(viewer=admin, space=space, user=stranger)
        with pytest.raises(ValidationError, match="A link cannot open this space"):
            address_invite(viewer=admin, space=space, email="new@people.example")
    assert [mail.to for mail in mailoutbox] == [[customer.email]]


def test_invitation_by_name_when_made_then_one_mail_leads_to_it_from_a_confirmed_address(client, mailoutbox) -> None:
    guest, doubtful, deaf = make_user(), make_user(), make_user()
    space = make_space(name="Deal room", audience="groups")
    reviewer = reviewer_of(space)
    EmailAddress.objects.filter(user=doubtful).update(verified=False)
    person_ignore(viewer=viewer(deaf), person=reviewer, level="ignored", days=9)

    for user in (guest, guest, doubtful, deaf):
        person_invite(viewer=viewer(reviewer), space=space, user=user)

    [mail] = mailoutbox
    assert mail.to == [guest.email] and "Deal room" in mail.subject
    assert f"/u/{reviewer.username}/" in mail.body  # where to ignore whoever invites
    client.force_login(guest)
    link = re.search(r"/invitations/\d+/", str(mail.body))
    assert link and "Deal room" in client.get(link[0]).content.decode()


@pytest.mark.parametrize(("words", "why"), [("nobody-here", "nobody of this name"), ("a@", "valid"), ("", "nobody")])
def test_invitation_when_it_names_nobody_then_says_so_beside_the_box(client, words, why) -> None:
    space = make_space()
    client.force_login(reviewer_of(space))

    answer = client.post(f"/s/{space.slug}/members/act/", {"act": "invite", "person": words})

    assert answer.status_code == 400 and why in answer.content.decode() and not SpaceInvitation.objects.exists()


def test_mail_invitation_when_followed_by_somebody_new_then_signing_up_lands_in_the_space(mailoutbox) -> None:
    space = make_space(name="Deal room", audience="groups")
    address_invite(viewer=viewer(reviewer_of(space)), space=space, email="New@people.example")
    assert mailoutbox[0].to == ["new@people.example"]
    link, newcomer = link_in(mailoutbox[0]), Client()
    page = newcomer.get(link).content.decode()
    assert "Deal room" in page and f"/accounts/signup/?next={link}" in page

    sent = {"display_name": "New One", "username": "newone", "email": "new@people.example"}
    newcomer.post(f"/accounts/signup/?next={link}", sent | {"next": link, "password1": "bright-lamp-7"})
    newcomer.post(re.search(r"/accounts/confirm-email/[^\s/]+/", str(mailoutbox[-1].body))[0])  # type: ignore[index]
    user = User.objects.get(username="newone")
    assert told(user) == ["space.invited"]  # should they have come by another browser
    assert newcomer.post(link, {"answer": "yes"}).headers["Location"] == space.get_absolute_url()

    assert newcomer.get(space.get_absolute_url()).status_code == 200
    other = Client()
    other.force_login(make_user())
    assert other.get(link).status_code == other.post(link).status_code == Client().get(link).status_code == 404


def test_mail_invitation_when_stored_then_only_the_digest_of_its_link_is_and_the_answer_tells_nothing(
    client, mailoutbox
) -> None:
    space = make_space()
    make_user(email="known@people.example")
    client.force_login(reviewer_of(space))

    answers = [
        client.post(f"/api/v1/spaces/{space.slug}/invitations", {"email": email}, content_type="application/json")
        for email in ("known@people.example", "unknown@people.example")
    ]  # fmt: skip

    told_keys = [answer.json().keys() for answer in answers]
    assert [answer.status_code for answer in answers] == [201, 201] and told_keys[0] == told_keys[1]
    assert all(answer.json()["username"] is None for answer in answers)
    key = link_in(mailoutbox[0]).split("/")[2]
    assert not SpaceInvitation.objects.filter(digest=key).exists()
    assert not any(key in str(row) for row in SpaceInvitation.objects.values())


def test_mail_invitation_when_sent_again_then_the_earlier_link_opens_nothing(client, mailoutbox) -> None:
    space = make_space()
    for _time in range(2):
        address_invite(viewer=system_viewer(), space=space, email="new@people.example")
    first, second = map(link_in, mailoutbox)

    assert client.get(first).status_code == 404 and client.get(second).status_code == 200


def test_people_page_when_somebody_may_not_read_the_space_then_is_not_there(client) -> None:
    space = make_space(audience="groups", joining="request")
    client.force_login(make_user())

    for act in ("join", "ask", "leave", "invite"):
        assert client.post(f"/s/{space.slug}/members/act/", {"act": act}).status_code == 404
    assert client.get(f"/s/{space.slug}/members/").status_code == 404
    for path in ("members", "requests", "invitations"):
        for method in (client.get, client.post):
            assert method(f"/api/v1/spaces/{space.slug}/{path}").status_code == 404


def test_roles_when_set_by_a_reviewer_then_hold_at_once_and_nobody_else_sets_them(client) -> None:
    space, member = make_space(), make_user()
    member_add(viewer=system_viewer(), space=space, user=member)
    sent = {"act": "role", "user": member.pk, "role": "reviewer"}
    client.force_login(member)
    assert client.post(f"/s/{space.slug}/members/act/", sent).status_code == 403
    client.force_login(reviewer_of(space))
    client.post(f"/s/{space.slug}/members/act/", sent)
    assert policies.can_moderate(viewer(member), space.pk)

    client.post(f"/s/{space.slug}/members/act/", sent | {"act": "remove"})
    assert not SpaceMembership.objects.filter(user=member).exists()
    assert client.post(f"/s/{space.slug}/members/act/", sent | {"act": "dance"}).status_code == 404


def test_api_when_used_for_all_of_it_then_does_what_the_pages_do(client) -> None:
    space, asker, guest = make_space(joining="request", audience="members"), make_user(), make_user()
    reviewer, root = reviewer_of(space), f"/api/v1/spaces/{space.slug}"
    ask: Any = {"content_type": "application/json"}

    client.force_login(asker)
    assert client.post(f"{root}/requests", {"note": "Please"}, **ask).status_code == 201
    assert client.get(f"{root}/requests").status_code == client.get(f"{root}/invitations").status_code == 403
    client.force_login(reviewer)
    waiting = client.get(f"{root}/requests").json()["results"]
    assert [row["note"] for row in waiting] == ["Please"]
    assert client.post(f"{root}/requests/{waiting[0]['id']}", {"is_let_in": True}, **ask).status_code == 204
    made = client.post(f"{root}/invitations", {"username": guest.username}, **ask).json()
    client.force_login(guest)
    assert [row["id"] for row in client.get("/api/v1/invitations").json()["results"]] == [made["id"]]
    assert client.post(f"/api/v1/invitations/{made['id']}").json() == {"space": space.slug}
    members = {row["username"]: row["role"] for row in client.get(f"{root}/members").json()["results"]}
    assert members == {asker.username: "member", guest.username: "member", reviewer.username: "reviewer"}
    assert client.delete(f"{root}/members/{asker.username}").status_code == 403
    assert client.delete(f"{root}/members/{guest.username}").status_code == 204


def test_people_page_when_there_are_many_then_costs_no_more_statements(client) -> None:
    space = make_space(joining="request")
    client.force_login(reviewer_of(space))

    def fill() -> None:
        for _time in range(4):
            member_add(viewer=system_viewer(), space=space, user=make_user())
            space_ask(viewer=viewer(make_user()), space=space)
            person_invite(viewer=system_viewer(), space=space, user=make_user())

    def statements() -> int:
        client.get(f"/s/{space.slug}/members/")
        with CaptureQueriesContext(connection) as asked:
            assert client.get(f"/s/{space.slug}/members/").status_code == 200
        return len(asked)

    fill()
    before = statements()
    fill()
    assert statements() == before


def test_address_when_confirmed_by_somebody_else_then_no_invitation_is_theirs() -> None:
    space, other = make_space(), make_user()
    address_invite(viewer=system_viewer(), space=space, email="new@people.example")
    EmailAddress.objects.create(user=other, email="new@people.example", verified=False)
    events.record("user.email_confirmed", actor=other.pk, target=("user", other.pk))

    assert told(other) == [] and SpaceInvitation.objects.get().user is None
