"""What a space is set to holds wherever topics are started, answered, tagged and listed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.errors import NotAllowed
from accounts.events.models import Event
from accounts.viewer import system_viewer, viewer_for
from community.forums.models import Kind, Topic
from community.forums.services import post_edit, reply_create, topic_create
from community.ideas.services import idea_create
from community.spaces import policies
from community.spaces.models import Space, SpaceMembership, SpaceRule
from community.spaces.services import member_add, space_change, space_create
from community.spaces.settings import Who
from tests.factories.forums import make_topic
from tests.factories.people import make_group, make_organisation, make_user, viewer
from tests.factories.spaces import make_space

pytestmark = pytest.mark.django_db


def change(space: Space, **given: Any) -> Space:
    return space_change(viewer=system_viewer(), space=space, **given)


def start(person: Any, space: Space, **given: Any) -> Topic:
    values = {"kind": "question", "title": "Where is it", "body": "I looked everywhere."} | given
    return topic_create(viewer=viewer(person), space=Space.objects.get(pk=space.pk), **values)


def test_acts_when_told_for_every_choice_then_match_the_table_and_never_go_beyond_the_readers() -> None:
    group, company = make_group(), make_organisation()
    people = {
        "member": make_user(), "grouped": make_user(groups=(group,)), "joined": make_user(),
        "customer": make_user(organisation=company), "rival": make_user(organisation=make_organisation()),
        "agent": make_user(is_agent=True), "moderator": make_user(is_moderator=True), "reviewer": make_user(),
        "admin": make_user(is_superuser=True), "gone": make_user(is_active=False),
    }  # fmt: skip
    moderating = {"moderator", "reviewer", "admin"}
    expected = {
        "members": set(people) - {"gone"}, "groups": {"grouped", "joined"} | moderating,
        "organisations": {"customer", "agent"} | moderating, "staff": {"agent"} | moderating,
    }  # fmt: skip
    for audience, readers in (("public", set(people)), ("staff", {"agent", "moderator", "admin"})):
        for by, named in expected.items():
            who = Who(by, (group.pk,), (company.pk,))
            space = make_space(audience=audience, start=who, reply=who, tag=who)
            member_add(viewer=system_viewer(), space=space, user=people["joined"])
            member_add(viewer=system_viewer(), space=space, user=people["reviewer"], role="reviewer")
            for act in ("start", "reply", "tag"):
                told = {name for name, user in people.items() if policies.may(viewer(user), space, act)}
                assert told == named & readers - {"gone"}, (audience, by, act)
                assert not policies.may(viewer_for(None), space, act)


def test_topic_when_its_space_does_not_take_it_from_this_person_then_is_refused_in_words() -> None:
    space, person, agent = make_space(name="News", start=Who("staff")), make_user(), make_user(is_agent=True)

    with pytest.raises(NotAllowed, match="Only staff start topics in “News”"):
        start(person, space)
    with pytest.raises(NotAllowed, match="Only staff start topics"):
        idea_create(viewer=viewer(person), space=space, title="A green lamp", body="Please.")
    topic = start(agent, space)

    assert Topic.objects.get() == topic
    reply_create(viewer=viewer(person), topic=topic, body="Thank you")  # replying is for all


def test_reply_when_its_space_takes_none_from_this_person_then_is_refused_on_the_page_and_in_the_api(client) -> None:
    topic = make_topic(space=make_space(name="News", reply=Who("staff")))
    client.force_login(make_user())

    page = client.post(f"/t/{topic.pk}/reply/", {"body": "Me too"})
    answer = client.post(f"/api/v1/topics/{topic.pk}/posts", {"body": "Me too"}, content_type="application/json")

    assert page.status_code == answer.status_code == 403
    assert "Only staff reply in “News”" in answer.json()["detail"]
    assert "id_body" not in client.get(topic.get_absolute_url()).content.decode()
    assert topic.posts.count() == 1


def test_space_when_archived_then_takes_nothing_from_anybody_and_is_still_read(client) -> None:
    topic = make_topic(space=make_space(name="Old times"))
    change(topic.space, is_archived=True)
    moderator = make_user(is_moderator=True)

    with pytest.raises(NotAllowed, match="“Old times” is archived"):
        start(moderator, topic.space)
    with pytest.raises(NotAllowed, match="“Old times” is archived"):
        reply_create(viewer=viewer(moderator), topic=Topic.objects.get(pk=topic.pk), body="One more")

    page = client.get(topic.space.get_absolute_url()).content.decode()
    assert "This space is archived" in page and topic.title in page


def test_tags_when_the_space_says_which_and_how_many_then_others_are_refused_everywhere(client) -> None:
    space, person = make_space(name="Lamps", tags_allowed=["wifi", "Power supply"], tags_least=1), make_user()
    client.force_login(person)

    with pytest.raises(ValidationError, match="“heat” is no tag of “Lamps”"):
        start(person, space, tags=["wifi", "heat"])
    with pytest.raises(ValidationError, match="needs 1 tag at least"):
        start(person, space)
    form = {"kind": "question", "title": "Where is it", "body": "Here?", "tags": "heat"}
    page = client.post(f"{space.get_absolute_url()}new/", form)
    sent = {"space": space.slug, "title": "Where is it", "body": "Here?"}
    answer = client.post("/api/v1/topics", sent, content_type="application/json")
    assert page.status_code == answer.status_code == 400 and "is no tag of" in page.content.decode()
    assert "tags" in answer.json()["errors"] and not Topic.objects.exists()

    topic = start(person, space, tags=["Power supply"])
    with pytest.raises(ValidationError, match="is no tag of"):
        post_edit(viewer=viewer(person), post=topic.posts.get(), body="Here.", tags=["heat"])
    assert [tag.name for tag in topic.tags.all()] == ["power-supply"]


def test_tags_when_only_staff_tag_then_others_post_without_and_keep_what_is_there(client) -> None:
    space, person = make_space(name="Lamps", tag=Who("staff"), tags_least=1), make_user()
    client.force_login(person)
    assert 'name="tags"' not in client.get(f"{space.get_absolute_url()}new/").content.decode()

    with pytest.raises(ValidationError, match="Only staff tag topics in “Lamps”"):
        start(person, space, tags=["wifi"])
    topic = start(person, space)
    post_edit(viewer=viewer(make_user(is_moderator=True)), post=topic.posts.get(), body="So.", tags=["wifi"])
    post_edit(viewer=viewer(person), post=topic.posts.get(), body="So it is.", tags=["wifi"])
    with pytest.raises(ValidationError, match="Only staff tag"):
        post_edit(viewer=viewer(person), post=topic.posts.get(), body="So it is.", tags=[])

    assert [tag.name for tag in topic.tags.all()] == ["wifi"]


def test_template_when_set_then_begins_a_topic_and_is_not_taken_unfilled(client) -> None:
    space, person = make_space(template="## What happened?\n\n## What did you expect?"), make_user()
    client.force_login(person)

    assert "## What happened?" in client.get(f"{space.get_absolute_url()}new/").content.decode()
    with pytest.raises(ValidationError, match="template as it was"):
        start(person, space, body=space.template + "\n")
    assert start(person, space, body=f"{space.template}\nLight.").pk


def test_template_of_a_kind_when_set_then_begins_topics_of_that_kind_and_ideas_and_is_not_taken_unfilled(client):
    texts = {"problem": "## Steps", "idea": "## What for?", "event": "## Agenda", "snippet": "## Needs"}
    space, person = make_space(template="## All", templates=texts), make_user()
    make_space(slug="plain")
    client.force_login(person)

    def form_of(path: str) -> str:
        return client.get(path).context["form"]["body"].value()

    new = f"{space.get_absolute_url()}new/"
    assert (form_of(new), form_of(f"{new}?kind=problem")) == ("## All", "## Steps")
    assert '<template data-of="problem">## Steps</template>' in client.get(new).content.decode()
    for path, kind in (("/ideas/new/", "idea"), ("/events/new/", "event"), ("/snippets/new/", "snippet")):
        assert form_of(f"{path}?space={space.slug}") == texts[kind]
        assert not form_of(f"{path}?space=plain")
        assert '<template data-of="plain"></template>' in client.get(path).content.decode()
    for kind in ("problem", "question"):
        with pytest.raises(ValidationError, match="template as it was"):
            start(person, space, kind=kind, body="## Steps\n")
    with pytest.raises(ValidationError, match="template as it was"):
        idea_create(viewer=viewer(person), space=space, title="Bells", body=texts["idea"])


@pytest.mark.parametrize("templates", [
    {"poem": "x"}, {"idea": "x" * 10_001}, dict.fromkeys(Kind.values[:5], "x" * 9_999), "words", {"idea": 7},
], ids=["no kind", "long", "long together", "no texts", "a number"])  # fmt: skip
def test_templates_when_wrong_then_named_and_nothing_is_stored(templates) -> None:
    space = make_space()

    with pytest.raises(ValidationError) as refused:
        space_change(viewer=system_viewer(), space=space, templates=templates)

    assert set(refused.value.message_dict) == {"templates"}
    assert Space.objects.get(pk=space.pk).templates == {}


def test_list_when_the_space_has_an_order_of_its_own_then_begins_with_it(client) -> None:
    space, now = make_space(default_order="newest"), timezone.now()
    first = make_topic(space=space, title="Asked first", at=now - timedelta(hours=3))
    make_topic(space=space, title="Asked last", at=now - timedelta(hours=2))
    reply_create(viewer=viewer(make_user()), topic=first, body="Answered since")

    for address, order in ((space.get_absolute_url(), ["last", "first"]), ("?tab=latest", ["first", "last"])):
        page = client.get(address if address[0] == "/" else space.get_absolute_url() + address).content.decode()
        places = [page.index(f"Asked {word}") for word in order]
        assert places == sorted(places), address


def test_address_when_changed_then_the_old_one_leads_on_until_another_space_takes_it(client) -> None:
    space = change(make_space(slug="lamps"), slug="lights")

    assert client.get("/s/lamps/?tab=new").headers["Location"] == "/s/lights/?tab=new"
    assert client.get("/s/lamps/feed/").status_code == 200
    assert client.get("/api/v1/spaces/lamps").json()["slug"] == "lights"
    change(space, slug="lamps")
    change(space, slug="lights")
    other = make_space(slug="lamps")
    assert client.get("/s/lamps/").context["space"] == other


def test_address_when_it_was_one_of_a_private_space_then_tells_nothing(client) -> None:
    change(make_space(slug="secret-deal", audience="staff"), slug="deal")

    assert client.get("/s/secret-deal/").status_code == client.get("/s/nothing/").status_code == 404


def test_space_when_renamed_then_what_is_in_it_is_found_under_the_new_name() -> None:
    from accounts.events.worker import drain
    from search.models import Entry

    topic = make_topic(space=make_space(slug="lamps", name="Lamps"))
    idea = idea_create(viewer=viewer(make_user()), space=topic.space, title="A green lamp", body="Please.")
    drain()
    change(topic.space, name="Lights", slug="lights")
    drain()

    for kind, pk in (("topic", topic.pk), ("idea", idea.pk)):
        entry = Entry.objects.get(kind=kind, object_id=pk)
        assert (entry.container, entry.container_name) == ("lights", "Lights"), kind


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"name": " "}, "name"), ({"slug": "a b"}, "slug"), ({"slug": "taken"}, "slug"), ({"colour": "red"}, "colour"),
        ({"icon": "<svg>"}, "icon"), ({"kinds": ["party"]}, "kinds"), ({"position": -1}, "position"),
        ({"default_order": "odd"}, "default_order"), ({"tags_allowed": ["a/b"]}, "tags_allowed"),
        ({"tags_least": 6}, "tags_least"), ({"joining": "never"}, "joining"), ({"audience": "cats"}, "audience"),
        ({"start": Who("public")}, "start"), ({"template": "x" * 10_001}, "template"),
        ({"purpose": "x" * 301}, "purpose"), ({"language": "xx"}, "language"),
    ],
)  # fmt: skip
def test_setting_when_it_cannot_be_then_its_field_is_named_and_nothing_changes(given, field) -> None:
    make_space(slug="taken")
    space = make_space(name="Lamps")
    before = list(Space.objects.order_by("pk").values()), SpaceRule.objects.count()

    with pytest.raises(ValidationError) as refused:
        change(space, **{"purpose": "New"} | given)

    assert field in refused.value.message_dict
    assert (list(Space.objects.order_by("pk").values()), SpaceRule.objects.count()) == before


def test_settings_when_changed_then_one_event_names_the_fields_and_same_again_is_none() -> None:
    space = make_space()
    for _time in range(2):
        change(space, purpose="All about lamps", start=Who("staff"))

    event = Event.objects.get(name="space.changed")
    assert event.data["fields"] == ["purpose", "start"]


def test_levels_when_a_third_would_come_then_it_is_refused() -> None:
    above, space, below = make_space(), make_space(), make_space()
    change(space, parent=above)

    for moved, to in ((below, space), (above, below), (above, above)):
        with pytest.raises(ValidationError) as refused:
            change(moved, parent=to)
        assert "parent" in refused.value.message_dict
    assert change(space, parent=None).parent is None


def test_part_when_the_whole_closes_then_is_closed_with_it_at_once_for_all_but_its_readers() -> None:
    above = make_space()
    part, reader, outsider = make_space(parent=above), make_user(), make_user()
    own = make_user()
    member_add(viewer=system_viewer(), space=part, user=own)
    assert policies.can_see(viewer(outsider), part)

    change(above, audience="groups")
    member_add(viewer=system_viewer(), space=above, user=reader)

    seen = [policies.can_see(viewer(user), part) for user in (reader, outsider, own)]
    assert seen == [True, False, False] and not policies.can_see(viewer_for(None), part)
    assert SpaceMembership.objects.filter(space=part, user=own).exists()


def test_settings_pages_when_not_an_admin_then_are_not_there(client) -> None:
    space = make_space()
    client.force_login(make_user(is_moderator=True))

    for path in ("/spaces/new/", f"/s/{space.slug}/settings/"):
        assert client.get(path).status_code == client.post(path, {"name": "Mine"}).status_code == 404
    assert f"/s/{space.slug}/settings/" not in client.get(space.get_absolute_url()).content.decode()
    answer = client.patch(f"/api/v1/spaces/{space.slug}", {"name": "Mine"}, content_type="application/json")
    assert answer.status_code == 403 and Space.objects.get().name != "Mine"


def test_settings_page_when_saved_then_every_setting_is_stored_and_shown_again(client) -> None:
    make_group("Pilots"), make_organisation(name="Lumen")
    above = make_space(slug="above")
    client.force_login(make_user(is_superuser=True))
    sent = {
        "name": "Lamp doctors", "slug": "", "purpose": "They know.", "parent": "above", "colour": "rose",
        "icon": "star", "position": "7", "audience": "groups", "groups": "Pilots\n", "joining": "request",
        "kinds": ["question"], "template": "## Which lamp?", "tags_allowed": "wifi, Power supply", "tags_least": "1",
        "default_order": "unsolved", "start_by": "organisations", "start_organisations": "Lumen", "reply_by": "members",
        "tag_by": "staff", "template_problem": "## Steps", "language": "de",
    }  # fmt: skip

    assert client.post("/spaces/new/", sent).headers["Location"] == "/s/lamp-doctors/"
    space = Space.objects.get(slug="lamp-doctors")
    shown = client.get("/s/lamp-doctors/settings/").context["form"]

    assert [space.parent, space.position, space.tags_allowed] == [above, 7, ["wifi", "power-supply"]]
    assert space.narrowed == ["start", "tag"] and [group.name for group in space.audience_groups.all()] == ["Pilots"]
    rule = space.rules.get(act="start")
    assert rule.audience == "organisations" and rule.audience_organisations.get().name == "Lumen"
    for name, value in sent.items():
        if name not in ("slug", "tags_allowed"):
            assert str(shown[name].value()).strip() == str(value).strip(), name


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"name": ""}, "Write something here"), ({"groups": "Nobody"}, "There is no group “Nobody”"),
        ({"start_by": "organisations"}, "Name one at least"), ({"parent": "nowhere"}, "valid choice"),
        ({"slug": "not an address"}, "Use small letters"), ({"tags_allowed": "a/b"}, "cannot be a tag"),
    ],
)  # fmt: skip
def test_settings_page_when_something_is_wrong_then_says_so_beside_its_field_and_keeps_the_rest(client, wrong, told):
    client.force_login(make_user(is_superuser=True))
    sent = {
        "name": "Lamp doctors", "purpose": "They know their lamps.", "colour": "rose", "icon": "star",
        "audience": "groups", "joining": "request", "tags_least": "0", "default_order": "latest", "start_by": "members",
        "reply_by": "members", "tag_by": "members",
    }  # fmt: skip

    answer = client.post("/spaces/new/", sent | wrong)

    page = answer.content.decode()
    assert answer.status_code == 400 and told in page and "They know their lamps." in page
    assert not Space.objects.exists()


def test_api_when_an_admin_sets_up_a_space_then_every_setting_can_be_read_and_changed(client) -> None:
    make_group("Pilots")
    company = make_organisation(name="Lumen").slug
    client.force_login(make_user(is_superuser=True))
    given = {
        "name": "Lamp doctors", "audience": "groups", "groups": ["Pilots"], "kinds": ["question"], "joining": "request",
        "tags_allowed": ["wifi"], "tags_least": 1, "default_order": "newest", "template": "Which lamp?",
        "templates": {"question": "Where?"}, "language": "pt-br",
        "start": {"by": "organisations", "organisations": [company]},
    }  # fmt: skip

    made = client.post("/api/v1/spaces", given, content_type="application/json")
    assert made.status_code == 201, made.content
    told = made.json()
    assert {name: told[name] for name in given if name != "start"} == {k: v for k, v in given.items() if k != "start"}
    assert told["start"] == {"by": "organisations", "groups": [], "organisations": [company]}
    changed = client.patch("/api/v1/spaces/lamp-doctors", {"is_archived": True}, content_type="application/json").json()
    assert changed["is_archived"] and changed["name"] == "Lamp doctors" and not changed["may"]["start"]
    wrong = client.patch("/api/v1/spaces/lamp-doctors", {"groups": ["x"]}, content_type="application/json")
    assert wrong.status_code == 400 and "groups" in wrong.json()["errors"]


def test_space_when_set_up_by_no_admin_then_is_refused() -> None:
    space = make_space()
    for person in (make_user(), make_user(is_moderator=True), make_user(is_manager=True)):
        with pytest.raises(NotAllowed):
            space_create(viewer=viewer(person), name="Mine")
        with pytest.raises(NotAllowed):
            space_change(viewer=viewer(person), space=space, name="Mine")
