"""Profiles, the list of people, and the services behind them."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command

from accounts import services
from accounts.errors import NotAllowed
from accounts.events.models import Event
from accounts.models import User
from accounts.viewer import system_viewer
from tests.factories.people import make_group, make_organisation, make_user, viewer

pytestmark = pytest.mark.django_db


def test_profile_when_the_letters_differ_then_it_leads_to_the_one_address(client):
    make_user("Mara")
    assert client.get("/u/mara/")["Location"] == "/u/Mara/"


@pytest.mark.parametrize("path", ["/u/nobody/", "/u/%00/", "/u/left/"])
def test_profile_when_nobody_is_there_then_404(client, path):
    make_user("left", is_active=False)
    assert client.get(path).status_code == 404


def test_contact_when_seen_by_others_then_only_staff_and_the_person_read_it(client):
    mara = make_user("mara", email="mara@secret.example", organisation=make_organisation("Altmann GmbH"))
    for reader, sees in [
        (None, False),
        (make_user("jonas"), False),
        (make_user("sanne", is_agent=True), True),
        (mara, True),
    ]:
        client.logout()
        if reader:
            client.force_login(reader)
        page = client.get("/u/mara/").content.decode()
        assert ("mara@secret.example" in page, "Altmann" in page) == (sees, sees)


def test_people_when_searched_then_names_and_headlines_count_and_the_query_count_is_constant(
    client, django_assert_num_queries
):
    for number in range(45):
        make_user(f"p{number}", display_name=f"Person {number}")
    make_user("mara", display_name="Mara", headline="100% hubs")
    assert len(client.get("/people/").context["page_obj"]) == 40
    assert [p.username for p in client.get("/people/?q=100%25").context["page_obj"]] == ["mara"]
    client.get("/people/")
    with django_assert_num_queries(3):  # tokens, and what the page shows
        client.get("/people/?page=2")


@pytest.mark.parametrize("query", ["q=%00", "page=-1", "page=x", "order=password", "q=" + "x" * 5000])
def test_people_when_the_query_is_nonsense_then_the_page_still_answers(client, query):
    assert client.get(f"/people/?{query}").status_code == 200


def test_people_when_only_staff_then_roles_decide(client):
    make_user("mara")
    make_user("sanne", is_agent=True)
    assert [p.username for p in client.get("/people/?staff=1").context["page_obj"]] == ["sanne"]


def test_user_create_when_given_all_then_the_person_can_sign_in(client):
    at = viewer(make_user()).user_id  # an id that is not the new one
    user = services.user_create(
        viewer=system_viewer(), username="ada", display_name="Ada", email="ada@people.example", password="pass word",
        about="*hi*", roles=["agent"], organisation=make_organisation(),
    )  # fmt: skip
    assert user.pk != at and user.is_agent and not user.is_staff
    assert user.about_html == "<p><em>hi</em></p>\n"
    client.post("/accounts/login/", {"login": "ada@people.example", "password": "pass word"})
    assert client.session["_auth_user_id"] == str(user.pk)


def test_user_create_when_the_name_is_taken_or_bad_then_the_field_is_named():
    make_user("ada")
    for fields, name in [
        ({"username": "ada"}, "username"),
        ({"username": "a b"}, "username"),
        ({"roles": ["king"]}, "role"),
    ]:
        with pytest.raises(ValidationError) as refused:
            services.user_create(viewer=system_viewer(), **{"username": "new", "display_name": "New"} | fields)
        assert list(refused.value.message_dict) == [name]


def test_role_set_when_an_admin_gives_it_then_the_viewer_holds_it_and_it_is_recorded():
    admin, mara = make_user("root", is_superuser=True), make_user("mara")
    services.role_set(viewer=viewer(admin), user=mara, role="moderator", on=True)
    services.role_set(viewer=viewer(admin), user=mara, role="moderator", on=True)
    assert viewer(mara).is_moderator
    assert [e.data for e in Event.objects.filter(name="user.role_changed")] == [{"role": "moderator", "on": True}]


@pytest.mark.parametrize("roles", [{}, {"is_moderator": True}, {"is_agent": True}, {"is_manager": True}])
def test_role_set_when_not_an_admin_then_refused(roles):
    mara = make_user("mara", **roles)
    with pytest.raises(NotAllowed):
        services.role_set(viewer=viewer(mara), user=mara, role="admin", on=True)
    with pytest.raises(NotAllowed):
        services.profile_update(viewer=viewer(mara), user=make_user("jonas"), display_name="J")
    assert not User.objects.filter(is_superuser=True).exists()


def test_role_set_when_it_is_the_last_admin_then_it_stays():
    admin = make_user("root", is_superuser=True)
    with pytest.raises(ValidationError) as refused:
        services.role_set(viewer=viewer(admin), user=admin, role="admin", on=False)
    assert list(refused.value.message_dict) == ["role"]
    assert User.objects.get(pk=admin.pk).is_superuser


def test_group_add_member_when_done_then_the_viewer_carries_its_token():
    mara, group = make_user("mara"), make_group("Partners")
    services.group_add_member(viewer=system_viewer(), group=group, user=mara)
    assert f"team:{group.pk}" in viewer(mara).tokens
    services.group_remove_member(viewer=system_viewer(), group=group, user=mara)
    assert f"team:{group.pk}" not in viewer(mara).tokens
    assert isinstance(group, Group)


def test_organisation_set_when_done_then_the_viewer_carries_its_token():
    mara = make_user("mara")
    organisation = services.organisation_create(viewer=system_viewer(), name="Altmann GmbH")
    services.organisation_set(viewer=system_viewer(), user=mara, organisation=organisation)
    assert organisation.slug == "altmann-gmbh"
    assert f"org:{organisation.pk}" in viewer(mara).tokens


def test_organisation_create_when_the_name_is_taken_then_the_field_is_named():
    make_organisation("Altmann")
    with pytest.raises(ValidationError) as refused:
        services.organisation_create(viewer=system_viewer(), name="Altmann", slug="other")
    assert list(refused.value.message_dict) == ["name"]


def test_token_create_command_when_run_then_it_prints_a_token_that_works(client, capsys):
    make_user("mara", email="mara@people.example", is_agent=True)
    call_command("token_create", "MARA@people.example")
    token = capsys.readouterr().out.strip()
    answer = client.get("/api/v1/me", headers={"authorization": f"Bearer {token}"}).json()
    assert answer["scopes"] == ["read", "write", "private", "staff"]
    assert answer["roles"] == ["agent"]

    call_command("token_create", "mara@people.example", "--scope", "read", "--scope", "private")
    narrow = capsys.readouterr().out.strip()
    assert client.get("/api/v1/me", headers={"authorization": f"Bearer {narrow}"}).json()["roles"] == []
    assert (
        client.patch("/api/v1/me", "{}", "application/json", headers={"authorization": f"Bearer {narrow}"}).status_code
        == 403
    )


def test_token_create_command_when_nobody_has_the_address_then_it_says_so():
    with pytest.raises(CommandError, match="Nobody here"):
        call_command("token_create", "nobody@people.example")


def test_me_when_changed_over_the_api_then_bad_fields_are_named(client):
    make_user("mara", email="mara@people.example")
    client.login(email="mara@people.example", password="correct horse")
    headers = {"content_type": "application/json"}
    assert client.patch("/api/v1/me", {"headline": "Graz"}, **headers).json()["headline"] == "Graz"
    answer = client.patch("/api/v1/me", {"display_name": "  ", "about": "x" * 3000}, **headers)
    assert answer.status_code == 400
    assert sorted(answer.json()["errors"]) == ["about", "display_name"]
    assert client.get("/api/v1/me").json()["display_name"] == "Mara"


def test_me_when_signed_out_then_401(client):
    assert client.get("/api/v1/me").status_code == 401
